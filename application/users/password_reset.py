"""Password reset and change."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from application.kernel.ports import Clock
from application.users.accounts import Accounts, reveal
from application.users.email_requests import EmailRequests, Recipient
from application.users.errors import LinkRefused, SignInRefused
from application.users.ports import (
    Credentials,
    IdentityIndex,
    Passwords,
)
from application.users.sign_in import SignInService
from application.users.tokens import parse_token
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import Registered

RESETS: Final = UUID("019f4c1e-83d2-7b60-9d0e-5a1f6e2c7b94")
"""Namespace of the command ids of links that set a password."""

LOST_RESPONSE: Final = timedelta(minutes=10)
"""How long a used link may be repeated with the same password."""


@dataclass(frozen=True)
class PasswordService:
    """Resets and changes passwords. Each new password signs out every device."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailRequests
    sign_in_service: SignInService
    clock: Clock

    def request(self, email: str, *, origin: Origin) -> None:
        """E-mail a reset link if the account exists.

        This happens after the response, so that its duration reveals nothing. Beyond the quota of
        `EmailQuota` nothing is sent: the links sent before are valid.
        """

        def find() -> Recipient | None:
            user_id = self.identities.find(origin.tenant_id, "email", email)
            user = None if user_id is None else self.accounts.user(origin.tenant_id, user_id)
            return (user_id, "reset") if user_id and isinstance(user, Registered) else None

        self.emails.request_later(find, origin=origin)

    def reset(self, token: str, password: str, *, origin: Origin) -> None:
        """Set a new password with the token of a reset link, which also verifies the address.

        A link works once. A request that is repeated soon, with the same password, succeeds again,
        since its response may have been lost; it completes what a crash has left undone. Another
        password is refused, and from then on every repetition, so that a used link cannot test
        passwords. A weak password does not use up the link. Raises LinkRefused, PasswordTooWeak,
        PasswordLengthWrong, PasswordsBusy.
        """
        parts = parse_token(token)
        if parts is None or parts[0] != origin.tenant_id:
            raise LinkRefused
        tenant_id, digest = parts
        links, now = self.emails.links, self.clock()
        owner = links.owner(tenant_id, digest, "reset_password", now)
        user = None if owner is None else self.accounts.user(tenant_id, owner)
        if owner is None or not isinstance(user, Registered):
            owner = self._repeated(tenant_id, digest, password)
        else:
            hashed = self._strong_hash(password, user)
            command_id = uuid5(RESETS, digest.hex())  # a link changes one password, once
            self._execute(owner, verified=True, origin=origin, command_id=command_id)
            store = self.credentials.put_by_link
            if store(tenant_id, digest, hashed, now, until=now + LOST_RESPONSE) is None:
                owner = self._repeated(tenant_id, digest, password)  # of a concurrent request
        self._sign_out(tenant_id, owner)

    def _repeated(self, tenant_id: TenantId, digest: bytes, password: str) -> UserId:
        """Return the user whose password a used link has just set to this one.

        Another password ends the time for repetitions. Raises LinkRefused.
        """
        links, now = self.emails.links, self.clock()
        owner = links.owner(tenant_id, digest, "password_reset", now)
        if owner is None:
            raise LinkRefused
        if not self.passwords.check(password, self.credentials.find(tenant_id, owner)).matches:
            links.redeem(tenant_id, digest, "password_reset", now)
            raise LinkRefused
        return owner

    def change(
        self,
        user_id: UserId,
        old: str,
        new: str,
        *,
        sign_in_id: UUID,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Change a password, given the old one. Wrong ones delay further attempts of this sign-in.

        It signs out the caller, too, so a repeated request is refused before it gets here. After a
        crash in between, repeating the same command completes it. Raises TooManyAttempts,
        PasswordTooWeak, PasswordLengthWrong, PasswordsBusy, and SignInRefused if the old password
        is wrong, or if another one was set meanwhile.
        """
        tenant_id, attempts = origin.tenant_id, self.sign_in_service.attempts
        key = attempts.begin_confirmation(tenant_id, user_id, sign_in_id)
        stored = self.credentials.find(tenant_id, user_id)
        user = self.accounts.user(tenant_id, user_id)
        matches = self.passwords.check(old, stored).matches
        if matches:
            attempts.succeeded(key)
        if not isinstance(user, Registered):
            raise SignInRefused
        if matches:
            hashed = self._strong_hash(new, user)
            self._execute(user_id, verified=False, origin=origin, command_id=command_id)
            replace, now = self.credentials.replace, self.clock()
            while not replace(tenant_id, user_id, hashed, expected=stored, at=now):
                stored = self.credentials.find(tenant_id, user_id)
                if self.passwords.check(new, stored).matches:
                    break  # a repetition of this request was faster
                if not self.passwords.check(old, stored).matches:
                    raise SignInRefused
        elif not self._is_changed(tenant_id, command_id, new, stored):
            raise SignInRefused
        self._sign_out(tenant_id, user_id)

    def _is_changed(
        self, tenant_id: TenantId, command_id: UUID, new: str, stored: str | None
    ) -> bool:
        """Return whether a command has been executed, and the new password is stored."""
        return (
            self.accounts.is_executed(tenant_id, command_id)
            and self.passwords.check(new, stored).matches
        )

    def _strong_hash(self, password: str, user: Registered) -> str:
        personal_words = (reveal(user.email) or "", reveal(user.username) or "")
        self.passwords.require_strong(password, personal_words)
        return self.passwords.hash(password)

    def _execute(
        self, user_id: UserId, *, verified: bool, origin: Origin, command_id: UUID
    ) -> None:
        """Store that the password changes, and request the e-mail about it."""
        now = self.clock()
        changes: list[commands.UserCommand] = [commands.SetPassword(at=now)]
        if verified:
            changes.append(commands.VerifyEmail(at=now))
        changes.append(self.emails.command("password_changed"))
        self.accounts.execute(user_id, changes, origin=origin, command_id=command_id)

    def _sign_out(self, tenant_id: TenantId, user_id: UserId) -> None:
        """End all sign-ins, and invalidate all other links that set a password."""
        self.emails.links.withdraw(tenant_id, user_id, "reset_password")
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id)
