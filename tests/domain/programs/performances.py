"""Programs whose days are performed, with reports of effort."""

from datetime import UTC, datetime

from domain.ids import ExerciseId, ProgramId, SessionId
from domain.programs import commands
from domain.programs.programs import PROGRAMS
from domain.programs.progression import PerformedSet
from domain.programs.states import Programs

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = ProgramId("p1")
SQUAT, PLANK = ExerciseId("squat"), ExerciseId("plank")


def after(programs: Programs, command: commands.ProgramCommand) -> Programs:
    for event in PROGRAMS.decide(command, programs):
        programs = PROGRAMS.evolve(programs, event)
    return programs


def performed(
    programs: Programs, day: int, *sets: PerformedSet, exercise: ExerciseId = SQUAT
) -> Programs:
    command = commands.NotePerformed(
        program_id=KEY,
        day=day,
        session_id=SessionId(f"s{day}"),
        exercises=(commands.PerformedExercise(exercise, sets),),
        at=NOW,
    )
    return after(programs, command)


def reported(programs: Programs, day: int, reserve: int, exercise: ExerciseId = SQUAT) -> Programs:
    command = commands.ReportEffort(
        program_id=KEY, day=day, exercise_id=exercise, reserve=reserve, at=NOW
    )
    return after(programs, command)
