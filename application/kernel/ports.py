"""Shared ports: event log, media, clock, ids, rate limits."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any, BinaryIO, Final, Protocol, Self
from uuid import UUID

from domain.ids import TenantId, UserId
from domain.kernel import Origin, Recorded, Rejected


class VersionConflict(Exception):  # noqa: N818  not a failure: decide again
    """The expected version is stale: another writer appended to the stream first."""


class MediaMissing(Rejected):
    """The media store has no content with this digest."""

    code = "media.missing"
    kind = "not_found"


class MediaCorrupt(Rejected):
    """The stored content no longer matches its digest."""

    code = "media.corrupt"
    kind = "unavailable"


class StorageUnavailable(Rejected):
    """The data cannot be read or stored right now."""

    code = "storage.unavailable"
    kind = "unavailable"


class EventNotDecoded(Rejected):
    """Base of refusals to decode a stored event. The reason and the place are for operators."""

    kind = "unavailable"

    def at(self, position: int, originator: str, version: int) -> Self:
        """Return this refusal with the place of the event; `originator` is `<tenant>/<stream>`."""
        return type(self)(
            f"{self.detail} It is version {version} of {originator}, at position {position}:"
            " kinelog audit verify reports whether it was changed."
        )


class EventUnreadable(EventNotDecoded):
    """Stored data are damaged and cannot be read. Tell your administrator."""

    code = "event.unreadable"


@dataclass(frozen=True, slots=True)
class DamagedEvent:
    """Placeholder for an event that is damaged; `reason` is for operators."""

    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """New events of one stream, decided on its first `expected_version` events."""

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


ALL_VERSIONS: Final[Mapping[str, int]] = MappingProxyType({})
"""Reads streams from their beginning."""


class EventLog(Protocol):
    """All events in order: the only source of truth."""

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Store all changes in one transaction, or none.

        The first call with a `command_id` (within a tenant) stores; any later one returns the
        first result with `repeated=True` and stores nothing. A command without events is recorded
        too. Raises VersionConflict if a stream has another version than expected (repeated commands
        are detected first), and StorageUnavailable if nothing can be written.
        """
        ...

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        """Return the first result of a command, with `repeated=True`; None if it is new."""
        ...

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        """Return the events of a stream after a version, in order.

        Raises EventUnreadable for a damaged event, or returns it as `DamagedEvent` with
        `keep_damaged`.
        """
        ...

    def load_many(
        self,
        tenant_id: TenantId,
        streams: Collection[str],
        *,
        after_versions: Mapping[str, int] = ALL_VERSIONS,
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        """Return the events of several streams, in one read: each in order of version.

        `after_versions`: of which streams only the events after a version are read. Every requested
        stream is in the result, with an empty list if it has no such events.
        """
        ...

    def scan(
        self, *, after: int, limit: int, keep_damaged: bool = False
    ) -> Sequence[Recorded[Any]]:
        """Return at most `limit` events of all tenants with a position > `after`, in order.

        `keep_damaged` is as in `load`.
        """
        ...

    def head(self) -> int:
        """Return the position of the newest event, 0 if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """Stored content: its SHA-256 in hexadecimal, and its size in bytes as it is stored."""

    digest: str
    size: int


class MediaReader(Protocol):
    """Content-addressed files: the digest is the SHA-256 of the bytes, in hexadecimal.

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
        """Return the path of a local file with this content, for reading by this process.

        Child processes get its descriptor: the file may have no name. Raises MediaCorrupt.
        """
        ...

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        """Return the size of the content in bytes."""
        ...

    def link(
        self, tenant_id: TenantId, digest: str, *, prefix: str = "", lasts: timedelta
    ) -> str | None:
        """Return a URL that gives access to the content for a limited time.

        None if the store has no HTTP endpoint.
        """
        ...


class MediaStore(MediaReader, Protocol):
    """Content-addressed files, with write access.

    `subject` is the person whom the content shows: a store that encrypts does so with their key,
    and stores everything else as it is.
    """

    def put(
        self,
        tenant_id: TenantId,
        content: bytes,
        *,
        prefix: str = "",
        subject: UserId | None = None,
    ) -> str:
        """Store bytes and return their digest. Storing them again changes nothing."""
        ...

    def put_file(
        self, tenant_id: TenantId, path: Path, *, prefix: str = "", subject: UserId | None = None
    ) -> str:
        """Store the content of a file, in parts; the file itself stays."""
        ...

    def put_stream(
        self,
        tenant_id: TenantId,
        source: BinaryIO,
        *,
        prefix: str = "",
        subject: UserId | None = None,
    ) -> str:
        """Store the content of an open, seekable file, from its beginning, in parts."""
        ...

    def list_media(
        self, tenant_id: TenantId, prefix: str, *, after: str = "", limit: int = 1000
    ) -> Sequence[StoredMedia]:
        """Return a page of the content under a prefix, by digest, after `after`."""
        ...

    def clear(self, tenant_id: TenantId, prefix: str) -> int:
        """Delete all content under a prefix and return its number. "" cannot be deleted."""
        ...


class Clock(Protocol):
    """Returns the current time in UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """Returns a new identifier that sorts by time of creation (RFC 9562, version 7)."""

    def __call__(self) -> UUID: ...


class LogReader(Protocol):
    """The part of the event log that projections read."""

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]: ...

    def head(self) -> int: ...


class LogTail(Protocol):
    """Notifies subscriptions of new events."""

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        """Return the head of the log soon after it is beyond `after`, or on timeout.

        Once `stop` is set, it returns early: at once, or at the next look at the log.
        """
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

    @property
    def is_remote(self) -> bool:
        """Whether the counters are on a server, for which `consume` waits: it needs a thread."""
        ...

    def consume(self, whose: str) -> RateLimit:
        """Count one request of a client and return the state of its limit."""
        ...


class RefundableRateLimiter(RateLimiter, Protocol):
    """A rate limiter that can uncount a request."""

    def give_back(self, whose: str) -> None:
        """Uncount one request of a client that was granted, but refused for another reason."""
        ...
