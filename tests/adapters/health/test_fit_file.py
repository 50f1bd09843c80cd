"""FIT files of workouts, as another implementation of the format reads them."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.health.fit_file import CATEGORIES, fit_file
from adapters.health_files.formats import read_fit
from application.health.writes import CompletedWorkout, WrittenSet
from domain.ids import ExerciseId, SessionId
from tests.adapters.health.fit_messages import fit_messages

START = datetime(2030, 1, 7, 7, 30, tzinfo=UTC)


def workout(*sets: WrittenSet, activity_type: str = "crossTraining") -> CompletedWorkout:
    return CompletedWorkout(
        session_id=SessionId("s1"),
        activity_type=activity_type,
        started_at=START,
        ended_at=START + timedelta(minutes=10),
        duration_ms=540_000,
        energy_kcal=61.4,
        time_zone="Europe/Berlin",
        sets=sets,
    )


def messages(of: CompletedWorkout, name: str) -> list[dict[str, Any]]:
    return fit_messages(fit_file(of), name)


def test_a_file_has_the_session_and_its_sets() -> None:
    """R-HLT-13: with exercise, repetitions and load, or the time of a hold."""
    done = workout(
        WrittenSet(ExerciseId("squat"), 12, 0, 62.5),
        WrittenSet(ExerciseId("plank"), 0, 45_000, None),
        WrittenSet(ExerciseId("my exercise"), 3, 0, None),
    )
    (session,) = messages(done, "session")
    assert (session["sport"], session["sub_sport"]) == ("training", "strength_training")
    assert (session["start_time"], session["total_elapsed_time"]) == (START, 600.0)
    assert (session["total_timer_time"], session["total_calories"]) == (540.0, 61)
    squat, plank, other = messages(done, "set")
    assert (squat["category"], squat["repetitions"], squat["weight"]) == ("squat", 12, 62.5)
    assert (plank["category"], plank["duration"], plank["repetitions"]) == ("plank", 45.0, None)
    assert (other["category"], other["weight"]) == ("unknown", None)
    assert [each["message_index"] for each in (squat, plank, other)] == [0, 1, 2]
    assert done.summary == "Squat: 12 x 62.5 kg\nPlank: 45 s\nmy exercise: 3"


@pytest.mark.parametrize(
    ("year", "shown"),
    [
        (1970, datetime(1998, 7, 3, 21, 24, 16, tzinfo=UTC)),
        (2200, datetime(2126, 2, 6, 6, 28, 14, tzinfo=UTC)),
    ],
)
def test_a_time_that_the_format_does_not_have_is_its_first_or_last(
    year: int, shown: datetime
) -> None:
    """R-HLT-13: of a device whose clock is wrong."""
    at = START.replace(year=year)
    done = replace(
        workout(WrittenSet(ExerciseId("squat"), 12, 0, 62.5, at, at)), started_at=at, ended_at=at
    )
    (session,) = messages(done, "session")
    assert session["start_time"] == shown


def test_the_category_of_each_exercise_is_its_name_in_the_profile() -> None:
    """R-HLT-13"""
    others = {
        "biceps_curl": "curl",
        "front_raise": "lateral_raise",
        "jumping_jack": "cardio",
        "rope_pushdown": "triceps_extension",
    }
    sets = (WrittenSet(ExerciseId(name), 1, 0, None) for name in CATEGORIES)
    read = [each["category"] for each in messages(workout(*sets), "set")]
    assert read == [others.get(name, name) for name in CATEGORIES]


def test_our_own_import_reads_the_file() -> None:
    """R-HLT-03, R-HLT-13: duration and energy."""
    (session,) = messages(workout(activity_type="mixedCardio"), "session")
    assert session["sub_sport"] == "cardio_training"
    found = {each.metric: each.value for each in read_fit(io.BytesIO(fit_file(workout())))}
    assert found == {"workout_minutes": 9.0, "active_energy": 61.0}
