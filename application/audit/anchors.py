"""Where the chains of a log stood is written down elsewhere, by whoever does not trust the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.audit.verification import Anchored
from domain.kernel import Rejected


class AnchorRefused(Rejected):
    """This is no anchor that this platform has signed."""

    code = "anchor.refused"
    kind = "invalid"


class AnchorKeyUnknown(Rejected):
    """The platform does not have the key of this anchor any more: say that it is trusted."""

    code = "anchor.key_unknown"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the chains of tenants stood at a time; `key_id` is of the key that it was signed with.

    The id of a key is its thumbprint (RFC 7638): there is no other key that has it.
    """

    at: datetime
    heads: tuple[Anchored, ...]
    key_id: str


class Anchors(Protocol):
    """Signs anchors, and reads signed ones."""

    def sign(self, heads: Sequence[Anchored], *, at: datetime) -> str:
        """Write an anchor as one line of text. Raises KmsUnavailable and StorageUnavailable."""
        ...

    def read(self, document: str, *, trusted: Collection[str] = ()) -> Anchor:
        """Read an anchor that was signed with a key of the platform, or with one of `trusted`.

        Those are ids of keys that the platform may have let go of since. Raises AnchorRefused,
        AnchorKeyUnknown, KmsUnavailable and StorageUnavailable.
        """
        ...
