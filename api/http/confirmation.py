"""Callers whose sign-in may need a second factor, and reauthentication before sensitive changes."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from api.caller import CurrentCaller
from api.http.auth import Services
from api.idempotency import Key, bound_command_id
from api.middleware.authentication import bearer
from api.views.users import Reauthentication
from application.caller import Caller
from application.users.errors import SignInRequired, TenantMismatch
from application.users.tokens import AccessClaims


def _unconfirmed(request: Request, caller: CurrentCaller, services: Services) -> AccessClaims:
    if caller.claims is not None:
        return caller.claims
    token = bearer(request)
    if token is None:
        raise SignInRequired
    claims = services.sign_in_service.authenticate_unconfirmed(token)
    named = request.headers.get("x-tenant-id")
    if named not in {None, claims.tenant_id}:
        raise TenantMismatch
    return claims


UnconfirmedClaims = Annotated[AccessClaims, Depends(_unconfirmed)]
"""Claims of the caller, whose sign-in may still need a second factor. Others get 401."""


async def _command_id(
    caller: CurrentCaller, claims: UnconfirmedClaims, request: Request, key: Key = None
) -> AsyncGenerator[UUID]:
    user = replace(caller, tenant_id=claims.tenant_id, claims=claims)
    async with bound_command_id(user, request, key) as command_id:
        yield command_id


UnconfirmedCommandId = Annotated[UUID, Depends(_command_id)]
"""`CommandId` where the sign-in may still need a second factor: keys belong to its user."""


def reauthenticate(caller: Caller, claims: AccessClaims, body: Reauthentication | None) -> None:
    """Raise ReauthenticationNeeded unless the sign-in is recent or the password is right."""
    password = None if body is None or body.password is None else body.password.get_secret_value()
    caller.platform.privacy().reauthentication.require(claims, password)
