"""Workouts of any figures, for the files of exports."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from application.health.writes import CompletedWorkout, WrittenSet
from domain.ids import ExerciseId, SessionId, UserId
from domain.motion.exercises.library import all_exercises

ADA = UserId("ada")
START = datetime(2030, 1, 7, 7, 30, tzinfo=UTC)

EXERCISES = st.sampled_from([*all_exercises(), "my exercise"]).map(ExerciseId)
LOADS = st.none() | st.integers(0, 8000).map(lambda sixteenths: sixteenths / 16)


@st.composite
def workouts(draw: st.DrawFn) -> CompletedWorkout:
    """Draw a workout; its times are whole seconds, and its loads sixteenths of a kilogram."""
    start = START + timedelta(seconds=draw(st.integers(0, 10**8)))
    lengths = draw(st.lists(st.integers(1, 300), max_size=12))
    sets: list[WrittenSet] = []
    began = start
    for seconds in lengths:
        ended = began + timedelta(seconds=seconds)
        repetitions, held_ms = draw(
            st.tuples(st.integers(1, 500), st.just(0))
            | st.tuples(st.just(0), st.integers(1, seconds * 1000))
        )
        times = (began, ended) if draw(st.booleans()) else (None, None)
        sets.append(WrittenSet(draw(EXERCISES), repetitions, held_ms, draw(LOADS), *times))
        began = ended
    return CompletedWorkout(
        session_id=SessionId(str(draw(st.uuids()))),
        activity_type=draw(st.sampled_from(["functionalStrengthTraining", "mixedCardio"])),
        started_at=start,
        ended_at=began + timedelta(seconds=draw(st.integers(1, 600))),
        duration_ms=1000 * sum(lengths),
        energy_kcal=float(draw(st.integers(1, 5000))),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])),
        sets=tuple(sets),
    )
