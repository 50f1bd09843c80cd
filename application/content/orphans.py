"""Orphaned objects: what the store keeps of content, and no item refers to.

A process leaves them behind that dies between storing a file and recording it, or between recording
a removal and removing the file. Versions and captions that were replaced are orphans, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, Protocol

import structlog

from application.content.items import content_stream, quarantined_versions
from application.content.lesson_state import find_lesson
from application.content.manifest import Manifest, captions_prefix, media_prefix
from application.content.upload_store import UploadKey
from application.kernel.ports import EventLog, MediaCorrupt, MediaMissing, MediaReader
from domain.content.caption_draft import CaptionDraft
from domain.content.encoding import CONTENT_ENCODING, Begun
from domain.content.file_version import UNDERWAY
from domain.content.item import CONTENT, Item, Live
from domain.ids import ContentId, TenantId
from domain.kernel import Recorded

GRACE: Final = timedelta(days=3)
"""Age of an object, and of the last event of its item, before which nothing is removed."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class EncodedPlace:
    """Place of a file that was made of an upload, or of captions."""

    prefix: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of content. One without a `place` is a temporary file of a process that died."""

    name: str
    content_id: ContentId
    place: UploadKey | EncodedPlace | None
    changed_at: datetime


class ContentObjects(Protocol):
    """Lists and removes all objects of content. Raises StorageUnavailable."""

    def older(self, tenant_id: TenantId, before: datetime) -> Iterator[StoredObject]:
        """Yield the objects of a tenant that were last changed before a time.

        Parts are none, unless the file is complete: `UploadStore.unfinished` lists the others.
        """
        ...

    def remove(self, stored: StoredObject) -> bool:
        """Remove an object, unless it was stored again meanwhile; return whether it was removed."""
        ...


@dataclass(frozen=True)
class _References:
    """What an item refers to: numbers of uploads, and digests by prefix; None is all of them."""

    uploads: frozenset[int]
    media: Mapping[str, frozenset[str] | None]

    def include(self, stored: StoredObject) -> bool:
        match stored.place:
            case UploadKey(number=number):
                return number in self.uploads
            case EncodedPlace(prefix=prefix, digest=digest):
                digests = self.media.get(prefix, frozenset())
                return digests is None or digest in digests
            case None:
                return False


def _drafted(draft: CaptionDraft | None) -> frozenset[str]:
    """Return the digests of the files of a draft of captions."""
    if draft is None:
        return frozenset()
    if draft.digest is not None:
        return frozenset({draft.digest})
    return frozenset(draft.parts)


@dataclass(frozen=True)
class OrphanedObjects:
    """Removes orphans that are older than a time, of items that have not changed since."""

    log: EventLog
    media: MediaReader
    objects: ContentObjects

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        stored = sorted(self.objects.older(tenant_id, before), key=lambda each: each.content_id)
        count = 0
        for content_id, group in groupby(stored, key=lambda each: each.content_id):
            orphans = self._orphans(tenant_id, content_id, group, before)
            count += len(orphans) if dry_run else sum(map(self._remove, orphans))
        return count

    def _orphans(
        self,
        tenant_id: TenantId,
        content_id: ContentId,
        stored: Iterator[StoredObject],
        before: datetime,
    ) -> list[StoredObject]:
        history = self.log.load(tenant_id, content_stream(content_id))
        if history and history[-1].recorded_at >= before:
            return []
        try:
            references = self._references(tenant_id, content_id, history)
        except (MediaMissing, MediaCorrupt) as unreadable:
            logger.warning("content.orphans_unknown", content=content_id, code=unreadable.code)
            return []
        return [each for each in stored if not references.include(each)]

    def _remove(self, orphan: StoredObject) -> bool:
        removed = self.objects.remove(orphan)
        if removed:
            logger.info("content.orphan_removed", content=orphan.content_id, name=orphan.name)
        return removed

    def _references(
        self, tenant_id: TenantId, content_id: ContentId, history: Sequence[Recorded[Any]]
    ) -> _References:
        uploads = quarantined_versions(history)
        item = CONTENT.fold(recorded.event for recorded in history)
        if not isinstance(item, Item):
            return _References(frozenset(uploads), {})
        newest, live = item.newest, item.live
        media: dict[str, frozenset[str] | None] = {
            captions_prefix(content_id): frozenset(item.captions.values())
        }
        if newest.stage != "ended":
            uploads.add(newest.number)
        if newest.stage in UNDERWAY:
            media[media_prefix(content_id, newest.number)] = None
        if live is not None:
            uploads.add(live.number)
            prefix = media_prefix(content_id, live.number)
            digests = self._digests(tenant_id, content_id, live, prefix)
            media[prefix] = None if digests is None else digests | _drafted(item.draft)
        return _References(frozenset(uploads), media)

    def _digests(
        self, tenant_id: TenantId, content_id: ContentId, live: Live, prefix: str
    ) -> frozenset[str] | None:
        """Return the digests of the files of a published version; None while it is analyzed."""
        lesson = find_lesson(self.log, tenant_id, content_id, live.number)
        if lesson is None or lesson.stage == "underway":
            return None
        stream = f"{CONTENT_ENCODING.category}-{content_id}.{live.number}"
        encoded = CONTENT_ENCODING.fold(each.event for each in self.log.load(tenant_id, stream))
        units = encoded.done.values() if isinstance(encoded, Begun) else ()
        manifest = Manifest.of_bytes(self.media.get(tenant_id, live.encoding.digest, prefix=prefix))
        return frozenset(
            {
                live.encoding.digest,
                *(file.digest for file in manifest.files.values()),
                *(digest for unit in units for digest in (unit.digest, unit.index)),
                *lesson.pieces,
            }
        )
