"""Facts and wishes of one session, to tell its rules with."""

from datetime import UTC, datetime

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.sessions import commands, events
from domain.values import CountedBy, Span, Tempo

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
LEGS = WorkoutId("legs")
SQUAT = ExerciseId("squat")
DEVICE = CountedBy("device", "pose_landmarker_lite", 1)
SERVER = CountedBy("server", "pose_landmarker_heavy", 1)
SPAN = Span(1000, 3000)
TEMPO = Tempo(1.0, 0.5, 0.8, 0.0)
STARTED = events.SessionStarted(athlete_id=ADA, workout_id=LEGS, at=AT, time_zone="Europe/Berlin")


def set_started(number: int) -> events.SetStarted:
    return events.SetStarted(
        set=number, exercise_id=SQUAT, counted_by=DEVICE, target_repetitions=8, load_kg=60.0
    )


def repetition(number: int, *, in_set: int = 1) -> events.RepetitionCounted:
    return events.RepetitionCounted(
        set=in_set,
        number=number,
        span=SPAN,
        tempo=TEMPO,
        range_of_motion_deg=95.0,
        symmetry=0.97,
        form=0.8,
        confidence=0.9,
        faults=("knees_in",),
    )


def reconciled(
    repetitions: int, *, withdrawn: tuple[int, ...] = (), added: tuple[int, ...] = ()
) -> events.RepetitionsReconciled:
    return events.RepetitionsReconciled(
        set=1, repetitions=repetitions, withdrawn=withdrawn, added=added, counted_by=SERVER
    )


def set_completed(number: int, repetitions: int) -> events.SetCompleted:
    return events.SetCompleted(set=number, repetitions=repetitions, span=SPAN)


def squats_performed(*repetitions: int) -> events.ExercisePerformed:
    sets = tuple(
        events.PerformedSet(
            set=number, repetitions=done, held_ms=0, load_kg=60.0, form=0.8 if done else None
        )
        for number, done in enumerate(repetitions, 1)
    )
    return events.ExercisePerformed(athlete_id=ADA, exercise_id=SQUAT, sets=sets, at=AT)


def session_completed(*, sets: int, repetitions: int) -> events.SessionCompleted:
    return events.SessionCompleted(
        athlete_id=ADA,
        workout_id=LEGS,
        started_at=AT,
        time_zone="Europe/Berlin",
        at=AT,
        duration_ms=60_000,
        frames=1800,
        frames_with_pose=1790,
        sets=sets,
        repetitions=repetitions,
        accuracy=0.8,
        performance=None,
        calories_kcal=5.5,
        exercises=(SQUAT,) if sets else (),
    )


START = commands.StartSession(athlete_id=ADA, workout_id=LEGS, at=AT, time_zone="Europe/Berlin")
COMPLETE = commands.CompleteSession(
    at=AT,
    duration_ms=60_000,
    frames=1800,
    frames_with_pose=1790,
    accuracy=0.8,
    calories_kcal=5.5,
)


def start_set(number: int) -> commands.StartSet:
    return commands.StartSet(
        set=number, exercise_id=SQUAT, counted_by=DEVICE, target_repetitions=8, load_kg=60.0
    )


def count(number: int, *, in_set: int = 1) -> commands.CountRepetition:
    return commands.CountRepetition(
        set=in_set,
        number=number,
        span=SPAN,
        tempo=TEMPO,
        range_of_motion_deg=95.0,
        symmetry=0.97,
        form=0.8,
        confidence=0.9,
        faults=("knees_in",),
    )


def reconcile(
    withdrawn: tuple[int, ...] = (), added: tuple[int, ...] = (), *, in_set: int = 1
) -> commands.ReconcileRepetitions:
    return commands.ReconcileRepetitions(
        set=in_set, withdrawn=withdrawn, added=added, counted_by=SERVER
    )


def complete_set(number: int) -> commands.CompleteSet:
    return commands.CompleteSet(set=number, span=SPAN)


REJECT = commands.RejectRepetition(set=1, span=SPAN, reason="too shallow")
NOTE = commands.NoteFault(set=1, repetition=3, fault="knees_in", cue="Knees out", at_ms=2500)
OVERRIDE = commands.OverrideChecks(set=1, checks=("light", "view"), at_ms=900)
PRAISE = commands.NotePraise(set=1, repetition=1, cue="Great depth", at_ms=2500)
HOLD = commands.MeasureHold(set=1, span=SPAN, form=0.7, faults=("hips_low",))
WITHIN_A_SET: list[commands.SessionCommand] = [
    count(1),
    REJECT,
    reconcile((1,)),
    NOTE,
    PRAISE,
    HOLD,
    OVERRIDE,
]
EVERY_COMMAND: list[commands.SessionCommand] = [
    START, start_set(1), *WITHIN_A_SET, complete_set(1), COMPLETE,
]  # fmt: skip
FIRST_SET = (STARTED, set_started(1))
OVER = (*FIRST_SET, set_completed(1, 0), session_completed(sets=1, repetitions=0))
