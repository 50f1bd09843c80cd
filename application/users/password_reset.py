"""Password reset and change."""

from dataclasses import dataclass
from uuid import UUID

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
from domain.ids import UserId
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import Registered


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

        This happens after the response, so that its duration reveals nothing. Raises TooManyEmails.
        """
        self.emails.require_quota(email)

        def find() -> Recipient | None:
            user_id = self.identities.find(origin.tenant_id, "email", email)
            user = None if user_id is None else self.accounts.user(origin.tenant_id, user_id)
            return (user_id, "reset") if user_id and isinstance(user, Registered) else None

        self.emails.request_later(find, origin=origin)

    def reset(self, token: str, password: str, *, origin: Origin, command_id: UUID) -> None:
        """Set a new password with the token of a reset link, which also verifies the address.

        A weak password does not use up the link. Raises LinkRefused, PasswordTooWeak,
        PasswordLengthWrong, PasswordsBusy.
        """
        parts = parse_token(token)
        if parts is None or parts[0] != origin.tenant_id:
            raise LinkRefused
        tenant_id, digest = parts
        owner = self.emails.links.owner(tenant_id, digest, "reset_password", self.clock())
        user = None if owner is None else self.accounts.user(tenant_id, owner)
        if owner is None or not isinstance(user, Registered):
            raise LinkRefused
        hashed = self._strong_hash(password, user)
        if self.emails.links.redeem(tenant_id, digest, "reset_password", self.clock()) is None:
            raise LinkRefused
        self._set(owner, hashed, verified=True, origin=origin, command_id=command_id)

    def change(
        self, user_id: UserId, old: str, new: str, *, origin: Origin, command_id: UUID
    ) -> None:
        """Change a password, given the old one.

        Raises SignInRefused, PasswordTooWeak, PasswordLengthWrong, PasswordsBusy.
        """
        tenant_id = origin.tenant_id
        check = self.passwords.check(old, self.credentials.find(tenant_id, user_id))
        user = self.accounts.user(tenant_id, user_id)
        if not check.matches or not isinstance(user, Registered):
            raise SignInRefused
        hashed = self._strong_hash(new, user)
        self._set(user_id, hashed, verified=False, origin=origin, command_id=command_id)

    def _strong_hash(self, password: str, user: Registered) -> str:
        personal_words = (reveal(user.email) or "", reveal(user.username) or "")
        self.passwords.require_strong(password, personal_words)
        return self.passwords.hash(password)

    def _set(
        self,
        user_id: UserId,
        hashed: str,
        *,
        verified: bool,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        tenant_id, now = origin.tenant_id, self.clock()
        changes: list[commands.UserCommand] = [commands.SetPassword(at=now)]
        if verified:
            changes.append(commands.VerifyEmail(at=now))
        changes.append(self.emails.command("password_changed"))
        self.accounts.execute(user_id, changes, origin=origin, command_id=command_id)
        self.credentials.put(tenant_id, user_id, hashed, now)
        self.emails.links.withdraw(tenant_id, user_id, "reset_password")
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id)
