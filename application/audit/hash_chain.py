"""Each fact of a tenant vouches for all before it: its hash covers theirs, and all of itself.

The hash of an event is SHA-256 of: the hash of the tenant's event before it (32 bytes of zeros
before the first), the position, the origin, the fact. Whole numbers and times are big-endian, times
are microseconds since 2000-01-01 UTC, and what has no fixed length has its length in bytes in
front, but for the payload, which ends it. The payload is covered as it is stored: what is personal
is sealed in there, and a chain goes on to hold when somebody's key is destroyed.

PostgreSQL computes the same in revision 0006 of its migrations; a contract holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct, error
from typing import Final, Protocol

from domain.ids import TenantId

NO_HASH: Final = bytes(32)
"""What stands for the hash before a tenant's first event."""

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

ID_BYTES: Final = 16

_LONG: Final = Struct(">q").pack
_INTEGERS: Final = Struct(">ii").pack
_LENGTH: Final = Struct(">i").pack


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """An event as it lies in the log, the hash that it names as the one before, and its own.

    `originator_id` is "<tenant>/<stream>", identifiers are their 16 bytes, the time is microseconds
    since EPOCH. Nothing is sure of the contents: somebody may have changed them.
    """

    position: int
    originator_id: str
    version: int
    name: str
    schema_version: int
    payload: bytes
    event_id: bytes
    tenant_id: TenantId
    actor: str
    correlation_id: bytes
    causation_id: bytes | None
    recorded_at_us: int
    previous: bytes
    hash: bytes

    @property
    def stream(self) -> str:
        """The stream's name within its tenant."""
        return self.originator_id.removeprefix(f"{self.tenant_id}/")

    def is_genuine(self) -> bool:
        """Whether the own hash was made of this event and of the previous hash."""
        cause = self.causation_id
        ids = (self.event_id, self.correlation_id, *(() if cause is None else (cause,)))
        if any(len(each) != ID_BYTES for each in ids):
            return False
        try:
            return self.hash == self.made_hash()
        except (error, UnicodeEncodeError):
            return False  # a number that is too large, half a character: never written by a log

    def made_hash(self) -> bytes:
        """Make the hash of this event and of the previous hash."""
        origin = origin_bytes(
            tenant_id=self.tenant_id,
            actor=self.actor,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            recorded_at_us=self.recorded_at_us,
        )
        fact = fact_bytes(
            originator_id=self.originator_id,
            version=self.version,
            name=self.name,
            schema_version=self.schema_version,
            event_id=self.event_id,
            payload=self.payload,
        )
        return link_hash(self.previous, self.position, origin, fact)


class HashChainReader(Protocol):
    """The log as whoever verifies it reads it. Every method raises StorageUnavailable."""

    def head(self) -> int:
        """Give the position of the newest event, 0 where there is none."""
        ...

    def links(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[ChainedEvent]:
        """Give the next events of a tenant, or of all of them, in order of position."""
        ...

    def newest(self, tenant_id: TenantId, *, upto: int) -> ChainedEvent | None:
        """Give a tenant's last event whose position is not beyond `upto`."""
        ...

    def named(self, tenant_id: TenantId, own: bytes) -> ChainedEvent | None:
        """Find a tenant's event by its own hash. Looks through all of them."""
        ...

    def following(
        self, tenant_id: TenantId, previous: bytes, *, besides: int
    ) -> ChainedEvent | None:
        """Find a tenant's event that names this hash, and is not at the position `besides`.

        Looks through all of them.
        """
        ...

    def orphan(self, tenant_id: TenantId, *, after: int) -> ChainedEvent | None:
        """Find a tenant's first event after a position whose stream lacks the version before."""
        ...

    def answered(self) -> Mapping[TenantId, int]:
        """Give the last position that each tenant's commands were answered with."""
        ...


def origin_bytes(
    *,
    tenant_id: str,
    actor: str,
    correlation_id: bytes,
    causation_id: bytes | None,
    recorded_at_us: int,
) -> bytes:
    """Write what the events of a command share; the time in microseconds since EPOCH."""
    return b"".join(
        (
            _LONG(recorded_at_us),
            correlation_id,
            b"\x00" if causation_id is None else b"\x01" + causation_id,
            _sized(tenant_id),
            _sized(actor),
        )
    )


def fact_bytes(
    *,
    originator_id: str,
    version: int,
    name: str,
    schema_version: int,
    event_id: bytes,
    payload: bytes,
) -> bytes:
    """Write what is an event's own; `originator_id` is "<tenant>/<stream>"."""
    return b"".join(
        (
            _INTEGERS(version, schema_version),
            event_id,
            _sized(originator_id),
            _sized(name),
            payload,
        )
    )


def link_hash(previous: bytes, position: int, origin: bytes, fact: bytes) -> bytes:
    """Compute the hash of an event from that of the one before and its own parts."""
    return sha256(b"".join((previous, _LONG(position), origin, fact))).digest()


def _sized(text: str) -> bytes:
    content = text.encode()
    return _LENGTH(len(content)) + content
