"""Accounts over REST: registration, signing in and out, and new passwords.

Whoever has not signed in shares their `Idempotency-Key` with everybody else, so the command is
named by what they send, too.
"""

from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid5

from fastapi import APIRouter, Depends, Request, Response

from api.callers import AnyCaller
from api.commanding import CommandId
from api.http.auth_bodies import (
    Accepted,
    EmailOnly,
    Exchange,
    LinkToken,
    Login,
    NewPassword,
    Refresh,
    Registration,
    Tokens,
)
from api.http.gate import JWKS_PATH
from api.http.limiting import limited, taken
from api.problems import documented
from application.identity.registering import Registration as Registered
from application.identity.services import AccountServices

router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(limited)],
    responses=documented(422, 429, 503),
)
keys = APIRouter(tags=["auth"])


def _services(caller: AnyCaller) -> AccountServices:
    return caller.platform.accounts()


Services = Annotated[AccountServices, Depends(_services)]


@router.post("/register", operation_id="register", summary="Open an account", status_code=202)
def register(
    caller: AnyCaller, services: Services, command_id: CommandId, asked: Registration
) -> Accepted:
    """Open an account and send a link to its address; one that has an account is answered alike."""
    registration = Registered(
        email=asked.email,
        password=asked.password.get_secret_value(),
        username=asked.username,
        time_zone=asked.time_zone,
        locale=asked.locale,
        units=asked.units,
    )
    services.registering.register(
        registration, origin=caller.origin(), command_id=uuid5(command_id, asked.email)
    )
    return Accepted()


@router.post(
    "/verification", operation_id="sendVerification", summary="Send the link again", status_code=202
)
def send_verification(caller: AnyCaller, services: Services, asked: EmailOnly) -> Accepted:
    """Send another link to an address that nobody has verified."""
    services.registering.send_verification(caller.tenant_id, asked.email)
    return Accepted()


@router.post("/verify-email", operation_id="verifyEmail", summary="Follow the link, and sign in")
def verify_email(
    caller: AnyCaller, services: Services, command_id: CommandId, asked: LinkToken
) -> Tokens:
    """Show that an address is one's own; the link works once, for a day."""
    token = asked.token.get_secret_value()
    return Tokens.of(
        services.registering.verify_email(
            token, origin=caller.origin(), command_id=uuid5(command_id, token)
        )
    )


@router.post(
    "/token",
    operation_id="token",
    summary="The same as /v1/auth/login, as a client asks before a recording (R-IDN-11)",
    responses=documented(401, 403),
)
@router.post(
    "/login",
    operation_id="login",
    summary="Sign in with e-mail and password",
    responses=documented(401, 403),
)
def login(request: Request, caller: AnyCaller, services: Services, asked: Login) -> Tokens:
    """Sign in to the tenant that `X-Tenant-ID` names.

    Attempts on one account are counted together, from wherever they come.
    """
    account = f"{caller.tenant_id}/{asked.email.strip().lower()}"
    taken(request, sha256(account.encode()).hexdigest())
    return Tokens.of(
        services.signing_in.with_password(
            caller.tenant_id, asked.email, asked.password.get_secret_value()
        )
    )


@router.post(
    "/exchange",
    operation_id="exchangeIdToken",
    summary="Sign in with an identity token of Google, Apple or Firebase",
    responses=documented(401),
)
def exchange(
    caller: AnyCaller, services: Services, command_id: CommandId, asked: Exchange
) -> Tokens:
    """Sign in whoever a provider vouches for; who is new gets an account."""
    token = asked.id_token.get_secret_value()
    return Tokens.of(
        services.linking.exchange(
            asked.provider,
            token,
            nonce=asked.nonce,
            origin=caller.origin(),
            command_id=uuid5(command_id, token),
        )
    )


@router.post(
    "/refresh",
    operation_id="refresh",
    summary="New tokens for the newest refresh token",
    responses=documented(401),
)
def refresh(services: Services, asked: Refresh) -> Tokens:
    """Stay signed in. A refresh token that is used twice ends the whole sign-in."""
    return Tokens.of(services.signing_in.refresh(asked.refresh_token.get_secret_value()))


@router.post(
    "/forgot-password",
    operation_id="forgotPassword",
    summary="Send a link to a new password",
    status_code=202,
)
def forgot_password(caller: AnyCaller, services: Services, asked: EmailOnly) -> Accepted:
    """Send a link, if there is an account."""
    services.resetting.request(caller.tenant_id, asked.email)
    return Accepted()


@router.post(
    "/reset-password",
    operation_id="resetPassword",
    summary="Follow the link to a new password",
    status_code=204,
)
def reset_password(
    caller: AnyCaller, services: Services, command_id: CommandId, asked: NewPassword
) -> None:
    """Choose another password; every device is signed out."""
    token = asked.token.get_secret_value()
    services.resetting.perform(
        token,
        asked.password.get_secret_value(),
        origin=caller.origin(),
        command_id=uuid5(command_id, token),
    )


@keys.get(
    JWKS_PATH,
    operation_id="publicKeys",
    summary="The public keys of access tokens (RFC 7517)",
    responses=documented(503),
)
def public_keys(caller: AnyCaller, response: Response) -> dict[str, Any]:
    """Give all keys whose tokens may still be valid."""
    response.headers["Cache-Control"] = "public, max-age=30"
    return dict(caller.platform.accounts().public_keys())
