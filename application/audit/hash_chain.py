"""Hash chain of a tenant's events: each hash covers the event and the previous hash.

The hash of an event is the SHA-256 of: the hash of the tenant's previous event (32 zero bytes
before the first), the position, the origin, the fact. Integers and times are big-endian, times are
microseconds since 2000-01-01 UTC. Variable-length fields are preceded by their length in bytes,
except the payload, which comes last. The payload is covered as stored, with personal data
encrypted, so the chain remains valid when a person's key is destroyed.

PostgreSQL computes the same hash in migration 0006; a contract test compares both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct, error
from typing import Final, Protocol

from domain.ids import TenantId

NO_HASH: Final = bytes(32)
"""The previous hash of a tenant's first event."""

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

ID_BYTES: Final = 16

_LONG: Final = Struct(">q").pack
_INTEGERS: Final = Struct(">ii").pack
_LENGTH: Final = Struct(">i").pack


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """A stored event, the previous hash that it names, and its own hash.

    `originator_id` is "<tenant>/<stream>", identifiers are 16 bytes, the time is in microseconds
    since EPOCH. The content is not trusted: it may have been changed.
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
        """Name of the stream within its tenant."""
        return self.originator_id.removeprefix(f"{self.tenant_id}/")

    def is_genuine(self) -> bool:
        """Return whether the hash matches this event and the previous hash."""
        cause = self.causation_id
        ids = (self.event_id, self.correlation_id, *(() if cause is None else (cause,)))
        if any(len(each) != ID_BYTES for each in ids):
            return False
        try:
            return self.hash == self.compute_hash()
        except (error, UnicodeEncodeError):
            return False  # a number out of range or invalid text, which no log has written

    def compute_hash(self) -> bytes:
        """Compute the hash from this event and the previous hash."""
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
    """Reads the hash chains of a log. Every method raises StorageUnavailable."""

    def head(self) -> int:
        """Return the position of the newest event, or 0."""
        ...

    def links(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[ChainedEvent]:
        """Return the next events of one tenant, or of all, in order of position."""
        ...

    def newest(self, tenant_id: TenantId, *, upto: int) -> ChainedEvent | None:
        """Return a tenant's last event at or before position `upto`."""
        ...

    def named(self, tenant_id: TenantId, own: bytes) -> ChainedEvent | None:
        """Find a tenant's event by its own hash, with a full scan."""
        ...

    def following(
        self, tenant_id: TenantId, previous: bytes, *, besides: int
    ) -> ChainedEvent | None:
        """Find an event that names this previous hash at another position than `besides`.

        This is a full scan.
        """
        ...

    def orphan(self, tenant_id: TenantId, *, after: int) -> ChainedEvent | None:
        """Find a tenant's first event after a position whose stream lacks the previous version."""
        ...

    def last_positions(self) -> Mapping[TenantId, int]:
        """Return the last position that each tenant's commands returned."""
        ...


def origin_bytes(
    *,
    tenant_id: str,
    actor: str,
    correlation_id: bytes,
    causation_id: bytes | None,
    recorded_at_us: int,
) -> bytes:
    """Encode the fields shared by the events of a command; time in microseconds since EPOCH."""
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
    """Encode an event's own fields; `originator_id` is "<tenant>/<stream>"."""
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
    """Compute the hash of an event from the previous hash and its encoded fields."""
    return sha256(b"".join((previous, _LONG(position), origin, fact))).digest()


def _sized(text: str) -> bytes:
    content = text.encode()
    return _LENGTH(len(content)) + content
