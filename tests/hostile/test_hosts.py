"""Without sign-in, other hosts get no answer, and pages of other sites change nothing."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from tests.api.conftest import WEB
from tests.hostile.conftest import served
from tests.hostile.routes import all_routes

OTHER_HOSTS = (
    "evil.example",
    "evil.example:8765",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example@localhost",
    "192.0.2.1",
    "0.0.0.0",  # noqa: S104  as a name in a request
    "[2001:db8::1]:8765",
    "",
)
OWN_HOSTS = (
    "localhost:8765",
    "LOCALHOST",
    "localhost.",
    "kinelog.localhost",
    "127.0.0.1",
    "127.9.9.9:1",
    "[::1]:8765",
    "gym.example",
    "gym.example:443",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home: Path = tmp_path_factory.mktemp("open")
    settings = Settings(
        home=home,
        cache=home,
        postgres_url=None,
        redis_url=None,
        base_url="https://gym.example",
        cors_origins="https://app.example",
    )
    with open_platform(settings) as platform:
        yield build_app(platform, web=WEB, config=build_api_config(settings, "127.0.0.1"))


@pytest.fixture(scope="module")
def port(app: FastAPI) -> Iterator[int]:
    with served(app) as url:
        yield urlsplit(url).port or 0


def answer(port: int, path: str, *headers: str, method: str = "GET") -> tuple[int, bytes]:
    """Send a request with these header lines and no others; return its status and body."""
    lines = [f"{method} {path} HTTP/1.1", *headers, "Content-Length: 0", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall("\r\n".join(lines).encode())
        received = b""
        while b"\r\n\r\n" not in received and (piece := line.recv(65_536)):
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            (int(each.split(b":")[1]) for each in head.lower().split(b"\r\n") if b"length" in each),
            0,
        )
        while len(body) < length and (piece := line.recv(65_536)):
            body += piece
    return int(head.split(b" ", 2)[1]), body


def upgrade(port: int, path: str, host: str) -> int:
    status, _ = answer(
        port,
        path,
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
    )
    return status


def test_no_route_answers_for_another_host(app: FastAPI, port: int) -> None:
    """R-TEN-03: the walk finds every route by itself; only numbers for operators are excepted."""
    every = list(all_routes(app.router.routes))
    routes = [each for each in every if isinstance(each, Route)]
    sockets = [each for each in every if isinstance(each, WebSocketRoute)]
    assert {"/", "/graphql", "/v1/sessions", "/metrics"} <= {each.path for each in routes}
    assert {"/graphql", "/ws/live"} <= {each.path for each in sockets}
    for route in routes:
        if route.path == "/metrics":
            continue
        for method in route.methods or ():
            status, body = answer(port, route.path, "Host: evil.example", method=method)
            assert status == 421, (method, route.path)
            assert method == "HEAD" or json.loads(body)["code"] == "host.unknown"
    for path in ("/static/src/nothing.js", "/nothing"):
        assert answer(port, path, "Host: evil.example")[0] == 421
    for socket_route in sockets:
        assert upgrade(port, socket_route.path, "evil.example") == 421, socket_route.path
        assert upgrade(port, socket_route.path, "localhost") != 421, socket_route.path


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_another_host_is_misdirected(port: int, host: str) -> None:
    """R-TEN-03"""
    assert answer(port, "/healthz", f"Host: {host}")[0] == 421


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_loopback_names_and_the_host_of_the_base_url_are_served(port: int, host: str) -> None:
    """R-TEN-03"""
    assert answer(port, "/healthz", f"Host: {host}")[0] == 200


def test_prometheus_scrapes_by_any_name(port: int) -> None:
    """R-OPS-02: it names the container or the address of a pod; no metric names a person."""
    status, body = answer(port, "/metrics", "Host: api:8765")
    assert status == 200
    assert b"kinelog_" in body
    for path in ("/metrics/", "//metrics", "/readyz"):
        assert answer(port, path, "Host: api:8765")[0] == 421, path


def test_a_second_host_header_does_not_hide_the_first(port: int) -> None:
    """R-TEN-03"""
    status, _ = answer(port, "/healthz", "Host: localhost", "Host: evil.example")
    assert status in {400, 421}


def test_with_sign_in_required_any_host_is_served(tmp_path: Path) -> None:
    """R-TEN-03: a token protects the data, and probes name the address of their pod."""
    settings = Settings(home=tmp_path, postgres_url=None, redis_url=None, sign_in="required")
    assert build_api_config(settings, "0.0.0.0").hosts is None  # noqa: S104  in a container


OTHER_PAGES = (
    ("Origin: https://evil.example",),
    ("Origin: null",),
    ("Origin: http://localhost:3000",),
    ("Origin: http://localhost:8765.evil.example",),
    ("Origin: https://evil.example", "Sec-Fetch-Site: cross-site"),
    ("Origin: http://localhost:8765", "Origin: https://evil.example"),
    ("Sec-Fetch-Site: same-site",),
)
OWN_PAGES = (
    (),
    ("Origin: http://localhost:8765",),
    ("Origin: http://127.0.0.1:8765",),
    ("Origin: http://[::1]:8765",),
    ("Origin: https://gym.example",),
    ("Origin: https://app.example", "Sec-Fetch-Site: cross-site"),
    ("Origin: null", "Sec-Fetch-Site: same-origin"),
)


def test_no_route_lets_a_page_of_another_site_change_anything(app: FastAPI, port: int) -> None:
    """R-TEN-03: older browsers, and those that open plain HTTP, send `Origin` alone."""
    routes = [each for each in all_routes(app.router.routes) if isinstance(each, Route)]
    walked = 0
    for route in routes:
        for method in (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            sent = "Host: localhost:8765", "Origin: https://evil.example"
            status, body = answer(port, route.path, *sent, method=method)
            assert status == 403, (method, route.path)
            assert json.loads(body)["code"] == "request.another_site"
            walked += 1
    assert walked > 150


@pytest.mark.parametrize("page", OTHER_PAGES)
def test_changes_by_other_pages_are_refused(port: int, page: tuple[str, ...]) -> None:
    """R-TEN-03"""
    sent = "Host: localhost:8765", *page
    assert answer(port, "/v1/sessions", *sent, method="POST")[0] == 403
    assert answer(port, "/v1/sessions", *sent)[0] == 200, "its browser keeps it from reading this"


@pytest.mark.parametrize("page", OWN_PAGES)
def test_our_pages_allowed_sites_and_programs_change_things(
    port: int, page: tuple[str, ...]
) -> None:
    """R-TEN-03"""
    sent = "Host: localhost:8765", *page
    status, body = answer(port, "/v1/sessions", *sent, method="POST")
    assert status == 422, "the body is missing"
    assert json.loads(body)["code"] == "request.invalid"
