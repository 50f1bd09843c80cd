"""Exercise library, over REST."""

from fastapi import APIRouter
from pydantic import Field

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.custom_exercises import exercise_definition
from api.views.exercises import Definition
from domain.intents.vocabulary import exercise_names
from domain.motion.exercises.definition import ExerciseDefinition, Kind
from domain.motion.exercises.library import all_exercises
from domain.values import View

router = APIRouter(prefix="/v1/exercises", tags=["exercises"])


class FaultKind(Body):
    """A fault that is detected, and the cue that corrects it."""

    id: str
    cue: str


class Exercise(Body):
    """An exercise: what is counted, the camera views, and the target range of motion.

    `category`: legs, push, pull, core, cardio or gymnastics. `muscles`: the groups that work most.
    """

    id: str
    name: str
    version: int
    kind: Kind
    category: str
    muscles: tuple[str, ...]
    equipment: tuple[str, ...] = Field(description="Empty if it needs none.")
    views: tuple[View, ...]
    joints: tuple[str, ...]
    range_of_motion_target_deg: float
    met: float
    faults: list[FaultKind]

    @classmethod
    def of(cls, definition: ExerciseDefinition) -> "Exercise":
        """Return the part of a definition that clients show."""
        entry = exercise_names().entries[definition.id]
        return cls(
            id=definition.id,
            name=definition.name,
            version=definition.version,
            kind=definition.kind,
            category=entry.category,
            muscles=entry.muscles,
            equipment=tuple(sorted(entry.needs)),
            views=definition.views,
            joints=definition.joints,
            range_of_motion_target_deg=definition.range_of_motion.target_deg,
            met=definition.energy.met,
            faults=[FaultKind(id=fault.id, cue=fault.cue) for fault in definition.faults],
        )


@router.get("", operation_id="listExercises", summary="List exercises")
def exercises() -> list[Exercise]:
    """Return all exercises, in order of id."""
    return [Exercise.of(definition) for definition in all_exercises().values()]


@router.get(
    "/{exercise_id}",
    operation_id="getExercise",
    summary="Get an exercise definition",
    responses=problem_responses(404),
)
def definition(exercise_id: str, caller: CurrentCaller) -> Definition:
    """Return the full definition, with which a device can count by itself (R-LIV-08).

    It is one of the library, or one that you recorded.
    """
    return Definition.model_validate(exercise_definition(caller, exercise_id))
