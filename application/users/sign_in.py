"""Sign-in, refresh, sign-out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import structlog

from application.kernel.ports import Clock, NewId
from application.users.access_tokens import AccessTokens
from application.users.accounts import Accounts
from application.users.attempts import SignInAttempts
from application.users.errors import (
    AccountSuspended,
    EmailUnverified,
    EnrolmentRequired,
    PasswordsBusy,
    SignInEnded,
    SignInRefused,
    SignInUnknown,
    TokenRefused,
)
from application.users.factor_ports import SecondFactors
from application.users.ports import (
    ActiveSignIn,
    Credentials,
    DeriveSecret,
    IdentityIndex,
    Inactive,
    NewSecret,
    Passwords,
    Reused,
    Revocations,
    Rotated,
    SignIn,
    SignIns,
    Superseded,
    TokenSigner,
)
from application.users.tokens import (
    SEPARATOR,
    AccessClaims,
    Confirmed,
    SignedIn,
    UserData,
    digest_of,
    parse_token,
)
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.users.factor_commands import SecondFactorRequired
from domain.users.user import Registered

logger: Any = structlog.get_logger()

SIGN_IN_LIFETIME: Final = timedelta(days=60)
"""Maximum lifetime of a sign-in, however often it is refreshed."""

RefreshMode = Literal["body", "cookie"]
"""How a client sends and receives refresh tokens. A token stays in its mode."""

TABS: Final = timedelta(seconds=10)
"""Leeway for browsers: tabs share a token, may refresh it at once, or may lose a response."""

LOST_ANSWER: Final = timedelta(minutes=1)
"""Leeway for other clients, whose connection may break before the answer arrives."""

UNKNOWN_USER: Final = UserId("-")
"""Looked up for an unknown address, so that this takes as long. No account has this id."""


@dataclass(frozen=True)
class SignInService:
    """Signs users in and out, and rotates their refresh tokens."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    sign_ins: SignIns
    revocations: Revocations
    signer: TokenSigner
    access_tokens: AccessTokens
    clock: Clock
    new_id: NewId
    new_secret: NewSecret
    derive_secret: DeriveSecret
    second_factors: SecondFactors
    attempts: SignInAttempts

    def with_password(
        self,
        tenant_id: TenantId,
        email: str,
        password: str,
        *,
        address: str = "",
        device: str | None = None,
    ) -> SignedIn:
        """Sign in. An unknown e-mail address takes as long as a wrong password.

        `address` is the client's network address, `device` the proof of an earlier sign-in on it.
        Raises TooManyAttempts, SignInRefused, PasswordsBusy, and only with the right password
        EmailUnverified and AccountSuspended.
        """
        owner = self.identities.find(tenant_id, "email", email)
        key = self.attempts.begin(tenant_id, email, owner, address=address, device=device)
        user_id = UNKNOWN_USER if owner is None else owner
        stored = self.credentials.find(tenant_id, user_id)
        check = self.passwords.check(password, stored)
        if not check.matches:
            raise SignInRefused
        self.attempts.succeeded(key)
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered) or not user.has_password:
            raise SignInRefused
        if not user.email_verified:
            raise EmailUnverified
        hashed = stored if check.renewed is None else check.renewed
        if check.renewed is not None:
            now = self.clock()
            self.credentials.replace(tenant_id, user_id, hashed, expected=stored, at=now)

        def is_still_valid() -> bool:
            current = self.credentials.find(tenant_id, user_id)
            return current == hashed or self.passwords.check(password, current).matches

        return self.begin(tenant_id, user_id, user, is_still_valid=is_still_valid)

    def begin(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        user: Registered,
        *,
        confirmed: bool = False,
        is_still_valid: Callable[[], bool] = lambda: True,
    ) -> SignedIn:
        """Begin a sign-in of an authenticated user.

        `confirmed`: an operator vouches for the user, or a passkey has verified them. Otherwise the
        tokens give no access until a second factor of the user confirms the sign-in.
        `is_still_valid` checks the password or passkey again once the sign-in is stored. Raises
        AccountSuspended, and SignInRefused if it is no longer valid, or the user is erased.
        """
        self.require_not_suspended(user)
        now, secret = self.clock(), self.new_secret()
        sign_in = SignIn(
            tenant_id=tenant_id,
            id=self.new_id(),
            user_id=user_id,
            began_at=now,
            expires_at=now + SIGN_IN_LIFETIME,
        )
        self.sign_ins.begin(sign_in, digest_of(secret))
        self._require_valid(sign_in, is_still_valid)
        self.revocations.mark_begun(tenant_id, sign_in.id)
        if confirmed:
            self.second_factors.confirm(tenant_id, user_id, sign_in.id, now)
        return self.access_tokens.issue_both(sign_in, user, secret)

    def _require_valid(self, sign_in: SignIn, is_still_valid: Callable[[], bool]) -> None:
        """End a new sign-in unless the user, and the password or passkey, are still valid.

        A suspension, a new password or the removal of a passkey ends only those sign-ins that are
        stored by then. Raises AccountSuspended, SignInRefused, and PasswordsBusy if the password
        cannot be checked.
        """
        user = self.accounts.user(sign_in.tenant_id, sign_in.user_id)
        refusal: Rejected = SignInRefused()
        if isinstance(user, Registered) and user.suspended:
            refusal = AccountSuspended()
        elif isinstance(user, Registered):
            try:
                if is_still_valid():
                    return
            except PasswordsBusy as busy:
                refusal = busy
        self.sign_ins.end(sign_in.tenant_id, sign_in.id, self.clock())
        raise refusal

    def begin_for_device(
        self, tenant_id: TenantId, user_id: UserId, sign_in_id: UUID, *, lifetime: timedelta
    ) -> None:
        """Begin a sign-in without tokens, for a device that has a credential of another kind.

        It is listed and ends as others do; its refresh token is known to nobody.
        """
        now = self.clock()
        sign_in = SignIn(
            tenant_id=tenant_id,
            id=sign_in_id,
            user_id=user_id,
            began_at=now,
            expires_at=now + lifetime,
        )
        self.sign_ins.begin(sign_in, digest_of(self.new_secret()))
        self.revocations.mark_begun(tenant_id, sign_in_id)

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Return whether a sign-in has neither ended nor expired."""
        return self.revocations.is_live(tenant_id, sign_in_id, self.clock())

    def require_not_suspended(self, user: Registered) -> None:
        """Raise AccountSuspended for a suspended user."""
        if user.suspended:
            raise AccountSuspended

    def refresh(self, token: str, mode: RefreshMode = "body") -> SignedIn:
        """Exchange a refresh token for new tokens, with the user's current roles.

        A token used twice has been copied: the whole sign-in ends. A repetition in the same mode
        soon after the first use gets the same successor, since the answer may have been lost, but
        only until that is used; tabs, which share a cookie, get the newest one. Raises SignInEnded.
        """
        parts = parse_token(token)
        if parts is None:
            raise SignInEnded
        tenant_id, secret = parts[0], token.partition(SEPARATOR)[2]
        if self.sign_ins.find(*parts, self.clock(), leeway=SIGN_IN_LIFETIME) is None:
            raise SignInEnded
        leeway = TABS if mode == "cookie" else LOST_ANSWER
        while True:
            current, secret = secret, self.derive_secret(tenant_id, f"refresh.{mode}", secret)
            match self.sign_ins.rotate(
                tenant_id,
                digest_of(current),
                successor=digest_of(secret),
                at=self.clock(),
                leeway=leeway,
            ):
                case Rotated(sign_in):
                    return self._refreshed(sign_in, secret)
                case Superseded() if mode == "cookie":
                    continue  # another tab is ahead
                case Superseded(sign_in) | Reused(sign_in):
                    self.sign_out(tenant_id, sign_in.id)
                    logger.warning("refresh_token_reused", sign_in=str(sign_in.id))
                    raise SignInEnded
                case Inactive():
                    raise SignInEnded

    def _refreshed(self, sign_in: SignIn, secret: str) -> SignedIn:
        user = self.accounts.user(sign_in.tenant_id, sign_in.user_id)
        if not isinstance(user, Registered) or user.suspended:
            self.sign_out(sign_in.tenant_id, sign_in.id)
            raise SignInEnded
        return self.access_tokens.issue_both(sign_in, user, secret)

    def find_user(self, token: str) -> UserData | None:
        """Return the user of a refresh token without using it, or None if it is invalid."""
        parts = parse_token(token)
        if parts is None:
            return None
        sign_in = self.sign_ins.find(*parts, self.clock(), leeway=timedelta(0))
        if sign_in is None:
            return None
        return self.accounts.find(sign_in.tenant_id, sign_in.user_id)

    def issue_token(self, token: str) -> str | None:
        """Issue an access token for a refresh token without using it; None if it is invalid.

        A token that another tab has just refreshed is still accepted: the browser may have sent
        it before.
        """
        parts = parse_token(token)
        if parts is None:
            return None
        sign_in = self.sign_ins.find(*parts, self.clock(), leeway=TABS)
        if sign_in is None:
            return None
        user = self.accounts.user(sign_in.tenant_id, sign_in.user_id)
        if not isinstance(user, Registered) or user.suspended:
            return None
        return self.access_tokens.issue(sign_in, user)

    def confirm(self, claims: AccessClaims) -> Confirmed:
        """Record that a second factor confirmed a sign-in, and issue an access token for it.

        Its refresh token stays the same. Raises SignInEnded and AccountSuspended.
        """
        tenant_id, user_id = claims.tenant_id, claims.user_id
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise SignInEnded
        self.require_not_suspended(user)
        self.second_factors.confirm(tenant_id, user_id, claims.sign_in_id, self.clock())
        return self.access_tokens.issue_confirmed(claims, user)

    def authenticate(self, access_token: str) -> AccessClaims:
        """Return the claims of a valid token that gives access.

        Raises TokenRefused, also for a sign-in that ended at least a second ago, and
        SecondFactorRequired and EnrolmentRequired.
        """
        claims = self.authenticate_unconfirmed(access_token)
        match claims.assurance:
            case "second_factor":
                raise SecondFactorRequired
            case "enrolment":
                raise EnrolmentRequired
            case "full":
                return claims

    def authenticate_unconfirmed(self, access_token: str) -> AccessClaims:
        """Return the claims of a valid token, also of a sign-in that still needs a second factor.

        Raises TokenRefused.
        """
        claims = self.signer.read(access_token)
        if not self.revocations.is_live(claims.tenant_id, claims.sign_in_id, self.clock()):
            raise TokenRefused
        return claims

    def authenticate_cached(self, access_token: str) -> AccessClaims | None:
        """Return the claims of a valid token from caches alone; None if a lookup is needed."""
        claims = self.signer.read_cached(access_token)
        if claims is None or claims.assurance != "full":
            return None
        if not self.revocations.is_cached(claims.tenant_id, claims.sign_in_id):
            return None
        return claims

    def sign_out(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        """End one sign-in; its tokens are rejected from now on."""
        self.sign_ins.end(tenant_id, sign_in_id, self.clock())
        self.revocations.mark_ended(tenant_id, [sign_in_id])

    def active_sign_ins(self, tenant_id: TenantId, user_id: UserId) -> Sequence[ActiveSignIn]:
        """Return a user's active sign-ins, the most recently used first."""
        return self.sign_ins.list_active(tenant_id, user_id, self.clock())

    def sign_out_elsewhere(self, claims: AccessClaims, sign_in_id: UUID) -> None:
        """End another sign-in of the same user. Raises SignInUnknown."""
        active = self.active_sign_ins(claims.tenant_id, claims.user_id)
        if sign_in_id not in {each.sign_in.id for each in active}:
            raise SignInUnknown
        self.sign_out(claims.tenant_id, sign_in_id)

    def sign_out_everywhere(
        self, tenant_id: TenantId, user_id: UserId, *, begun_by: datetime | None = None
    ) -> None:
        """End all sign-ins of a user, or those that had begun by a time."""
        now = self.clock()
        if begun_by is None:
            ended = self.sign_ins.end_all(tenant_id, user_id, now)
        else:
            active = [each.sign_in for each in self.sign_ins.list_active(tenant_id, user_id, now)]
            ended = [each.id for each in active if each.began_at <= begun_by]
            for sign_in_id in ended:
                self.sign_ins.end(tenant_id, sign_in_id, now)
        self.revocations.mark_ended(tenant_id, ended)
