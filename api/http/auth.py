"""Registration, sign-in, sign-out and passwords over REST.

Anonymous callers share the scope of their `Idempotency-Key`, so command ids also depend on what
they send.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid5

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller, claims_of
from api.client_address import address_of
from api.http.cookies import (
    DEVICE_COOKIE,
    REFRESH_COOKIE,
    REGISTRATION_COOKIE,
    Mode,
    delete_cookie,
    delete_refresh_token,
    is_own_page,
    read_cookie,
    registration_proof,
    require_own_page,
    set_device,
    set_refresh_token,
    set_registration_proof,
)
from api.http.rate_limits import rate_limited
from api.idempotency import IDEMPOTENT, CommandId
from api.middleware.authentication import JWKS_PATH
from api.problem_details import problem_responses, to_response
from api.views.users import (
    Accepted,
    CurrentSession,
    EmailOnly,
    EmailVerification,
    Exchange,
    LinkToken,
    Login,
    NewPassword,
    PasswordCandidate,
    PasswordStrength,
    PendingVerification,
    Refresh,
    Registration,
    Tokens,
    UserBody,
)
from application.caller import Caller
from application.users.errors import (
    PasswordLengthWrong,
    PasswordTooWeak,
    SignedInAsAnother,
    SignInEnded,
)
from application.users.registration import Registration as Registered
from application.users.registration import VerificationLink
from application.users.services import UserServices
from application.users.tokens import SignedIn, UserData
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
    request: Request,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    body: Registration,
) -> Accepted:
    """Register, and send a link to verify the address. Existing accounts are not revealed.

    The tenant's join policy decides who may register. A page of this site gets a cookie, by which
    its browser verifies without the password.
    """
    registration = Registered(
        email=body.email,
        password=body.password.get_secret_value(),
        username=body.username,
        time_zone=body.time_zone,
        locale=body.locale,
        units=body.units,
    )
    proof = services.registration.register(
        registration, origin=caller.origin(), command_id=uuid5(command_id, body.email)
    )
    set_registration_proof(request, response, proof)
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
    services.registration.send_verification(body.email, origin=caller.origin())
    return Accepted()


@router.post(
    "/verification-link",
    operation_id="readVerificationLink",
    summary="Read what a verification link verifies",
    responses=problem_responses(409),
)
def read_verification_link(
    request: Request, caller: CurrentCaller, services: Services, body: LinkToken
) -> PendingVerification:
    """Return the address that a link verifies. Nothing changes: mail scanners open links, too."""
    link = services.registration.read_link(
        body.token.get_secret_value(), registration_proof(request), tenant_id=caller.tenant_id
    )
    other = _other_account(request, services, link)
    return PendingVerification(
        email=link.email,
        needs_password=link.needs_password,
        signed_in_as=None if other is None else other.username or other.email,
    )


@router.post(
    "/verify-email",
    operation_id="verifyEmail",
    summary="Verify an address and sign in",
    responses=problem_responses(401, 403, 409),
)
def verify_email(
    request: Request,
    caller: CurrentCaller,
    services: Services,
    deliver: CurrentTokenDelivery,
    command_id: CommandId,
    body: EmailVerification,
) -> Tokens:
    """Verify an address by the token of its link, and the password. It works once, for a day."""
    token, proof = body.token.get_secret_value(), registration_proof(request)
    if deliver.mode == "cookie" and not body.replace_sign_in:
        link = services.registration.read_link(token, proof, tenant_id=caller.tenant_id)
        if _other_account(request, services, link) is not None:
            raise SignedInAsAnother
    signed_in = services.registration.verify_email(
        token,
        password=None if body.password is None else body.password.get_secret_value(),
        proof=proof,
        origin=caller.origin(),
        command_id=uuid5(command_id, token),
    )
    if is_own_page(request):
        delete_cookie(request, deliver.response, REGISTRATION_COOKIE)
    return deliver(signed_in)


def _other_account(
    request: Request, services: UserServices, link: VerificationLink
) -> UserData | None:
    """Return the other account that this page's browser is signed in with, or None."""
    if not is_own_page(request):
        return None
    user = services.sign_in_service.find_user(read_cookie(request, REFRESH_COOKIE) or "")
    return None if user is None or user.id == link.user_id else user


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

    After some wrong passwords from one address, the next attempts on the account have to wait,
    longer each time; a browser that has signed in before counts for itself.
    """
    signed_in = services.sign_in_service.with_password(
        caller.tenant_id,
        body.email,
        body.password.get_secret_value(),
        address=address_of(request),
        device=read_cookie(request, DEVICE_COOKIE),
    )
    if deliver.mode == "cookie":
        attempts, user = services.sign_in_service.attempts, signed_in.user
        set_device(request, deliver.response, attempts.device_of(user.tenant_id, user.id))
    return deliver(signed_in)


@router.post(
    "/exchange",
    operation_id="exchangeIdToken",
    summary="Sign in with a provider's ID token",
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

    A client that lost the answer repeats the request within a minute, and gets the same token as
    long as that is unused. With `mode=cookie`, the browser's cookie is used if no token is sent;
    tabs may repeat for ten seconds. A token that was used in one mode is refused in the other.
    """
    sent = None if body is None else body.refresh_token.get_secret_value()
    if deliver.mode == "body":
        return deliver(services.sign_in_service.refresh(sent or ""))
    try:
        token = sent or read_cookie(request, REFRESH_COOKIE) or ""
        return deliver(services.sign_in_service.refresh(token, mode="cookie"))
    except SignInEnded as ended:
        answer = to_response(request, ended)
        delete_refresh_token(request, answer)
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
    services.password_service.request(body.email, origin=caller.origin())
    return Accepted()


@router.post(
    "/reset-password",
    operation_id="resetPassword",
    summary="Reset a password",
    status_code=204,
    dependencies=[IDEMPOTENT],
)
def reset_password(caller: CurrentCaller, services: Services, body: NewPassword) -> None:
    """Set a new password by the token of a link. Signs out all devices.

    The link works once; for ten minutes, the same request succeeds again.
    """
    services.password_service.reset(
        body.token.get_secret_value(), body.password.get_secret_value(), origin=caller.origin()
    )


@keys.get(
    JWKS_PATH,
    operation_id="getPublicKeys",
    summary="Get the public keys of access tokens",
    responses=problem_responses(503),
)
def public_keys(caller: CurrentCaller, response: Response) -> dict[str, Any]:
    """Return all keys whose tokens may still be valid (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=30"
    return dict(caller.platform.accounts().public_keys())
