"""Envelope encryption with a key per person.

Three layers: values are encrypted with the key of the person; that key is wrapped with the key of
the tenant; and that one never leaves a key management service, or comes from a local key file.
Destroying the key of a person erases everything that was encrypted with it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from domain.ids import TenantId, UserId
from domain.kernel import Rejected


class SubjectErased(Rejected):
    """This person was erased. No more data about them can be stored."""

    code = "person.forgotten"


class KmsUnavailable(Rejected):
    """The key management service is unavailable, so personal data cannot be read. Try again."""

    code = "kms.unavailable"
    kind = "unavailable"


class KeyDisabled(KmsUnavailable):
    """The key of this tenant is disabled: its data cannot be read. Tell your administrator."""

    code = "kms.key_disabled"


class KeyMissing(KeyDisabled):
    """The KMS has no key of this tenant: it was deleted, or has another name."""


class KeyRefused(Rejected):
    """Personal data cannot be read with the keys of this server. Tell your administrator."""

    code = "kms.key_refused"
    kind = "unavailable"


class SealBroken(Rejected):
    """An encrypted value was changed, or copied to another place."""

    code = "seal.broken"
    kind = "unavailable"


class Kms(Protocol):
    """Wraps keys of 16 to 64 bytes with the key of a tenant, which never leaves the service."""

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        """Encrypt a key. `about` identifies the subject, and is needed again to unwrap it.

        Raises KmsUnavailable, KeyDisabled for a tenant whose key is disabled, and KeyMissing.
        """
        ...

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        """Decrypt a key. Raises KeyRefused, and what `wrap` raises."""
        ...


class SubjectKeyStore(Protocol):
    """Wrapped keys, one per subject of a tenant, outside of events and of their backups.

    Every method raises StorageUnavailable.
    """

    def find_or_add(
        self, tenant_id: TenantId, subject: str, make: Callable[[], bytes]
    ) -> bytes | None:
        """Return the wrapped key of a subject, created by the first call; None if destroyed."""
        ...

    def find(self, tenant_id: TenantId, subject: str) -> bytes | None:
        """Return the wrapped key of a subject; None if it does not exist or was destroyed."""
        ...

    def destroy(self, tenant_id: TenantId, subject: str, at: datetime) -> datetime:
        """Destroy a key forever, even if it never existed; return when that was first done."""
        ...


class FieldCipher(Protocol):
    """Encrypts values about people."""

    def seal(self, content: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes) -> bytes:
        """Encrypt. `place` is where it is stored, and is needed again to decrypt it.

        Raises SubjectErased, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        ...

    def unseal(
        self, sealed: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes
    ) -> bytes | None:
        """Decrypt; None if the key of the person was destroyed.

        Raises SealBroken, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        ...

    def destroy(self, tenant_id: TenantId, subject: UserId, at: datetime) -> datetime:
        """Destroy the key of a person, and with it all encrypted values; return the first time.

        Other processes may cache the key for half a minute. Raises StorageUnavailable.
        """
        ...
