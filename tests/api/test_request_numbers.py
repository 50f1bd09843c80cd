"""Every body of a request refuses texts and booleans where a number is expected."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel, ValidationError

from api.views.base import StrictNumbers, number_fields
from api.views.sessions import Tempo

OPENAPI: Final[Any] = json.loads((Path(__file__).parents[2] / "api" / "openapi.json").read_text())


def references(schema: object) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    match schema:
        case {"$ref": str() as reference}:
            yield reference.rpartition("/")[2]
        case dict():
            for part in schema.values():
                yield from references(part)
        case list():
            for part in schema:
                yield from references(part)
        case _:
            pass


def bodies() -> set[str]:
    """Return the names of all schemas of requests, also of the objects in them."""
    operations = [each for path in OPENAPI["paths"].values() for each in path.values()]
    found: set[str] = set()
    wanted = {name for each in operations for name in references(each.get("requestBody"))}
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= set(references(OPENAPI["components"]["schemas"][name])) - found
    return found


def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in base.__subclasses__():
        yield each
        yield from models(each)


def test_every_body_with_numbers_is_strict() -> None:
    """R-API-08, C-53: as GraphQL, which converts nothing."""
    import_module("api.app")  # with every body
    named = bodies()
    with_numbers = [
        each for each in models(BaseModel) if each.__name__ in named and number_fields(each)
    ]
    assert len(with_numbers) > 40
    assert [each.__name__ for each in with_numbers if not issubclass(each, StrictNumbers)] == []


@pytest.mark.parametrize("wrong", ["3", True, "", "NaN"])
def test_an_object_within_a_body_is_strict(wrong: object) -> None:
    tempo = {"eccentricS": 3, "bottomPauseS": 0, "concentricS": 1, "topPauseS": 0}
    assert Tempo.model_validate(tempo).eccentric_s == 3
    with pytest.raises(ValidationError):
        Tempo.model_validate({**tempo, "bottomPauseS": wrong})
