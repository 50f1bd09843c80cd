"""Registration and e-mail verification."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock, NewId
from application.users.accounts import Accounts, reveal
from application.users.email_requests import EmailRequests, Recipient
from application.users.errors import (
    EmailAlreadyVerified,
    LinkRefused,
    PasswordNeeded,
    RegistrationPasswordWrong,
)
from application.users.ports import (
    Credentials,
    IdentityIndex,
    MintKey,
    Passwords,
)
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from application.users.tokens import SignedIn, digest_of, parse_token
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


@dataclass(frozen=True, slots=True)
class VerificationLink:
    """A valid link that verifies `email`.

    `needs_password`: it was opened in another browser than that of the registration.
    """

    user_id: UserId
    email: str
    needs_password: bool


@dataclass(frozen=True)
class RegistrationService:
    """Registers users and verifies their addresses."""

    accounts: Accounts
    passwords: Passwords
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailRequests
    sign_in_service: SignInService
    tenants: TenantRegistry
    clock: Clock
    new_id: NewId
    mint_key: MintKey

    def register(self, form: Registration, *, origin: Origin, command_id: UUID) -> str:
        """Open an account, e-mail a verification link, and return a proof of this registration.

        The proof lets the same browser verify the address without the password. An address that
        already has an account gets the same response, after equally slow work, and its owner gets a
        different e-mail. A repeated registration with the same password changes nothing. With
        another password, one of the two may be a stranger's: then neither is valid, and the person
        who opens the link chooses one. Beyond the quota of `EmailQuota` no e-mail is sent.

        Raises TenantUnknown, JoiningRefused, InvalidValue, PasswordTooWeak, PasswordLengthWrong,
        PasswordsBusy.
        """
        tenant_id, email = origin.tenant_id, email_address(form.email.strip())
        self.tenants.join_policy(tenant_id).require_admits(email)
        self.passwords.require_strong(form.password, (email, form.username or ""))
        repeated = self.accounts.is_executed(tenant_id, command_id)
        if repeated and self.identities.find(tenant_id, "email", email) is None:  # erased since
            self.passwords.check(form.password, None)
            return proof_of(self.passwords.hash(form.password))
        user_id = self.identities.claim(tenant_id, "email", email, UserId(str(self.new_id())))
        stored = self.credentials.find(tenant_id, user_id)
        is_same = self.passwords.check(form.password, stored).matches
        hashed = self.passwords.hash(form.password)
        user = self.accounts.user(tenant_id, user_id)
        if isinstance(user, Unregistered):
            self._store(tenant_id, user_id, hashed, expected=stored)  # first: a crash loses none
            self._open(user_id, email, form, origin=origin, command_id=command_id)
        elif isinstance(user, Registered) and not user.email_verified:
            self._store(tenant_id, user_id, hashed if is_same else None, expected=stored)
            if not is_same:
                self._restore_verified(tenant_id, user_id, stored)
        if not isinstance(user, Unregistered) and not repeated:
            self.emails.request_later(
                lambda: self._recipient(tenant_id, user_id), origin=origin, command_id=command_id
            )
        return proof_of(hashed)

    def _store(
        self, tenant_id: TenantId, user_id: UserId, hashed: str | None, *, expected: str | None
    ) -> None:
        """Replace the password, unless a concurrent registration has done so since it was read.

        Then that one stays: a link is redeemed with the stored password or with its proof only.
        """
        self.credentials.replace(tenant_id, user_id, hashed, expected=expected, at=self.clock())

    def _restore_verified(self, tenant_id: TenantId, user_id: UserId, stored: str | None) -> None:
        """Store the password of a verified account again if a registration has just removed it.

        The registration read the account before it was verified. An account that a provider has
        verified has no password.
        """
        user = self.accounts.user(tenant_id, user_id)
        is_valid = isinstance(user, Registered) and user.email_verified and user.has_password
        if is_valid and stored is not None:
            self._store(tenant_id, user_id, stored, expected=None)

    def _open(
        self, user_id: UserId, email: str, form: Registration, *, origin: Origin, command_id: UUID
    ) -> None:
        """Open the account: create the user, set the password, then the defaults (R-IDN-04)."""
        now = self.clock()
        username = None if form.username is None else Personal(user_id, form.username)
        opening: list[commands.UserCommand] = [
            commands.RegisterUser(time_zone=form.time_zone, locale=form.locale, at=now),
            commands.ChangeEmail(email=Personal(user_id, email)),
            commands.SetPassword(at=now),
            commands.ChangeProfile(username=username, units=form.units),
            commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())),
        ]
        if self.emails.has_quota(origin.tenant_id, "verification", email):
            opening.append(self.emails.command("verification"))
        with suppress(commands.UserAlreadyRegistered):  # by a concurrent request
            self.accounts.execute(user_id, opening, origin=origin, command_id=command_id)

    def send_verification(self, email: str, *, origin: Origin) -> None:
        """Send a new link to an unverified address, without revealing whether it exists.

        Beyond the quota of `EmailQuota` nothing is sent.
        """
        tenant_id = origin.tenant_id

        def find() -> Recipient | None:
            user_id = self.identities.find(tenant_id, "email", email)
            recipient = None if user_id is None else self._recipient(tenant_id, user_id)
            return recipient if recipient is not None and recipient[1] == "verification" else None

        self.emails.request_later(find, origin=origin)

    def read_link(self, token: str, proof: str | None, *, tenant_id: TenantId) -> VerificationLink:
        """Return what a verification link verifies, without using it.

        Raises LinkRefused and EmailAlreadyVerified.
        """
        user_id, user, _ = self._pending(token, tenant_id)
        stored = self.credentials.find(tenant_id, user_id)
        return VerificationLink(
            user_id=user_id,
            email=reveal(user.email) or "",
            needs_password=not _proves(proof, stored),
        )

    def verify_email(
        self,
        token: str,
        *,
        password: str | None = None,
        proof: str | None = None,
        origin: Origin,
        command_id: UUID,
    ) -> SignedIn:
        """Verify an address by the token of its link, and sign its owner in (R-IDN-08).

        The link proves that this person reads the mailbox; the password, or the proof of the
        registration, that they registered: else a stranger could have chosen the password. If no
        password is valid, this one becomes valid.

        Raises LinkRefused, EmailAlreadyVerified, PasswordNeeded, RegistrationPasswordWrong,
        AccountSuspended, PasswordsBusy, PasswordTooWeak and PasswordLengthWrong.
        """
        tenant_id, now = origin.tenant_id, self.clock()
        user_id, user, digest = self._pending(token, tenant_id)
        changes: list[commands.UserCommand] = [commands.VerifyEmail(at=now)]
        stored = self.credentials.find(tenant_id, user_id)
        if not _proves(proof, stored):
            if password is None:
                raise PasswordNeeded
            if stored is None:
                self._choose_password(tenant_id, user_id, user, password)
                changes.append(commands.SetPassword(at=now))
            elif not self.passwords.check(password, stored).matches:
                raise RegistrationPasswordWrong
        self.accounts.execute(user_id, changes, origin=origin, command_id=command_id)
        if self.emails.links.redeem(tenant_id, digest, "verify_email", now) is None:
            raise EmailAlreadyVerified  # by a concurrent request, which signs in
        self._restore_verified(tenant_id, user_id, stored)
        verified = self.accounts.user(tenant_id, user_id)
        if not isinstance(verified, Registered):
            raise LinkRefused
        return self.sign_in_service.begin(tenant_id, user_id, verified)

    def _pending(self, token: str, tenant_id: TenantId) -> tuple[UserId, Registered, bytes]:
        """Return the unverified account of a valid link, and the link's digest."""
        parts = parse_token(token)
        if parts is None or parts[0] != tenant_id:
            raise LinkRefused
        links, digest, now = self.emails.links, parts[1], self.clock()
        user_id = links.owner(tenant_id, digest, "verify_email", now)
        if user_id is None:
            if links.owner(tenant_id, digest, "email_verified", now) is not None:
                raise EmailAlreadyVerified
            raise LinkRefused
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise LinkRefused
        if user.email_verified:
            raise EmailAlreadyVerified
        return user_id, user, digest

    def _choose_password(
        self, tenant_id: TenantId, user_id: UserId, user: Registered, password: str
    ) -> None:
        personal_words = (reveal(user.email) or "", reveal(user.username) or "")
        self.passwords.require_strong(password, personal_words)
        hashed = self.passwords.hash(password)
        if not self.credentials.replace(tenant_id, user_id, hashed, expected=None, at=self.clock()):
            raise RegistrationPasswordWrong

    def _recipient(self, tenant_id: TenantId, user_id: UserId) -> Recipient | None:
        """Return the account, and the e-mail about a registration of its address."""
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            return None
        return user_id, "already_registered" if user.email_verified else "verification"


def proof_of(hashed: str) -> str:
    """Return the proof of a registration, from the salted hash of its password."""
    return digest_of(f"registration {hashed}").hex()


def _proves(proof: str | None, stored: str | None) -> bool:
    """Return whether a proof belongs to the registration that chose the stored password."""
    if proof is None or stored is None:
        return False
    return hmac.compare_digest(proof.encode(), proof_of(stored).encode())
