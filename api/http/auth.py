"""Accounts over REST: registration, signing in and out, and new passwords.

Whoever has not signed in shares their `Idempotency-Key` with everybody else, so the command is
named by what they send, too.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid5

from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller, claims_of
from api.http.cookies import (
    REFRESH,
    Mode,
    forget,
    kept,
    require_own_page,
    set_refresh_token,
)
from api.http.idempotency import CommandId
from api.http.rate_limits import consume, rate_limited
from api.middleware.authentication import JWKS_PATH
from api.problem_details import problem_responses, to_response
from api.views.users import (
    Accepted,
    EmailOnly,
    Exchange,
    LinkToken,
    Login,
    NewPassword,
    PasswordJudgement,
    PasswordWish,
    Refresh,
    Registration,
    Tokens,
    UserBody,
    WhoIsHere,
)
from application.users.errors import PasswordLengthWrong, PasswordTooWeak, SignInEnded
from application.users.registration import Registration as Registered
from application.users.services import UserServices
from application.users.sign_in import TABS
from application.users.tokens import SignedIn

router = APIRouter(
    prefix="/v1/auth",
    tags=["auth"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(422, 429, 503),
)
keys = APIRouter(tags=["auth"])


def _services(caller: CurrentCaller) -> UserServices:
    return caller.platform.accounts()


Services = Annotated[UserServices, Depends(_services)]


@dataclass(frozen=True)
class Handing:
    """How tokens are handed over, as a client asks for it."""

    request: Request
    response: Response
    mode: Mode

    def __call__(self, signed_in: SignedIn) -> Tokens:
        """Hand over tokens; the refresh token into a cookie where that was asked for."""
        if self.mode == "body":
            return Tokens.of(signed_in)
        set_refresh_token(self.request, self.response, signed_in.refresh_token)
        return Tokens.of(signed_in, in_cookie=True)


def _handing(request: Request, response: Response, mode: Mode = "body") -> Handing:
    """Cookies are for pages of this site: raises CrossSite for others."""
    if mode == "cookie":
        require_own_page(request)
    return Handing(request, response, mode)


Handed = Annotated[Handing, Depends(_handing)]


@router.post("/register", operation_id="register", summary="Open an account", status_code=202)
def register(
    caller: CurrentCaller, services: Services, command_id: CommandId, asked: Registration
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
    services.registration.register(
        registration, origin=caller.origin(), command_id=uuid5(command_id, asked.email)
    )
    return Accepted()


@router.post(
    "/password-strength",
    operation_id="passwordStrength",
    summary="Whether a password would be taken, while it is typed",
)
def password_strength(services: Services, asked: PasswordWish) -> PasswordJudgement:
    """Judge a password as registration does; nothing of it is kept."""
    try:
        services.registration.passwords.require_strong(
            asked.password.get_secret_value(), (asked.email, asked.username)
        )
    except (PasswordLengthWrong, PasswordTooWeak) as refusal:
        return PasswordJudgement(strong=False, words=refusal.detail)
    return PasswordJudgement(strong=True, words="This password is hard to guess.")


@router.post(
    "/verification", operation_id="sendVerification", summary="Send the link again", status_code=202
)
def send_verification(caller: CurrentCaller, services: Services, asked: EmailOnly) -> Accepted:
    """Send another link to an address that nobody has verified."""
    services.registration.send_verification(caller.tenant_id, asked.email)
    return Accepted()


@router.post(
    "/verify-email",
    operation_id="verifyEmail",
    summary="Follow the link, and sign in",
    responses=problem_responses(403),
)
def verify_email(
    caller: CurrentCaller, services: Services, hand: Handed, command_id: CommandId, asked: LinkToken
) -> Tokens:
    """Show that an address is one's own; the link works once, for a day."""
    token = asked.token.get_secret_value()
    return hand(
        services.registration.verify_email(
            token, origin=caller.origin(), command_id=uuid5(command_id, token)
        )
    )


