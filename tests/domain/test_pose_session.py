"""Sessions of the pose coach, by given, when and then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, nan
from random import Random
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from domain.ids import UserId
from domain.personal import Personal
from domain.pose_coach import commands, events
from domain.pose_coach.commands import PoseSummary
from domain.pose_coach.pose_session import POSE_SESSION
from domain.values import InvalidValue
from tests.specification import specification

ADA = UserId("ada")
ENDED = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
AT = ENDED + timedelta(seconds=2)
SUMMARY = PoseSummary("squat", 12, 0.87, ENDED, 120, ("Knees over toes.",))
SAVE = commands.SavePoseSession(user_id=ADA, summary=SUMMARY, at=AT)
SAVED = events.PoseSessionSaved(
    user_id=ADA,
    exercise=Personal(ADA, "squat"),
    reps=12,
    accuracy=0.87,
    ended_at=ENDED,
    duration_s=120,
    feedback=Personal(ADA, ("Knees over toes.",)),
    at=AT,
)
DELETE = commands.DeletePoseSession(at=AT)
DELETED = events.PoseSessionDeleted(user_id=ADA, reps=12, accuracy=0.87, duration_s=120, at=AT)
given = specification(POSE_SESSION)


def test_a_session_is_saved_once() -> None:
    """R-PCH-04."""
    given().when(SAVE).then(SAVED)
    given(SAVED).when(replace(SAVE, at=AT + timedelta(hours=1))).then_nothing()


def test_another_exercise_of_the_same_moment_replaces_nothing() -> None:
    """R-PCH-18: no device overwrites what another one saved."""
    other = replace(SAVE, summary=replace(SUMMARY, exercise="lunge"))
    given(SAVED).when(other).then_rejected(commands.PoseSessionDiffers)


def test_results_of_two_devices_are_merged() -> None:
    """R-PCH-21: the figures of the device that counted most, and the feedback of both."""
    more = replace(SAVE, summary=replace(SUMMARY, reps=13, accuracy=0.5, feedback=("Back.",)))
    merged = events.PoseSessionMerged(
        user_id=ADA,
        reps=13,
        accuracy=0.5,
        duration_s=120,
        feedback=Personal(ADA, ("Back.", "Knees over toes.")),
        before_reps=12,
        before_accuracy=0.87,
        before_duration_s=120,
        at=AT,
    )
    given(SAVED).when(more).then(merged)
    for repeated in (SAVE, more):
        given(SAVED, merged).when(repeated).then_nothing()
    given(SAVED, merged).when(DELETE).then(replace(DELETED, reps=13, accuracy=0.5))
    given(SAVED, merged, DELETED).when(more).then_rejected(commands.PoseSessionWasDeleted)
    two = replace(SAVED, feedback=Personal(ADA, ("Knees.", "Back.")))
    fewer = replace(SAVE, summary=replace(SUMMARY, reps=11, feedback=("Back.",)))
    given(two).when(fewer).then_nothing()


RESULTS = st.builds(
    lambda reps, accuracy, duration_s, feedback: replace(
        SUMMARY, reps=reps, accuracy=accuracy, duration_s=duration_s, feedback=tuple(feedback)
    ),
    st.integers(0, 3),
    st.sampled_from([0.5, 0.87]),
    st.sampled_from([60, 120]),
    st.lists(st.sampled_from([f"point {number}" for number in range(30)]), max_size=20),
)


def saved_in_order(results: Sequence[PoseSummary]) -> tuple[object, ...]:
    """Return what a session has after these results: its figures, and its points in any order."""
    state: Any = POSE_SESSION.initial
    for result in results:
        command = replace(SAVE, summary=result)
        state = POSE_SESSION.fold(POSE_SESSION.decide(command, state), state)
    saved: Any = state.event
    figures = (saved.reps, saved.accuracy, saved.duration_s)
    return (*figures, frozenset(saved.feedback.value))


@given_any(st.lists(RESULTS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_merge_depends_on_no_order_and_no_repetition(
    results: list[PoseSummary], random: Random
) -> None:
    """R-PCH-21: each device may send its result at any time, and several times."""
    shuffled = [*results, *results]
    random.shuffle(shuffled)
    assert saved_in_order(shuffled) == saved_in_order(results)


def test_a_deleted_session_stays_deleted() -> None:
    """R-PCH-08."""
    given(SAVED).when(DELETE).then(DELETED)
    given(SAVED, DELETED).when(DELETE).then_nothing()
    given(SAVED, DELETED).when(SAVE).then_rejected(commands.PoseSessionWasDeleted)
    given().when(DELETE).then_rejected(commands.PoseSessionNotFound)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accuracy": nan},
        {"accuracy": inf},
        {"accuracy": 1.0001},
        {"accuracy": -0.1},
        {"accuracy": 0.12345},
        {"reps": -1},
        {"reps": commands.MAX_REPS + 1},
        {"duration_s": commands.MAX_DURATION_S + 1},
        {"exercise": ""},
        {"exercise": " "},
        {"exercise": "x" * 101},
        {"exercise": "squat\n"},
        {"feedback": ("x" * 501,)},
        {"feedback": ("",)},
        {"feedback": ("ok",) * 21},
        {"ended_at": ENDED.replace(year=1999)},
        {"ended_at": ENDED.replace(microsecond=1)},
    ],
)
def test_a_summary_that_no_store_could_hold_is_refused(wrong: dict[str, Any]) -> None:
    """R-PCH-03."""
    with pytest.raises(InvalidValue):
        replace(SUMMARY, **wrong)


def test_a_workout_cannot_end_in_the_future() -> None:
    with pytest.raises(InvalidValue, match="future"):
        replace(SAVE, at=ENDED - commands.CLOCK_SKEW - timedelta(milliseconds=1))
