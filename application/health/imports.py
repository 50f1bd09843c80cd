"""Imports of health records from files: their state, and the ports of reader and store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, Literal, Protocol
from uuid import UUID

from domain.health.batch import Measured
from domain.health.events import Source
from domain.ids import TenantId, UserId
from domain.kernel import Rejected

FileFormat = Literal["csv", "gpx", "tcx", "fit", "apple_health"]
"""Formats of files: a table, three of activities, and the archive that Apple Health exports."""

MAX_FILE_BYTES: Final = 250_000_000
"""Bytes of a file, compressed if it is an archive: years of Apple Health are a tenth of it."""

MAX_IMPORTED: Final = 5_000_000
"""Records of one import."""


class FileUnreadable(Rejected):
    """The file does not have this format, or is damaged."""

    code = "health.file_unreadable"
    kind = "invalid"


class ReadingEnded(FileUnreadable):
    """The file could not be read to its end, or is damaged."""


class FileTooLarge(Rejected):
    """The file has too many records, or takes too long to read: import a shorter period."""

    code = "health.file_too_large"
    kind = "invalid"


class ReaderUnavailable(Rejected):
    """Files cannot be read at the moment."""

    code = "health.reader_unavailable"
    kind = "unavailable"


class HealthFileReader(Protocol):
    """Reads untrusted files of health records, in a process of its own."""

    def read(self, file: BinaryIO, kind: FileFormat, since: datetime | None) -> Iterator[Measured]:
        """Yield the records of a file that start at `since` or later, at most MAX_IMPORTED.

        Their ids follow from their content, so another import finds them unchanged. Records that
        differ only in their value have ids with the same beginning, up to a dash. Raises
        FileUnreadable, FileTooLarge and ReaderUnavailable; ReadingEnded if the process was ended,
        by the system, as for memory, or by the file.
        """
        ...


class NoReader:
    """A reader for processes that import no files."""

    def read(self, file: BinaryIO, kind: FileFormat, since: datetime | None) -> Iterator[Measured]:
        """Raise ReaderUnavailable."""
        del file, kind, since
        raise ReaderUnavailable


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record of a file that was not taken: its place in the file, from 0, and the reason."""

    index: int
    record_id: str
    code: str
    message: str


ImportState = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class HealthImport:
    """An import of a file with a SHA-256. `total` is None until the file was read once.

    `handled` of its records were taken or refused, the first ones in the order of the file; after
    them, another process continues. `position` is the last of its events in the log. `attempts`
    counts those since the last progress, with the current one. `problem` is a sentence.
    """

    id: UUID
    tenant_id: TenantId
    user_id: UserId
    source: Source
    format: FileFormat
    time_zone: str
    since: datetime | None
    digest: str
    created_at: datetime
    state: ImportState = "queued"
    total: int | None = None
    handled: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    refused: tuple[RefusedRecord, ...] = ()
    position: int = 0
    problem_code: str | None = None
    problem: str | None = None
    attempts: int = 0

    @property
    def prefix(self) -> str:
        """Prefix of its file among the media."""
        return import_prefix(self.id)

    @property
    def is_over(self) -> bool:
        """Whether it is done or has failed."""
        return self.state in {"done", "failed"}


def import_prefix(import_id: UUID) -> str:
    """Return the media prefix of the file of an import, which it does not share."""
    return f"health-import:{import_id}"


class HealthImportStore(Protocol):
    """Store of imports. Every method raises StorageUnavailable."""

    def add(self, new: HealthImport, most_unfinished: int) -> bool:
        """Store a new import; change nothing if its id exists.

        Returns False, and stores nothing, if the person has this many unfinished ones. Imports of a
        person at the same moment are added one after the other.
        """
        ...

    def get(self, tenant_id: TenantId, import_id: UUID) -> HealthImport | None: ...

    def of_user(self, tenant_id: TenantId, user_id: UserId) -> Sequence[HealthImport]: ...

    def claim(self, owner: UUID, lease_s: float) -> HealthImport | None:
        """Claim an unfinished import without a lease, of any tenant; None if none is free.

        Tenants take turns, and so do the users of a tenant. The claim counts as an attempt.
        """
        ...

    def keep(self, owner: UUID, claimed: HealthImport, lease_s: float) -> bool:
        """Extend the lease; return False if the owner has lost it."""
        ...

    def save(self, owner: UUID, claimed: HealthImport, lease_s: float) -> bool:
        """Store a claimed import and extend its lease; return False if the owner has lost it."""
        ...
