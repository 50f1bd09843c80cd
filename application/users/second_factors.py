"""Second factors: authenticator apps, recovery codes, and the confirmation of sign-ins.

Passkeys are in `passkeys.py`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from application.kernel.encryption import FieldCipher
from application.kernel.ports import Clock, NewId, RateLimiter
from application.users.accounts import Accounts, reveal
from application.users.email_requests import EmailRequests
from application.users.errors import (
    CodeWrong,
    OwnAccount,
    SignInEnded,
    TooManyCodes,
)
from application.users.factor_ports import (
    Attempts,
    OneTimePasswords,
    SecondFactors,
    StoredFactor,
)
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims, Confirmed, digest_of
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import factor_commands
from domain.users.factors import require_room
from domain.users.user import Registered

LIMITS: Final = Attempts(free=5, wait=timedelta(seconds=30), longest=timedelta(hours=1))
"""Wrong codes of apps: at most about 30 a day after the first five, of a million possible ones."""

RECOVERY_CODES: Final = 10

RECOVERY_ATTEMPTS_PER_MINUTE: Final = 120
"""Many, so that an attacker with the password cannot lock out the owner; 80 bits are safe."""

UNCONFIRMED_FOR: Final = timedelta(hours=1)
"""Time in which the first code of a new app has to be confirmed; then its secret is removed."""

APP_CODE: Final = re.compile(r"[0-9]{6}")

NewCode = Callable[[], str]
"""Creates a recovery code: 80 random bits in base 32, as four groups joined by hyphens."""


@dataclass(frozen=True, slots=True)
class AppEnrolment:
    """A new app, which counts once a code of it was confirmed. `repr` hides its content."""

    id: str
    secret: str
    uri: str
    qr_code: str

    def __repr__(self) -> str:
        return "AppEnrolment(…)"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """New tokens after a factor was added, and recovery codes if it is the first one."""

    confirmed: Confirmed
    recovery_codes: Sequence[str]


@dataclass(frozen=True)
class SecondFactorService:
    """Adds, checks and removes second factors of the signed-in user.

    Callers have checked that the sign-in is recent where it says so. `recovery_attempts` limits the
    recovery codes that are tried for a user, apart from the codes of apps.
    """

    accounts: Accounts
    factors: SecondFactors
    cipher: FieldCipher
    one_time_passwords: OneTimePasswords
    sign_in_service: SignInService
    emails: EmailRequests
    clock: Clock
    new_id: NewId
    new_code: NewCode
    recovery_attempts: RateLimiter

    def list_factors(self, claims: AccessClaims) -> Sequence[StoredFactor]:
        """Return the second factors of the user, the oldest first. Raises SignInEnded."""
        user = self.user(claims)
        return self._active(claims.tenant_id, claims.user_id, user)

    def count_codes(self, claims: AccessClaims) -> int:
        """Return how many recovery codes are left."""
        return self.factors.count_codes(claims.tenant_id, claims.user_id)

    def begin_app(self, claims: AccessClaims) -> AppEnrolment:
        """Make the secret of a new app; a recent sign-in is required.

        Raises SecondFactorsFull and SignInEnded.
        """
        tenant_id, user_id, user = claims.tenant_id, claims.user_id, self.user(claims)
        require_room("totp", user.second_factors)
        self._discard_unconfirmed(tenant_id, user_id, user)
        secret, factor_id = self.one_time_passwords.new_secret(), str(self.new_id())
        sealed = self.cipher.seal(
            secret.encode(), tenant_id=tenant_id, subject=user_id, place=place_of(factor_id)
        )
        self.factors.put(
            StoredFactor(
                tenant_id=tenant_id,
                user_id=user_id,
                id=factor_id,
                kind="totp",
                sealed=sealed,
                counter=0,
                added_at=self.clock(),
            )
        )
        account = reveal(user.email) or reveal(user.username) or user_id
        uri = self.one_time_passwords.uri(secret, account)
        return AppEnrolment(factor_id, secret, uri, self.one_time_passwords.qr_code(uri))

    def confirm_app(
        self, claims: AccessClaims, factor_id: str, code: str, *, origin: Origin, command_id: UUID
    ) -> Enrolled:
        """Add an app by one of its codes, and confirm the sign-in with it.

        A repeat, whose first answer may be lost, gives new recovery codes, and the old ones are
        void, unless the user has replaced them since. It has the same command id or another code.
        An app is unknown after `UNCONFIRMED_FOR`.

        Raises SecondFactorUnknown, CodeWrong, TooManyCodes, SecondFactorRequired and
        SecondFactorsFull.
        """
        stored = self.factors.list_all(claims.tenant_id, claims.user_id)
        factor = next((each for each in stored if each.id == factor_id), None)
        if factor is None or factor.kind != "totp" or self._is_expired(factor):
            raise factor_commands.SecondFactorUnknown
        self.require_first_or_confirmed(claims, factor_id)
        repeated = self.accounts.is_executed(claims.tenant_id, command_id)
        self._attempt(
            claims.tenant_id,
            claims.user_id,
            lambda: self._app_accepts(factor, code, repeated=repeated),
        )
        try:
            return self.add(claims, factor, origin=origin, command_id=command_id)
        except factor_commands.SecondFactorRequired:  # another one was added at this moment
            self.factors.remove(claims.tenant_id, claims.user_id, [factor.id])
            raise

    def add(
        self,
        claims: AccessClaims,
        factor: StoredFactor,
        *,
        name: Personal[str] | None = None,
        origin: Origin,
        command_id: UUID,
    ) -> Enrolled:
        """Add a stored factor whose possession was shown, and confirm the sign-in with it.

        Raises SecondFactorRequired as `require_first_or_confirmed` does.
        """
        self.require_first_or_confirmed(claims, factor.id)
        tenant_id, user_id = claims.tenant_id, claims.user_id
        command = factor_commands.AddSecondFactor(
            factor_id=factor.id,
            kind=factor.kind,
            is_confirmed=self._is_confirmed(claims),
            at=self.clock(),
            name=name,
        )
        notice = self.emails.command("second_factor_added")
        self.accounts.execute(user_id, [command, notice], origin=origin, command_id=command_id)
        confirmed = self._confirmed(claims)
        codes = self._replace_codes(tenant_id, user_id) if self._is_first(claims, factor) else ()
        return Enrolled(confirmed, codes)

    def require_first_or_confirmed(self, claims: AccessClaims, factor_id: str | None) -> None:
        """Raise SecondFactorRequired if there is another factor and the sign-in is not confirmed.

        An access token can be older than the first factor. `factor_id` is the one that is added.
        """
        others = {each.id for each in self.user(claims).second_factors} - {factor_id}
        if others and not self._is_confirmed(claims):
            raise factor_commands.SecondFactorRequired

    def _is_confirmed(self, claims: AccessClaims) -> bool:
        return self.factors.confirmed_at(claims.tenant_id, claims.sign_in_id) is not None

    def confirm(self, claims: AccessClaims, code: str, *, origin: Origin) -> Confirmed:
        """Confirm a sign-in with a code of the app, or use up a recovery code.

        Raises CodeWrong, TooManyCodes and SignInEnded.
        """
        tenant_id, user_id, user = claims.tenant_id, claims.user_id, self.user(claims)
        text = without_separators(code)
        if not user.second_factors:
            raise CodeWrong
        if APP_CODE.fullmatch(text):
            apps = [each for each in self._active(tenant_id, user_id, user) if each.kind == "totp"]
            self._attempt(
                tenant_id, user_id, lambda: any(self._app_accepts(app, text) for app in apps)
            )
        else:
            self._use_recovery_code(tenant_id, user_id, text)
            self.emails.request(user_id, "recovery_code_used", origin=origin)
        return self._confirmed(claims)

    def replace_codes(self, claims: AccessClaims, *, origin: Origin) -> Sequence[str]:
        """Return new recovery codes, and tell the user by e-mail; the old ones are void.

        A recent confirmation is required.

        Raises CodeWrong without a second factor, and SignInEnded.
        """
        if not self.user(claims).second_factors:
            raise CodeWrong
        command = factor_commands.ReplaceRecoveryCodes(at=self.clock())
        notice = self.emails.command("recovery_codes_replaced")
        self.accounts.execute(
            claims.user_id, [command, notice], origin=origin, command_id=self.new_id()
        )
        return self._replace_codes(claims.tenant_id, claims.user_id)

    def remove(
        self, claims: AccessClaims, factor_id: str, *, origin: Origin, command_id: UUID
    ) -> None:
        """Remove a factor; a recent confirmation is required. Raises SecondFactorUnknown."""
        tenant_id, user_id = claims.tenant_id, claims.user_id
        command = factor_commands.RemoveSecondFactor(factor_id=factor_id, at=self.clock())
        notice = self.emails.command("second_factor_removed")
        self.accounts.execute(user_id, [command, notice], origin=origin, command_id=command_id)
        self.factors.remove(tenant_id, user_id, [factor_id])
        if not self.user(claims).second_factors:
            self.factors.replace_codes(tenant_id, user_id, [])

    def reset(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> None:
        """Remove all factors of a person who has lost them, and sign them out everywhere.

        An e-mail tells them, if they had factors. A repeated command changes nothing if they have
        added a factor since, and keeps the app that they are adding, and their sign-ins since. The
        events name the actor. Raises UserUnknown and OwnAccount.
        """
        tenant_id = origin.tenant_id
        if origin.actor == user_id:
            raise OwnAccount
        before = self.accounts.user(tenant_id, user_id)
        had_factors = isinstance(before, Registered) and bool(before.second_factors)
        command = factor_commands.ResetSecondFactors(at=self.clock())
        notices = [self.emails.command("second_factors_reset")] if had_factors else []
        is_new = self.accounts.execute(
            user_id, [command, *notices], origin=origin, command_id=command_id
        )
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Registered) and user.second_factors:
            return
        if is_new:
            self.factors.remove_all(tenant_id, user_id)
            self.sign_in_service.sign_out_everywhere(tenant_id, user_id)
            return
        first = self.accounts.executed_at(tenant_id, command_id)
        stored = self.factors.list_all(tenant_id, user_id)
        lost = [each.id for each in stored if each.added_at <= first]
        self.factors.remove(tenant_id, user_id, lost)
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id, begun_by=first)

    def user(self, claims: AccessClaims) -> Registered:
        """Return the signed-in user. Raises SignInEnded."""
        user = self.accounts.user(claims.tenant_id, claims.user_id)
        if not isinstance(user, Registered):
            raise SignInEnded
        return user

    def _is_expired(self, app: StoredFactor) -> bool:
        """Return whether no code of an app was accepted in time."""
        return not app.counter and app.added_at <= self.clock() - UNCONFIRMED_FOR

    def _active(self, tenant_id: TenantId, user_id: UserId, user: Registered) -> list[StoredFactor]:
        ids = {each.id for each in user.second_factors}
        return [each for each in self.factors.list_all(tenant_id, user_id) if each.id in ids]

    def _is_first(self, claims: AccessClaims, factor: StoredFactor) -> bool:
        """Return whether recovery codes come with an added factor: the only one, or the first.

        Of factors that are added at once, the first one has them, unless they exist already. None
        come with a repeat after they were replaced.
        """
        factors = self.user(claims).second_factors
        ids = [each.id for each in factors]
        if factors and factors[0].codes_replaced:
            return False
        return ids == [factor.id] or (ids[:1] == [factor.id] and not self.count_codes(claims))

    def _discard_unconfirmed(self, tenant_id: TenantId, user_id: UserId, user: Registered) -> None:
        """Remove apps of which no code was accepted.

        An app whose code was accepted may be about to be added by a concurrent request.
        """
        active = {each.id for each in user.second_factors}
        stored = self.factors.list_all(tenant_id, user_id)
        abandoned = [each.id for each in stored if each.kind == "totp" and each.id not in active]
        self.factors.remove_unused(tenant_id, user_id, abandoned)

    def _use_recovery_code(self, tenant_id: TenantId, user_id: UserId, code: str) -> None:
        """Use up a recovery code. Raises TooManyCodes and CodeWrong."""
        if not self.recovery_attempts.consume(f"{tenant_id}/{user_id}").granted:
            raise TooManyCodes
        if not self.factors.use_code(tenant_id, user_id, code_digest(user_id, code)):
            raise CodeWrong

    def _attempt(self, tenant_id: TenantId, user_id: UserId, accepts: Callable[[], bool]) -> None:
        """Check a code of an app, within the limits. Raises TooManyCodes and CodeWrong."""
        if not self.factors.begin_attempt(tenant_id, user_id, self.clock(), LIMITS):
            raise TooManyCodes
        if not accepts():
            raise CodeWrong
        self.factors.end_attempts(tenant_id, user_id)

    def _app_accepts(self, factor: StoredFactor, code: str, *, repeated: bool = False) -> bool:
        """Check a code of an app, which is accepted once, but for a repeated command."""
        secret = self.cipher.unseal(
            factor.sealed,
            tenant_id=factor.tenant_id,
            subject=factor.user_id,
            place=place_of(factor.id),
        )
        if secret is None:
            return False
        step = self.one_time_passwords.find_step(
            secret.decode(), without_separators(code), self.clock()
        )
        return step is not None and (self.factors.advance(factor, step) or repeated)

    def _replace_codes(self, tenant_id: TenantId, user_id: UserId) -> Sequence[str]:
        codes = [self.new_code() for _ in range(RECOVERY_CODES)]
        self.factors.replace_codes(
            tenant_id, user_id, [code_digest(user_id, code) for code in codes]
        )
        return codes

    def _confirmed(self, claims: AccessClaims) -> Confirmed:
        return self.sign_in_service.confirm(claims)


def place_of(factor_id: str) -> bytes:
    """Return the place of a factor's secret, which binds its encryption to it."""
    return f"second_factor/{factor_id}".encode()


def without_separators(code: str) -> str:
    """Return a code without the blanks and hyphens that group its characters."""
    return re.sub(r"[\s-]", "", code)


def code_digest(user_id: UserId, code: str) -> bytes:
    """Return the digest of a recovery code, which ignores case, blanks and hyphens."""
    return digest_of(f"{user_id}/{without_separators(code).upper()}")
