"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import routing as fastapi_routing
from starlette.testclient import TestClient

from api.app import build_app
from application.platform import Platform
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.hostile.conftest import served
from tests.web.nodes import NODE

SCRIPT: Final = Path(__file__).parent / "js" / "graphql_audit.mjs"

NEWER: Final = "application/graphql-response+json"

TYPE: Final = {"query": "{ __typename }"}

REQUEST_ID: Final = "correlationId"

FAILING: Final = '{ sessions(after: "nonsense") { edges { cursor } } }'
"""A valid document whose execution fails."""


def test_the_protocol_audit_passes_without_a_warning(platform: Platform) -> None:
    """R-API-07: the public suite of 61 audits, including those of optional behavior."""
    with served(build_app(platform, web=WEB)) as url:
        done = subprocess.run(
            [NODE, SCRIPT, f"{url}/graphql"],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
    audits = json.loads(done.stdout)
    assert len(audits) >= 61
    assert [each for each in audits if each["status"] != "ok"] == []


@pytest.mark.parametrize("accept", ["application/json", NEWER])
@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{ none }",
        "query($id: ID!) { node(id: $id) { id } }",
        "query A { __typename }",
        "query E { __typename } query F { __typename }",
    ],
    ids=["syntax", "validation", "variable", "operation name", "no operation name"],
)
def test_a_request_that_is_not_executed_has_no_data(
    client: TestClient, document: str, accept: str
) -> None:
    """R-API-07: GraphQL 7.1: the response to a request error has no entry `data`."""
    body = {"query": document, "operationName": "B" if "query A" in document else None}
    answer = client.post("/graphql", json=body, headers={"Accept": accept})
    assert answer.status_code == (400 if accept == NEWER else 200)
    assert answer.json().keys() == {"errors"}


def test_one_of_several_operations_is_executed_by_its_name(client: TestClient) -> None:
    """R-API-07"""
    body = {"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B"}
    assert client.post("/graphql", json=body).json()["data"] == {"b": "Query"}


@pytest.mark.parametrize("accept", ["application/json", NEWER])
def test_a_failed_execution_has_null_data_and_succeeds_as_a_request(
    client: TestClient, accept: str
) -> None:
    """R-API-07"""
    answer = client.post("/graphql", json={"query": FAILING}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["path"] == ["sessions"]


@pytest.mark.parametrize(
    "request_of",
    [
        {"content": b"{"},
        {"content": b""},
        {"json": {}},
        {"json": {"query": 1}},
        {"json": {"query": "{ __typename }", "variables": []}},
        {"content": b"\xff\xfe{}"},
    ],
    ids=["syntax", "empty", "no document", "no text", "variables", "encoding"],
)
def test_a_malformed_request_is_a_problem_with_status_400(
    driver: ApiDriver, request_of: dict[str, Any]
) -> None:
    """R-API-03, R-API-07"""
    headers = {"Content-Type": "application/json"}
    answer = driver.client.post("/graphql", headers=headers, **request_of)
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


LISTED: Final = (
    "query($first: Int!, $athlete: ID) "
    "{ sessions(first: $first, athleteId: $athlete) { edges { cursor } } }"
)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"query": "{ __typename }"}),
        json.dumps({"query": "{ __typename }", "unknown": 1, "variables": None}),
        '{"query": "{ none }", "query": "{ __typename }"}',
        json.dumps({"query": LISTED, "variables": {"first": 1}}),
        json.dumps({"query": LISTED, "variables": {"first": 1.0, "athlete": "ada"}}),
        f'{{"query": "{LISTED}", "variables": {{"first": 1e400}}}}',
        f'{{"query": "{LISTED}", "variables": {{"first": NaN}}}}',
        f'{{"query": "{LISTED}", "variables": {{"first": {10**30}}}}}',
        f'{{"query": "{LISTED}", "variables": {{"first": 1, "athlete": "\\ud800"}}}}',
        json.dumps({"query": "mutation { none }"}),
        json.dumps({"query": "subscription { none }"}),
        json.dumps({"query": "{ a: __typename }"}).encode("utf-16"),
        json.dumps([{"query": "{ __typename }"}]),
        "null",
        "{",
    ],
)
def test_a_usual_request_has_the_response_of_any_other(
    client: TestClient, body: str | bytes
) -> None:
    """R-API-03, R-API-07: FastAPI reads the body of those whose media type has a parameter."""
    usual, other = (
        client.post("/graphql", content=body, headers={"Content-Type": media_type})
        for media_type in ("application/json", "application/json; charset=utf-8")
    )
    assert usual.status_code == other.status_code
    assert without_id(usual.json()) == without_id(other.json())


def without_id(response: Any) -> Any:
    """Return a response without the id of its request."""
    match response:
        case dict():
            names: dict[str, Any] = response
            return {name: without_id(each) for name, each in names.items() if name != REQUEST_ID}
        case list():
            entries: list[Any] = response
            return [without_id(each) for each in entries]
        case _:
            return response


@pytest.mark.parametrize("header", ["X-Tenant-ID", "Idempotency-Key"])
def test_only_usual_requests_skip_the_validation_of_headers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """R-API-04, R-API-07"""
    assert client.post("/graphql", json=TYPE, headers={header: ""}).status_code == 400

    def validate(**_: Any) -> Any:
        raise AssertionError("FastAPI validates the request")

    monkeypatch.setattr(fastapi_routing, "solve_dependencies", validate)
    assert client.post("/graphql", json=TYPE).json()["data"] == {"__typename": "Query"}
    assert client.post("/graphql", json=TYPE, headers={header: "one"}).status_code == 500


def test_malformed_parameters_are_a_problem_with_status_400(driver: ApiDriver) -> None:
    """R-API-03, R-API-07"""
    query = {"query": "{ __typename }", "variables": "[1]"}
    assert driver.client.get("/graphql", params=query).status_code == 400
    assert driver.client.get("/graphql").status_code == 400
