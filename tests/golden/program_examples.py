"""Examples of the events of programs, for their golden files."""

from typing import Any

from domain.ids import ExerciseId, ProgramId, SessionId
from domain.personal import Personal
from domain.programs import events
from domain.programs.changes import Change, Fact
from domain.programs.content import Day, PlannedExercise, Week
from domain.programs.progression import Result, Rule, Streak
from tests.golden.health_examples import ADA, AT, LATER

PROGRAM = ProgramId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6090")
BENCH = ExerciseId("bench_press")
ABOUT = events.About(
    "Chest first",
    "strength",
    "intermediate",
    ("barbell", "bench"),
    ("knee",),
    (events.ExerciseNote(BENCH, "Stop if the shoulder hurts."),),
)
WEEKS = (
    Week(
        (
            Day((PlannedExercise(BENCH, 3, 8, load_kg=40.0, target_rpe=8.0),)),
            Day((PlannedExercise(ExerciseId("plank"), 2, None, hold_s=30, rest_s=60),)),
        )
    ),
    Week((Day((PlannedExercise(BENCH, 2, 8, load_kg=40.0),)),), is_deload=True),
)

EXAMPLES: list[Any] = [
    events.ProgramCreated(
        program_id=PROGRAM,
        athlete_id=ADA,
        about=Personal(ADA, ABOUT),
        weeks=WEEKS,
        rule=Rule("linear", min_form=0.7),
        at=AT,
    ),
    events.ProgramRevised(
        program_id=PROGRAM, about=Personal(ADA, ABOUT), weeks=WEEKS[:1], at=LATER
    ),
    events.ProgramRuleChanged(
        program_id=PROGRAM, rule=Rule("double_progression", max_repetitions=10), at=LATER
    ),
    events.ProgramDayPerformed(
        program_id=PROGRAM,
        day=1,
        session_id=SessionId("program.0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6091"),
        changes=(
            Change(
                BENCH,
                "load_kg",
                40.0,
                42.5,
                2,
                "all_sets_reached",
                (Fact("sets", 3), Fact("target", 8), Fact("sessions", 1)),
            ),
        ),
        streaks=(Streak(BENCH, reached=0, missed=1),),
        at=LATER,
        results=(
            Result(BENCH, 40.0, may_rise=True),
            Result(ExerciseId("plank"), None, may_rise=False),
        ),
    ),
    events.ProgramEffortReported(
        program_id=PROGRAM,
        day=1,
        exercise_id=BENCH,
        reserve=4,
        changes=(
            Change(
                BENCH,
                "load_kg",
                40.0,
                42.5,
                2,
                "more_in_reserve",
                (Fact("reserve", 4), Fact("target_reserve", 2)),
            ),
        ),
        at=LATER,
    ),
    events.ProgramEnded(program_id=PROGRAM, at=LATER),
]
