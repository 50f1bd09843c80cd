"""What is known about a person is kept under a key of that person, which can be destroyed.

Three layers: values are sealed with a key per person; that key is wrapped by the key of its
tenant; and that one never leaves a key management service, or comes from a local key file.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from domain.ids import TenantId, UserId
from domain.kernel import Rejected


class SubjectErased(Rejected):
    """This person has been forgotten; nothing more can be written down about them."""

    code = "person.forgotten"


class KmsUnavailable(Rejected):
    """The keys are out of reach, and with them all personal data."""

    code = "kms.unavailable"
    kind = "unavailable"


class KeyRefused(Rejected):
    """A key cannot be unwrapped: it belongs to somebody else, or another service wrapped it."""

    code = "kms.key_refused"
    kind = "unavailable"


class SealBroken(Rejected):
    """A sealed value was changed, or stands where it was not written."""

    code = "seal.broken"
    kind = "unavailable"


class Kms(Protocol):
    """Wraps keys of 16 to 64 bytes with a tenant's key, which it never gives away."""

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        """Encrypt a key. `about` says whose it is, and is needed again to unwrap it.

        Raises KmsUnavailable.
        """
        ...

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        """Decrypt a key. Raises KmsUnavailable and KeyRefused."""
        ...


class SubjectKeyStore(Protocol):
    """Wrapped keys, one for each subject of a tenant, outside of events and of their backups.

    Every method raises StorageUnavailable.
    """

    def find_or_add(
        self, tenant_id: TenantId, subject: str, make: Callable[[], bytes]
    ) -> bytes | None:
        """Give a subject's wrapped key; the first to ask makes it. None once it is destroyed."""
        ...

    def find(self, tenant_id: TenantId, subject: str) -> bytes | None:
        """Give a subject's wrapped key; None where there is none, or none any more."""
        ...

    def destroy(self, tenant_id: TenantId, subject: str, at: datetime) -> datetime:
        """Destroy a key for ever, known or not, and tell when it first was."""
        ...


class FieldCipher(Protocol):
    """Seals values about people."""

    def seal(self, content: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes) -> bytes:
        """Encrypt. `place` says where it is written, and is needed again to open it.

        Raises SubjectErased, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        ...

    def unseal(
        self, sealed: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes
    ) -> bytes | None:
        """Decrypt; None where the person's key is not there any more.

        Raises SealBroken, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        ...

    def destroy(self, tenant_id: TenantId, subject: UserId, at: datetime) -> datetime:
        """Destroy a person's key, and with it all that was sealed; tell when it first was.

        Other processes may still hold the key for half a minute. Raises StorageUnavailable.
        """
        ...
