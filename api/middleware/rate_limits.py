"""Rate limits of frames, GraphQL and uploads: requests are refused, messages of sockets delayed.

All requests, sockets and data channels of a user spend from one limit, on all servers.
"""

import asyncio
import re
from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caller import claims_of
from api.client_address import address_of
from api.config import ApiConfig, Policy
from api.http.rate_limits import limit_headers
from api.middleware.http import EXAMPLES_PATH, HEALTH_FILES_PATH, UPLOAD_PATH
from api.problem_details import http_problem
from api.upload_token_auth import PATH as HEALTH_UPLOAD_PATH
from application.kernel.ports import RateLimit, RateLimiter

POLICIES: Final[dict[str, Policy]] = {
    "/v1/workouts/streaming": "streaming",
    "/workouts/streaming": "streaming",
    "/ws/live": "streaming",
    "/ws/pose": "streaming",
    "/graphql": "graphql",
    UPLOAD_PATH: "uploads",
}
"""Policies by path. A request is counted for its caller before its body is read."""

CONTENT_UPLOAD: Final = re.compile(r"/v1/content(/[^/]+/replace)?")
"""Paths to which uploads of videos are posted. GraphQL has a limit of its own."""

LONGEST_PAUSE_S: Final = 1.0


class RateLimitMiddleware:
    """Responds with 429 to requests beyond a limit, and reads the messages of sockets no faster.

    Messages wait in the connection, so none is lost: the client is slowed down.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = _policy(scope.get("path", ""), scope.get("method", ""))
        if policy is None or policy not in scope["app"].state.config.limiters:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, _throttled(HTTPConnection(scope), policy, receive), send)
        else:
            await self._serve(Request(scope), policy, receive, send)

    async def _serve(self, request: Request, policy: Policy, receive: Receive, send: Send) -> None:
        limiter: RateLimiter = request.app.state.config.limiters[policy]
        try:
            fields = limit_headers(policy, await _consumed(limiter, caller_key(request)))
        except HTTPException as refused:
            await http_problem(request, refused)(request.scope, receive, send)
            return

        async def send_with_fields(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(fields)
            await send(message)

        await self._app(request.scope, receive, send_with_fields)


def _policy(path: str, method: str) -> Policy | None:
    begins_upload = CONTENT_UPLOAD.fullmatch(path) or path == EXAMPLES_PATH
    if (begins_upload and method == "POST") or HEALTH_FILES_PATH.fullmatch(path):
        return "uploads"
    return "health_uploads" if HEALTH_UPLOAD_PATH.fullmatch(path) else POLICIES.get(path)


def _throttled(connection: HTTPConnection, policy: Policy, receive: Receive) -> Receive:
    config: ApiConfig = connection.app.state.config

    async def receive_slowly() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            await throttle(config, policy, caller_key(connection))  # known after the first one
        return message

    return receive_slowly


async def throttle(config: ApiConfig, policy: Policy, key: str) -> None:
    """Wait until a policy grants a message."""
    limiter = config.limiters.get(policy)
    if limiter is None:
        return
    while not (left := await _consumed(limiter, key)).granted:  # noqa: ASYNC110  time passes, no event
        await asyncio.sleep(min(LONGEST_PAUSE_S, left.window_s / left.limit))


async def _consumed(limiter: RateLimiter, key: str) -> RateLimit:
    """Count one request, in a thread if that waits for a server."""
    return await run_sync(limiter.consume, key) if limiter.is_remote else limiter.consume(key)


def caller_key(connection: HTTPConnection) -> str:
    """Return the key of a caller's limits: the user, or the address of one not signed in."""
    claims = claims_of(connection)
    return address_of(connection) if claims is None else f"{claims.tenant_id}/{claims.user_id}"
