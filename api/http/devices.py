"""What somebody who has signed in does with their own account."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.cookies import REFRESH, forget
from api.http.idempotency import CommandId
from api.http.rate_limits import rate_limited
from api.problem_details import problem_responses
from api.views.users import (
    Exchange,
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
def logout(request: Request, response: Response, services: Services, claims: CurrentClaims) -> None:
    """End this sign-in; its tokens are refused at once, and the browser's cookie goes."""
    services.sign_in_service.sign_out(claims.tenant_id, claims.sign_in_id)
    forget(request, response, REFRESH)


@router.post(
    "/logout-everywhere",
    operation_id="logoutEverywhere",
    summary="Sign out on all devices",
    status_code=204,
)
def logout_everywhere(services: Services, claims: CurrentClaims) -> None:
    """End all sign-ins of whoever asks."""
    services.sign_in_service.sign_out_everywhere(claims.tenant_id, claims.user_id)


@router.post(
    "/change-password",
    operation_id="changePassword",
    summary="Choose another password, knowing the old one",
    status_code=204,
)
def change_password(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: PasswordChange,
) -> None:
    """Change the password; every device is signed out."""
    services.password_service.change(
        claims.user_id,
        asked.old_password.get_secret_value(),
        asked.new_password.get_secret_value(),
        origin=caller.origin(),
        command_id=command_id,
    )


@router.get("/me", operation_id="me", summary="Who has signed in")
def me(services: Services, claims: CurrentClaims) -> UserBody:
    """Tell what a client shows of whoever asks."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return UserBody.of(services.accounts.data(claims.tenant_id, claims.user_id, user))


@router.get("/sign-ins", operation_id="signIns", summary="The devices that are signed in")
def sign_ins(services: Services, claims: CurrentClaims) -> SignInsBody:
    """Tell where whoever asks has signed in and not out."""
    stays = services.sign_in_service.stays(claims.tenant_id, claims.user_id)
    return SignInsBody(
        items=[
            SignInBody(
                id=stay.sign_in.id,
                began_at=stay.sign_in.began_at,
                last_seen_at=stay.last_seen_at,
                expires_at=stay.sign_in.expires_at,
                current=stay.sign_in.id == claims.sign_in_id,
            )
            for stay in stays
        ]
    )


@router.delete(
    "/sign-ins/{sign_in_id}",
    operation_id="endSignIn",
    summary="Sign out on another device",
    status_code=204,
    responses=problem_responses(404),
)
def end_sign_in(services: Services, claims: CurrentClaims, sign_in_id: UUID) -> None:
    """End one of one's own sign-ins; its tokens are refused within a second."""
    services.sign_in_service.sign_out_elsewhere(claims, sign_in_id)


@router.post(
    "/identities",
    operation_id="linkIdentity",
    summary="Sign in with Google, Apple or Firebase, too",
    status_code=204,
    responses=problem_responses(409),
)
def link(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: Exchange,
) -> None:
    """Link an identity to the account of whoever asks."""
    external_identities = services.external_identities
    person = external_identities.id_tokens.read(
        asked.provider, asked.id_token.get_secret_value(), asked.nonce
    )
    external_identities.link(claims.user_id, person, origin=caller.origin(), command_id=command_id)


@router.delete(
    "/identities/{provider}",
    operation_id="unlinkIdentity",
    summary="Sign in with a provider no more",
    status_code=204,
    responses=problem_responses(409),
)
def unlink(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    provider: Provider,
) -> None:
    """Unlink an identity; an account keeps a way to sign in."""
    services.external_identities.unlink(
        claims.user_id, provider, origin=caller.origin(), command_id=command_id
    )
