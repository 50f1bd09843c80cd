"""Nobody gets further than the gate without being known, but to what is meant for everybody."""

import re
from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import platform_of
from api.http.cookies import refresh_token_of
from api.http.share_link_auth import is_shared_replay, share_link_of
from api.problem_details import to_response
from application.users.errors import SignInRequired
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.kernel import Rejected

JWKS_PATH: Final = "/.well-known/jwks.json"

PUBLIC_PATHS: Final = frozenset(
    {"/", "/healthz", "/readyz", "/metrics", "/v1/client-settings", JWKS_PATH}
)

PUBLIC_PREFIXES: Final = ("/v1/auth/", "/static/", "/models/")
"""Signing in itself, and what the pages are made of."""

A_PAGE: Final = re.compile(r"/sessions/[^/]+|/[a-z_]+\.html")
"""A page: one document for everybody, which holds nobody's data."""

ASKED_LATER: Final = ("/graphql", "/ws/live", "/ws/pose", "/ws/replay/")
"""How paths of WebSockets begin that ask who it is by themselves: browsers can set no headers."""

TOKEN: Final = "kinelog.token."  # noqa: S105  the beginning of a subprotocol's name
"""A WebSocket brings a token as a subprotocol named so, as browsers can set no header."""

POLICY_VIOLATION: Final = 1008
"""The close code of a WebSocket that is refused: RFC 6455, 7.4.1."""


class AuthenticationMiddleware:
    """Reads access tokens. Those without one are let in where nobody has to sign in.

    What a token says is in `state.claims`. Where a page can send none, its browser's cookie stands
    for one, which is then in `state.token`. One that is not valid is refused, but where everybody
    may go: there, why it was not taken is in `state.refusal`.
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
        token = bearer(connection) or await self._vouched(connection)
        if token is not None:
            claims = None if self._sign_in_service is None else self._sign_in_service.cached(token)
            return claims or await run_sync(self._authenticated, connection, token)
        is_asked = _is_asked_later(connection)
        if self._required and not is_asked:
            raise SignInRequired
        return None

    async def _vouched(self, connection: HTTPConnection) -> str | None:
        """Give a token for whoever has signed in on the page of ours that asks, if so."""
        kept = None if _offers_token(connection) else refresh_token_of(connection)
        if kept is None:
            return None
        services = await run_sync(platform_of(connection).accounts)
        token = await run_sync(services.sign_in_service.issue_token, kept)
        connection.state.token = token
        return token

    def _authenticated(self, connection: HTTPConnection, token: str) -> AccessClaims:
        """Look a token up, which may take a question to a server. Raises TokenRefused."""
        self._sign_in_service = platform_of(connection).accounts().sign_in_service
        return self._sign_in_service.authenticate(token)


def _is_asked_later(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" and connection.url.path.startswith(ASKED_LATER)


def _offers_token(connection: HTTPConnection) -> bool:
    """Whether a WebSocket brings a token of its own, which then says who asks."""
    return any(each.startswith(TOKEN) for each in connection.scope.get("subprotocols", ()))


def is_public_path(path: str) -> bool:
    """Whether a path is meant for those, too, whom nobody knows."""
    return (
        path in PUBLIC_PATHS
        or path.startswith(PUBLIC_PREFIXES)
        or A_PAGE.fullmatch(path) is not None
    )


def bearer(connection: HTTPConnection) -> str | None:
    """Give the access token of a request (RFC 6750, section 2.1); None where there is none.

    It is the gate's own where the page's cookie stood for one.
    """
    said = bearer_of(connection.headers.get("authorization"))
    return said or getattr(connection.state, "token", None)


def bearer_of(said: object) -> str | None:
    """Give the token of an `Authorization`, wherever that is said; None for anything else."""
    scheme, _, token = said.partition(" ") if isinstance(said, str) else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
