"""Scheduled clean-up of uploads: expired ones end, and missed completions are processed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from application.content.upload_store import UploadKey, UploadStore
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock
from application.kernel.read_models import ReadModels, Window
from domain.content import commands
from domain.content.commands import ContentCommand
from domain.content.item import CONTENT
from domain.ids import TenantId
from domain.kernel import Origin
from projections.content_item import CONTENT_ITEM

PAGE: Final = 500


@dataclass(frozen=True)
class StaleUploads:
    """Ends the uploads that were not finished in time, and removes their parts.

    A file that is complete in the store, but of which the log does not know, is noted as uploaded.
    """

    commands: CommandHandler
    read: ReadModels
    store: UploadStore
    origin: Callable[[TenantId], Origin]
    clock: Clock

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        stale = {**self._requested(tenant_id, before), **self._unfinished(tenant_id, before)}
        for key, size in stale.items() if not dry_run else ():
            if size is None:
                self._expire(key)
            else:
                note = commands.NoteUploaded(number=key.number, size=size, at=self.clock())
                self._execute(key, note)
        return len(stale)

    def _requested(self, tenant_id: TenantId, before: datetime) -> dict[UploadKey, int | None]:
        """Return uploads that expired, or whose file is complete, with the size of the file."""
        return {
            key: size
            for key, changed_at in self._uploading(tenant_id)
            if (size := self.store.size(key)) is not None or changed_at < before
        }

    def _unfinished(self, tenant_id: TenantId, before: datetime) -> dict[UploadKey, int | None]:
        """Return expired uploads in parts, whatever became of their items."""
        return {
            upload.key: None
            for upload in self.store.unfinished(tenant_id)
            if upload.started_at < before and self.store.size(upload.key) is None
        }

    def _uploading(self, tenant_id: TenantId) -> Iterator[tuple[UploadKey, datetime]]:
        after = None
        while True:
            window = Window(first=PAGE, after=after)
            where = {"status": "uploading"}
            page = self.read.page(CONTENT_ITEM, tenant_id, window=window, where=where)
            for edge in page.edges:
                row = edge.row
                yield UploadKey(tenant_id, row.id, row.number), row.changed_at
            if not page.has_next:
                return
            after = page.edges[-1].cursor

    def _expire(self, key: UploadKey) -> None:
        end = commands.EndUpload(number=key.number, reason="expired", at=self.clock())
        if self._execute(key, end):
            self.store.remove(key)

    def _execute(self, key: UploadKey, command: ContentCommand) -> bool:
        """Execute a command; return False if the file is complete by now."""
        request = Request(CONTENT, key.content_id, [command])
        try:
            self.commands.execute(request, origin=self.origin(key.tenant_id), command_id=uuid4())
        except commands.UploadComplete:
            return False
        except (commands.ContentNotFound, commands.VersionNotFound, commands.UploadOver):
            return True
        return True
