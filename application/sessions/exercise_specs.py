"""Exercise library as specifications for the rules of a session."""

from functools import cache
from types import MappingProxyType

from domain.ids import ExerciseId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.library import all_exercises
from domain.sessions.scoring import ExerciseSpec, ExerciseSpecs


@cache
def exercise_specs() -> ExerciseSpecs:
    """Return every exercise of the library as the rules of a session need it."""
    return MappingProxyType(
        {
            ExerciseId(each.id): ExerciseSpec(
                kind=each.kind,
                version=each.version,
                trained_model=trained_model_name(each.id),
                met=each.energy.met,
                max_repetition_s=each.counting.most_s,
                range_of_motion_deg=each.range_of_motion.target_deg,
                min_eccentric_s=each.tempo.eccentric_least_s,
                min_concentric_s=each.tempo.concentric_least_s,
            )
            for each in all_exercises().values()
        }
    )
