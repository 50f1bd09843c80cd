"""What is true of every answer: it can be found in the log, is safe to show, and has a limit."""

import re
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caller import platform_of
from api.problem_details import http_problem, internal_problem
from application.kernel.telemetry import TRACE_PARENT, TraceParent
from application.platform import Platform

UPLOAD_PATH: Final = "/v1/sessions:analyze"

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of any request but an upload. The largest honest one, a GraphQL document, has few KiB."""

FORM_OVERHEAD: Final = 64 * 1024
"""Bytes that a form may add to its file: boundaries, headers and the other fields."""

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; media-src 'self' blob:; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

POSES_ARE_FOUND: Final = re.compile(
    r"/(pose_realtime|session_replay)\.html|/static/src/live/[a-z-]+\.js"
)
"""Pages that find poses in a picture, and workers that do it for them: by WebAssembly."""

WITH_WEBASSEMBLY: Final = {
    "Content-Security-Policy": (
        SECURITY_HEADERS["Content-Security-Policy"] + "; script-src 'self' 'wasm-unsafe-eval'"
    )
}
"""Lets a document compile WebAssembly that comes from here, and no text to JavaScript: CSP 3."""

HSTS: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
"""For two years browsers come by TLS only: RFC 6797. Never told where people come without it."""

log = structlog.get_logger()


class RequestIdMiddleware:
    """Gives every request and connection a correlation id, which is its trace's id.

    The id is that of an incoming `traceparent`, else `Request-ID` or `X-Correlation-ID` if it is a
    UUID. `https`: people come by TLS only, and browsers are told so. `models_from`: the address of
    copies of the pose model, which pages may then have it from.
    """

    def __init__(self, app: ASGIApp, *, https: bool = False, models_from: str = "") -> None:
        self._app = app
        self._told = {**SECURITY_HEADERS, **(HSTS if https else {})}
        self._with_webassembly = dict(WITH_WEBASSEMBLY)
        if models_from:
            elsewhere = "{0.scheme}://{0.netloc}".format(urlsplit(models_from))
            self._with_webassembly["Content-Security-Policy"] += f"; connect-src 'self' {elsewhere}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        platform: Platform = connection.app.state.platform
        trace = trace_of(connection.headers) or TraceParent(platform.new_id())
        identity = trace.trace_id
        connection.state.correlation_id = identity
        connection.state.trace = trace

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Request-ID"] = str(identity)
                for name, told in self._told.items():
                    headers[name] = told
                if POSES_ARE_FOUND.fullmatch(scope["path"]):
                    headers.update(self._with_webassembly)
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=str(identity)):
            await self._app(scope, receive, identified)


def trace_of(headers: Headers) -> TraceParent | None:
    """Tell which trace a request belongs to by its headers; None where they do not say."""
    above = TraceParent.parse(headers.get(TRACE_PARENT, ""))
    if above is not None:
        return above
    named = _uuid(headers.get("request-id")) or _uuid(headers.get("x-correlation-id"))
    return TraceParent(named) if named is not None else None


def _uuid(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


class ErrorMiddleware:
    """Logs what nobody foresaw, and answers without telling it; who is gone is told nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        except ClientDisconnect:  # a telephone has lost its network in the middle of a sentence
            log.info("request.gone", method=scope["method"], path=scope["path"])
        except Exception:
            if scope["type"] != "http":
                raise
            log.exception("request.failed", method=scope["method"], path=scope["path"])
            if begun:
                raise
            await internal_problem(Request(scope))(scope, receive, send)


class BodyLimitMiddleware:
    """Reads no more of a request than it may have, whatever it says of its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _limit(scope)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            answer = http_problem(Request(scope), _too_large(limit))
            await answer(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _too_large(limit)
            return message

        await self._app(scope, counted, send)


def _limit(scope: Scope) -> int:
    if scope["path"] == UPLOAD_PATH:
        return platform_of(Request(scope)).max_upload_bytes + FORM_OVERHEAD
    return BODY_LIMIT


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The request is larger than the {limit} bytes it may have.")
