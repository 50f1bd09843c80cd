"""Each request reaches the route that FastAPI would find by trying all of them."""

import re
from collections.abc import Sequence

import anyio
import pytest
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send

from api.app import API_ROUTES, OTHER_ROUTES
from api.routing import FOUND, RouteIndex

ROUTES = (*API_ROUTES, *OTHER_ROUTES)

PATHS = sorted(
    {
        re.sub(r"{\w+(:path)?}", "some-id", route.path)
        for route in ROUTES
        if isinstance(route, Route | WebSocketRoute)
    }
)


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve nothing."""


async def receive_nothing() -> Message:
    return {}


async def send_nothing(message: Message) -> None:
    """Send nothing."""


def request(path: str, method: str = "GET", kind: str = "http") -> Scope:
    return {"type": kind, "method": method, "path": path, "root_path": "", "headers": []}


def by_trying_all(routes: Sequence[BaseRoute], scope: Scope) -> tuple[Match, BaseRoute | None]:
    """Return how the first of the best routes matches."""
    matches = [(route.matches(scope)[0], route) for route in routes]
    best = max((match for match, _ in matches), key=lambda match: match.value)
    return best, next((route for match, route in matches if match is best is not Match.NONE), None)


def by_index(index: RouteIndex, scope: Scope) -> tuple[Match, BaseRoute | None]:
    match, child_scope = index.matches(scope)
    return match, child_scope.get(FOUND)


@pytest.mark.parametrize(
    ("method", "kind"), [("GET", "http"), ("POST", "http"), ("GET", "websocket")]
)
def test_paths_lead_to_the_routes_that_trying_all_would_find(method: str, kind: str) -> None:
    index = RouteIndex(ROUTES)
    for path in ["/", "//", "/nothing", "/v1", "/v1/nothing/here", f"{PATHS[1]}/", *PATHS]:
        scope = request(path, method, kind)
        assert by_index(index, scope) == by_trying_all(ROUTES, scope), path


def test_routes_below_a_folder_are_found() -> None:
    index = RouteIndex([Mount("/static", app=nothing), Route("/static/x/y", nothing)])
    for path in ("/static/some/file.js", "/static/x/y"):
        match, child_scope = index.matches(request(path))
        assert match is Match.FULL
        assert isinstance(child_scope[FOUND], Mount), "the first one"


def test_the_found_route_serves_the_request() -> None:
    served: list[str] = []

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        served.append(scope["path_params"]["name"])

    index = RouteIndex([Mount("/files/{name}", app=serve)])
    scope: Scope = {**request("/files/one/"), "path_params": {}}
    scope.update(index.matches(scope)[1])
    anyio.run(index.handle, scope, receive_nothing, send_nothing)
    assert served == ["one"]
