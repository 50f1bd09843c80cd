"""What administrators do with the accounts of their tenant: invite, suspend, and let in again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts, text_of
from application.users.email_sender import Letters
from application.users.errors import AddressTaken, OwnAccount
from application.users.ports import (
    Credentials,
    IdentityIndex,
    MintKey,
)
from application.users.sign_in import SigningIn
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import email_address
from domain.users.user import Registered, Unregistered, User

INVITATION_LIFETIME: Final = timedelta(days=7)
"""How long the link in an invitation leads to a password."""


@dataclass(frozen=True)
class Administering:
    """Accounts of a tenant, by somebody who may decide about them; who that is doors have asked."""

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    letters: Letters
    signing_in: SigningIn
    clock: Clock
    new_id: NewId
    mint_key: MintKey

    def suspend(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> None:
        """Let somebody in no more, and sign them out at once. Raises UserUnknown and OwnAccount."""
        if origin.actor == user_id:
            raise OwnAccount
        wish = commands.SuspendUser(at=self.clock())
        self.accounts.ask(user_id, [wish], origin=origin, command_id=command_id)
        self.signing_in.sign_out_everywhere(origin.tenant_id, user_id)

    def reactivate(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> None:
        """Let somebody in again, by the ways they had. Raises UserUnknown."""
        wish = commands.ReactivateUser(at=self.clock())
        self.accounts.ask(user_id, [wish], origin=origin, command_id=command_id)

    def invite(self, address: str, *, origin: Origin, command_id: UUID) -> UserId:
        """Open an account for somebody and send them a link to a password; gives its id.

        Whoever was invited and has not come yet gets another link, and only that lets them in.
        Raises InvalidValue, and AddressTaken where somebody has come.
        """
        email = email_address(address.strip())
        made = UserId(str(self.new_id()))
        user_id = self.identities.claim(origin.tenant_id, "email", email, made)
        done = self.accounts.done(origin.tenant_id, command_id)
        user = self.accounts.user(origin.tenant_id, user_id)
        if isinstance(user, Registered) and user.email_verified:
            if done:
                return user_id
            raise AddressTaken
        if not done:
            wishes = self._wishes(user_id, user, email, origin.tenant_id)
            self.accounts.ask(user_id, wishes, origin=origin, command_id=command_id)
        # Whether or not it was done before: the first message may be lost.
        self.letters.later(lambda: self._send(origin.tenant_id, user_id))
        return user_id

    def _wishes(
        self, user_id: UserId, user: User, email: str, tenant_id: TenantId
    ) -> list[commands.UserCommand]:
        """Open the account. If a stranger did so before, their password and links go."""
        if isinstance(user, Unregistered):
            return self._opening(user_id, email)
        self.credentials.remove(tenant_id, user_id)
        self.letters.links.withdraw(tenant_id, user_id, "verify_email")
        return []

    def _opening(self, user_id: UserId, email: str) -> list[commands.UserCommand]:
        return [
            commands.RegisterUser(at=self.clock()),
            commands.ChangeEmail(email=Personal(user_id, email)),
            commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())),
        ]

    def _send(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Write to the address of the account."""
        user = self.accounts.user(tenant_id, user_id)
        email = text_of(user.email) if isinstance(user, Registered) else None
        if email is None:
            return
        token = self.letters.token(tenant_id, user_id, "reset_password", INVITATION_LIFETIME)
        self.letters.mailer.send(self.letters.mails.invitation(email, token))
