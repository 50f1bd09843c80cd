"""Middleware for request ids, security headers, unexpected errors and body limits."""

import re
from errno import EDQUOT, ENOSPC
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from fastapi import Request
from opentelemetry.context import Context
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.caller import platform_of
from api.problem_details import http_problem, internal_problem, to_response
from application.content.captions import MAX_BYTES as MAX_CAPTION_BYTES
from application.content.playback import PLAYBACK_PREFIX
from application.health.imports import MAX_FILE_BYTES
from application.kernel.ports import StorageUnavailable
from application.kernel.tracing import (
    TRACE_PARENT,
    attached,
    current_correlation_id,
    parse_traceparent,
    trace_context,
)
from application.platform import Platform

DISK_FULL: Final = frozenset({ENOSPC, EDQUOT})
"""Errors of a disk that is full, or on which this user may store nothing more."""

UPLOAD_PATH: Final = "/v1/sessions:analyze"
PART_PREFIX: Final = "/v1/content-uploads/"
PART_LIMIT: Final = 1024 * 1024 * 1024
"""A signature says how many bytes a part has; the endpoint reads no more."""

HEALTH_FILES_PATH: Final = re.compile(r"/v1/me/health/sources/[^/]+/files")

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of any request except uploads. The largest normal one, a GraphQL query, has few KiB."""

CAPTIONS_PATH: Final = re.compile(r"/v1/content/[^/]+/captions")
CAPTIONS_LIMIT: Final = 3 * MAX_CAPTION_BYTES + BODY_LIMIT
"""JSON may escape each character beyond ASCII, which makes captions up to three times as long."""

EXAMPLES_PATH: Final = "/v1/custom-exercises"
EXAMPLE_LIMIT: Final = 4 * BODY_LIMIT
"""Two minutes of landmarks at 15 frames a second, as JSON with four decimals."""

FORM_OVERHEAD: Final = 64 * 1024
"""Bytes that a form adds to its file: boundaries, headers and other fields."""

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

POSE_DETECTION_PATHS: Final = re.compile(
    r"/(lesson|pose_realtime|session_replay)\.html|/static/assets/pose-worker-[\w-]+\.js"
)
"""Pages that detect poses in images, and their worker: they need WebAssembly."""

WITH_WEBASSEMBLY: Final = {
    "Content-Security-Policy": (
        SECURITY_HEADERS["Content-Security-Policy"] + "; script-src 'self' 'wasm-unsafe-eval'"
    )
}
"""CSP 3: allows compiling WebAssembly from this origin, but not evaluating text as JavaScript."""

CHECKOUT_PATH: Final = "/checkout.html"

STRIPE: Final = "https://js.stripe.com/v3/"


def checkout_headers(stripe_script: str, form_url: str = "") -> dict[str, str]:
    """Return the policy of the page that takes payments: Stripe's script, frames and calls.

    Other gateways get the user by a form, to HTTPS or `form_url`, such as a simulator's.
    https://docs.stripe.com/security/guide
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(stripe_script))
    own = "https://*.js.stripe.com https://hooks.stripe.com" if stripe_script == STRIPE else ""
    calls = "https://api.stripe.com" if stripe_script == STRIPE else ""
    parts = SECURITY_HEADERS["Content-Security-Policy"].replace(
        "form-action 'self'", f"form-action 'self' https: {_origin(form_url)}".rstrip()
    )
    sources = {
        "script-src": f"{origin} {own}",
        "frame-src": f"{origin} {own}",
        "connect-src": f"{origin} {calls}",
    }
    allowed = [f"{name} 'self' {each}".rstrip() for name, each in sources.items()]
    return {"Content-Security-Policy": "; ".join([parts, *allowed])}


STUDIO_PATH: Final = "/studio.html"


def studio_headers(upload_origins: str) -> dict[str, str]:
    """Return the policy of the page that uploads videos: calls to the object store, if any."""
    own = SECURITY_HEADERS["Content-Security-Policy"]
    policy = f"{own}; connect-src 'self' {upload_origins}" if upload_origins else own
    return {"Content-Security-Policy": policy}


