"""Callers whose sign-in may need a second factor, and reauthentication before sensitive changes."""

from typing import Annotated

from fastapi import Depends, Request

from api.caller import CurrentCaller
from api.http.auth import Services
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


def reauthenticate(caller: Caller, claims: AccessClaims, body: Reauthentication | None) -> None:
    """Raise ReauthenticationNeeded unless the sign-in is recent or the password is right."""
    password = None if body is None or body.password is None else body.password.get_secret_value()
    caller.platform.privacy().reauthentication.require(claims, password)
