"""Own exercises of athletes: their ids, and the text in which a definition is stored."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.exercises.parsing import parse

OWN_PREFIX: Final = "own_"
"""Beginning of the ids of own exercises; no id of the library begins so."""


GENERAL_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "Own exercise", "es": "Ejercicio propio", "ru": "Своё упражнение"}
)
"""Of all own exercises, where the athlete's name for one is not at hand."""


def is_own(exercise_id: str) -> bool:
    """Return whether an id is that of an own exercise, not of the library."""
    return exercise_id.startswith(OWN_PREFIX)


def name_of(exercise_id: str, language: str = "en") -> str:
    """Return the name of an exercise of the library, or a general one of own exercises.

    The athlete's own name is not needed for it. Only general names have a language.
    """
    if is_own(exercise_id):
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
