"""Workouts as sessions of Health Connect."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.health.health_connect import PerformedSet, health_connect_workout, segment_types
from domain.ids import ExerciseId, SessionId
from domain.motion.exercises.library import all_exercises
from domain.values import Span
from tests.domain.session_examples import AT, SQUAT

END = AT + timedelta(minutes=10)
TIMES = st.integers(min_value=0, max_value=1_000_000)
SPANS = st.none() | st.tuples(TIMES, TIMES).map(lambda ends: Span(min(ends), max(ends)))


def test_every_exercise_has_a_segment_in_health_connect() -> None:
    """R-HLT-13"""
    assert segment_types().by_exercise.keys() == all_exercises().keys()


def test_a_set_is_a_segment_with_its_repetitions() -> None:
    """R-HLT-13: what a session cannot hold is named; an unknown exercise is another workout."""
    workout = health_connect_workout(
        SessionId("S-1"),
        sets=[
            PerformedSet(SQUAT, 8, True, Span(1000, 31_000)),
            PerformedSet(ExerciseId("juggling"), 3, False, None),
            PerformedSet(ExerciseId("juggling"), 2, False, Span(60_000, 90_000)),
        ],
        start=AT,
        end=END,
        time_zone="UTC",
        energy_kcal=5.5,
    )
    assert workout.client_record_id == "kinelog-s-1"
    squat, juggling = workout.segments
    assert (squat.segment_type, squat.repetitions) == ("EXERCISE_SEGMENT_TYPE_SQUAT", 8)
    assert (squat.start, squat.end) == (AT + timedelta(seconds=1), AT + timedelta(seconds=31))
    assert juggling.segment_type == "EXERCISE_SEGMENT_TYPE_OTHER_WORKOUT"
    assert workout.left == ("form", "loads", "sets_without_times")


@given(st.lists(SPANS, max_size=6))
def test_segments_are_as_health_connect_demands(spans: list[Span | None]) -> None:
    """R-HLT-13: in order, of some length, within the session, and without overlaps."""
    sets = [PerformedSet(SQUAT, 1, False, span) for span in spans]
    workout = health_connect_workout(
        SessionId("s"), sets=sets, start=AT, end=END, time_zone="UTC", energy_kcal=0.0
    )
    times = [each for segment in workout.segments for each in (segment.start, segment.end)]
    assert times == sorted(times)
    assert all(AT <= each.start < each.end <= END for each in workout.segments)
    assert (len(workout.segments) == len(sets)) == ("sets_without_times" not in workout.left)
