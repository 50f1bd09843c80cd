"""How somebody signs in, stays so, and signs out on one device or everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts
from application.users.errors import (
    AccountSuspended,
    EmailUnverified,
    SignInEnded,
    SignInRefused,
    SignInUnknown,
    TokenRefused,
)
from application.users.ports import (
    ActiveSignIn,
    Credentials,
    IdentityIndex,
    NewSecret,
    Over,
    Passwords,
    Reused,
    Revocations,
    Rotated,
    SignIn,
    SignIns,
    TokenSigner,
)
from application.users.tokens import (
    AccessClaims,
    SignedIn,
    UserData,
    digest_of,
    format_token,
    parse_token,
)
from domain.ids import TenantId, UserId
from domain.users.user import Registered

logger: Any = structlog.get_logger()

ACCESS_LIFETIME: Final = timedelta(minutes=10)
"""How long an access token is valid. Its sign-in may end before: that is looked up every time."""

SIGN_IN_LIFETIME: Final = timedelta(days=60)
"""After so long somebody signs in anew, however often the device came by."""

TABS: Final = timedelta(seconds=10)
"""Leeway for browsers: their pages share a token, and two may ask at once, or lose an answer."""

NOBODY: Final = UserId("-")
"""Looked up for an address that nobody has, so that this takes as long. No account has this id."""


@dataclass(frozen=True)
class SignInService:
    """Signing in and out, and the tokens in between."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    sign_ins: SignIns
    live: Revocations
    signer: TokenSigner
    clock: Clock
    new_id: NewId
    new_secret: NewSecret

    def with_password(self, tenant_id: TenantId, email: str, password: str) -> SignedIn:
        """Sign in. An address that nobody has costs what a wrong password costs.

        Raises SignInRefused, PasswordsBusy, and only to who knows the password EmailUnverified and
        AccountSuspended.
        """
        found = self.identities.find(tenant_id, "email", email)
        user_id = NOBODY if found is None else found
        stored = self.credentials.find(tenant_id, user_id)
        check = self.passwords.check(password, stored)
        if not check.fits:
            raise SignInRefused
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered) or not user.has_password:
            raise SignInRefused
        if not user.email_verified:
            raise EmailUnverified
        if check.renewed is not None:
            self.credentials.put(tenant_id, user_id, check.renewed, self.clock())
        return self.begin(tenant_id, user_id, user)

    def begin(self, tenant_id: TenantId, user_id: UserId, user: Registered) -> SignedIn:
        """Begin a sign-in of somebody who has shown who they are. Raises AccountSuspended."""
        if user.suspended:
            raise AccountSuspended
        now, secret = self.clock(), self.new_secret()
        sign_in = SignIn(
            tenant_id=tenant_id,
            id=self.new_id(),
            user_id=user_id,
            began_at=now,
            expires_at=now + SIGN_IN_LIFETIME,
        )
        self.sign_ins.begin(sign_in, digest_of(secret))
        return self._signed_in(sign_in, user, secret)

    def refresh(self, token: str, *, leeway: timedelta = timedelta(0)) -> SignedIn:
        """Change a refresh token for new tokens, with the roles of today.

        A token that is used twice has been copied: the whole sign-in ends, unless the second use
        comes within the leeway. Raises SignInEnded.
        """
        parts = parse_token(token)
        if parts is None:
            raise SignInEnded
        tenant_id, digest = parts
        secret = self.new_secret()
        match self.sign_ins.rotate(
            tenant_id, digest, successor=digest_of(secret), at=self.clock(), leeway=leeway
        ):
            case Rotated(sign_in):
                user = self.accounts.user(tenant_id, sign_in.user_id)
                if not isinstance(user, Registered) or user.suspended:
                    self.sign_out(tenant_id, sign_in.id)
                    raise SignInEnded
                return self._signed_in(sign_in, user, secret)
            case Reused(sign_in):
                self.live.ended(tenant_id, [sign_in.id])
                logger.warning("refresh_token_reused", sign_in=str(sign_in.id))
                raise SignInEnded
            case Over():
                raise SignInEnded

    def whose(self, token: str) -> UserData | None:
        """Tell who holds a refresh token, without using it; None where it is worth nothing."""
        parts = parse_token(token)
        if parts is None:
            return None
        sign_in = self.sign_ins.holder(*parts, self.clock(), leeway=timedelta(0))
        if sign_in is None:
            return None
        return self.accounts.find(sign_in.tenant_id, sign_in.user_id)

    def issue_token(self, token: str) -> str | None:
        """Give an access token to whoever holds a refresh token, without using that.

        None where it is worth nothing. One that a page has just changed for another still holds:
        what its browser had sent before is on its way.
        """
        parts = parse_token(token)
        if parts is None:
            return None
        sign_in = self.sign_ins.holder(*parts, self.clock(), leeway=TABS)
        if sign_in is None:
            return None
        user = self.accounts.user(sign_in.tenant_id, sign_in.user_id)
        if not isinstance(user, Registered) or user.suspended:
            return None
        data = self.accounts.data(sign_in.tenant_id, sign_in.user_id, user)
        return self.signer.sign(self._claims(sign_in, data))

    def authenticate(self, access_token: str) -> AccessClaims:
        """Tell who sends this token. Raises TokenRefused, a second after signing out at most."""
        claims = self.signer.read(access_token)
        if not self.live.is_live(claims.tenant_id, claims.sign_in_id, self.clock()):
            raise TokenRefused
        return claims

    def cached(self, access_token: str) -> AccessClaims | None:
        """Tell who sends a token, if nobody has to be asked for it; None says nothing."""
        claims = self.signer.cached(access_token)
        known = claims is not None and self.live.cached(claims.tenant_id, claims.sign_in_id)
        return claims if known else None

    def sign_out(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        """End one sign-in; its tokens are refused from now on."""
        self.sign_ins.end(tenant_id, sign_in_id, self.clock())
        self.live.ended(tenant_id, [sign_in_id])

    def stays(self, tenant_id: TenantId, user_id: UserId) -> Sequence[ActiveSignIn]:
        """Where a user has signed in and not out, whoever was seen last first."""
        return self.sign_ins.living(tenant_id, user_id, self.clock())

    def sign_out_elsewhere(self, claims: AccessClaims, sign_in_id: UUID) -> None:
        """End another sign-in of whoever asks. Raises SignInUnknown."""
        theirs = {stay.sign_in.id for stay in self.stays(claims.tenant_id, claims.user_id)}
        if sign_in_id not in theirs:
            raise SignInUnknown
        self.sign_out(claims.tenant_id, sign_in_id)

    def sign_out_everywhere(self, tenant_id: TenantId, user_id: UserId) -> None:
        """End all sign-ins of a user."""
        ended = self.sign_ins.end_all(tenant_id, user_id, self.clock())
        self.live.ended(tenant_id, ended)

    def _signed_in(self, sign_in: SignIn, user: Registered, secret: str) -> SignedIn:
        data = self.accounts.data(sign_in.tenant_id, sign_in.user_id, user)
        return SignedIn(
            access_token=self.signer.sign(self._claims(sign_in, data)),
            refresh_token=format_token(sign_in.tenant_id, secret),
            expires_in_s=int(ACCESS_LIFETIME.total_seconds()),
            user=data,
        )

    def _claims(self, sign_in: SignIn, data: UserData) -> AccessClaims:
        now = self.clock()
        return AccessClaims(
            user_id=sign_in.user_id,
            tenant_id=sign_in.tenant_id,
            roles=data.roles,
            sign_in_id=sign_in.id,
            pose_coach_uid=data.pose_coach_uid,
            issued_at=now,
            expires_at=now + ACCESS_LIFETIME,
        )
