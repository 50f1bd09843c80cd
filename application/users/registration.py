"""How somebody becomes a user with a password, and shows that the e-mail address is theirs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts, reveal
from application.users.emails import EmailSender
from application.users.errors import LinkRefused
from application.users.ports import (
    Credentials,
    IdentityIndex,
    MintKey,
    Passwords,
)
from application.users.sign_in import SignInService
from application.users.tokens import SignedIn, parse_token
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import Units, email_address
from domain.users.user import Registered, Unregistered

VERIFICATION_LIFETIME: Final = timedelta(days=1)
"""How long the link in the first message leads somewhere."""


@dataclass(frozen=True, slots=True)
class Registration:
    """The form of R-IDN-03, with the defaults of R-IDN-04. It does not show its password."""

    email: str
    password: str
    username: str | None = None
    time_zone: str = "UTC"
    locale: str = "en"
    units: Units = "metric"

    def __repr__(self) -> str:
        return "Registration(…)"


@dataclass(frozen=True)
class RegistrationService:
    """Registration and the verification of addresses."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailSender
    sign_in_service: SignInService
    clock: Clock
    new_id: NewId
    mint_key: MintKey

    def register(self, asked: Registration, *, origin: Origin, command_id: UUID) -> None:
        """Open an account and send a link to its address.

        An address that has an account is answered alike, after as slow a hash; its owner gets
        another message. Where two have registered before the address was verified, one of them may
        be a stranger: neither password counts, and only the link signs in.

        Raises InvalidValue, PasswordTooWeak, PasswordLengthWrong, PasswordsBusy.
        """
        email = email_address(asked.email.strip())
        self.passwords.require_strong(asked.password, (email, asked.username or ""))
        if self.accounts.is_executed(origin.tenant_id, command_id):
            self.send_verification(origin.tenant_id, email)  # the first message may be lost
            return
        hashed = self.passwords.hash(asked.password)
        user_id = self.identities.claim(
            origin.tenant_id, "email", email, UserId(str(self.new_id()))
        )
        if self._opened(user_id, email, asked, origin=origin, command_id=command_id):
            self.credentials.put(origin.tenant_id, user_id, hashed, self.clock())
        else:
            self._distrust(origin.tenant_id, user_id)
        self.emails.later(lambda: self._write_to(origin.tenant_id, user_id))

    def _opened(
        self, user_id: UserId, email: str, asked: Registration, *, origin: Origin, command_id: UUID
    ) -> bool:
        """Open the account unless there is one. An address claimed in vain is taken up again."""
        if not isinstance(self.accounts.user(origin.tenant_id, user_id), Unregistered):
            return False
        now = self.clock()
        named = None if asked.username is None else Personal(user_id, asked.username)
        wishes: list[commands.UserCommand] = [
            commands.RegisterUser(time_zone=asked.time_zone, locale=asked.locale, at=now),
            commands.ChangeEmail(email=Personal(user_id, email)),
            commands.ChangeDetails(username=named, units=asked.units),
            commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())),
            commands.SetPassword(at=now),
        ]
        try:
            return self.accounts.execute(user_id, wishes, origin=origin, command_id=command_id)
        except commands.UserAlreadyRegistered:
            return False  # by somebody who came at the same moment

    def _distrust(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Forget the password of whoever came first, unless the address is known to be theirs."""
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Registered) and not user.email_verified:
            self.credentials.remove(tenant_id, user_id)

    def send_verification(self, tenant_id: TenantId, email: str) -> None:
        """Send another link to an unverified address. Nobody learns whether there is one."""
        self.emails.later(lambda: self._verify_again(tenant_id, email))

    def verify_email(self, token: str, *, origin: Origin, command_id: UUID) -> SignedIn:
        """Follow the link: the address is its owner's, and they are signed in (R-IDN-08).

        Raises LinkRefused.
        """
        parts = parse_token(token)
        if parts is None or parts[0] != origin.tenant_id:
            raise LinkRefused
        tenant_id, digest = parts
        user_id = self.emails.links.redeem(tenant_id, digest, "verify_email", self.clock())
        if user_id is None:
            raise LinkRefused
        wish = commands.VerifyEmail(at=self.clock())
        self.accounts.execute(user_id, [wish], origin=origin, command_id=command_id)
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise LinkRefused
        return self.sign_in_service.begin(tenant_id, user_id, user)

    def _write_to(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Write to the address of the account, which is not to be taken from whoever asks."""
        user = self.accounts.user(tenant_id, user_id)
        email = reveal(user.email) if isinstance(user, Registered) else None
        if not isinstance(user, Registered) or email is None:
            return
        if user.email_verified:
            self.emails.mailer.send(self.emails.templates.already_registered(email))
        else:
            self._send_link(tenant_id, user_id, email)

    def _verify_again(self, tenant_id: TenantId, email: str) -> None:
        user_id = self.identities.find(tenant_id, "email", email)
        if user_id is None:
            return
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Registered) and not user.email_verified:
            self._write_to(tenant_id, user_id)

    def _send_link(self, tenant_id: TenantId, user_id: UserId, email: str) -> None:
        token = self.emails.token(tenant_id, user_id, "verify_email", VERIFICATION_LIFETIME)
        self.emails.mailer.send(self.emails.templates.verification(email, token))
