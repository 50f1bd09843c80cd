"""The caller of an HTTP request, as a dependency of routes."""

from typing import Annotated, cast

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from pydantic import AfterValidator
from starlette.requests import HTTPConnection

from api.problem_details import correlation_id, title_of
from application.caller import ID_PATTERN, NEW_ID_PATTERN, Caller, IdInvalid
from application.platform import Platform
from application.users.errors import SignInRequired, TenantMismatch
from application.users.tokens import AccessClaims
from domain.ids import DEFAULT_TENANT
from domain.tenants.tenant_id import TENANT_PATTERN, parse_tenant_id


def _id(value: str) -> str:
    if not ID_PATTERN.fullmatch(value):
        raise ValueError(title_of(IdInvalid).rstrip("."))
    return value


def _new_id(value: str) -> str:
    if not NEW_ID_PATTERN.fullmatch(value):
        raise ValueError(title_of(IdInvalid).rstrip("."))
    return value


Id = Annotated[str, AfterValidator(_id)]
"""An id in a path, query or form."""

NewId = Annotated[str, AfterValidator(_new_id)]
"""An id in a body, which events store."""


def platform_of(request: HTTPConnection) -> Platform:
    """Return the platform of the application."""
    return cast("Platform", request.app.state.platform)


def claims_of(request: HTTPConnection) -> AccessClaims | None:
    """Return the verified claims of the access token: of the request, or of a socket's message."""
    return cast("AccessClaims | None", getattr(request.state, "claims", None))


def keep_claims(socket: HTTPConnection, claims: AccessClaims | None) -> None:
    """Keep the verified claims of a socket that authenticates by its first message."""
    socket.state.claims = claims


async def _caller(
    request: Request,
    x_tenant_id: Annotated[
        str | None,
        Header(
            pattern=TENANT_PATTERN,
            description="Tenant of the request. Default: the tenant of the access token, else "
            f"`{DEFAULT_TENANT}`.",
        ),
    ] = None,
) -> Caller:
    return caller_of(request, claims_of(request), x_tenant_id)


def find_usual_caller(request: Request) -> Caller | None:
    """Return the caller of a request that names no tenant; None for one that does.

    It is for routes whose usual requests skip FastAPI's dependencies. Raises as `caller_of` does.
    """
    if "x-tenant-id" in request.headers:
        return None
    return caller_of(request, claims_of(request), None)


def caller_of(connection: HTTPConnection, claims: AccessClaims | None, named: str | None) -> Caller:
    """Return the caller for a token's claims and the tenant that the request names, if any.

    Raises TenantMismatch and TenantInvalid.
    """
    tenant = parse_tenant_id(named or (DEFAULT_TENANT if claims is None else claims.tenant_id))
    if claims is not None and tenant != claims.tenant_id:
        raise TenantMismatch
    platform, chain = platform_of(connection), correlation_id(connection)
    caller = Caller(platform, tenant, chain, claims, connection.url.path)
    return caller.guarded()


CurrentCaller = Annotated[Caller, Depends(_caller)]
"""The caller of a request, signed in or anonymous."""


async def _signed_in(request: Request, caller: CurrentCaller) -> AccessClaims:
    if caller.claims is None:
        raise getattr(request.state, "refusal", None) or SignInRequired
    return caller.claims


def requires_sign_in(dependant: Dependant) -> bool:
    """Return whether a route's dependencies include the claims of a signed-in caller."""
    return dependant.call is _signed_in or any(
        requires_sign_in(each) for each in dependant.dependencies
    )


CurrentClaims = Annotated[AccessClaims, Depends(_signed_in)]
"""Claims of the signed-in caller. Anonymous callers get 401."""
