"""Videos that a person uploaded, for the archive of their data."""

import io
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from application.content.items import content_stream, find_item, quarantined_versions
from application.content.lesson_state import find_lesson
from application.content.management import ContentFiles
from application.content.manifest import captions_prefix, media_prefix
from application.content.playback import captions_name, draft_name
from application.content.upload_store import UploadKey
from application.kernel.ports import MediaCorrupt, MediaMissing
from application.privacy.subject_data import SubjectData
from domain.content.file_version import UNDERWAY
from domain.content.item import Item
from domain.ids import ContentId, TenantId


@dataclass(frozen=True)
class UploadedVideos:
    """Reads the videos, captions and lessons of a person."""

    content: ContentFiles

    def files(self, subject: SubjectData) -> Iterator[tuple[str, AbstractContextManager[BinaryIO]]]:
        """Yield uploaded files, captions and drafts of them, to be opened.

        Files in quarantine are left out: most of them contain malware. Opening raises MediaMissing
        if a file was deleted meanwhile or its upload ended, and MediaCorrupt.
        """
        for content_id in _items(subject):
            yield from self._versions(subject.tenant_id, content_id)
            yield from self._captions(subject.tenant_id, content_id)
            yield from self._draft(subject.tenant_id, content_id)

    def lessons(self, subject: SubjectData) -> Iterator[Any]:
        """Yield the lesson of each version that was analyzed."""
        for content_id in _items(subject):
            for key in self.content.versions(subject.tenant_id, content_id):
                lesson = find_lesson(self.content.log, key.tenant_id, content_id, key.number)
                if lesson is not None:
                    yield {
                        "video": content_id,
                        "version": key.number,
                        "confirmed": lesson.confirmed,
                        "corrected": sorted(lesson.corrected),
                        "segments": lesson.segments,
                        "workouts": lesson.workouts,
                    }

    def _versions(
        self, tenant_id: TenantId, content_id: ContentId
    ) -> Iterator[tuple[str, AbstractContextManager[BinaryIO]]]:
        history = self.content.log.load(tenant_id, content_stream(content_id))
        quarantined = quarantined_versions(history)
        for key in self.content.versions(tenant_id, content_id):
            if key.number in quarantined:
                continue
            yield f"{content_id}/{key.number}", self._open_version(key)

    @contextmanager
    def _open_version(self, key: UploadKey) -> Generator[BinaryIO]:
        try:
            with self.content.uploads.local(key) as path, path.open("rb") as file:
                yield file
        except MediaMissing:
            item = find_item(self.content.log, key.tenant_id, key.content_id)
            if item is not None and key.number in _kept_versions(item):
                raise MediaCorrupt from None  # it was not removed
            raise

    def _captions(
        self, tenant_id: TenantId, content_id: ContentId
    ) -> Iterator[tuple[str, AbstractContextManager[BinaryIO]]]:
        item = find_item(self.content.log, tenant_id, content_id)
        for language, digest in () if item is None else sorted(item.captions.items()):
            opened = self._open_captions(tenant_id, content_id, language, digest)
            yield f"{content_id}/{captions_name(language)}", opened

    @contextmanager
    def _open_captions(
        self, tenant_id: TenantId, content_id: ContentId, language: str, digest: str
    ) -> Generator[BinaryIO]:
        prefix = captions_prefix(content_id)
        try:
            text = self.content.media.get(tenant_id, digest, prefix=prefix)
        except MediaMissing:
            newest = find_item(self.content.log, tenant_id, content_id)
            if newest is not None and newest.captions.get(language) == digest:
                raise MediaCorrupt from None  # they were not removed
            raise
        yield io.BytesIO(text)

    def _draft(
        self, tenant_id: TenantId, content_id: ContentId
    ) -> Iterator[tuple[str, AbstractContextManager[BinaryIO]]]:
        """Yield the draft of captions, if there is one."""
        item = find_item(self.content.log, tenant_id, content_id)
        draft = None if item is None else item.draft
        if draft is None or draft.digest is None:
            return
        opened = self._open_draft(tenant_id, media_prefix(content_id, draft.number), draft.digest)
        yield f"{content_id}/{draft_name(draft.language)}", opened

    @contextmanager
    def _open_draft(self, tenant_id: TenantId, prefix: str, digest: str) -> Generator[BinaryIO]:
        yield io.BytesIO(self.content.media.get(tenant_id, digest, prefix=prefix))


def _kept_versions(item: Item) -> set[int]:
    """Return the numbers of the versions whose uploaded files are kept while the item exists."""
    is_kept = item.newest.stage in UNDERWAY - {"uploading"}
    live = set[int]() if item.live is None else {item.live.number}
    return live | {item.newest.number} if is_kept else live


def _items(subject: SubjectData) -> list[ContentId]:
    """Return the videos whose streams belong to the person."""
    prefix = content_stream(ContentId(""))
    return sorted(
        ContentId(stream.removeprefix(prefix))
        for stream in subject.others
        if stream.startswith(prefix)
    )
