"""Uploads of content: requested, sent in parts to the store, completed or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from application.capacities.places import Places, take_place
from application.content.items import find_item, require_item
from application.content.quotas import ContentLimits
from application.content.upload_store import (
    LINK_LASTS,
    UploadKey,
    UploadPart,
    UploadStore,
    missing_parts,
    part_bytes,
)
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog, MediaMissing
from application.kernel.read_models import ReadModels, Where
from domain.capacities.commands import TakePlace
from domain.content import commands
from domain.content.commands import ContentCommand, RequestUpload
from domain.content.events import DeclaredFile
from domain.content.item import CONTENT, Item
from domain.ids import ContentId, TenantId, UserId
from domain.kernel import Origin, Recorded, Rejected
from projections.content_item import CONTENT_ITEM
from projections.content_quarantine import CONTENT_QUARANTINE

LINKS: Final = 100
"""Most URLs in one answer; the client requests the next ones when it has sent these parts."""

UPLOAD_LASTS: Final = timedelta(days=3)
"""Time to finish an upload. Then it expires."""

MAX_UNFINISHED: Final = 10
"""Uploads of a trainer at the same time. It limits by how much requests at the same moment can
exceed the quota, which counts the read model."""


CREATED: Final = UUID("0197fb91-3c5d-7a18-b2e6-914f07d6a3c2")
"""UUID namespace of the commands that notifications of the store cause."""


class UploadIncomplete(Rejected):
    """Parts of the file are missing. Send them, then complete the upload."""

    code = "content.upload_incomplete"


class TooManyUploads(Rejected):
    """You have 10 uploads that are not finished. Finish or cancel one of them first."""

    code = "content.too_many_uploads"


class UploadsClosed(Rejected):
    """Videos cannot be uploaded. The operator of the server has to set up a virus scanner first."""

    code = "content.uploads_closed"


def _is_uploading(history: Sequence[Recorded[Any]]) -> bool:
    item = CONTENT.fold(recorded.event for recorded in history)
    return isinstance(item, Item) and item.newest.stage == "uploading"


UNFINISHED: Final = Places("uploads", CONTENT, _is_uploading)
"""Unfinished uploads of one trainer: each takes a place."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A missing part, and the signed URL that takes it by PUT."""

    part: UploadPart
    url: str


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """What the store has of a file, and where the next missing parts go."""

    key: UploadKey
    file: DeclaredFile
    part_bytes: int
    arrived_bytes: int
    missing: int
    links: tuple[PartLink, ...]
    links_expire_at: datetime


@dataclass(frozen=True, slots=True)
class ContentUsage:
    """Bytes in use, and the quota."""

    used: int
    limit: int


