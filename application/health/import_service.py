"""Imports of files of health records, in the background.

A file is read twice by a child process: first to find out whether all of it can be read, so that
nothing of a damaged file is stored, then to store its records, batch by batch. A process that takes
over continues after the last batch. Ids of records follow from their content, so another import of
a file finds its records unchanged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from threading import Event
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid4, uuid5

import structlog

from application.health.daily_figures import StoredRecord
from application.health.deleted_records import deleted_values
from application.health.file_ids import (
    batches,
    beginning,
    ids_of_shared_moments,
    with_stored_ids,
)
from application.health.imports import (
    FileUnreadable,
    HealthFileReader,
    HealthImport,
    HealthImportStore,
    ReaderUnavailable,
    ReadingEnded,
    RefusedRecord,
)
from application.health.places import Place, place_of, rows_at_places
from application.health.service import HealthService, SentBatch, integration_id
from application.kernel.leases import keep_alive
from application.kernel.media_file import MediaFile
from application.kernel.outages import MAX_ENDED_ATTEMPTS, OUTAGES
from application.kernel.pagination import page_by_time
from application.kernel.pending_uploads import PendingUploads
from application.kernel.ports import MediaStore, StorageUnavailable
from application.kernel.read_models import Page, Window
from application.kernel.subscription import Stopped
from application.privacy.consent_cache import ConsentCache
from application.privacy.consents import ConsentMissing
from domain.health.batch import Measured
from domain.health.events import MetricsSynced
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.personal import Erased
from domain.values import EARLIEST_YEAR, LATEST_YEAR
from projections.health_integration import HEALTH_INTEGRATION
from projections.health_metric import HealthMetric

MOST_UNFINISHED: Final = 5
"""Imports of a person that wait or run."""

MOST_REFUSED: Final = 100
"""Refused records that are listed; all are counted."""

MAX_ATTEMPTS: Final = 5
"""Attempts without progress, after which an import fails: its file may crash every process."""

LEASE_S: Final = 60.0
POLL_S: Final = 1.0
"""Pause between two searches for imports, in seconds."""

UNEXPECTED: Final = "internal"
"""Problem code of an import that an unexpected error ended."""

logger: Any = structlog.get_logger()


class ImportUnknown(Rejected):
    """There is no such import."""

    code = "health.import_unknown"
    kind = "not_found"


class TooManyImports(Rejected):
    """Too many of your imports are unfinished. Wait until one of them is done."""

    code = "health.too_many_imports"
    kind = "conflict"


class _SaveFailedError(Exception):
    """The progress could not be stored, or it was, and the answer was lost."""

    def __init__(self, away: StorageUnavailable) -> None:
        super().__init__(away.detail)
        self.away = away


class _LeaseLostError(Exception):
    """Another process continues the import."""


@dataclass(frozen=True)
class HealthImports:
    """Takes files, and imports them one after the other."""

    health: HealthService
    reader: HealthFileReader
    store: HealthImportStore
    pending: PendingUploads
    media: MediaStore
    consents: ConsentCache
    lease_s: float = LEASE_S

    def submit(self, new: HealthImport, file: BinaryIO) -> HealthImport:
        """Store a file to be imported; a repeated call with an id returns its import.

        Of two calls at once with an id, the import may be over before the second one has stored the
        file, which is deleted then. So is one whose storing lasts longer than the erasure of its
        person, who has no consents afterwards. Raises TooManyImports and ConsentMissing.
        """
        before = self.store.get(new.tenant_id, new.id)
        if before is not None:
            return before
        own = self.store.of_user(new.tenant_id, new.user_id)
        if sum(not each.is_over for each in own) >= MOST_UNFINISHED:
            raise TooManyImports
        with self.pending.noted(new.tenant_id, new.user_id, new.prefix, new.created_at):
            self.media.put_stream(new.tenant_id, file, prefix=new.prefix, subject=new.user_id)
            try:
                self.consents.require(new.tenant_id, new.user_id, "health_data")
            except ConsentMissing:
                self.media.clear(new.tenant_id, new.prefix)
                raise
            is_added = self.store.add(new, MOST_UNFINISHED)
            taken = self.store.get(new.tenant_id, new.id)
            if taken is None or taken.is_over:
                self.media.clear(new.tenant_id, new.prefix)
        if taken is None and not is_added:
            raise TooManyImports
        return taken or new

    def get(self, tenant_id: TenantId, user_id: UserId, import_id: UUID) -> HealthImport:
        """Return an import of a person. Raises ImportUnknown, also for that of another person."""
        found = self.store.get(tenant_id, import_id)
        if found is None or found.user_id != user_id:
            raise ImportUnknown
        return found

    def page(self, tenant_id: TenantId, user_id: UserId, wanted: Window) -> Page[HealthImport]:
        """Return a page of a person's imports, newest first. Raises CursorInvalid."""
        own = self.store.of_user(tenant_id, user_id)
        return page_by_time(own, wanted, lambda each: (each.created_at, each.id))

    def run(self, stop: Event) -> None:
        """Import files until `stop` is set. Another process continues the one in progress."""
        while not stop.is_set():
            if not self.run_next(stop):
                stop.wait(POLL_S)

    def run_next(self, stop: Event) -> bool:
        """Import the next file; return False if there is none. Raises StorageUnavailable."""
        owner = uuid4()
        claimed = self.store.claim(owner, self.lease_s)
        if claimed is None:
            return False
        running = _Running(self, owner, claimed)
        try:
            keep = partial(self.store.keep, owner, claimed, self.lease_s)
            with keep_alive(keep, self.lease_s / 3):
                running.carry_out(stop)
        except _LeaseLostError:
            logger.warning("health.import_taken_over")
        except _SaveFailedError as failed:
            raise failed.away from None
        return True

    def compared(self, of: HealthImport, records: Sequence[Measured]) -> list[Measured | None]:
        """Return records with the ids under which they are stored, and None for those of a device.

        Files have no ids of the device, so records that the source's device has sent under ids of
        its own would count twice.
        """
        own, others = self._stored(of, records)
        ids, health = ids_of_shared_moments(records, own), self.health
        deleted = deleted_values(health.log, health.read, of.tenant_id, of.user_id, of.source, ids)
        named = with_stored_ids(records, own, deleted)
        return [None if place_of(each) in others else each for each in named]

    def superseded(
        self, of: HealthImport, records: Sequence[Measured], batch: MetricsSynced
    ) -> tuple[list[str], int]:
        """Return the ids of stored records of the file that a device has sent as well.

        Some may be from earlier imports, so the number of those from this batch is returned, too.
        """
        own, others = self._stored(of, records)
        ids = [row.record_id for row in own if place_of(StoredRecord.of(row)) in others]
        content = batch.records.value
        accepted = () if isinstance(content, Erased) else content.records
        return ids, sum(place_of(each) in others for each in accepted)

    def _stored(
        self, of: HealthImport, records: Sequence[Measured]
    ) -> tuple[list[HealthMetric], set[Place]]:
        """Return those records that are stored, and the places of those that a device has sent."""
        years = range(EARLIEST_YEAR, LATEST_YEAR + 1)
        stored = partial(self.health.stored, of.tenant_id, of.user_id, of.source)
        rows = rows_at_places([each for each in records if each.start.year in years], stored)
        beginnings = {beginning(each.id) for each in records}
        own: list[HealthMetric] = []
        others: set[Place] = set()
        for row in rows:
            if beginning(row.record_id) in beginnings:
                own.append(row)
            else:
                others.add(place_of(StoredRecord.of(row)))
        return own, others


