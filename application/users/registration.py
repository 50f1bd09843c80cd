"""Registration and e-mail verification."""

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
from application.users.tenant_registry import TenantRegistry
from application.users.tokens import SignedIn, parse_token
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import Units, email_address
from domain.users.user import Registered, Unregistered

VERIFICATION_LIFETIME: Final = timedelta(days=1)
"""Validity of the link in a verification e-mail."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Registration form of R-IDN-03, with the defaults of R-IDN-04. `repr` hides its content."""

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
    """Registers users and verifies their addresses."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailSender
    sign_in_service: SignInService
    tenants: TenantRegistry
    clock: Clock
    new_id: NewId
    mint_key: MintKey

    def register(self, form: Registration, *, origin: Origin, command_id: UUID) -> None:
        """Open an account and e-mail a verification link to its address.

        An address that already has an account gets the same response, after an equally slow hash,
        and its owner gets a different e-mail. If two people register an address before it is
        verified, one of them may be a stranger: then neither password is valid, and only the link
        signs in.

        Raises TenantUnknown, JoiningRefused, InvalidValue, PasswordTooWeak, PasswordLengthWrong,
        PasswordsBusy.
        """
        email = email_address(form.email.strip())
        self.tenants.join_policy(origin.tenant_id).require_admits(email)
        self.passwords.require_strong(form.password, (email, form.username or ""))
        if self.accounts.is_executed(origin.tenant_id, command_id):
            self.send_verification(origin.tenant_id, email)  # the first message may be lost
            return
        hashed = self.passwords.hash(form.password)
        user_id = self.identities.claim(
            origin.tenant_id, "email", email, UserId(str(self.new_id()))
        )
        if self._open(user_id, email, form, origin=origin, command_id=command_id):
            self.credentials.put(origin.tenant_id, user_id, hashed, self.clock())
        else:
            self._invalidate_password(origin.tenant_id, user_id)
        self.emails.later(lambda: self._notify(origin.tenant_id, user_id))

    def _open(
        self, user_id: UserId, email: str, form: Registration, *, origin: Origin, command_id: UUID
    ) -> bool:
        """Open the account; return False if it exists.

        An address that was claimed without an account being opened is reused.
        """
        if not isinstance(self.accounts.user(origin.tenant_id, user_id), Unregistered):
            return False
        now = self.clock()
        username = None if form.username is None else Personal(user_id, form.username)
        opening: list[commands.UserCommand] = [
            commands.RegisterUser(time_zone=form.time_zone, locale=form.locale, at=now),
            commands.ChangeEmail(email=Personal(user_id, email)),
            commands.ChangeProfile(username=username, units=form.units),
            commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())),
            commands.SetPassword(at=now),
        ]
        try:
            return self.accounts.execute(user_id, opening, origin=origin, command_id=command_id)
        except commands.UserAlreadyRegistered:
            return False  # by a concurrent request

    def _invalidate_password(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Remove the password of an earlier registration unless its address is verified."""
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Registered) and not user.email_verified:
            self.credentials.remove(tenant_id, user_id)

    def send_verification(self, tenant_id: TenantId, email: str) -> None:
        """Send a new link to an unverified address, without revealing whether it exists."""
        self.emails.later(lambda: self._resend(tenant_id, email))

    def verify_email(self, token: str, *, origin: Origin, command_id: UUID) -> SignedIn:
        """Verify an address by the token of its link, and sign its owner in (R-IDN-08).

        Raises LinkRefused.
        """
        parts = parse_token(token)
        if parts is None or parts[0] != origin.tenant_id:
            raise LinkRefused
        tenant_id, digest = parts
        user_id = self.emails.links.redeem(tenant_id, digest, "verify_email", self.clock())
        if user_id is None:
            raise LinkRefused
        command = commands.VerifyEmail(at=self.clock())
        self.accounts.execute(user_id, [command], origin=origin, command_id=command_id)
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise LinkRefused
        return self.sign_in_service.begin(tenant_id, user_id, user)

    def _notify(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Write to the account's own address, never to one taken from the request."""
        user = self.accounts.user(tenant_id, user_id)
        email = reveal(user.email) if isinstance(user, Registered) else None
        if not isinstance(user, Registered) or email is None:
            return
        if user.email_verified:
            self.emails.mailer.send(self.emails.templates.already_registered(email))
        else:
            self._send_link(tenant_id, user_id, email)

    def _resend(self, tenant_id: TenantId, email: str) -> None:
        user_id = self.identities.find(tenant_id, "email", email)
        if user_id is None:
            return
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Registered) and not user.email_verified:
            self._notify(tenant_id, user_id)

    def _send_link(self, tenant_id: TenantId, user_id: UserId, email: str) -> None:
        token = self.emails.token(tenant_id, user_id, "verify_email", VERIFICATION_LIFETIME)
        self.emails.mailer.send(self.emails.templates.verification(email, token))
