"""Telemetry middleware: one span and one measurement per request, by route template."""

import time
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response
from opentelemetry.trace import SpanKind
from prometheus_client import generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.proxies import PROBES
from application.kernel.metrics import REQUEST_SECONDS
from application.kernel.tracing import attached, record_span, set_failed, span

UNMATCHED: Final = "unmatched"
"""Route of requests that match none. Their raw paths would be unbounded as a metric label."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"

PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
"""https://prometheus.io/docs/instrumenting/exposition_formats/"""

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
def metrics() -> Response:
    """Return this process's metrics in Prometheus text format."""
    return Response(generate_latest(), media_type=PROMETHEUS)


class TelemetryMiddleware:
    """Traces and measures requests; of WebSockets, which last for a workout, only the start."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http" if scope["path"] in PROBES:  # polled every few seconds
                await self._measured(scope, receive, send)
            case "http":
                await self._traced(scope, receive, send)
            case "websocket":
                with attached(record_span("websocket", kind=SpanKind.SERVER)):
                    await self._app(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        with span(method, kind=SpanKind.SERVER) as current:
            status = await self._measured(scope, receive, send)
            route = route_of(scope)
            current.update_name(f"{method} {route}")
            current.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                }
            )
            if status >= 500:
                set_failed(current, str(status))

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Serve the request and return its status. Measures until the response starts."""
        began, status = time.perf_counter(), 0

        async def begun(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                method = scope["method"] if scope["method"] in METHODS else OTHER
                seconds = time.perf_counter() - began
                REQUEST_SECONDS.labels(method, route_of(scope), str(status)).observe(seconds)
            await send(message)

        await self._app(scope, receive, begun)
        return status


def route_of(scope: Scope) -> str:
    """Return the route template of a request."""
    return str(getattr(scope.get("route"), "path", UNMATCHED))