@dataclass
class _Running:
    """An import that this process has claimed, as of its last progress."""

    imports: HealthImports
    owner: UUID
    now: HealthImport

    def carry_out(self, stop: Event) -> None:
        """Import the file, or fail. After an outage or a shutdown, put the import back."""
        try:
            if self.now.attempts > MAX_ATTEMPTS:
                self._end(state="failed", problem_code=UNEXPECTED)
                return
            self._import(stop)
        except Stopped:
            self._put_back(at_once=True)
        except (_LeaseLostError, _SaveFailedError):
            raise
        except (*OUTAGES, ReaderUnavailable) as away:
            logger.warning("health.import_left", reason=away.detail)
            self._put_back()
        except Rejected as refusal:
            if isinstance(refusal, ReadingEnded) and self.now.attempts < MAX_ENDED_ATTEMPTS:
                logger.warning("health.import_repeated", attempts=self.now.attempts)
                self._save(state="queued")  # the next attempt is after the lease
                return
            self._end(state="failed", problem_code=refusal.code, problem=refusal.detail)
        except Exception:
            logger.exception("health.import_failed", attempts=self.now.attempts)
            self._save(state="queued")

    def _import(self, stop: Event) -> None:
        if self.now.total is None:
            total = sum(1 for _ in self._records(stop))
            if not total:
                raise FileUnreadable("The file has no records that can be imported.")
            self._save(state="running", total=total, attempts=0)
        is_read = self.now.handled == self.now.total
        records = islice(iter(()) if is_read else self._records(stop), self.now.handled, None)
        for part in batches(records):
            self._store(part)
        self._note_sync()
        self._end(state="done")

    def _records(self, stop: Event) -> Iterator[Measured]:
        """Read the file.

        Raises FileUnreadable, what the reader raises, and Stopped once `stop` is set.
        """
        media, of = self.imports.media, self.now
        stored = media.list_media(of.tenant_id, of.prefix)
        if all(each.digest != of.digest for each in stored):
            raise FileUnreadable  # the import had failed, and this was not stored any more
        file = MediaFile(media, of.tenant_id, of.digest, prefix=of.prefix)
        for record in self.imports.reader.read(file, of.format, of.since):  # type: ignore[arg-type]  # a raw file
            if stop.is_set():
                raise Stopped
            yield record

    def _store(self, records: Sequence[Measured]) -> None:
        """Store a batch. Raises ConsentMissing and NotConnected."""
        of, health = self.now, self.imports.health
        self.imports.consents.require(of.tenant_id, of.user_id, "health_data")
        syncs = self._syncs()
        compared = self.imports.compared(of, records)
        new = [(index, each) for index, each in enumerate(compared) if each is not None]
        synced = health.push(
            of.user_id,
            of.source,
            SentBatch([each for _, each in new], (), of.time_zone, None),
            origin=self._origin,
            command_id=uuid5(of.id, f"batch-{of.handled}"),
            counts_as_sync=False,
        )
        refused = (
            RefusedRecord(
                of.handled + new[each.index][0], each.id, each.reason.code, each.reason.detail
            )
            for each in synced.refused
        )
        is_checked = synced.repeated or self._syncs() != syncs
        superseded, last = self._drop_superseded(records, synced.batch) if is_checked else (0, 0)
        accepted = synced.batch.accepted - superseded
        self._save(
            state="running",
            attempts=0,
            handled=of.handled + len(records),
            accepted=of.accepted + accepted,
            unchanged=of.unchanged + len(records) - accepted - synced.batch.rejected,
            rejected=of.rejected + synced.batch.rejected,
            refused=(*of.refused, *refused)[:MOST_REFUSED],
            position=max(of.position, synced.position, last),
        )

    def _syncs(self) -> int:
        """Return how often the source's device has sent records."""
        of = self.now
        key = integration_id(of.user_id, of.source)
        row = self.imports.health.read.get(HEALTH_INTEGRATION, of.tenant_id, key)
        return 0 if row is None else row.syncs

    def _drop_superseded(
        self, records: Sequence[Measured], batch: MetricsSynced
    ) -> tuple[int, int]:
        """Delete the stored records that the device has sent, too.

        Returns how many of them the batch has stored, and the position of the deletion, or 0.
        """
        of = self.now
        ids, count = self.imports.superseded(of, records, batch)
        if not ids:
            return count, 0
        deletion = self.imports.health.push(
            of.user_id,
            of.source,
            SentBatch((), ids, of.time_zone, None),
            origin=self._origin,
            command_id=uuid5(of.id, f"repeated-{of.handled}"),
            counts_as_sync=False,
        )
        return count, deletion.position

    def _note_sync(self) -> None:
        of = self.now
        self.imports.health.note_sync(
            of.user_id,
            of.source,
            of.accepted,
            origin=self._origin,
            command_id=uuid5(of.id, "sync"),
        )

    @property
    def _origin(self) -> Origin:
        of = self.now
        return Origin(tenant_id=of.tenant_id, actor=of.user_id, correlation_id=of.id)

    def _end(self, **changes: Any) -> None:
        self.imports.media.clear(self.now.tenant_id, self.now.prefix)
        self._save(**changes)
        self.imports.media.clear(self.now.tenant_id, self.now.prefix)  # sent again in between

    def _put_back(self, *, at_once: bool = False) -> None:
        """Put the import back into the queue, without counting this attempt.

        Others continue `at_once`, or else after the lease.
        """
        self._save(is_released=at_once, state="queued", attempts=max(0, self.now.attempts - 1))

    def _save(self, *, is_released: bool = False, **changes: Any) -> None:
        """Store the progress, and keep the lease unless it `is_released`.

        Raises _LeaseLostError and _SaveFailedError.
        """
        self.now = replace(self.now, **changes)
        lease_s = 0.0 if is_released else self.imports.lease_s
        try:
            is_saved = self.imports.store.save(self.owner, self.now, lease_s)
        except StorageUnavailable as away:
            raise _SaveFailedError(away) from away
        if not is_saved:
            raise _LeaseLostError
