"""Custom exercises of athletes: their ids, and the text in which a definition is stored."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.exercises.parsing import parse

CUSTOM_PREFIX: Final = "custom_"
"""Beginning of the ids of custom exercises; no id of the library begins so."""


GENERAL_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "Custom exercise", "es": "Ejercicio propio", "ru": "Своё упражнение"}
)
"""Of all custom exercises, where the athlete's name for one is not at hand."""


def is_custom(exercise_id: str) -> bool:
    """Return whether an id is that of a custom exercise, not of the library."""
    return exercise_id.startswith(CUSTOM_PREFIX)


def name_of(exercise_id: str, language: str = "en") -> str:
    """Return the name of an exercise of the library, or a general one for a custom exercise.

    The athlete's name for it is not needed. Only general names have a language.
    """
    if is_custom(exercise_id):
        return GENERAL_NAMES.get(language, GENERAL_NAMES["en"])
    definition = all_exercises().get(exercise_id)
    return exercise_id if definition is None else definition.name


def to_text(definition: ExerciseDefinition) -> str:
    """Return a definition as JSON."""
    present = {name: field for name, field in asdict(definition).items() if field is not None}
    return json.dumps(present, ensure_ascii=False)


@lru_cache(maxsize=1024)
def from_text(text: str) -> ExerciseDefinition:
    """Read a definition from JSON. Raises InvalidExerciseDefinition, ValueError for other text."""
    return parse(json.loads(text))
