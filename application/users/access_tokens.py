"""Access tokens of sign-ins."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from application.kernel.ports import Clock
from application.users.accounts import Accounts
from application.users.factor_ports import SecondFactors
from application.users.ports import SignIn, TokenSigner
from application.users.tokens import (
    AccessClaims,
    Assurance,
    Confirmed,
    SignedIn,
    UserData,
    format_token,
)
from domain.tenants.roles import Role
from domain.users.user import Registered

ACCESS_LIFETIME: Final = timedelta(minutes=10)
"""Lifetime of an access token. Its sign-in may end earlier, so that is checked on every use."""


@dataclass(frozen=True)
class AccessTokens:
    """Issues access tokens, each with the user's current roles.

    Users with one of the `required_roles` need a second factor.
    """

    accounts: Accounts
    signer: TokenSigner
    second_factors: SecondFactors
    required_roles: frozenset[Role]
    clock: Clock

    def issue(self, sign_in: SignIn, user: Registered) -> str:
        """Return an access token of a sign-in."""
        data = self.accounts.data(sign_in.tenant_id, sign_in.user_id, user)
        return self.signer.sign(self._claims(sign_in, user, data))

    def issue_both(self, sign_in: SignIn, user: Registered, secret: str) -> SignedIn:
        """Return an access token, and the refresh token of a secret."""
        data = self.accounts.data(sign_in.tenant_id, sign_in.user_id, user)
        claims = self._claims(sign_in, user, data)
        return SignedIn(
            access_token=self.signer.sign(claims),
            refresh_token=format_token(sign_in.tenant_id, secret),
            expires_in_s=int(ACCESS_LIFETIME.total_seconds()),
            user=data,
            assurance=claims.assurance,
        )

    def issue_confirmed(self, claims: AccessClaims, user: Registered) -> Confirmed:
        """Return a token with full access, for the sign-in of an earlier token."""
        data, now = self.accounts.data(claims.tenant_id, claims.user_id, user), self.clock()
        renewed = replace(
            claims,
            roles=data.roles,
            issued_at=now,
            expires_at=now + ACCESS_LIFETIME,
            assurance="full",
        )
        return Confirmed(
            access_token=self.signer.sign(renewed),
            expires_in_s=int(ACCESS_LIFETIME.total_seconds()),
            user=data,
        )

    def _claims(self, sign_in: SignIn, user: Registered, data: UserData) -> AccessClaims:
        now = self.clock()
        return AccessClaims(
            user_id=sign_in.user_id,
            tenant_id=sign_in.tenant_id,
            roles=data.roles,
            sign_in_id=sign_in.id,
            pose_coach_uid=data.pose_coach_uid,
            issued_at=now,
            expires_at=now + ACCESS_LIFETIME,
            assurance=self._assurance(sign_in, user, data),
        )

    def _assurance(self, sign_in: SignIn, user: Registered, data: UserData) -> Assurance:
        """Return what access a sign-in gives."""
        if not user.second_factors and not data.roles & self.required_roles:
            return "full"
        if self.second_factors.confirmed_at(sign_in.tenant_id, sign_in.id) is not None:
            return "full"
        return "second_factor" if user.second_factors else "enrolment"
