"""Limits of attempts to sign in, and of e-mails to one address."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from application.kernel.ports import RateLimit, RateLimiter, RefundableRateLimiter
from application.users.ports import DeriveSecret, NewSecret
from domain.ids import TenantId, UserId
from domain.kernel import LimitReached
from domain.users.identities import EmailKind

DEVICE: Final = "known_device"
"""Purpose of the secrets of known devices."""

UNVERIFIED_KINDS: Final = 3
"""Kinds of e-mails to unverified addresses that can be requested: to verify, to choose another
password, and invitations."""


class TooManyAttempts(LimitReached):
    """Too many wrong passwords. Wait, then try again, or choose a new password."""

    code = "auth.too_many_attempts"


class TooManyEmails(LimitReached):
    """Too many e-mails were requested for this address. Try again later."""

    code = "mail.too_many"


class Attempts(Protocol):
    """Progressive delays between attempts. Without their store, processes count alone."""

    def begin(self, key: str) -> int:
        """Count an attempt and return 0; or return how many seconds it has to wait."""
        ...

    def succeeded(self, key: str) -> None:
        """Forget the attempts of a key."""
        ...


@dataclass(frozen=True)
class SignInAttempts:
    """Delays wrong passwords by account and client, so that nobody locks somebody else out.

    A client is a network address, a device on which the user has signed in before, or, for users
    who are signed in, their sign-in.
    """

    attempts: Attempts
    derive_secret: DeriveSecret
    new_secret: NewSecret

    def begin(
        self,
        tenant_id: TenantId,
        email: str,
        owner: UserId | None,
        *,
        address: str,
        device: str | None,
    ) -> str:
        """Count an attempt, and return its key. Raises TooManyAttempts."""
        client = f"address {address}"
        if owner is not None and device is not None and self._knows(tenant_id, owner, device):
            client = f"device {device}"
        return self._begin(f"{tenant_id}/{email.strip().lower()}/{client}")

    def begin_confirmation(self, tenant_id: TenantId, user_id: UserId, sign_in_id: UUID) -> str:
        """Count an attempt of a signed-in user to confirm a change with the password.

        Returns its key. The user's other sign-ins are not delayed. Raises TooManyAttempts.
        """
        return self._begin(f"{tenant_id}/{user_id}/sign-in {sign_in_id}")

    def succeeded(self, key: str) -> None:
        """Forget the attempts of a key."""
        self.attempts.succeeded(key)

    def _begin(self, name: str) -> str:
        key = _digest(name)
        wait_s = self.attempts.begin(key)
        if wait_s:
            raise TooManyAttempts(wait_s)
        return key

    def device_of(self, tenant_id: TenantId, user_id: UserId) -> str:
        """Return a new proof that the user has signed in on a device."""
        name = self.new_secret()
        return f"{name}.{self._secret(tenant_id, user_id, name)}"

    def _knows(self, tenant_id: TenantId, user_id: UserId, device: str) -> bool:
        name, _, secret = device.partition(".")
        expected = self._secret(tenant_id, user_id, name)
        return hmac.compare_digest(secret.encode(), expected.encode())

    def _secret(self, tenant_id: TenantId, user_id: UserId, name: str) -> str:
        return self.derive_secret(tenant_id, DEVICE, f"{user_id}/{name}")


@dataclass(frozen=True)
class EmailQuota:
    """Limits the e-mails that anybody can cause to be sent to one mailbox.

    Only e-mails that are sent count, so requests for which nothing is sent cannot use the quota up.
    `by_kind` counts by tenant, kind of e-mail and address: registrations do not use up the password
    resets of the owner, and if others have requested all of those, the owner has received them, and
    the newest link is valid. `by_address` counts the e-mails to addresses that nobody has verified,
    in all tenants together: anybody may have entered them in many tenants.

    Requests are limited by the network address of the client as well: `/v1/auth` (R-API-08).
    """

    by_kind: RefundableRateLimiter
    by_address: RateLimiter

    def consume(
        self, tenant_id: TenantId, kind: EmailKind, address: str, *, verified: bool
    ) -> RateLimit:
        """Count an e-mail that is about to be sent."""
        mailbox = address.strip().lower()
        of_kind = _digest(f"{tenant_id}/{kind}/{mailbox}")
        left = self.by_kind.consume(of_kind)
        if left.granted and not verified:
            left = self.by_address.consume(_digest(mailbox))
            if not left.granted:
                self.by_kind.give_back(of_kind)
        return left


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
