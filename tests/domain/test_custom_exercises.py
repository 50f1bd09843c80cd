"""Rules of custom exercises."""

from datetime import UTC, datetime

import pytest

from domain.custom_exercises import commands, events
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.ids import ExerciseId, UserId
from domain.personal import Personal
from domain.values import InvalidValue
from tests.specification import specification

AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ADA, KICK = UserId("ada"), ExerciseId("custom_1")

given = specification(CUSTOM_EXERCISES)


def record(number: int = 1, name: str = "Kick") -> commands.RecordCustomExercise:
    return commands.RecordCustomExercise(
        exercise_id=ExerciseId(f"custom_{number}"),
        athlete_id=ADA,
        name=name,
        definition="{}",
        at=AT,
    )


def recorded(number: int = 1) -> events.CustomExerciseRecorded:
    return events.CustomExerciseRecorded(
        exercise_id=ExerciseId(f"custom_{number}"),
        athlete_id=ADA,
        name=Personal(ADA, "Kick"),
        definition=Personal(ADA, "{}"),
        at=AT,
    )


RENAME = commands.RenameCustomExercise(exercise_id=KICK, name="High kick", at=AT)
DELETE = commands.DeleteCustomExercise(exercise_id=KICK, at=AT)
DELETED = events.CustomExerciseDeleted(exercise_id=KICK, at=AT)


def test_an_exercise_is_recorded_once() -> None:
    """R-WKT-02"""
    given().when(record(name=" Kick ")).then(recorded())
    given(recorded()).when(record()).then()


def test_an_exercise_is_renamed_and_deleted() -> None:
    renamed = events.CustomExerciseRenamed(exercise_id=KICK, name=Personal(ADA, "High kick"), at=AT)
    given(recorded()).when(RENAME).then(renamed)
    given(recorded()).when(DELETE).then(DELETED)


@pytest.mark.parametrize("command", [RENAME, DELETE])
def test_an_exercise_that_is_not_there_cannot_be_changed(
    command: commands.CustomExerciseCommand,
) -> None:
    given().when(command).then_rejected(commands.CustomExerciseNotFound)
    given(recorded(), DELETED).when(command).then_rejected(commands.CustomExerciseNotFound)


def test_an_athlete_has_at_most_fifty_exercises() -> None:
    fifty = [recorded(number) for number in range(commands.MAX_EXERCISES)]
    given(*fifty).when(record(99)).then_rejected(commands.TooManyCustomExercises)
    given(*fifty, DELETED).when(record(99)).then(recorded(99))


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb"])
def test_a_name_is_short_and_can_be_read(name: str) -> None:
    with pytest.raises(InvalidValue):
        record(name=name)


def test_a_deleted_exercise_stays_for_its_sessions() -> None:
    exercises = CUSTOM_EXERCISES.fold([recorded(1), recorded(2), DELETED])
    assert [each.id for each in exercises.current] == ["custom_2"]
    assert exercises.find("custom_1") is not None
