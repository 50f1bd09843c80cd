"""Worker RPC over HTTP: one path per method, JSON in and out.

It is for gateways and other programs of the platform, not for clients. `api/contract` has the JSON
Schemas of its bodies.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.middleware.http import ErrorMiddleware, trace_of
from api.problem_details import install_handlers
from application.kernel.ports import NewId
from application.kernel.rpc import MAX_REQUEST_BYTES, Codec, Method, RpcServer
from application.kernel.tracing import attached, current_correlation_id, trace_context
from application.live.worker_contract import METHODS

JSON: Final = "application/json"

Endpoint = Callable[[Request], Awaitable[Response]]


class TraceMiddleware:
    """Gives every request the correlation id of its `traceparent`, or a new one."""

    def __init__(self, app: ASGIApp, *, new_id: NewId) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            connection = HTTPConnection(scope)
            with attached(trace_of(connection.headers) or trace_context(self._new_id())):
                connection.state.correlation_id = current_correlation_id()
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def build_worker_app(workers: RpcServer, codec: Codec, *, new_id: NewId) -> FastAPI:
    """Build the HTTP application of a worker process."""
    app = FastAPI(title="Kinelog workers", openapi_url=None, docs_url=None, redoc_url=None)
    for method in METHODS:
        app.add_api_route(method.path, _endpoint(method, workers, codec), methods=["POST"])
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    install_handlers(app)
    app.add_middleware(ErrorMiddleware)
    app.add_middleware(TraceMiddleware, new_id=new_id)
    return app


def _endpoint(method: Method[Any, Any], workers: RpcServer, codec: Codec) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        workers.admit(request.headers.get("authorization", ""))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            raise HTTPException(415, f"Send the request as {JSON}.")
        content = await _content(request)

        def work() -> bytes:
            payload = codec.decode(method.request, content)
            return codec.encode(workers.answer(method, payload))

        return Response(await run_sync(work), media_type=JSON)

    return endpoint


async def _content(request: Request) -> bytes:
    """Read a body up to the size limit."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MAX_REQUEST_BYTES:
            raise HTTPException(413, f"A request has at most {MAX_REQUEST_BYTES} bytes.")
    return bytes(content)


async def _healthy() -> dict[str, str]:
    return {"status": "ok"}
