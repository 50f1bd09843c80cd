"""Registration, sign-in, sign-out and passwords over REST.

Anonymous callers share the scope of their `Idempotency-Key`, so command ids also depend on what
they send.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid5

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller, claims_of
from api.http.cookies import (
    REFRESH_COOKIE,
    Mode,
    delete_cookie,
    read_cookie,
    require_own_page,
    set_refresh_token,
)
from api.http.idempotency import CommandId
from api.http.rate_limits import consume, rate_limited
from api.middleware.authentication import JWKS_PATH
from api.problem_details import problem_responses, to_response
from api.views.users import (
    Accepted,
    CurrentSession,
    EmailOnly,
    Exchange,
    LinkToken,
    Login,
    NewPassword,
    PasswordCandidate,
    PasswordStrength,
    Refresh,
    Registration,
    Tokens,
    UserBody,
)
from application.caller import Caller
from application.users.errors import PasswordLengthWrong, PasswordTooWeak, SignInEnded
from application.users.registration import Registration as Registered
from application.users.services import UserServices
from application.users.sign_in import TABS
from application.users.tokens import SignedIn
from domain.ids import DEFAULT_TENANT


async def require_tenant(caller: CurrentCaller) -> None:
    """Raise TenantUnknown if an anonymous request names a tenant that does not exist."""
    if caller.claims is None and caller.tenant_id != DEFAULT_TENANT:
        await run_sync(_require_tenant, caller)


def _require_tenant(caller: Caller) -> None:
    caller.platform.accounts().tenants.require_exists(caller.tenant_id)


router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(rate_limited), Depends(require_tenant)],
    responses=problem_responses(404, 422, 429, 503),
)
keys = APIRouter(tags=["auth"])


def _services(caller: CurrentCaller) -> UserServices:
    return caller.platform.accounts()


Services = Annotated[UserServices, Depends(_services)]


@dataclass(frozen=True)
class TokenDelivery:
    """Returns tokens in the way that the client chose."""

    request: Request
    response: Response
    mode: Mode

    def __call__(self, signed_in: SignedIn) -> Tokens:
        """Return tokens; in `cookie` mode, set the refresh token as a cookie."""
        if self.mode == "body":
            return Tokens.of(signed_in)
        set_refresh_token(self.request, self.response, signed_in.refresh_token)
        return Tokens.of(signed_in, in_cookie=True)


def _token_delivery(request: Request, response: Response, mode: Mode = "body") -> TokenDelivery:
    """Return the token delivery. Raises CrossSite if another site asks for cookies."""
    if mode == "cookie":
        require_own_page(request)
    return TokenDelivery(request, response, mode)


CurrentTokenDelivery = Annotated[TokenDelivery, Depends(_token_delivery)]


@router.post(
    "/register",
    operation_id="register",
    summary="Register",
    status_code=202,
    responses=problem_responses(403),
)
def register(
    caller: CurrentCaller, services: Services, command_id: CommandId, body: Registration
) -> Accepted:
    """Register, and send a link to verify the address. Existing accounts are not revealed.

    The tenant's join policy decides who may register.
    """
    registration = Registered(
        email=body.email,
        password=body.password.get_secret_value(),
        username=body.username,
        time_zone=body.time_zone,
        locale=body.locale,
        units=body.units,
    )
    services.registration.register(
        registration, origin=caller.origin(), command_id=uuid5(command_id, body.email)
    )
    return Accepted()


@router.post(
    "/password-strength",
    operation_id="passwordStrength",
    summary="Rate a password while it is typed",
)
def password_strength(services: Services, body: PasswordCandidate) -> PasswordStrength:
    """Check a password as registration does. Nothing is stored."""
    try:
        services.registration.passwords.require_strong(
            body.password.get_secret_value(), (body.email, body.username)
        )
    except (PasswordLengthWrong, PasswordTooWeak) as refusal:
        return PasswordStrength(strong=False, words=refusal.detail)
    return PasswordStrength(strong=True, words="This password is hard to guess.")


@router.post(
    "/verification",
    operation_id="sendVerification",
    summary="Send the verification link again",
    status_code=202,
)
def send_verification(caller: CurrentCaller, services: Services, body: EmailOnly) -> Accepted:
    """Send another verification link to an unverified address."""
    services.registration.send_verification(caller.tenant_id, body.email)
    return Accepted()


@router.post(
    "/verify-email",
    operation_id="verifyEmail",
    summary="Verify an address and sign in",
    responses=problem_responses(403),
)
def verify_email(
    caller: CurrentCaller,
    services: Services,
    deliver: CurrentTokenDelivery,
    command_id: CommandId,
    body: LinkToken,
) -> Tokens:
    """Verify an address by the token of its link. The link works once, for a day."""
    token = body.token.get_secret_value()
    return deliver(
        services.registration.verify_email(
            token, origin=caller.origin(), command_id=uuid5(command_id, token)
        )
    )


@router.post(
    "/token",
    operation_id="token",
    summary="Sign in (same as /v1/auth/login; R-IDN-11)",
    responses=problem_responses(401, 403),
)
@router.post(
    "/login",
    operation_id="login",
    summary="Sign in with e-mail and password",
    responses=problem_responses(401, 403),
)
def login(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    deliver: CurrentTokenDelivery,
    body: Login,
) -> Tokens:
    """Sign in to the tenant that `X-Tenant-ID` names.

    Attempts are limited per account, across addresses.
    """
    account = f"{caller.tenant_id}/{body.email.strip().lower()}"
    consume(request, sha256(account.encode()).hexdigest())
    return deliver(
        services.sign_in_service.with_password(
            caller.tenant_id, body.email, body.password.get_secret_value()
        )
    )


@router.post(
    "/exchange",
    operation_id="exchangeIdToken",
    summary="Sign in with an ID token of a provider",
    responses=problem_responses(401, 403),
)
def exchange(
    caller: CurrentCaller,
    services: Services,
    deliver: CurrentTokenDelivery,
    command_id: CommandId,
    body: Exchange,
) -> Tokens:
    """Sign in or up with an ID token of Google, Apple, Firebase or another provider."""
    token = body.id_token.get_secret_value()
    return deliver(
        services.external_identities.exchange(
            body.provider,
            token,
            nonce=body.nonce,
            origin=caller.origin(),
            command_id=uuid5(command_id, token),
        )
    )


@router.post(
    "/refresh",
    operation_id="refresh",
    summary="Refresh your tokens",
    response_model=Tokens,
    responses=problem_responses(401, 403),
)
def refresh(
    request: Request, services: Services, deliver: CurrentTokenDelivery, body: Refresh | None = None
) -> Any:
    """Return new tokens for the newest refresh token. Using one twice ends the sign-in.

    With `mode=cookie`, the browser's cookie is used if no token is sent. Concurrent tabs and
    retries of a lost response succeed for ten seconds.
    """
    sent = None if body is None else body.refresh_token.get_secret_value()
    if deliver.mode == "body":
        return deliver(services.sign_in_service.refresh(sent or ""))
    try:
        token = sent or read_cookie(request, REFRESH_COOKIE) or ""
        return deliver(services.sign_in_service.refresh(token, leeway=TABS))
    except SignInEnded as ended:
        answer = to_response(request, ended)
        delete_cookie(request, answer, REFRESH_COOKIE)
        return answer


@router.get("/session", operation_id="getCurrentSession", summary="Get the current user, or null")
def get_current_session(request: Request, services: Services) -> CurrentSession:
    """Return the user of an access token or cookie, which is not consumed; null if anonymous."""
    claims = claims_of(request)
    if claims is None:
        data = services.sign_in_service.find_user(read_cookie(request, REFRESH_COOKIE) or "")
    else:
        data = services.accounts.find(claims.tenant_id, claims.user_id)
    return CurrentSession(user=None if data is None else UserBody.of(data))


@router.post(
    "/forgot-password",
    operation_id="forgotPassword",
    summary="Send a link to reset a password",
    status_code=202,
)
def forgot_password(caller: CurrentCaller, services: Services, body: EmailOnly) -> Accepted:
    """Send a link to reset the password, if the account exists."""
    services.password_service.request(caller.tenant_id, body.email)
    return Accepted()


@router.post(
    "/reset-password",
    operation_id="resetPassword",
    summary="Reset a password",
    status_code=204,
)
def reset_password(
    caller: CurrentCaller, services: Services, command_id: CommandId, body: NewPassword
) -> None:
    """Set a new password by the token of a link. Signs out all devices."""
    token = body.token.get_secret_value()
    services.password_service.reset(
        token,
        body.password.get_secret_value(),
        origin=caller.origin(),
        command_id=uuid5(command_id, token),
    )


@keys.get(
    JWKS_PATH,
    operation_id="getPublicKeys",
    summary="Get the public keys of access tokens (RFC 7517)",
    responses=problem_responses(503),
)
def public_keys(caller: CurrentCaller, response: Response) -> dict[str, Any]:
    """Return all keys whose tokens may still be valid."""
    response.headers["Cache-Control"] = "public, max-age=30"
    return dict(caller.platform.accounts().public_keys())
