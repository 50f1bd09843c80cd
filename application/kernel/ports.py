"""What the application needs of the world, as small protocols. Adapters satisfy them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from domain.ids import TenantId
from domain.kernel import Origin, Recorded, Rejected


class VersionConflict(Exception):  # noqa: N818  not a failure: the answer is to decide again
    """Another writer appended to the stream first: its version is not the expected one."""


class MediaMissing(Rejected):
    """The media store holds nothing under this digest."""

    code = "media.missing"
    kind = "not_found"


class MediaCorrupt(Rejected):
    """Stored media no longer match their digest."""

    code = "media.corrupt"
    kind = "unavailable"


class StorageUnavailable(Rejected):
    """The data folder cannot be written to, or its disk is full."""

    code = "storage.unavailable"
    kind = "unavailable"


@dataclass(frozen=True, slots=True)
class Change:
    """New events for one stream, decided when the stream had `expected_version` events."""

    stream: str
    expected_version: int
    events: Sequence[Any]


@dataclass(frozen=True, slots=True)
class AppendResult:
    """Result of a command: the `position` of its last event, 0 if it caused none.

    `repeated`: the command was executed before, and nothing was added now. `event_ids` are those of
    the events that were added now, in order.
    """

    position: int
    repeated: bool = False
    event_ids: tuple[UUID, ...] = field(default=(), compare=False)


class EventLog(Protocol):
    """All facts in order: the only source of truth."""

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Store all changes in one transaction, or none.

        The first call with a `command_id` (within a tenant) stores; any later one returns the
        first answer with `repeated=True` and stores nothing. Changes without events are recorded
        under the command id too. Raises VersionConflict where a stream has another version than
        expected (a repeated command is answered before that is looked at), and
        StorageUnavailable where nothing can be written.
        """
        ...

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        """Tell the first answer to a command, with `repeated=True`; None where it is new."""
        ...

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        """All events of a tenant's stream in order of version, those after a version."""
        ...

    def load_many(
        self, tenant_id: TenantId, streams: Collection[str]
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        """All events of some of a tenant's streams, in one read: each in order of version.

        Every stream asked for is in the answer, without events where it has none.
        """
        ...

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        """At most `limit` events of all tenants with a position > `after`, in order."""
        ...

    def head(self) -> int:
        """Give the position of the newest event, 0 where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """What lies on a prefix: the SHA-256 of its content in hexadecimal, and how many bytes."""

    digest: str
    size: int


class MediaReader(Protocol):
    """Files by their content: the digest is the SHA-256 of the bytes, in hexadecimal.

    A `prefix` groups media that are deleted together: under a session's id its video and landmarks,
    under a job's id its upload. The prefix "" is for media that belong to no one. Methods raise
    MediaMissing if the prefix has no media with the digest.
    """

    def get(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> bytes:
        """Read and verify. Raises MediaCorrupt."""
        ...

    def part(
        self, tenant_id: TenantId, digest: str, start: int, end: int, *, prefix: str = ""
    ) -> bytes:
        """Read the bytes from `start` to before `end`, 0 <= start < end <= size.

        A part has no digest of its own, so it is not verified.
        """
        ...

    def local(
        self, tenant_id: TenantId, digest: str, *, prefix: str = ""
    ) -> AbstractContextManager[Path]:
        """Lend a file with this content, to be read only. Raises MediaCorrupt."""
        ...

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        """Count the bytes of the content."""
        ...

    def link(
        self, tenant_id: TenantId, digest: str, *, prefix: str = "", lasts: timedelta
    ) -> str | None:
        """Give a URL under which whoever has it can read the content for so long.

        None where the store has no door of its own.
        """
        ...


class MediaStore(MediaReader, Protocol):
    """Files by their content, to be written too."""

    def put(self, tenant_id: TenantId, content: bytes, *, prefix: str = "") -> str:
        """Store bytes and return their digest; storing them again changes nothing."""
        ...

    def put_file(self, tenant_id: TenantId, path: Path, *, prefix: str = "") -> str:
        """Store a file's content without loading all of it; the file itself stays."""
        ...

    def list_media(
        self, tenant_id: TenantId, prefix: str, *, after: str = "", limit: int = 1000
    ) -> Sequence[StoredMedia]:
        """List a page of what lies on a prefix, by digest, from the first one behind `after`."""
        ...

    def clear(self, tenant_id: TenantId, prefix: str) -> int:
        """Remove a prefix for ever with all that lies on it, and count that. "" is not removed."""
        ...


class Clock(Protocol):
    """Tells the time, UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """Makes identifiers that sort by time of creation (RFC 9562, version 7)."""

    def __call__(self) -> UUID: ...


class LogReader(Protocol):
    """The part of the event log that projections read."""

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]: ...

    def head(self) -> int: ...


class LogTail(Protocol):
    """Wakes whoever follows the event log: the relay, the runner of projections."""

    def wait(self, after: int, timeout_s: float) -> int:
        """Return the log's head once it is beyond `after`, or when the time has run out."""
        ...


@dataclass(frozen=True, slots=True)
class RateLimit:
    """State of a rate limit: `remaining` of `limit` requests in `window_s` seconds."""

    granted: bool
    limit: int
    window_s: int
    remaining: int
    resets_in_s: int


class RateLimiter(Protocol):
    """Counts requests. Never fails: without its store, each process counts for itself."""

    def consume(self, whose: str) -> RateLimit:
        """Count one request of a client and return the state of its limit."""
        ...
