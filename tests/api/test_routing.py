"""Each request reaches the route that FastAPI would find by trying all of them."""

import re

import pytest
from fastapi import APIRouter
from starlette.routing import Host, Match
from starlette.types import Scope

from api.app import API_ROUTES, ROUTERS
from api.routing import PathRouter

PATHS = sorted(
    re.sub(r"{\w+(:path)?}", "some-id", route.path)
    for router in ROUTERS
    for route in router.routes
    if hasattr(route, "path")
)


def request(path: str, method: str = "GET", kind: str = "http") -> Scope:
    return {"type": kind, "method": method, "path": path, "root_path": "", "headers": []}


def matches_of(path: str, method: str, kind: str) -> list[tuple[int, Match]]:
    found = [route.matches(request(path, method, kind))[0] for route in API_ROUTES]
    return [(place, match) for place, match in enumerate(found) if match is not Match.NONE]


def test_paths_lead_to_the_routes_that_trying_all_would_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [(path, "GET", "http") for path in ["/", "/nothing", f"{PATHS[0]}/", *PATHS]]
    cases += [(path, "GET", "websocket") for path in PATHS if path.startswith("/ws")]
    found = [matches_of(*case) for case in cases]
    monkeypatch.setattr(PathRouter, "matches", APIRouter.matches)
    assert found == [matches_of(*case) for case in cases]
    assert sum(len(each) for each in found) > len(PATHS)


def test_routers_of_hosts_are_refused() -> None:
    router = PathRouter()
    router.routes.append(Host("example.org", app=APIRouter()))
    with pytest.raises(TypeError, match="has no path"):
        router.matches(request("/"))
