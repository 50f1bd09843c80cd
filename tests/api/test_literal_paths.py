"""Every path that a requirement names answers permanently (C-09, R-API-06)."""

from typing import Any, Final

import pytest
from starlette.routing import WebSocketRoute

from api.app import ROUTERS
from tests.api.described import committed_openapi

ALIASES: Final = {
    "/workouts/streaming": "/v1/workouts/streaming",
    "/recommend": "/v1/recommend",
    "/recommendations": "/v1/recommendations",
}
"""Literal paths outside `/v1`, and their canonical ones."""

HTTP: Final = [
    ("post", "/v1/auth/token"),
    ("post", "/v1/auth/register"),
    ("post", "/v1/auth/verify-email"),
    ("get", "/v1/auth/oauth/{provider}"),
    ("get", "/v1/auth/oauth/{provider}/callback"),
    ("post", "/v1/auth/refresh"),
    ("post", "/v1/auth/logout"),
    ("post", "/workouts/streaming"),
    ("post", "/v1/workouts/streaming"),
    ("post", "/v1/workouts"),
    ("post", "/v1/workouts/{execution_id}/repetitions"),
    ("post", "/v1/workouts/{execution_id}/duration"),
    ("post", "/v1/workouts/{execution_id}/complete"),
    ("post", "/v1/workouts/{execution_id}/healthkit-sync"),
    ("post", "/v1/sessions"),
    ("get", "/v1/sessions"),
    ("get", "/v1/sessions/{session_id}"),
    ("delete", "/v1/sessions/{session_id}"),
    ("get", "/v1/coaching/events"),
    ("get", "/recommend"),
    ("post", "/recommendations"),
    ("post", "/api/workout/pose-summary"),
    ("post", "/graphql"),
]
WEBSOCKETS: Final = ["/ws/pose", "/ws/replay/{session_id}", "/graphql"]


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    paths = committed_openapi()["paths"]
    return {(verb, path): each for path, verbs in paths.items() for verb, each in verbs.items()}


@pytest.mark.parametrize("operation", HTTP, ids=" ".join)
def test_a_literal_path_is_described_and_permanent(
    operations: dict[tuple[str, str], dict[str, Any]], operation: tuple[str, str]
) -> None:
    """C-09, R-API-06: it is in the OpenAPI document, and never deprecated."""
    assert not operations[operation].get("deprecated", False)


@pytest.mark.parametrize("path", WEBSOCKETS)
def test_a_literal_websocket_is_routed(path: str) -> None:
    """C-09, R-RPL-10, R-API-07."""
    routes = [route for router in ROUTERS for route in router.routes]
    assert path in {each.path for each in routes if isinstance(each, WebSocketRoute)}


@pytest.mark.parametrize(("alias", "canonical"), ALIASES.items())
def test_an_alias_is_the_same_operation_as_its_canonical_path(alias: str, canonical: str) -> None:
    """C-09: the same handler, parameters, bodies and responses."""
    described = committed_openapi()["paths"]
    (verb,) = described[alias]
    first, second = ({**described[path][verb]} for path in (alias, canonical))
    for named in (first, second):
        del named["operationId"], named["summary"], named["description"]
    assert first == second
