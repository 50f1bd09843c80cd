"""Retention of rejected files: they stay in quarantine for audits, for a limited time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import uuid4

from application.content.items import content_stream, load_state
from application.content.upload_store import UploadKey, UploadStore
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog
from application.kernel.relay import EncodedLog, recorded_before
from domain.content import commands
from domain.content.events import FileQuarantined
from domain.content.item import CONTENT, Deleted, Item, NoContent
from domain.ids import ContentId, TenantId
from domain.kernel import Origin

_QUARANTINED: Final = str(cast("Any", FileQuarantined).event_name)


@dataclass(frozen=True)
class OldQuarantine:
    """Removes files that were quarantined long ago, also of deleted items and earlier versions."""

    encoded_log: EncodedLog
    log: EventLog
    commands: CommandHandler
    store: UploadStore
    origin: Callable[[TenantId], Origin]
    clock: Clock

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        due = [key for key in self._old(tenant_id, before) if self._is_kept(key)]
        for key in due if not dry_run else ():
            self.store.remove(key)
            if self._is_quarantined(key):
                self._note(key)
        return len(due)

    def _is_kept(self, key: UploadKey) -> bool:
        """Return whether there is a file, or no event about its removal."""
        return self.store.size(key) is not None or self._is_quarantined(key)

    def _is_quarantined(self, key: UploadKey) -> bool:
        match load_state(self.log, key.tenant_id, key.content_id):
            case (
                Item(newest=newest, quarantined=earlier)
                | Deleted(newest=newest, quarantined=earlier)
            ):
                is_newest = newest.quarantined and newest.number == key.number
                return is_newest or key.number in earlier
            case NoContent():
                return False

    def _old(self, tenant_id: TenantId, before: datetime) -> Iterator[UploadKey]:
        """Yield the files that were quarantined before that time."""
        for content_id in sorted(self._items(tenant_id, before)):
            for recorded in self.log.load(tenant_id, content_stream(content_id)):
                event = recorded.event
                if isinstance(event, FileQuarantined) and recorded.recorded_at < before:
                    yield UploadKey(tenant_id, content_id, event.number)

    def _items(self, tenant_id: TenantId, before: datetime) -> set[ContentId]:
        return {
            ContentId(event.stream.partition("-")[2])
            for event in recorded_before(self.encoded_log, tenant_id, before)
            if event.name == _QUARANTINED
        }

    def _note(self, key: UploadKey) -> None:
        removed = commands.RemoveQuarantined(number=key.number, at=self.clock())
        request = Request(CONTENT, key.content_id, [removed])
        self.commands.execute(request, origin=self.origin(key.tenant_id), command_id=uuid4())
