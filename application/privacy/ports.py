"""What forgetting somebody needs of the world. Adapters satisfy these."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from application.privacy.identifying_terms import Term
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.ids import TenantId, UserId


class ErasureTarget(Protocol):
    """One kind of thing that is left of a person, and how it goes.

    Both methods raise StorageUnavailable or BusUnavailable where it cannot be reached.
    """

    @property
    def step(self) -> Step:
        """In which step of an erasure it goes."""
        ...

    def count(self, whose: SubjectData) -> int:
        """Tell how many there are, and change nothing."""
        ...

    def remove(self, whose: SubjectData) -> int:
        """Remove them and tell how many there were; those that are gone are not missed."""
        ...


class WantedTerms(Protocol):
    """What an erasure looks for, under a key of its own, from before its first step to its last.

    Every method raises StorageUnavailable.
    """

    def keep(self, tenant_id: TenantId, user_id: UserId, terms: Sequence[Term]) -> None:
        """Keep them, sealed, in place of what was kept."""
        ...

    def kept(self, tenant_id: TenantId, user_id: UserId) -> tuple[Term, ...] | None:
        """Give them; None where none were kept, or not any more."""
        ...

    def drop(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Forget them, and their key."""
        ...


class DueErasures(Protocol):
    """Who is to be forgotten, and when. Every method raises StorageUnavailable."""

    def set_due(self, tenant_id: TenantId, user_id: UserId, due_at: datetime | None) -> None:
        """Note when an erasure is due; None: it is not waited for any more."""
        ...

    def due(self, tenant_id: TenantId, at: datetime) -> Sequence[UserId]:
        """Tell whose erasure is due at this time and not over."""
        ...


class Certificates(Protocol):
    """Certificates that were made, so that they can be handed out again."""

    def put(self, tenant_id: TenantId, user_id: UserId, document: Mapping[str, Any]) -> None: ...

    def get(self, tenant_id: TenantId, user_id: UserId) -> Mapping[str, Any] | None: ...


class CertificateSigner(Protocol):
    """Signs with a key of the platform that verifies for ever.

    Raises KmsUnavailable, KeyRefused and StorageUnavailable.
    """

    def sign(self, content: Mapping[str, Any]) -> str:
        """Give a JSON Web Signature (RFC 7515) of this content, in its compact form."""
        ...

    def read(self, signature: str, keys: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Give what was signed; with `keys`, a JSON Web Key Set, nothing else is believed.

        Raises InvalidCertificate.
        """
        ...

    def public_keys(self) -> Mapping[str, Any]:
        """Give the JSON Web Key Set of all keys that ever signed a certificate."""
        ...


class Retained(Protocol):
    """Tells what cannot be removed one by one, and ends by itself."""

    def left(self, whose: SubjectData) -> Sequence[Mapping[str, str]]:
        """Name what is left, why nobody can tell from it who it was, and until when."""
        ...
