"""Exercise library as specifications for the rules of a session."""

from functools import cache
from types import MappingProxyType

from domain.ids import ExerciseId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.sessions.scoring import ExerciseSpec, ExerciseSpecs


@cache
def exercise_specs() -> ExerciseSpecs:
    """Return every exercise of the library as the rules of a session need it."""
    return MappingProxyType(
        {ExerciseId(each.id): to_spec(each) for each in all_exercises().values()}
    )


def to_spec(definition: ExerciseDefinition) -> ExerciseSpec:
    """Return an exercise as the rules of a session need it."""
    return ExerciseSpec(
        kind=definition.kind,
        version=definition.version,
        trained_model=trained_model_name(definition.id),
        met=definition.energy.met,
        max_repetition_s=definition.counting.most_s,
        range_of_motion_deg=definition.range_of_motion.target_deg,
        min_eccentric_s=definition.tempo.eccentric_least_s,
        min_concentric_s=definition.tempo.concentric_least_s,
    )
