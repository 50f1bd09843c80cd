"""Deprecated names of the API still work: they answer like the new ones and announce their end."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema

from api.graphql.schema import schema
from api.http.deprecated import DEPRECATION, PARAMETERS, PATHS, SUNSET
from api.views.session_inputs import RENAMED
from tests.api.driver import ApiDriver

BAD = "no such value"
LISTS = ("/v1/sessions", "/v1/sessions/export")
SESSION_FILTER = {"zone", "formFrom", "formBelow", "recorded", "ownDays"}
ELSEWHERE = {"countedBy", "cues", "executionId", "sessionProgress"}
"""Deprecated names that other tests cover: mutations and subscriptions."""

REST: list[tuple[str, dict[str, str], str, dict[str, str]]] = [
    ("/v1/auth/ways", {}, "/v1/auth/providers", {}),
    ("/v1/speech/likely", {"exercise": "squat"}, "/v1/speech/phrases", {"exercise": "squat"}),
    ("/v1/me/training", {}, "/v1/me/training-settings", {}),
    ("/v1/speech", {"say": "Buy my potion."}, "/v1/speech", {"text": "Buy my potion."}),
    ("/v1/leaderboards", {"on": "2030-13-01"}, "/v1/leaderboards", {"date": "2030-13-01"}),
    ("/v1/coaching/events", {"session": "none"}, "/v1/sessions/none/events", {}),
    ("/v1/live/rtc", {}, "/v1/live/webrtc", {}),
    ("/recommend", {}, "/v1/recommend", {}),
    ("/recommendations", {}, "/v1/recommendations", {}),
    *((path, {old: BAD}, path, {new: BAD}) for path in LISTS for old, new in RENAMED.items()),
]
"""Old path and query, then the new ones. Errors count too: both names must reach one handler."""


def _content(response: Any) -> Any:
    """Return the content of a response without its correlation id."""
    if "json" not in response.headers["content-type"]:
        return response.text
    content = response.json()
    return {**content, "correlationId": None} if isinstance(content, dict) else content


@pytest.mark.parametrize(("path", "query", "new_path", "new_query"), REST)
def test_old_rest_names_answer_as_the_new_ones(
    driver: ApiDriver, path: str, query: dict[str, str], new_path: str, new_query: dict[str, str]
) -> None:
    """C-09: those that a requirement names announce no end."""
    old = driver.client.get(path, params=query)
    new = driver.client.get(new_path, params=new_query)
    assert old.status_code == new.status_code
    assert _content(old) == _content(new)
    marks = (old.headers.get("Deprecation"), old.headers.get("Sunset"))
    is_permanent = any(each.old == path and each.is_permanent for each in PATHS)
    assert marks == ((None, None) if is_permanent else (DEPRECATION, SUNSET))
    assert "Deprecation" not in new.headers


def test_every_old_rest_name_is_called_above() -> None:
    called = {path for path, *_ in REST}
    assert {each.old for each in PATHS} <= called
    names = {(path, name) for path, query, *_ in REST for name in query}
    assert {(each.path, old) for each in PARAMETERS for old in each.names} <= names


def test_old_rest_names_are_marked_in_openapi(driver: ApiDriver) -> None:
    document = driver.client.get("/v1/openapi.json").json()
    for each in PATHS:
        for method in document["paths"][each.old].values():
            assert method.get("deprecated", False) != each.is_permanent
    for renamed in PARAMETERS:
        parameters = document["paths"][renamed.path][renamed.method]["parameters"]
        marked = {named["name"] for named in parameters if named.get("deprecated")}
        assert renamed.names.keys() <= marked


GRAPHQL = [
    "{ monthCompared { month } }",
    '{ leaderboard(on: "2030-01-31") { start } }',
    '{ sessions(only: {zone: "UTC", formFrom: 0.5, recorded: true}) { edges { cursor } } }',
    '{ exerciseSums(athleteId: "ada") { used known } }',
    '{ formTrend(athleteId: "ada", exerciseId: "squat") { used known } }',
    '{ session(id: "none") { sets { looks { poses } stands } } }',
    "mutation { sayConsent(input: {purpose: MARKETING, given: false}) { __typename } }",
]


@pytest.mark.parametrize("document", GRAPHQL)
def test_old_graphql_names_are_executed(driver: ApiDriver, document: str) -> None:
    errors = driver.answer(document).get("errors", ())
    assert {each["extensions"]["code"] for each in errors} <= {"auth.sign_in_required"}, errors


def test_every_old_graphql_name_names_its_successor() -> None:
    parsed = build_schema(schema.as_str())
    called = " ".join(GRAPHQL)
    for kind in parsed.type_map.values():
        if kind.name.startswith("__") or not isinstance(
            kind, GraphQLObjectType | GraphQLInputObjectType
        ):
            continue
        for name, member in kind.fields.items():
            reason = member.deprecation_reason
            if reason is None or reason.startswith("Ignored: "):  # the server computes the value
                continue
            assert reason.startswith("Use `")
            assert name in called or name in ELSEWHERE | SESSION_FILTER, name
