"""Account and devices of the signed-in user."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.confirmation import UnconfirmedClaims, reauthenticate
from api.http.cookies import delete_refresh_token
from api.http.rate_limits import rate_limited
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.users import (
    LinkedIdentity,
    PasswordChange,
    SignInBody,
    SignInsBody,
    UserBody,
)
from application.users.errors import SignInEnded
from domain.users.identities import Provider
from domain.users.user import Registered

router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(401, 422, 429, 503),
)


@router.post(
    "/logout",
    operation_id="logout",
    summary="Sign out on this device",
    status_code=204,
)
def logout(
    request: Request, response: Response, services: Services, claims: UnconfirmedClaims
) -> None:
    """End this sign-in: revoke its tokens at once and delete the cookie."""
    services.sign_in_service.sign_out(claims.tenant_id, claims.sign_in_id)
    delete_refresh_token(request, response)


@router.post(
    "/logout-everywhere",
    operation_id="logoutEverywhere",
    summary="Sign out on all devices",
    status_code=204,
)
def logout_everywhere(services: Services, claims: CurrentClaims) -> None:
    """End all sign-ins of the caller."""
    services.sign_in_service.sign_out_everywhere(claims.tenant_id, claims.user_id)


@router.post(
    "/change-password",
    operation_id="changePassword",
    summary="Change your password",
    status_code=204,
    responses=problem_responses(403),
)
def change_password(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: PasswordChange,
) -> None:
    """Change the password. Signs out all devices."""
    caller.platform.privacy().reauthentication.require_confirmation(claims)
    services.password_service.change(
        claims.user_id,
        body.old_password.get_secret_value(),
        body.new_password.get_secret_value(),
        sign_in_id=claims.sign_in_id,
        origin=caller.origin(),
        command_id=command_id,
    )


@router.get("/me", operation_id="getMe", summary="Get the current user")
def me(services: Services, claims: CurrentClaims) -> UserBody:
    """Return the caller's account data."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return UserBody.of(services.accounts.data(claims.tenant_id, claims.user_id, user))


@router.get("/sign-ins", operation_id="listSignIns", summary="List your signed-in devices")
def sign_ins(services: Services, claims: CurrentClaims) -> SignInsBody:
    """Return the caller's active sign-ins."""
    active = services.sign_in_service.active_sign_ins(claims.tenant_id, claims.user_id)
    return SignInsBody(
        items=[
            SignInBody(
                id=each.sign_in.id,
                began_at=each.sign_in.began_at,
                last_seen_at=each.last_seen_at,
                expires_at=each.sign_in.expires_at,
                current=each.sign_in.id == claims.sign_in_id,
            )
            for each in active
        ]
    )


@router.delete(
    "/sign-ins/{sign_in_id}",
    operation_id="endSignIn",
    summary="Sign out another device",
    status_code=204,
    responses=problem_responses(404),
)
def end_sign_in(services: Services, claims: CurrentClaims, sign_in_id: UUID) -> None:
    """End one of the caller's sign-ins; its tokens are revoked within a second."""
    services.sign_in_service.sign_out_elsewhere(claims, sign_in_id)


@router.post(
    "/identities",
    operation_id="linkIdentity",
    summary="Link a Google, Apple or Firebase account",
    status_code=204,
    responses=problem_responses(403, 404, 409),
)
def link(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: LinkedIdentity,
) -> None:
    """Link an identity to the caller's account. The sign-in must be recent, or the password sent.

    The owner of the account gets an e-mail.
    """
    reauthenticate(caller, claims, body)
    linking = services.external_identities
    person = linking.id_tokens.read(body.provider, body.id_token.get_secret_value(), body.nonce)
    linking.link(claims.user_id, person, origin=caller.origin(), command_id=command_id)


@router.delete(
    "/identities/{provider}",
    operation_id="unlinkIdentity",
    summary="Unlink a provider",
    status_code=204,
    responses=problem_responses(403, 409),
)
def unlink(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    provider: Provider,
) -> None:
    """Unlink an identity. An account must keep at least one way to sign in."""
    caller.platform.privacy().reauthentication.require_confirmation(claims)
    services.external_identities.unlink(
        claims.user_id, provider, origin=caller.origin(), command_id=command_id
    )
