"""Archives that people ask for: made in the background, kept for a while, theirs alone.

One is written on the disk of whoever makes it, and then lies with the media: on many machines each
can give it, and each can throw it away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol
from uuid import UUID

import structlog

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leases import keep_alive
from application.kernel.ports import Clock, MediaStore, StorageUnavailable, StoredMedia
from application.privacy.data_archive import Archive, ArchiveWriter
from domain.access.access import ACCESS
from domain.access.commands import NoteExport
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected

logger: Any = structlog.get_logger()

ExportState = Literal["queued", "running", "ready", "failed"]

LEASE: Final = timedelta(minutes=1)
"""After so long without a word of who makes an archive, whoever asks takes it up again: that
process is gone."""


class ExportUnknown(Rejected):
    """There is no such export, or its time is over."""

    code = "export.unknown"
    kind = "not_found"


class ExportNotReady(Rejected):
    """The archive is not finished yet; ask again in a while."""

    code = "export.not_ready"
    kind = "conflict"


@dataclass(frozen=True, kw_only=True)
class PersonalExport:
    """An archive that was asked for. `held_until`: so long somebody is at work on it."""

    tenant_id: TenantId
    id: UUID
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    held_until: datetime
    state: ExportState = "queued"
    files: int = 0
    size: int = 0
    problem_code: str | None = None


class ExportStore(Protocol):
    """Keeps what was asked for. Every method raises StorageUnavailable."""

    def add(self, export: PersonalExport) -> PersonalExport:
        """Store a new one; where its id is known, give the one that is stored."""
        ...

    def get(self, tenant_id: TenantId, export_id: UUID) -> PersonalExport | None: ...

    def take(self, export: PersonalExport, at: datetime, until: datetime) -> bool:
        """Hold one that is not over and that nobody holds; of several who try, one does."""
        ...

    def keep(self, export: PersonalExport, until: datetime) -> bool:
        """Hold one for longer that is held until `export.held_until`; False: somebody else does."""
        ...

    def save(self, export: PersonalExport) -> None: ...

    def expired(self, tenant_id: TenantId, at: datetime) -> Sequence[PersonalExport]: ...

    def of_user(self, tenant_id: TenantId, user_id: UserId) -> Sequence[PersonalExport]: ...

    def remove(self, tenant_id: TenantId, export_id: UUID) -> None: ...


def prefix_of(export_id: UUID) -> str:
    """Name the prefix of the media store on which an archive lies, alone."""
    return f"export:{export_id}"


@dataclass(frozen=True)
class DataExportService:
    """The archives of all people. `later` does something after the answer has been given.

    `folder` is where one is written until it is whole, `media` where it lies from then on.
    `lease` is how long an archive stays with a process that is not heard of; who makes one is
    heard of every `word_s` seconds.
    """

    store: ExportStore
    exporting: ArchiveWriter
    folder: Path
    media: MediaStore
    commands: CommandHandler
    later: Callable[[Callable[[], object]], None]
    clock: Clock
    kept: timedelta
    lease: timedelta = LEASE
    word_s: float = LEASE.total_seconds() / 3
    _taken_up: set[tuple[TenantId, UUID]] = field(
        default_factory=set[tuple[TenantId, UUID]], init=False, repr=False, compare=False
    )
    """Those that this process has put off until after an answer, and not finished yet."""

    def ask(self, export_id: UUID, user_id: UserId, *, origin: Origin) -> PersonalExport:
        """Ask for an archive; asked for again under the same id, it is told how it is."""
        now = self.clock()
        export = self.store.add(
            PersonalExport(
                tenant_id=origin.tenant_id,
                id=export_id,
                user_id=user_id,
                created_at=now,
                expires_at=now + self.kept,
                held_until=now,
            )
        )
        self._take_up(export, origin)
        return export

    def get(self, export_id: UUID, user_id: UserId, *, origin: Origin) -> PersonalExport:
        """Tell how somebody's archive is; one whose process is gone is taken up again.

        Raises ExportUnknown, also for somebody else's.
        """
        export = self.store.get(origin.tenant_id, export_id)
        if export is None or export.user_id != user_id or export.expires_at <= self.clock():
            raise ExportUnknown
        self._take_up(export, origin)
        return export

    def archive(self, export_id: UUID, user_id: UserId, *, origin: Origin) -> StoredMedia:
        """Give what lies on the prefix of an archive. Raises ExportUnknown and ExportNotReady."""
        export = self.get(export_id, user_id, origin=origin)
        found = self.media.list_media(export.tenant_id, prefix_of(export.id), limit=1)
        if export.state != "ready" or not found:
            raise ExportNotReady
        return found[0]

    def remove(self, export: PersonalExport) -> None:
        """Throw an archive away, finished or not."""
        for path in self._draft(export).parent.glob(f"{export.id}.*"):
            path.unlink(missing_ok=True)
        self.store.remove(export.tenant_id, export.id)
        self.media.clear(export.tenant_id, prefix_of(export.id))

    def _draft(self, export: PersonalExport) -> Path:
        return self.folder / export.tenant_id / f"{export.id}.zip"

    def _take_up(self, export: PersonalExport, origin: Origin) -> None:
        is_free = export.state in {"queued", "running"} and export.held_until <= self.clock()
        key = export.tenant_id, export.id
        if not is_free or key in self._taken_up:
            return

        def make() -> None:
            try:
                self._make(export, origin)
            finally:
                self._taken_up.discard(key)

        self._taken_up.add(key)  # of two who ask at the same moment the second makes nothing
        self.later(make)

    def _make(self, export: PersonalExport, origin: Origin) -> None:
        now = self.clock()
        holding = _Holding(self, replace(export, held_until=now + self.lease))
        if not self.store.take(export, now, holding.export.held_until):
            return
        try:
            with keep_alive(holding.keep, self.word_s):
                made = self._written(export)
        except Rejected as refused:
            holding.fail(refused.code)
            return
        except OSError:
            logger.exception("export.unwritten", export=str(export.id))
            holding.fail(StorageUnavailable.code)
            return
        self.note(str(export.id), made.files, made.size, export.user_id, origin=origin)
        self.store.save(replace(export, state="ready", files=made.files, size=made.size))
        if self.store.get(export.tenant_id, export.id) is None:  # thrown away meanwhile
            self.media.clear(export.tenant_id, prefix_of(export.id))

    def _written(self, export: PersonalExport) -> Archive:
        """Write an archive and put it with the media, where no other one of it lies."""
        path, prefix = self._draft(export), prefix_of(export.id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            made = self.exporting.write(export.tenant_id, export.user_id, path)
            self.media.clear(export.tenant_id, prefix)  # that of a maker who was lost
            self.media.put_file(export.tenant_id, path, prefix=prefix)
        finally:
            path.unlink(missing_ok=True)
        return made

    def note(
        self, export_id: str, files: int, size: int, user_id: UserId, *, origin: Origin
    ) -> None:
        """Write down that somebody was given what is known of a person (R-TEN-13)."""
        told = NoteExport(export_id=export_id, files=files, size=size, at=self.clock())
        command_id = UUID(export_id)
        self.commands.execute(
            Request(ACCESS, user_id, [told]), origin=origin, command_id=command_id
        )


@dataclass
class _Holding:
    """An archive that this process makes, held until the time that it says."""

    exports: DataExportService
    export: PersonalExport

    def keep(self) -> bool:
        """Hold it for longer; False where somebody else has taken it up meanwhile."""
        until = self.exports.clock() + self.exports.lease
        kept = self.exports.store.keep(self.export, until)
        if kept:
            self.export = replace(self.export, held_until=until)
        return kept

    def fail(self, code: str) -> None:
        """Say that it could not be made, unless somebody else makes it by now, or has made it."""
        if self.keep():
            self.exports.store.save(replace(self.export, state="failed", problem_code=code))
