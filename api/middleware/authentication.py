"""Authentication middleware: verifies access tokens and protects all paths that are not public."""

import re
from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import platform_of
from api.client_address import address_of
from api.http.cookies import refresh_token_of
from api.http.rate_limits import consume_from
from api.problem_details import http_problem, to_response
from api.share_link_auth import is_shared_replay, share_link_of
from api.upload_token_auth import upload_token_of
from application.users.errors import SignInRequired
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.kernel import Rejected

JWKS_PATH: Final = "/.well-known/jwks.json"

PUBLIC_PATHS: Final = frozenset(
    {
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/v1/client-settings",
        "/v1/client-errors",
        "/v1/emails/unsubscribe",
        JWKS_PATH,
    }
)

PUBLIC_PREFIXES: Final = (
    "/v1/auth/",
    "/v1/webhooks/",
    "/v1/content-uploads/",
    "/v1/playback/",
    "/static/",
    "/models/",
)
"""Signing in itself; webhooks, parts of uploads and files of videos, which are signed; pages."""

PAGE_PATH: Final = re.compile(
    r"/sessions/[^/]+|/[a-z_]+\.html|/service-worker\.js|/manifest\.webmanifest"
)
"""Web pages: one document for everyone, without personal data."""

SELF_AUTHENTICATING: Final = ("/graphql", "/ws/live", "/ws/pose", "/ws/replay/")
"""Prefixes of WebSocket paths that authenticate by themselves: browsers cannot set headers."""

TOKEN: Final = "kinelog.token."  # noqa: S105  the beginning of a subprotocol's name
"""Prefix of the WebSocket subprotocol that carries a token, as browsers cannot set headers."""

POLICY_VIOLATION: Final = 1008
"""WebSocket close code of a refused connection: RFC 6455, 7.4.1."""


class AuthenticationMiddleware:
    """Verifies access tokens. Without sign-in required, anonymous requests pass.

    Puts the claims of the token into `state.claims`. Where a page cannot send a token, the
    browser's cookie replaces it; `state.token` then has the token. An invalid token is
    rejected, except on public paths: there, `state.refusal` has the reason.
    """

    def __init__(self, app: ASGIApp, *, sign_in_required: bool) -> None:
        self._app = app
        self._required = sign_in_required
        self._sign_in_service: SignInService | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        connection.state.claims = connection.state.refusal = connection.state.token = None
        try:
            connection.state.claims = await self._claims(connection)
        except HTTPException as limited:
            await http_problem(Request(scope), limited)(scope, receive, send)
            return
        except Rejected as refusal:
            connection.state.refusal = refusal
            if is_public_path(scope["path"]):
                await self._app(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            else:
                await to_response(Request(scope), refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _claims(self, connection: HTTPConnection) -> AccessClaims | None:
        share = share_link_of(connection)
        if share is not None:
            return await run_sync(share.claims_noted, platform_of(connection), connection.url.path)
        if is_shared_replay(connection):
            return None
        upload = upload_token_of(connection, bearer(connection))
        if upload is not None:  # whose secret may be a guess
            request, address = Request(connection.scope), address_of(connection)
            await run_sync(consume_from, request, "health_uploads", address)
            return await run_sync(upload.claims, platform_of(connection))
        token = bearer(connection) or await self._token_for_cookie(connection)
        if token is not None:
            claims = (
                None
                if self._sign_in_service is None
                else self._sign_in_service.authenticate_cached(token)
            )
            return claims or await run_sync(self._authenticated, connection, token)
        is_exempt = _authenticates_itself(connection)
        if self._required and not is_exempt:
            raise SignInRequired
        return None

    async def _token_for_cookie(self, connection: HTTPConnection) -> str | None:
        """Return an access token for the cookie of our own page that makes the request, if any."""
        refresh_token = None if _offers_token(connection) else refresh_token_of(connection)
        if refresh_token is None:
            return None
        services = await run_sync(platform_of(connection).accounts)
        token = await run_sync(services.sign_in_service.issue_token, refresh_token)
        connection.state.token = token
        return token

    def _authenticated(self, connection: HTTPConnection, token: str) -> AccessClaims:
        """Verify a token, which may query a server. Raises TokenRefused."""
        self._sign_in_service = platform_of(connection).accounts().sign_in_service
        return self._sign_in_service.authenticate(token)


def _authenticates_itself(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" and connection.url.path.startswith(
        SELF_AUTHENTICATING
    )


def _offers_token(connection: HTTPConnection) -> bool:
    """Return whether a WebSocket brings its own token, which takes precedence over the cookie."""
    return any(each.startswith(TOKEN) for each in connection.scope.get("subprotocols", ()))


def is_public_path(path: str) -> bool:
    """Return whether a path is open to anonymous callers."""
    return (
        path in PUBLIC_PATHS
        or path.startswith(PUBLIC_PREFIXES)
        or PAGE_PATH.fullmatch(path) is not None
    )


def bearer(connection: HTTPConnection) -> str | None:
    """Return the access token of a request (RFC 6750, section 2.1), or None.

    If a cookie stood in for it, this is the token that the middleware issued.
    """
    header = bearer_of(connection.headers.get("authorization"))
    return header or getattr(connection.state, "token", None)


def bearer_of(header: object) -> str | None:
    """Return the bearer token of an `Authorization` value, or None."""
    scheme, _, token = header.partition(" ") if isinstance(header, str) else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
