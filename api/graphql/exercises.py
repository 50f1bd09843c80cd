"""Exercise library in GraphQL."""

import enum

import strawberry

from api.graphql.fields import field
from domain.intents.vocabulary import exercise_names
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises


@strawberry.enum
class ExerciseKind(enum.Enum):
    """Kind of an exercise: counted in repetitions, or held."""

    REPETITIONS = "repetitions"
    HOLD = "hold"


@strawberry.type(description="A fault that is detected, and the cue that corrects it.")
class FaultKind:
    """A fault of an exercise."""

    id: strawberry.ID
    cue: str


@strawberry.type(description="An exercise that is counted or held; views are camera angles.")
class Exercise:
    """An exercise of the library."""

    id: strawberry.ID
    name: str
    version: int
    kind: ExerciseKind
    category: str = strawberry.field(
        description="One of legs, push, pull, core, cardio and gymnastics."
    )
    muscles: list[str] = strawberry.field(description="The groups that work most.")
    equipment: list[str] = strawberry.field(description="Empty if it needs none.")
    views: list[str]
    joints: list[str]
    range_of_motion_target_deg: float
    met: float
    faults: list[FaultKind]

    @classmethod
    def of(cls, definition: ExerciseDefinition) -> "Exercise":
        """Return the part of a definition that clients show."""
        entry = exercise_names().entries[definition.id]
        return cls(
            id=strawberry.ID(definition.id),
            name=definition.name,
            version=definition.version,
            kind=ExerciseKind(definition.kind),
            category=entry.category,
            muscles=list(entry.muscles),
            equipment=sorted(entry.needs),
            views=list(definition.views),
            joints=list(definition.joints),
            range_of_motion_target_deg=definition.range_of_motion.target_deg,
            met=definition.energy.met,
            faults=[
                FaultKind(id=strawberry.ID(fault.id), cue=fault.cue) for fault in definition.faults
            ],
        )


@strawberry.type
class ExerciseQueries:
    """Queries of exercises."""

    @field("List all exercises, in order of id.")
    def exercises(self) -> list[Exercise]:
        """Return all exercises."""
        return [Exercise.of(definition) for definition in all_exercises().values()]
