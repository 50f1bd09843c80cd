"""HEAD is answered like GET, without the body."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from api.app import build_app
from application.live.feed_access import MAX_PER_CALLER
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from tests.api.conftest import WEB
from tests.hostile.conftest import served
from tests.waiting import wait_until

SCRIPT = next((WEB / "assets").glob("*.js")).name
VARYING = {"date", "request-id"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home: Path = tmp_path_factory.mktemp("head")
    settings = Settings(home=home, cache=home, postgres_url=None, redis_url=None)
    with open_platform(settings) as platform:
        yield build_app(platform, web=WEB, config=build_api_config(settings, "127.0.0.1"))


@pytest.fixture(scope="module")
def connection(app: FastAPI) -> Iterator[HTTPConnection]:
    """Return a connection that all requests use: a body after HEAD would break the next one."""
    with served(app) as url:
        address = urlsplit(url)
        with closing(HTTPConnection(address.hostname or "", address.port, timeout=60)) as line:
            yield line


def ask(connection: HTTPConnection, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers that do not vary, and the body."""
    connection.request(method, path)
    response: HTTPResponse = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    kept = {name: value for name, value in headers.items() if name not in VARYING}
    return response.status, kept, response.read()


@pytest.mark.parametrize(
    "path",
    ["/", "/sign_in.html", "/healthz", "/readyz", "/v1/sessions", f"/static/assets/{SCRIPT}"],
)
def test_head_has_the_status_and_the_headers_of_get(connection: HTTPConnection, path: str) -> None:
    """R-API-02: monitors and link checkers send it."""
    status, headers, body = ask(connection, "GET", path)
    assert status == 200
    assert body
    assert ask(connection, "HEAD", path) == (status, headers, b"")


def test_head_is_refused_as_get_is(connection: HTTPConnection) -> None:
    """R-API-02"""
    assert ask(connection, "HEAD", "/v1/sessions/nothing")[0] == 404
    assert ask(connection, "HEAD", "/v1/auth/login")[0] == 405


def test_head_of_a_stream_ends_it(connection: HTTPConnection) -> None:
    """R-API-02: the connection is free for the next request, and the stream takes no place."""
    events = "/v1/pose-coach/sessions/events"
    status, headers, _ = ask(connection, "HEAD", events)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
    for _ in range(MAX_PER_CALLER):
        wait_until(lambda: ask(connection, "HEAD", events)[0] == 200)
    assert ask(connection, "GET", "/healthz")[0] == 200