def _origin(url: str) -> str:
    """Return the origin of a URL, or an empty text of an empty one."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(url)) if url else ""


HSTS: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
"""RFC 6797: browsers use TLS only for two years. Sent only where all clients connect by TLS."""

log = structlog.get_logger()


class RequestIdMiddleware:
    """Gives every request a correlation id, which is its trace id, and sets security headers.

    The id is that of an incoming `traceparent`, else `Request-ID` or `X-Correlation-ID` if it is a
    UUID, else a new one. `https`: all clients connect by TLS, so HSTS is sent. `models_from`:
    origin of copies of the pose model, which the content security policy then allows, as it allows
    `stripe_script` on the checkout page, and forms to `form_url` there. `upload_origins`: origins
    of the object store, separated by spaces, to which the studio sends files.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool = False,
        models_from: str = "",
        stripe_script: str = STRIPE,
        form_url: str = "",
        upload_origins: str = "",
    ) -> None:
        self._app = app
        self._security_headers = {**SECURITY_HEADERS, **(HSTS if https else {})}
        self._with_webassembly = dict(WITH_WEBASSEMBLY)
        self._of_page = {
            CHECKOUT_PATH: checkout_headers(stripe_script, form_url),
            STUDIO_PATH: studio_headers(upload_origins),
        }
        if models_from:
            elsewhere = "{0.scheme}://{0.netloc}".format(urlsplit(models_from))
            self._with_webassembly["Content-Security-Policy"] += f"; connect-src 'self' {elsewhere}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        platform: Platform = connection.app.state.platform

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Request-ID"] = str(connection.state.correlation_id)
                for name, value in self._security_headers.items():
                    headers[name] = value
                if POSE_DETECTION_PATHS.fullmatch(scope["path"]):
                    headers.update(self._with_webassembly)
                headers.update(self._of_page.get(scope["path"], {}))
            await send(message)

        with attached(trace_of(connection.headers) or trace_context(platform.new_id())):
            connection.state.correlation_id = current_correlation_id()
            await self._app(scope, receive, send_with_headers)


def trace_of(headers: Headers) -> Context | None:
    """Return the trace context of a request by its headers, or None."""
    parent = parse_traceparent(headers.get(TRACE_PARENT, ""))
    if parent is not None:
        return parent
    request_id = _uuid(headers.get("request-id")) or _uuid(headers.get("x-correlation-id"))
    return trace_context(request_id) if request_id is not None else None


def _uuid(text: str | None) -> UUID | None:
    """Return a UUID that can be a trace id; the nil UUID cannot."""
    try:
        parsed = UUID(text or "")
    except ValueError:
        return None
    return parsed if parsed.int else None


class ErrorMiddleware:
    """Logs unexpected errors and responds with a 500 without details. Ignores disconnects.

    If the disk is full, as while an upload is received, it responds with a 503 instead.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting_start)
        except ClientDisconnect:  # normal on mobile networks
            log.info("request.gone", method=scope["method"], path=loggable_path(scope))
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.exception("request.failed", method=scope["method"], path=loggable_path(scope))
            if started:
                raise
            request = Request(scope)
            is_full = isinstance(error, OSError) and error.errno in DISK_FULL
            answer = (
                to_response(request, StorageUnavailable()) if is_full else internal_problem(request)
            )
            await answer(scope, receive, send)


def loggable_path(scope: Scope) -> str:
    """Return the path of a request, without the signature of a signed link."""
    path = str(scope["path"])
    signed = (each for each in (PART_PREFIX, PLAYBACK_PREFIX) if path.startswith(each))
    return next(signed, path)


class BodyLimitMiddleware:
    """Limits the size of request bodies, with or without a correct `Content-Length`."""

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

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _too_large(limit)
            return message

        await self._app(scope, receive_limited, send)


def _limit(scope: Scope) -> int:
    if scope["path"] == UPLOAD_PATH:
        return platform_of(Request(scope)).max_upload_bytes + FORM_OVERHEAD
    if HEALTH_FILES_PATH.fullmatch(scope["path"]):
        return MAX_FILE_BYTES + FORM_OVERHEAD
    if CAPTIONS_PATH.fullmatch(scope["path"]):
        return CAPTIONS_LIMIT
    if scope["path"] == EXAMPLES_PATH:
        return EXAMPLE_LIMIT
    if scope["path"].startswith(PART_PREFIX):
        return PART_LIMIT
    return BODY_LIMIT


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The request is larger than the limit of {limit} bytes.")
