"""Host check: without sign-in, a page of another site must not reach the API by DNS rebinding."""

import ipaddress
import re
from http import HTTPStatus
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problem_details import problem_response

LOCALHOST: Final = "localhost"

HOST: Final = re.compile(r"(\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[^\s:/?#@\[\]]+))(:\d{0,5})?")
"""RFC 9110, 7.2: a name or an address, and a port."""

ANY_HOST: Final = frozenset({"/metrics"})
"""Paths served for any host, because Prometheus names a container or the address of a pod. They
must not contain data on persons."""

DENIAL: Final = "websocket.http.response"
"""ASGI extension by which a WebSocket handshake is answered with an HTTP response."""

POLICY_VIOLATION: Final = 1008


class HostMiddleware:
    """Responds with 421 to requests for other hosts than loopback names and `hosts`.

    A page of `evil.example` whose name resolves to this machine is of the same origin as the API
    for its browser, but its requests name that host (DNS rebinding). Paths of `ANY_HOST` are
    excepted.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._serves(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket" and DENIAL not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await _misdirected(HTTPConnection(scope))(scope, receive, send)

    def _serves(self, scope: Scope) -> bool:
        if scope["type"] == "http" and scope["path"] in ANY_HOST:
            return True
        given = HTTPConnection(scope).headers.getlist("host")
        hosts = {parse_host(each) for each in given}
        return bool(hosts) and all(
            host is not None and (is_loopback(host) or host in self._hosts) for host in hosts
        )


def _misdirected(connection: HTTPConnection) -> Response:
    return problem_response(
        connection,
        HTTPStatus.MISDIRECTED_REQUEST,
        code="host.unknown",
        title="This server does not answer for this host.",
        detail="Without sign-in, only loopback names (localhost, 127.0.0.1, [::1]), the address"
        " given by --host and the host of KINELOG_BASE_URL are served.",
    )


def parse_host(header: str) -> str | None:
    """Return the name or address of a `Host` header in lower case, or None if it is malformed."""
    match = HOST.fullmatch(header.strip())
    if match is None:
        return None
    return (match["v6"] or match["name"]).lower().removesuffix(".")


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a host. Names besides localhost may be public."""
    if host == LOCALHOST or host.endswith(f".{LOCALHOST}"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
