"""Ports of second factors: their store, and the algorithm of authenticator apps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.ids import TenantId, UserId
from domain.users.identities import FactorKind


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """A second factor. It counts only while the account's events name its id.

    `sealed` is the secret of the app or the passkey's credential, encrypted with the key of the
    person. `counter` is the last time step whose code was used, or the passkey's signature counter.
    """

    tenant_id: TenantId
    user_id: UserId
    id: str
    kind: FactorKind
    sealed: bytes
    counter: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """Limit of wrong codes: so many are free, then the wait doubles up to the longest."""

    free: int
    wait: timedelta
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """Return the wait after so many wrong codes in a row."""
        if failures < self.free:
            return timedelta(0)
        doublings = min(failures - self.free, 20)
        return min(self.wait * (1 << doublings), self.longest)


class SecondFactors(Protocol):
    """Store of second factors, recovery codes, and sign-ins that were confirmed with them."""

    def put(self, factor: StoredFactor) -> None: ...

    def put_passkey(self, factor: StoredFactor, credential: bytes) -> bool:
        """Store a passkey by the digest of its credential id; False if that is registered."""
        ...

    def find_passkey(self, tenant_id: TenantId, credential: bytes) -> StoredFactor | None:
        """Return the passkey with this digest of its credential id, or None."""
        ...

    def list_all(self, tenant_id: TenantId, user_id: UserId) -> Sequence[StoredFactor]:
        """Return the stored factors of a user, the oldest first."""
        ...

    def advance(self, factor: StoredFactor, counter: int) -> bool:
        """Raise the counter of a factor; of concurrent calls with one value only one succeeds."""
        ...

    def remove(self, tenant_id: TenantId, user_id: UserId, factor_ids: Sequence[str]) -> None: ...

    def remove_unused(
        self, tenant_id: TenantId, user_id: UserId, factor_ids: Sequence[str]
    ) -> None:
        """Remove those of the factors whose counter was never raised."""
        ...

    def remove_all(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Remove everything that is stored here about a user."""
        ...

    def replace_codes(
        self, tenant_id: TenantId, user_id: UserId, digests: Sequence[bytes]
    ) -> None: ...

    def use_code(self, tenant_id: TenantId, user_id: UserId, digest: bytes) -> bool:
        """Use up a recovery code. Of concurrent calls only one succeeds."""
        ...

    def count_codes(self, tenant_id: TenantId, user_id: UserId) -> int: ...

    def begin_attempt(
        self, tenant_id: TenantId, user_id: UserId, at: datetime, limits: Attempts
    ) -> bool:
        """Count an attempt as wrong before its check; False if it has to wait."""
        ...

    def end_attempts(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Forget wrong attempts after a right one."""
        ...

    def confirm(self, tenant_id: TenantId, user_id: UserId, sign_in_id: UUID, at: datetime) -> None:
        """Record that a sign-in was confirmed with a second factor."""
        ...

    def confirmed_at(self, tenant_id: TenantId, sign_in_id: UUID) -> datetime | None:
        """Return the time of the last confirmation of a sign-in, or None."""
        ...


class OneTimePasswords(Protocol):
    """Time-based one-time passwords of authenticator apps (RFC 6238)."""

    def new_secret(self) -> str:
        """Return a new secret of 160 random bits in base 32."""
        ...

    def uri(self, secret: str, account: str) -> str:
        """Return the `otpauth` URI that apps read from a QR code."""
        ...

    def qr_code(self, uri: str) -> str:
        """Return a QR code as the data URI of an SVG image."""
        ...

    def find_step(self, secret: str, code: str, at: datetime) -> int | None:
        """Return the time step of a code, up to one step away from now; None if it is wrong."""
        ...
