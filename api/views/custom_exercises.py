"""Custom exercises of the caller: their view, inputs and writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import numpy as np
from pydantic import FailFast, Field

from api.views.base import Body, StrictBody, StrictTypes, documented, write
from api.views.live import MS, STRICT, PosedFrame, points
from api.views.supervision import own_id
from application.caller import ANONYMOUS, Caller, checked_id
from application.custom_exercises.lookup import readable
from application.users.resource_access import require_consent
from domain.custom_exercises.commands import MAX_NAME_LENGTH
from domain.custom_exercises.custom_exercises import CustomExercise as State
from domain.ids import UserId
from domain.motion.exercises.definition import ExerciseDefinition, Kind
from domain.motion.exercises.example import LEAST_REPETITIONS, MOST_REPETITIONS
from domain.motion.landmarks import PoseChunk
from domain.values import View

MAX_FRAMES: Final = 1800
"""Two minutes at 15 frames a second; more tell nothing more about the movement."""

Name = Annotated[str, documented(minLength=1, maxLength=MAX_NAME_LENGTH)]


class CustomExercise(Body):
    """An exercise that you recorded. Sets are counted by camera; no fault is judged."""

    id: str
    name: str
    version: int
    kind: Kind
    views: tuple[View, ...] = Field(description="Those of the example, and oblique.")
    joints: tuple[str, ...]
    range_of_motion_target_deg: float
    met: float
    recorded_at: datetime

    @classmethod
    def of(cls, exercise: State, definition: ExerciseDefinition) -> "CustomExercise":
        """Convert an exercise that is not erased."""
        return cls(
            id=definition.id,
            name=definition.name,
            version=definition.version,
            kind=definition.kind,
            views=definition.views,
            joints=definition.joints,
            range_of_motion_target_deg=definition.range_of_motion.target_deg,
            met=definition.energy.met,
            recorded_at=exercise.at,
        )


class ExampleFrame(PosedFrame, StrictTypes):
    """A frame of an example: 33 landmarks in MediaPipe's order, null if not detected."""


class RecordCustomExercise(StrictBody):
    """An example of an exercise: its repetitions from rest to rest, and their number.

    The camera must count as many; otherwise the example is refused.
    """

    model_config = STRICT

    name: Name
    repetitions: Annotated[int, documented(minimum=LEAST_REPETITIONS, maximum=MOST_REPETITIONS)]
    aspect_ratio: float = Field(description="The picture's width over its height.")
    frames: Annotated[list[ExampleFrame], FailFast()] = Field(max_length=MAX_FRAMES)

    def chunk(self) -> PoseChunk:
        """Return the frames."""
        frames = self.frames
        has_world = any(each.world_landmarks for each in frames)
        return PoseChunk(
            times_s=np.array([each.time_ms / MS for each in frames], np.float64),
            image=points([each.landmarks for each in frames], 4),
            world=points([each.world_landmarks for each in frames], 3) if has_world else None,
            aspect_ratio=self.aspect_ratio,
        )


class RenameCustomExercise(StrictBody):
    """New name of a custom exercise."""

    name: Name


@dataclass(frozen=True, slots=True)
class CustomExerciseWritten:
    """Result of a command: the log has it up to `position`."""

    exercise_id: str
    position: int
    repeated: bool


def custom_exercises(caller: Caller) -> list[CustomExercise]:
    """Return the custom exercises of the caller, in order of recording, without unreadable ones."""
    athlete = own_id(caller)
    caller.require("read", "custom_exercise", athlete)
    exercises = caller.platform.custom_exercises.lookup.of(caller.tenant_id, athlete)
    current = (each for each in exercises if not each.is_deleted)
    return [CustomExercise.of(each, definition) for each, definition in readable(current)]


def find_custom_exercise(caller: Caller, exercise_id: str) -> CustomExercise | None:
    """Return a custom exercise of the caller, or None."""
    return next((each for each in custom_exercises(caller) if each.id == exercise_id), None)


def exercise_definition(caller: Caller, exercise_id: str) -> ExerciseDefinition:
    """Return a definition of the library, or of a custom exercise of the caller.

    A deleted custom exercise has one for the sessions with it. Raises UnknownExercise.
    """
    lookup = caller.platform.custom_exercises.lookup
    return lookup.get(caller.tenant_id, own_id(caller), exercise_id)


def record_custom_exercise(
    caller: Caller, body: RecordCustomExercise, command_id: UUID
) -> CustomExerciseWritten:
    """Add a custom exercise by an example. At most 50 are not deleted.

    Raises ConsentMissing without the consent that frames need.
    """
    athlete = _athlete(caller)
    require_consent(caller, athlete, "camera_processing")
    exercise_id, appended = caller.platform.custom_exercises.record(
        athlete,
        body.name,
        body.chunk(),
        body.repetitions,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CustomExerciseWritten(exercise_id, appended.position, appended.repeated)


@write
def rename_custom_exercise(
    caller: Caller, exercise_id: str, body: RenameCustomExercise, command_id: UUID
) -> CustomExerciseWritten:
    """Rename a custom exercise."""
    appended = caller.platform.custom_exercises.rename(
        _athlete(caller),
        checked_id(exercise_id),
        body.name,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CustomExerciseWritten(exercise_id, appended.position, appended.repeated)


@write
def delete_custom_exercise(
    caller: Caller, exercise_id: str, command_id: UUID
) -> CustomExerciseWritten:
    """Delete a custom exercise. Sessions with it stay as they are."""
    appended = caller.platform.custom_exercises.delete(
        _athlete(caller),
        checked_id(exercise_id),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CustomExerciseWritten(exercise_id, appended.position, appended.repeated)


def _athlete(caller: Caller) -> UserId:
    athlete = own_id(caller)
    caller.require("write", "custom_exercise", athlete)
    return athlete
