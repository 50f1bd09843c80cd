"""Ports of privacy."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from application.privacy.subject_data import SubjectData, Term
from domain.erasures.events import Step
from domain.ids import TenantId, UserId


class ErasureTarget(Protocol):
    """One kind of personal data, and how to erase it.

    Both methods raise StorageUnavailable or BusUnavailable.
    """

    @property
    def step(self) -> Step:
        """Step of an erasure to which the target belongs."""
        ...

    def count(self, subject: SubjectData) -> int:
        """Count the items, without changing anything."""
        ...

    def remove(self, subject: SubjectData) -> int:
        """Remove the items and return their number. Idempotent."""
        ...


class ScanTermStore(Protocol):
    """Terms that an erasure searches for, encrypted under its own key until it is certified.

    Every method raises StorageUnavailable.
    """

    def save_terms(self, tenant_id: TenantId, user_id: UserId, terms: Sequence[Term]) -> None:
        """Store the terms, encrypted, replacing earlier ones."""
        ...

    def load_terms(self, tenant_id: TenantId, user_id: UserId) -> tuple[Term, ...] | None:
        """Return the terms, or None if there are none."""
        ...

    def delete_terms(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Delete the terms and their key."""
        ...


class DueErasures(Protocol):
    """Due dates of erasures. Every method raises StorageUnavailable."""

    def set_due(self, tenant_id: TenantId, user_id: UserId, due_at: datetime | None) -> None:
        """Set when an erasure is due, or with None that it is not pending."""
        ...

    def due(self, tenant_id: TenantId, at: datetime) -> Sequence[UserId]:
        """Return the users whose erasure is due at this time and not completed."""
        ...


class Certificates(Protocol):
    """Store of erasure certificates."""

    def put(self, tenant_id: TenantId, user_id: UserId, document: Mapping[str, Any]) -> None: ...

    def get(self, tenant_id: TenantId, user_id: UserId) -> Mapping[str, Any] | None: ...

    def users(self, tenant_id: TenantId) -> Sequence[UserId]:
        """Return the users who have a certificate."""
        ...


class CertificateSigner(Protocol):
    """Signs certificates with a platform key that remains valid forever.

    Raises KmsUnavailable, KeyRefused and StorageUnavailable.
    """

    def sign(self, content: Mapping[str, Any]) -> str:
        """Return a compact JSON Web Signature (RFC 7515) of this content."""
        ...

    def read(self, signature: str, keys: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Return the signed content; with `keys`, a JSON Web Key Set, trust only those.

        Raises InvalidCertificate.
        """
        ...

    def public_keys(self) -> Mapping[str, Any]:
        """Return the JSON Web Key Set of all keys that ever signed a certificate."""
        ...


class RetainedData(Protocol):
    """Data that cannot be erased individually, and expires by itself."""

    def describe(self, subject: SubjectData) -> Sequence[Mapping[str, str]]:
        """Describe what remains, why it identifies nobody, and until when."""
        ...
