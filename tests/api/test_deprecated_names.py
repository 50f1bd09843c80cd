"""Old names of the API still work: they answer as the new ones and announce their end."""

from typing import Any

import pytest

from api.http.deprecated import DEPRECATION, PARAMETERS, PATHS, SUNSET
from tests.api.house import House

REST: list[tuple[str, dict[str, str], str, dict[str, str]]] = [
    ("/v1/auth/ways", {}, "/v1/auth/providers", {}),
    ("/v1/speech/likely", {"exercise": "squat"}, "/v1/speech/phrases", {"exercise": "squat"}),
    ("/v1/me/training", {}, "/v1/me/training-settings", {}),
    ("/v1/speech", {"say": "Buy my potion."}, "/v1/speech", {"text": "Buy my potion."}),
    ("/v1/leaderboards", {"on": "2030-13-01"}, "/v1/leaderboards", {"date": "2030-13-01"}),
]
"""Old path and query, then the new ones. Errors count too: both names must reach one handler."""


def _without_correlation(content: Any) -> Any:
    return {**content, "correlationId": None} if isinstance(content, dict) else content


@pytest.mark.parametrize(("path", "query", "new_path", "new_query"), REST)
def test_old_rest_names_answer_as_the_new_ones(
    house: House, path: str, query: dict[str, str], new_path: str, new_query: dict[str, str]
) -> None:
    old = house.client.get(path, params=query)
    new = house.client.get(new_path, params=new_query)
    assert old.status_code == new.status_code
    assert _without_correlation(old.json()) == _without_correlation(new.json())
    assert (old.headers["Deprecation"], old.headers["Sunset"]) == (DEPRECATION, SUNSET)
    assert "Deprecation" not in new.headers


def test_every_old_rest_name_is_called_above() -> None:
    called = {path for path, *_ in REST}
    assert {each.old for each in PATHS} <= called
    names = {(path, name) for path, query, *_ in REST for name in query}
    assert {(each.path, old) for each in PARAMETERS for old in each.names} <= names


def test_old_rest_names_are_marked_in_openapi(house: House) -> None:
    document = house.client.get("/v1/openapi.json").json()
    for each in PATHS:
        assert all(method["deprecated"] for method in document["paths"][each.old].values())
    for each in PARAMETERS:
        parameters = document["paths"][each.path][each.method]["parameters"]
        marked = {named["name"] for named in parameters if named.get("deprecated")}
        assert each.names.keys() <= marked
