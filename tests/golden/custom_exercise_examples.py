"""Examples of the events of custom exercises, for their golden files."""

from typing import Any

from domain.custom_exercises import events
from domain.ids import ExerciseId
from domain.personal import Personal
from tests.golden.health_examples import ADA, AT, LATER

KICK = ExerciseId("custom_0197b2c45d6e7f809a1b2c3d4e5f60a1")

EXAMPLES: list[Any] = [
    events.CustomExerciseRecorded(
        exercise_id=KICK,
        athlete_id=ADA,
        name=Personal(ADA, "Kick"),
        definition=Personal(ADA, '{"id": "custom_0197b2c45d6e7f809a1b2c3d4e5f60a1"}'),
        at=AT,
    ),
    events.CustomExerciseRenamed(exercise_id=KICK, name=Personal(ADA, "High kick"), at=LATER),
    events.CustomExerciseDeleted(exercise_id=KICK, at=LATER),
]
