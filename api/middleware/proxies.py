"""Trusted proxies: take the client's address from their `X-Forwarded-For`, and notice others."""

from collections import deque
from threading import Lock
from typing import Final, cast

import structlog
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.problem_details import http_problem
from application.operations.readiness import Check, Degraded

FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded"})

OPERATORS_PATHS: Final = frozenset({"/metrics", "/readyz"})
"""Numbers and sentences on the platform's state."""

PROBES: Final = OPERATORS_PATHS | {"/healthz"}
"""Requests of the platform itself, which come through no proxy."""

SEEN: Final = 100
"""The latest requests that the check judges."""

log = structlog.get_logger()


class ForwardedRequests:
    """Notes of the latest requests whether an untrusted proxy forwarded them. Thread-safe."""

    def __init__(self) -> None:
        self._latest: deque[str | None] = deque(maxlen=SEEN)
        self._lock = Lock()
        self._is_logged = False

    def note(self, untrusted_proxy: str | None) -> None:
        """Note a request, by the address of the untrusted proxy that forwarded it, if one did."""
        with self._lock:
            self._latest.append(untrusted_proxy)
            is_first = untrusted_proxy is not None and not self._is_logged
            self._is_logged = self._is_logged or is_first
        if is_first:
            log.warning("proxy.untrusted", address=untrusted_proxy)

    def probe(self) -> str:
        """Return one sentence. Raises Degraded if untrusted proxies forwarded most requests.

        A few may be of clients that send the header themselves.
        """
        with self._lock:
            latest = list(self._latest)
        proxies = [each for each in latest if each is not None]
        if 2 * len(proxies) > len(latest):
            raise Degraded(
                f"Requests come through the proxy {proxies[-1]}, which KINELOG_TRUSTED_PROXIES"
                " does not name: all its clients share one rate limit."
            )
        return "No untrusted proxy forwards requests."

    @property
    def check(self) -> Check:
        """The readiness check `proxies`: requests are served, but not fairly."""
        return Check("proxies", self.probe, needed=False)


class ProxyMiddleware:
    """Sets the client's address and scheme of requests that trusted proxies forward.

    `trusted`: addresses and networks, separated by commas. The paths of operators are not there for
    requests that any proxy forwards: what they show is for this network only.
    """

    def __init__(self, app: ASGIApp, *, trusted: str, requests: ForwardedRequests) -> None:
        self._app = app
        self._forwarded = ProxyHeadersMiddleware(cast("ProxyHeadersMiddleware", app), trusted)
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        is_forwarded = any(name in FORWARDED for name, _ in scope["headers"])
        if scope["path"] in OPERATORS_PATHS and is_forwarded:
            await http_problem(Request(scope), HTTPException(404))(scope, receive, send)
            return
        if scope["path"] not in PROBES:
            peer = scope["client"][0] if scope.get("client") else ""
            is_untrusted = is_forwarded and peer not in self._forwarded.trusted_hosts
            self._requests.note(peer if is_untrusted else None)
        await self._forwarded(scope, receive, send)  # type: ignore[arg-type]  # uvicorn's own types