@router.post(
    "/token",
    operation_id="token",
    summary="The same as /v1/auth/login, as a client asks before a recording (R-IDN-11)",
    responses=problem_responses(401, 403),
)
@router.post(
    "/login",
    operation_id="login",
    summary="Sign in with e-mail and password",
    responses=problem_responses(401, 403),
)
def login(
    request: Request, caller: CurrentCaller, services: Services, hand: Handed, asked: Login
) -> Tokens:
    """Sign in to the tenant that `X-Tenant-ID` names.

    Attempts on one account are counted together, from wherever they come.
    """
    account = f"{caller.tenant_id}/{asked.email.strip().lower()}"
    consume(request, sha256(account.encode()).hexdigest())
    return hand(
        services.sign_in_service.with_password(
            caller.tenant_id, asked.email, asked.password.get_secret_value()
        )
    )


@router.post(
    "/exchange",
    operation_id="exchangeIdToken",
    summary="Sign in with an identity token of Google, Apple, Firebase or another provider",
    responses=problem_responses(401, 403),
)
def exchange(
    caller: CurrentCaller, services: Services, hand: Handed, command_id: CommandId, asked: Exchange
) -> Tokens:
    """Sign in whoever a provider vouches for; who is new gets an account."""
    token = asked.id_token.get_secret_value()
    return hand(
        services.external_identities.exchange(
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
    response_model=Tokens,
    responses=problem_responses(401, 403),
)
def refresh(
    request: Request, services: Services, hand: Handed, asked: Refresh | None = None
) -> Any:
    """Stay signed in. A refresh token that is used twice ends the whole sign-in.

    With `mode=cookie` the token is that of the browser's cookie, if none is sent. Pages that ask
    at the same moment, or ask again because no answer came, get on alike for ten seconds.
    """
    sent = None if asked is None else asked.refresh_token.get_secret_value()
    if hand.mode == "body":
        return hand(services.sign_in_service.refresh(sent or ""))
    try:
        token = sent or kept(request, REFRESH) or ""
        return hand(services.sign_in_service.refresh(token, leeway=TABS))
    except SignInEnded as ended:
        answer = to_response(request, ended)
        forget(request, answer, REFRESH)
        return answer


@router.get("/session", operation_id="whoIsHere", summary="Who has signed in, for a page")
def who_is_here(request: Request, services: Services) -> WhoIsHere:
    """Tell whose access token or cookie this is, without using it up; null where it is nobody's."""
    claims = claims_of(request)
    if claims is None:
        data = services.sign_in_service.whose(kept(request, REFRESH) or "")
    else:
        data = services.accounts.find(claims.tenant_id, claims.user_id)
    return WhoIsHere(user=None if data is None else UserBody.of(data))


@router.post(
    "/forgot-password",
    operation_id="forgotPassword",
    summary="Send a link to a new password",
    status_code=202,
)
def forgot_password(caller: CurrentCaller, services: Services, asked: EmailOnly) -> Accepted:
    """Send a link, if there is an account."""
    services.password_service.request(caller.tenant_id, asked.email)
    return Accepted()


@router.post(
    "/reset-password",
    operation_id="resetPassword",
    summary="Follow the link to a new password",
    status_code=204,
)
def reset_password(
    caller: CurrentCaller, services: Services, command_id: CommandId, asked: NewPassword
) -> None:
    """Choose another password; every device is signed out."""
    token = asked.token.get_secret_value()
    services.password_service.perform(
        token,
        asked.password.get_secret_value(),
        origin=caller.origin(),
        command_id=uuid5(command_id, token),
    )


@keys.get(
    JWKS_PATH,
    operation_id="publicKeys",
    summary="The public keys of access tokens (RFC 7517)",
    responses=problem_responses(503),
)
def public_keys(caller: CurrentCaller, response: Response) -> dict[str, Any]:
    """Give all keys whose tokens may still be valid."""
    response.headers["Cache-Control"] = "public, max-age=30"
    return dict(caller.platform.accounts().public_keys())
