"""Exercise library, read from TOML files."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.parsing import parse
from domain.values import UnknownExercise


@cache
def all_exercises() -> Mapping[str, ExerciseDefinition]:
    """Return every shipped exercise by its id, in alphabetical order."""
    folder = files("domain.motion") / "exercises"
    shipped = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    definitions = [parse(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in shipped]
    return MappingProxyType({definition.id: definition for definition in definitions})


def get_exercise(name: str) -> ExerciseDefinition:
    """Return an exercise by its id. Raises UnknownExercise."""
    library = all_exercises()
    if name not in library:
        raise UnknownExercise.of(name, library)
    return library[name]
