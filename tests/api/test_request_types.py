"""Every body of a request refuses values of other types, which Pydantic would convert."""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel, ValidationError

from api.views.base import StrictTypes, number_fields, time_fields
from api.views.sessions import Tempo
from tests.api.driver import ApiDriver

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


@pytest.mark.parametrize(("fields", "least"), [(number_fields, 40), (time_fields, 10)])
def test_every_body_with_numbers_or_times_is_strict(
    fields: Callable[[type[BaseModel]], frozenset[str]], least: int
) -> None:
    """R-API-08, C-53: as GraphQL, which converts nothing."""
    import_module("api.app")  # with every body
    named = bodies()
    named.discard("Body_importHealthFile")  # FastAPI's model of a form
    found = [each for each in models(BaseModel) if each.__name__ in named and fields(each)]
    assert len(found) > least
    assert [each.__name__ for each in found if not issubclass(each, StrictTypes)] == []


@pytest.mark.parametrize("wrong", ["3", True, "", "NaN"])
def test_an_object_within_a_body_is_strict(wrong: object) -> None:
    tempo = {"eccentricS": 3, "bottomPauseS": 0, "concentricS": 1, "topPauseS": 0}
    assert Tempo.model_validate(tempo).eccentric_s == 3
    with pytest.raises(ValidationError):
        Tempo.model_validate({**tempo, "bottomPauseS": wrong})


@pytest.mark.parametrize("number", [0, -1, 1.5, 1893456000, 1893456000000, True, "1893456000", "0"])
def test_a_number_is_not_a_time(driver: ApiDriver, number: object) -> None:
    """C-53: whether it is in seconds or milliseconds would be a guess."""
    refused = driver.client.post(
        "/v1/sessions", json={"athleteId": "ada", "timeZone": "UTC", "at": number}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["#/at"]
    answered = driver.client.get("/v1/plans/squats/access", params={"asOf": str(number)})
    assert (answered.status_code, answered.json()["code"]) == (422, "request.invalid")


DATE_PARAMETERS: Final = [
    (path, parameter["name"])
    for path, operations in OPENAPI["paths"].items()
    for parameter in operations.get("get", {}).get("parameters", ())
    if '"format": "date' in json.dumps(parameter["schema"]) and not parameter.get("deprecated")
]


@pytest.mark.parametrize(("path", "name"), DATE_PARAMETERS)
def test_a_number_is_not_a_date_in_a_query(driver: ApiDriver, path: str, name: str) -> None:
    """C-53: `0` is not 1 January 1970."""
    answered = driver.client.get(re.sub(r"{\w+}", "steps", path), params={name: "0"})
    assert (answered.status_code, answered.json()["code"]) == (422, "request.invalid")
    assert f"#/{name}" in {each.get("pointer") for each in answered.json()["errors"]}
