"""Own exercises of athletes: their ids, and the text in which a definition is stored."""

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Final

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.parsing import parse

OWN_PREFIX: Final = "own_"
"""Beginning of the ids of own exercises; no id of the library begins so."""


def is_own(exercise_id: str) -> bool:
    """Return whether an id is that of an own exercise, not of the library."""
    return exercise_id.startswith(OWN_PREFIX)


def to_text(definition: ExerciseDefinition) -> str:
    """Return a definition as JSON."""
    present = {name: field for name, field in asdict(definition).items() if field is not None}
    return json.dumps(present, ensure_ascii=False)


@lru_cache(maxsize=1024)
def from_text(text: str) -> ExerciseDefinition:
    """Read a definition from JSON. Raises InvalidExerciseDefinition, ValueError for other text."""
    return parse(json.loads(text))
