"""Events and commands of one session, for the tests of its rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.sessions import commands, events
from domain.sessions.scoring import AthleteMass, ExerciseSpec
from domain.values import CountedBy, FormMeasured, Look, Span, Tempo

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
LEGS = WorkoutId("legs")
SQUAT = ExerciseId("squat")
ENDED = AT + timedelta(minutes=1)
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
        source="server",
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
            set=number,
            repetitions=done,
            held_ms=0,
            load_kg=60.0,
            form=0.8 if done else None,
            verified_repetitions=done,
            verified_held_ms=0,
            form_measured=FormMeasured(done, 0),
        )
        for number, done in enumerate(repetitions, 1)
    )
    return events.ExercisePerformed(athlete_id=ADA, exercise_id=SQUAT, sets=sets, at=ENDED)


def session_completed(*repetitions: int) -> events.SessionCompleted:
    """Return the expected summary of squat sets with these repetitions."""
    total = sum(repetitions)
    near: Any = pytest.approx
    total, of_target = sum(repetitions), sum(repetitions) / max(8 * len(repetitions), 1)
    score = 40 * of_target + 30 * 0.8 + 10 * 0.65 + 20 * 0.95 if total else 0.0
    measured = [near(0.8), near(0.65), near(0.95)] if total else [None, None, None]
    performance = events.Performance(near(score), near(of_target), *measured)
    return events.SessionCompleted(
        athlete_id=ADA,
        workout_id=LEGS,
        started_at=AT,
        time_zone="Europe/Berlin",
        at=ENDED,
        duration_ms=60_000,
        frames=1800,
        frames_with_pose=1790,
        sets=len(repetitions),
        repetitions=total,
        accuracy=near(0.8) if total else None,
        performance=performance if repetitions else None,
        calories_kcal=near(5.0 * 3.5 * 80.0 / 200.0 * 2.0 / 60.0 * sum(map(bool, repetitions))),
        body_mass="given",
        exercises=(SQUAT,) if repetitions else (),
        verified_repetitions=total,
        form_measured=FormMeasured(total, 0),
    )


START = commands.StartSession(athlete_id=ADA, workout_id=LEGS, at=AT, time_zone="Europe/Berlin")
SPEC = ExerciseSpec(
    kind="repetitions",
    version=1,
    trained_model="4f2a",
    met=5.0,
    max_repetition_s=6.0,
    range_of_motion_deg=100.0,
    min_eccentric_s=2.0,
    min_concentric_s=1.0,
)
HOLD_SPEC = replace(SPEC, kind="hold", trained_model=None)
PLANK = ExerciseId("plank")
SPECS = {SQUAT: SPEC, PLANK: HOLD_SPEC}
COMPLETE = commands.CompleteSession(
    at=ENDED,
    capture=commands.CaptureStats(1800, 1790),
    body_mass=AthleteMass(80.0, "given"),
    specs=SPECS,
)


def start_set(number: int) -> commands.StartSet:
    return commands.StartSet(
        set=number, exercise_id=SQUAT, counted_by=DEVICE, target_repetitions=8, load_kg=60.0
    )


def count(number: int, *, in_set: int = 1) -> commands.CountRepetition:
    return commands.CountRepetition(
        source="server",
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
HOLD = commands.MeasureHold(source="server", set=1, span=SPAN, form=0.7, faults=("hips_low",))
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
OVER = (*FIRST_SET, set_completed(1, 0), session_completed(0))


LOOKS = (
    Look("device", "blazepose-full", 900, 2, ("knees_in",)),
    Look("server", SERVER.model, 60, 3, ()),
)

SEEN = (STARTED, set_started(1), repetition(1), repetition(2))

SAID = replace(reconciled(2), looks=LOOKS, stands="device")
