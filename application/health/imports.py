"""Imports of health records from files: the port of the reader, and the use case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO, Final, Literal, Protocol
from uuid import UUID, uuid5

from application.health.daily_figures import StoredRecord
from application.health.service import HealthService, SentBatch
from application.kernel.batches import batched
from domain.health.batch import MAX_BATCH, Measured, Refused
from domain.health.events import Source
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.values import EARLIEST_YEAR, LATEST_YEAR, time_zone

Place = tuple[str, int, int, str]
"""Metric, first and last second, and device of a record."""

FileFormat = Literal["csv", "gpx", "tcx", "fit", "apple_health"]
"""Formats of files: a table, three of activities, and the archive that Apple Health exports."""

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Bytes of a file, compressed if it is an archive."""

MAX_IMPORTED: Final = 20_000
"""Records of one import: as many as forty batches have."""

MAX_COMPARED: Final = 100_000
"""Stored records that an import is compared with."""

MOST_REFUSED: Final = 100
"""Refused records that are listed; all are counted."""


class FileUnreadable(Rejected):
    """The file does not have this format, or is damaged."""

    code = "health.file_unreadable"
    kind = "invalid"


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

        Their ids follow from their content, so another import finds them unchanged. Raises
        FileUnreadable, FileTooLarge and ReaderUnavailable.
        """
        ...


class NoReader:
    """A reader for processes that import no files."""

    def read(self, file: BinaryIO, kind: FileFormat, since: datetime | None) -> Iterator[Measured]:
        """Raise ReaderUnavailable."""
        del file, kind, since
        raise ReaderUnavailable


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts of an import, and the first of its refused records."""

    accepted: int
    unchanged: int
    rejected: int
    refused: tuple[Refused, ...]
    position: int


@dataclass(frozen=True)
class HealthImports:
    """Imports files of callers who are authorized."""

    health: HealthService
    reader: HealthFileReader

    def take(
        self,
        user_id: UserId,
        source: Source,
        file: BinaryIO,
        kind: FileFormat,
        zone: str,
        since: datetime | None,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> Imported:
        """Store the records of a file in batches, after the whole file was read.

        Raises what the reader and `HealthService.push` do.
        """
        name, records = time_zone(zone), list(self.reader.read(file, kind, since))
        if not records:
            raise FileUnreadable("The file has no records that can be imported.")
        stored = self._stored_places(origin.tenant_id, user_id, source, records)
        new = [index for index, each in enumerate(records) if _place(each) not in stored]
        accepted = rejected = position = 0
        unchanged = len(records) - len(new)
        refused: list[Refused] = []
        for number, indices in enumerate(batched(new, MAX_BATCH)):
            synced = self.health.push(
                user_id,
                source,
                SentBatch([records[index] for index in indices], (), name, None),
                origin=origin,
                command_id=uuid5(command_id, f"health-import-{number}"),
            )
            accepted += synced.batch.accepted
            unchanged += synced.batch.unchanged
            rejected += synced.batch.rejected
            position = max(position, synced.position)
            refused += [replace(each, index=indices[each.index]) for each in synced.refused]
        return Imported(accepted, unchanged, rejected, tuple(refused[:MOST_REFUSED]), position)

    def _stored_places(
        self, tenant_id: TenantId, user_id: UserId, source: Source, records: Sequence[Measured]
    ) -> set[Place]:
        """Return places of records that the source's device has sent under other ids.

        Files have no ids of the device, so these records would count twice.
        """
        years = range(EARLIEST_YEAR, LATEST_YEAR + 1)
        starts = [each.start for each in records if each.start.year in years]
        if not starts:
            return set()
        ids, second = {each.id for each in records}, timedelta(seconds=1)
        period = min(starts) - second, max(starts) + second
        rows = islice(self.health.stored(tenant_id, user_id, source, period), MAX_COMPARED)
        stored = (StoredRecord.of(row) for row in rows if row.record_id not in ids)
        return {_place(each) for each in stored}


def _place(record: Measured | StoredRecord) -> Place:
    """Return what tells records apart without ids. Files have whole seconds."""
    start, end = (int(each.timestamp()) for each in (record.start, record.end))
    return record.metric, start, end, record.device