@dataclass(frozen=True)
class ContentUploads:
    """Use cases of uploads. They are closed where no file could pass its checks."""

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    store: UploadStore
    limits: ContentLimits
    clock: Clock
    is_open: bool = True

    def request(
        self, content_id: ContentId, command: RequestUpload, origin: Origin, key: UUID
    ) -> AppendResult:
        """Begin an item with an upload. Raises what the limits and the decider do."""
        self._check(command.trainer_id, command.file, origin, key)
        return self._begun(content_id, command.trainer_id, command, origin, key)

    def replace(
        self, content_id: ContentId, file: DeclaredFile, origin: Origin, key: UUID
    ) -> AppendResult:
        """Begin the upload of a new version."""
        trainer_id = self.item(origin.tenant_id, content_id).trainer_id
        self._check(trainer_id, file, origin, key)
        command = commands.ReplaceFile(file=file, at=self.clock())
        return self._begun(content_id, trainer_id, command, origin, key)

    def progress(self, tenant_id: TenantId, content_id: ContentId) -> UploadProgress:
        """Return what is missing of the newest file, with signed URLs. Raises UploadOver."""
        newest = self.item(tenant_id, content_id).newest
        if newest.stage != "uploading":
            raise commands.UploadOver("This upload is not in progress any more.")
        key, file = UploadKey(tenant_id, content_id, newest.number), newest.file
        missing: Sequence[UploadPart] = ()
        if self._begin(key, file):  # again, if the process ended before it
            missing = missing_parts(file.size, self.store.arrived(key))
        urls = self.store.part_urls(key, missing[:LINKS], LINK_LASTS)
        links = [PartLink(part, url) for part, url in zip(missing, urls, strict=False)]
        return UploadProgress(
            key=key,
            file=file,
            part_bytes=part_bytes(file.size),
            arrived_bytes=file.size - sum(part.size for part in missing),
            missing=len(missing),
            links=tuple(links),
            links_expire_at=self.clock() + LINK_LASTS,
        )

    def complete(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """Join the parts, and record that the file arrived. Raises UploadIncomplete.

        A repeated command changes nothing, also if another upload has begun since.
        """
        newest = self.item(origin.tenant_id, content_id).newest
        place = UploadKey(origin.tenant_id, content_id, newest.number)
        size = newest.file.size
        if newest.stage == "uploading" and not self.log.done(origin.tenant_id, key):
            size = self._joined(place, newest.file)
        command = commands.NoteUploaded(number=newest.number, size=size, at=self.clock())
        try:
            return self._execute(content_id, command, origin, key)
        except (commands.UploadOver, commands.VersionNotFound, commands.ContentNotFound):
            self.store.remove(place)  # it was cancelled while its parts were joined
            raise

    def note_created(self, place: UploadKey, origin: Origin) -> bool:
        """Record a file that the store reports as complete; return whether that was news.

        Raises StorageUnavailable.
        """
        item = find_item(self.log, place.tenant_id, place.content_id)
        if item is None or item.newest.number != place.number or item.newest.stage != "uploading":
            return False
        size = self.store.size(place)
        if size is None:
            return False
        command = commands.NoteUploaded(number=place.number, size=size, at=self.clock())
        key = uuid5(CREATED, f"{place.tenant_id}/{place.content_id}/{place.number}")
        try:
            appended = self._execute(place.content_id, command, origin, key)
        except (commands.UploadOver, commands.VersionNotFound, commands.ContentNotFound):
            return False  # cancelled meanwhile, which removes the file
        return not appended.repeated

    def cancel(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """End the upload, and remove what arrived. Raises UploadComplete.

        A repeated command keeps the file of an upload that has begun since.
        """
        number = self.item(origin.tenant_id, content_id).newest.number
        command = commands.EndUpload(number=number, reason="cancelled", at=self.clock())
        appended = self._execute(content_id, command, origin, key)
        if not appended.repeated or self._is_ended(origin.tenant_id, content_id, number):
            self.store.remove(UploadKey(origin.tenant_id, content_id, number))
        return appended

    def usage(self, tenant_id: TenantId, trainer_id: UserId) -> ContentUsage:
        """Return the bytes that the trainer uses."""
        used = self._held(tenant_id, {"user_id": trainer_id})
        return ContentUsage(used=used, limit=self.limits.trainer)

    def item(self, tenant_id: TenantId, content_id: ContentId) -> Item:
        """Return an item as it is now. Raises ContentNotFound."""
        return require_item(self.log, tenant_id, content_id)

    def _begun(
        self,
        content_id: ContentId,
        trainer_id: UserId,
        command: ContentCommand,
        origin: Origin,
        key: UUID,
    ) -> AppendResult:
        """Take a place for an upload, and begin it. A retry after its end begins nothing."""
        request = Request(CONTENT, content_id, [command])
        place = TakePlace(
            user_id=trainer_id,
            place=content_id,
            limit=MAX_UNFINISHED,
            refusal=TooManyUploads,
            at=self.clock(),
        )
        appended = take_place(
            self.log,
            origin.tenant_id,
            UNFINISHED,
            place,
            lambda taken: self.commands.execute(request, taken, origin=origin, command_id=key),
        )
        item = find_item(self.log, origin.tenant_id, content_id)
        if item is not None and item.newest.stage == "uploading":
            newest = item.newest
            self._begin(UploadKey(origin.tenant_id, content_id, newest.number), newest.file)
        return appended

    def _begin(self, key: UploadKey, file: DeclaredFile) -> bool:
        """Prepare the upload, and return whether its file is not complete yet."""
        if self.store.size(key) is not None:
            return False
        self.store.begin(key, file.media_type)
        return True

    def _is_ended(self, tenant_id: TenantId, content_id: ContentId, number: int) -> bool:
        """Return whether a version is the newest, and its upload was cancelled or has expired."""
        item = find_item(self.log, tenant_id, content_id)
        return item is not None and (item.newest.number, item.newest.stage) == (number, "ended")

    def _joined(self, key: UploadKey, file: DeclaredFile) -> int:
        """Return the size of the complete file. Raises UploadIncomplete."""
        size = self.store.size(key)
        if size is not None:
            return size
        if missing_parts(file.size, self.store.arrived(key)):
            size = self.store.size(key)  # another request may have joined them meanwhile
            if size is None:
                raise UploadIncomplete
            return size
        try:
            return self.store.complete(key)
        except MediaMissing:
            raise UploadIncomplete from None

    def _check(self, trainer_id: UserId, file: DeclaredFile, origin: Origin, key: UUID) -> None:
        """Check an upload before its URLs exist; a repeated request needs no more room."""
        if not self.is_open:
            raise UploadsClosed
        self.limits.check(file)
        tenant_id = origin.tenant_id
        if not self.log.done(tenant_id, key):
            trainer = self._held(tenant_id, {"user_id": trainer_id})
            self.limits.check_room(file.size, trainer, self._held(tenant_id, {}))
            quarantined = self._quarantined(tenant_id, {"user_id": trainer_id})
            self.limits.check_quarantine(quarantined, self._quarantined(tenant_id, {}))

    def _held(self, tenant_id: TenantId, where: Where) -> int:
        return self.read.sum_of(CONTENT_ITEM, tenant_id, "held_bytes", where=where)

    def _quarantined(self, tenant_id: TenantId, where: Where) -> int:
        return self.read.sum_of(CONTENT_QUARANTINE, tenant_id, "held_bytes", where=where)

    def _execute(
        self, content_id: ContentId, command: ContentCommand, origin: Origin, key: UUID
    ) -> AppendResult:
        request = Request(CONTENT, content_id, [command])
        return self.commands.execute(request, origin=origin, command_id=key)
