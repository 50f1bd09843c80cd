"""Telemetry middleware: one span and one measurement per request, by route template."""

import time
from typing import Final, cast

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.kernel.telemetry import Passing, Telemetry, TraceParent
from application.platform import Platform

UNMATCHED: Final = "unmatched"
"""Route of requests that match none. Their raw paths would be unbounded as a metric label."""

QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Polled every few seconds by operators: measured, but not traced."""

PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
"""https://prometheus.io/docs/instrumenting/exposition_formats/"""

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Return this process's metrics in Prometheus text format, or 404 if it records none."""
    platform = cast("Platform", request.app.state.platform)
    if platform.telemetry.exposed is None:
        raise HTTPException(404)
    return Response(platform.telemetry.exposed(), media_type=PROMETHEUS)


class TelemetryMiddleware:
    """Traces and measures requests; of WebSockets, which last for a workout, only the start."""

    def __init__(self, app: ASGIApp, *, telemetry: Telemetry) -> None:
        self._app = app
        self._tracing = telemetry.tracing
        self._metrics = telemetry.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http" if scope["path"] in QUIET:
                await self._measured(scope, receive, send)
            case "http":
                await self._traced(scope, receive, send)
            case "websocket":
                begun = self._tracing.note("websocket", beneath=_trace(scope), kind="server")
                with Passing(begun):
                    await self._app(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        with self._tracing.span(method, kind="server", beneath=_trace(scope)) as span:
            status = await self._measured(scope, receive, send)
            route = route_of(scope)
            span.name(f"{method} {route}")
            span.tell(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                }
            )
            if status >= 500:
                span.fail(str(status))

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Serve the request and return its status. Measures until the response starts."""
        began, status = time.perf_counter(), 0

        async def begun(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                seconds = time.perf_counter() - began
                self._metrics.answered(scope["method"], route_of(scope), status, seconds)
            await send(message)

        await self._app(scope, receive, begun)
        return status


def _trace(scope: Scope) -> TraceParent:
    return cast("TraceParent", HTTPConnection(scope).state.trace)


def route_of(scope: Scope) -> str:
    """Return the route template of a request."""
    return str(getattr(scope.get("route"), "path", UNMATCHED))
