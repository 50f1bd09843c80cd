"""Exports of a person: files made in the background, and kept for a limited time.

They are archives of all personal data, and sessions in formats for other programs and for people.
Trainers get reports on athletes who let them see their training. A process writes a file to its own
disk, then stores it with the media, so that any machine can serve or delete it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

import structlog

from application.exports.scope import ExportRangeInvalid, ExportScope, require_range
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leases import keep_alive
from application.kernel.outages import OUTAGES
from application.kernel.pagination import page_by_time
from application.kernel.ports import Clock, MediaStore, StorageUnavailable, StoredMedia
from application.kernel.read_models import Page, Window
from application.privacy.data_archive import Archive, ArchiveWriter
from application.privacy.personal_exports import (
    DAY,
    ExportFormat,
    ExportNotForTrainers,
    ExportNotReady,
    ExportQueue,
    ExportQuotaExceeded,
    ExportStore,
    ExportUnknown,
    PersonalExport,
)
from domain.access.access import ACCESS
from domain.access.commands import NoteExport
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.supervision.commands import AthleteNotFound

logger: Any = structlog.get_logger()

UNEXPECTED: Final = "internal"
"""Problem code of an export that an unexpected error ended."""

LEASE: Final = timedelta(minutes=1)
"""Lease of the process that makes an archive. After it expires, the next request restarts it."""


@dataclass(frozen=True)
class ExportQuota:
    """Exports that one user, and all users of a tenant, may request within 24 hours.

    Those that failed do not count.
    """

    of_user: int
    of_tenant: int


class ExportWriter(Protocol):
    """Writes exports of sessions in one format."""

    def write_into(self, tenant_id: TenantId, scope: ExportScope, output: BinaryIO) -> Archive:
        """Write an export into an empty file. Raises refusals."""
        ...


def prefix_of(export_id: UUID) -> str:
    """Return the media prefix of an archive, which it does not share."""
    return f"export:{export_id}"


@dataclass(frozen=True)
class DataExportService:
    """Makes, serves and deletes data exports. `later` runs a task after the response.

    Other processes make what is in the `queue`; without one, this process makes all exports.
    `writer` writes archives, and `writers` the other formats. `may_read` returns whether a trainer
    may see the training of an athlete now; files are made and shown only then. A file is written
    into an encrypted draft, which `open_draft` opens in `folder`, then stored in `media` for
    `retention`. Its maker renews the `lease` every `renew_s` seconds.
    """

    store: ExportStore
    writer: ArchiveWriter
    writers: Mapping[ExportFormat, ExportWriter]
    may_read: Callable[[TenantId, UserId, UserId], bool]
    folder: Path
    open_draft: Callable[[Path], BinaryIO]
    media: MediaStore
    commands: CommandHandler
    later: Callable[[Callable[[], object]], None]
    clock: Clock
    retention: timedelta
    quota: ExportQuota
    queue: ExportQueue | None = None
    lease: timedelta = LEASE
    renew_s: float = LEASE.total_seconds() / 3
    _scheduled: dict[tuple[TenantId, UUID], datetime] = field(
        default_factory=dict[tuple[TenantId, UUID], datetime], init=False, repr=False, compare=False
    )
    """When this process scheduled exports that are not finished yet, or were put in the queue."""

    def request(
        self,
        export_id: UUID,
        user_id: UserId,
        *,
        origin: Origin,
        as_format: ExportFormat = "archive",
        athlete_id: UserId | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> PersonalExport:
        """Request an export; a repeated request with the same id returns its status.

        Raises ExportRangeInvalid, InvalidValue, ExportNotForTrainers, AthleteNotFound and
        ExportQuotaExceeded.
        """
        require_range(since, until)
        if as_format == "archive" and (since, until) != (None, None):
            raise ExportRangeInvalid("An archive has all data. Choose another format for a range.")
        if athlete_id == user_id:
            athlete_id = None
        if athlete_id is not None:
            if as_format != "pdf":
                raise ExportNotForTrainers
            if not self.may_read(origin.tenant_id, user_id, athlete_id):
                raise AthleteNotFound
        now = self.clock()
        new = PersonalExport(
            tenant_id=origin.tenant_id,
            id=export_id,
            user_id=user_id,
            created_at=now,
            expires_at=now + self.retention,
            held_until=now,
            format=as_format,
            athlete_id=athlete_id,
            since=since,
            until=until,
        )
        export = self.store.add(new, partial(self._require_room, new))
        self._schedule(export, origin)
        return export

    def _require_room(self, new: PersonalExport, of_tenant: Sequence[PersonalExport]) -> None:
        """Check the quotas, the new export included. Raises ExportQuotaExceeded."""
        counted = [each for each in of_tenant if each.state != "failed"]
        of_user = [each for each in counted if each.user_id == new.user_id]
        for exports, most, whose in (
            (of_user, self.quota.of_user, "You have"),
            (counted, self.quota.of_tenant, "Your organization has"),
        ):
            if len(exports) > most:
                left = min(each.created_at for each in exports) + DAY - new.created_at
                raise ExportQuotaExceeded(
                    f"{whose} requested the {most} exports that are made in 24 hours. Download one"
                    " of these, or retry later.",
                    max(1, ceil(left.total_seconds())),
                )

    def get(self, export_id: UUID, user_id: UserId, *, origin: Origin) -> PersonalExport:
        """Return the status of a user's export; restart it if its maker is gone.

        Raises ExportUnknown, also for another user's, and for one of an athlete who no longer lets
        the user see their training.
        """
        export = self.store.get(origin.tenant_id, export_id)
        if export is None or export.user_id != user_id or not self._is_shown(export):
            raise ExportUnknown
        self._schedule(export, origin)
        return export

    def page(self, user_id: UserId, wanted: Window, *, origin: Origin) -> Page[PersonalExport]:
        """Return a page of a user's exports that have not expired, newest first.

        Raises CursorInvalid.
        """
        mine = self.store.of_user(origin.tenant_id, user_id)
        shown = [each for each in mine if self._is_shown(each)]
        return page_by_time(shown, wanted, lambda each: (each.created_at, each.id))

    def _is_shown(self, export: PersonalExport) -> bool:
        return export.expires_at > self.clock() and self._is_allowed(export)

    def _is_allowed(self, export: PersonalExport) -> bool:
        """Return whether its reader may have the athlete's data now."""
        return export.athlete_id is None or self.may_read(
            export.tenant_id, export.user_id, export.athlete_id
        )

    def file(
        self, export_id: UUID, user_id: UserId, *, origin: Origin
    ) -> tuple[PersonalExport, StoredMedia]:
        """Return a finished export and its stored file. Raises ExportUnknown and ExportNotReady.

        An export whose file was lost is made again.
        """
        export = self.get(export_id, user_id, origin=origin)
        if export.state != "ready":
            raise ExportNotReady
        stored = self.media.list_media(export.tenant_id, prefix_of(export.id), limit=1)
        if not stored:
            self.store.requeue(export)
            raise ExportNotReady
        return export, stored[0]

    def remove(self, export: PersonalExport) -> None:
        """Delete an export, finished or not."""
        for path in (self.folder / export.tenant_id).glob(f"{export.id}.*"):
            path.unlink(missing_ok=True)  # left by a crash of an earlier version
        self.media.clear(export.tenant_id, prefix_of(export.id))
        self.store.remove(export.tenant_id, export.id)
        self.media.clear(export.tenant_id, prefix_of(export.id))  # its maker may have stored it

    def _schedule(self, export: PersonalExport, origin: Origin) -> None:
        """Have an export made that no process makes. Repeated for an export that was lost."""
        now = self.clock()
        for old, at in list(self._scheduled.items()):
            if at + self.lease <= now:
                self._scheduled.pop(old, None)
        key = export.tenant_id, export.id
        if not export.is_free(now) or key in self._scheduled:
            return
        self._scheduled[key] = now  # of two concurrent requests, only the first makes it
        self.later(partial(self._begin, export, origin))

    def _begin(self, export: PersonalExport, origin: Origin) -> None:
        if self.queue is not None:
            self.queue.put(export, origin)
            return
        try:
            self._make(export, origin)
        except OUTAGES as away:
            logger.warning("export.waits", export=str(export.id), reason=away.detail)
        finally:
            self._scheduled.pop((export.tenant_id, export.id), None)

    def make(self, export_id: UUID, origin: Origin) -> bool:
        """Make an export from the queue; return whether it needs no further attempt.

        Only an export that another process holds needs one: that process may be lost. Raises
        OUTAGES: it can be made later.
        """
        export = self.store.get(origin.tenant_id, export_id)
        if export is None or export.is_finished:
            return True
        return self._make(export, origin)

    def _make(self, export: PersonalExport, origin: Origin) -> bool:
        """Make an export; return False if another process holds it. Raises OUTAGES."""
        now = self.clock()
        lease = _ExportLease(self, replace(export, held_until=now + self.lease))
        if not self.store.take(export, now, lease.export.held_until):
            return False
        try:
            with keep_alive(lease.keep, self.renew_s):
                archive = self._write(export, lease)
        except _LeaseLost:
            return False
        except OUTAGES:
            lease.release()
            raise
        except Rejected as refused:
            lease.fail(refused.code)
            return True
        except OSError:
            logger.exception("export.unwritten", export=str(export.id))
            lease.fail(StorageUnavailable.code)
            return True
        except Exception:
            logger.exception("export.failed", export=str(export.id))
            lease.fail(UNEXPECTED)
            return True
        self.note(str(export.id), archive.files, archive.size, export.subject, origin=origin)
        self.store.save(replace(export, state="ready", files=archive.files, size=archive.size))
        if self.store.get(export.tenant_id, export.id) is None:  # deleted meanwhile
            self.media.clear(export.tenant_id, prefix_of(export.id))
        return True

    def _write(self, export: PersonalExport, lease: "_ExportLease") -> Archive:
        """Write an export and store it in the media store, replacing an earlier one.

        Raises ExportUnknown if its reader may no longer have the data, and _LeaseLost if another
        process makes it, or has made it.
        """
        if not self._is_allowed(export):
            raise ExportUnknown
        tenant_id, prefix = export.tenant_id, prefix_of(export.id)
        with self.open_draft(self.folder) as draft:
            if export.format == "archive":
                archive = self.writer.write_into(tenant_id, export.user_id, draft)
            else:
                writer = self.writers[export.format]
                archive = writer.write_into(tenant_id, export.scope, draft)
            if not lease.keep():
                raise _LeaseLost
            self.media.clear(tenant_id, prefix)  # left by a crashed maker
            self.media.put_stream(tenant_id, draft, prefix=prefix, subject=export.subject)
        return archive

    def note(
        self, export_id: str, files: int, size: int, user_id: UserId, *, origin: Origin
    ) -> None:
        """Record the export in the person's access log (R-TEN-13)."""
        command = NoteExport(export_id=export_id, files=files, size=size, at=self.clock())
        command_id = UUID(export_id)
        self.commands.execute(
            Request(ACCESS, user_id, [command]), origin=origin, command_id=command_id
        )


class _LeaseLost(Exception):  # noqa: N818  not a failure: another process continues
    """This process has lost the lease of an export."""


@dataclass
class _ExportLease:
    """Lease of an export that this process makes."""

    exports: DataExportService
    export: PersonalExport
    _lock: Lock = field(default_factory=Lock)

    def keep(self) -> bool:
        """Renew the lease; return False if it is lost. Thread-safe."""
        return self._hold_until(self.exports.clock() + self.exports.lease)

    def release(self) -> None:
        """End the lease, so that the next attempt can begin at once."""
        self._hold_until(self.exports.clock())

    def _hold_until(self, until: datetime) -> bool:
        with self._lock:
            renewed = self.exports.store.keep(self.export, until)
            if renewed:
                self.export = replace(self.export, held_until=until)
            return renewed

    def fail(self, code: str) -> None:
        """Mark the export as failed, unless another process has taken it over."""
        if self.keep():
            self.exports.store.save(replace(self.export, state="failed", problem_code=code))
