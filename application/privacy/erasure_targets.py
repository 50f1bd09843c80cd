"""Erasure targets: rows of read models, and media."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from application.content.management import ContentFiles
from application.content.manifest import media_prefix
from application.content.upload_store import UploadKey
from application.kernel.cache import Cache, personal_prefix
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog, MediaStore, StorageUnavailable
from application.kernel.projection_store import (
    CheckpointConflict,
    ProjectionStore,
    RowKey,
    Table,
    TableUpdate,
    Written,
)
from application.privacy.subject_data import SubjectData
from domain.content.commands import DeleteContent
from domain.content.item import CONTENT
from domain.erasures.events import Step
from domain.ids import ContentId
from domain.kernel import Origin, Projection

ATTEMPTS: Final = 200
"""Version conflicts in a row with the projection runner, before giving up."""

PAGE: Final = 1000

ERASURE: Final = "erasure"
"""Actor of commands of an erasure."""


@dataclass(frozen=True)
class CachedValues:
    """Cached values of a person, such as figures of health data."""

    cache: Cache
    step: Step = "caches"

    def count(self, subject: SubjectData) -> int:
        """Return 0: cached values are copies of what other targets count."""
        del subject
        return 0

    def remove(self, subject: SubjectData) -> int:
        return self.cache.delete(personal_prefix(subject.tenant_id, subject.user_id))


@dataclass(frozen=True)
class ReadModelRows:
    """Rows built from a person's events, in every table of every projection.

    The keys of a projection determine the rows: a row belongs to one person, or is rebuilt. Keys
    that come from personal data are unknown once the person's key is destroyed; those rows are
    found by their owner.
    """

    log: EventLog
    tables: ProjectionStore
    projections: Sequence[Projection[Any]]
    step: Step = "read_models"

    def count(self, subject: SubjectData) -> int:
        count = 0
        for projection in self.projections:
            keys = self._keys(projection, subject)
            for table in self._tables(projection):
                owned = self.tables.owned_rows(table, subject.tenant_id, subject.user_id)
                count += len(self.tables.rows(table, keys).keys() | owned.keys())
        return count

    def remove(self, subject: SubjectData) -> int:
        return sum(
            self._remove(table, keys, subject)
            for projection in self.projections
            for keys in [self._keys(projection, subject)]
            for table in self._tables(projection)
        )

    def _keys(self, projection: Projection[Any], subject: SubjectData) -> dict[RowKey, str]:
        """Return the keys of a person's rows, each with the stream of its last event."""
        return {
            (subject.tenant_id, key): stream
            for stream in subject.streams
            for recorded in self.log.load(subject.tenant_id, stream)
            for key in projection.keys(recorded)
        }

    def _tables(self, projection: Projection[Any]) -> Iterator[Table]:
        """Yield the served table, and those being filled to replace it."""
        table = self.tables.served(projection)
        while table is not None:
            yield table
            table = self.tables.find(replace(table, generation=table.generation + 1))

    def _remove(self, table: Table, keys: dict[RowKey, str], subject: SubjectData) -> int:
        current: Table | None = table
        for _ in range(ATTEMPTS):
            if current is None:
                return 0
            owned = self.tables.owned_rows(current, subject.tenant_id, subject.user_id)
            existing = {key: keys[key] for key in self.tables.rows(current, keys)} | owned
            deletions = {
                key: Written(None, stream, current.position) for key, stream in existing.items()
            }
            try:
                if deletions:
                    self.tables.store(
                        [TableUpdate(current, current.position, deletions, current.failure)]
                    )
            except CheckpointConflict:
                current = self.tables.find(current)
            else:
                return len(deletions)
        raise StorageUnavailable(
            f"The table of {table.projection.name} keeps changing. Try again later."
        )


@dataclass(frozen=True)
class RecordedMedia:
    """Videos and landmarks of a person's sessions and recordings."""

    media: MediaStore
    step: Step = "media"

    def count(self, subject: SubjectData) -> int:
        return sum(self._count(subject, prefix) for prefix in _prefixes(subject))

    def remove(self, subject: SubjectData) -> int:
        return sum(self.media.clear(subject.tenant_id, prefix) for prefix in _prefixes(subject))

    def _count(self, subject: SubjectData, prefix: str) -> int:
        count, after = 0, ""
        while page := self.media.list_media(subject.tenant_id, prefix, after=after, limit=PAGE):
            count, after = count + len(page), page[-1].digest
        return count


@dataclass(frozen=True)
class UploadedContent:
    """Videos that a person uploaded, what was encoded of them, and the items themselves.

    Uploaded files are not encrypted with the key of the person, so they are removed.
    """

    files: ContentFiles
    commands: CommandHandler
    clock: Clock
    step: Step = "media"

    def count(self, subject: SubjectData) -> int:
        count = 0
        for key in self._versions(subject):
            prefix = media_prefix(key.content_id, key.number)
            count += len(self.files.media.list_media(subject.tenant_id, prefix))
            count += self.files.uploads.size(key) is not None
        return count

    def remove(self, subject: SubjectData) -> int:
        """Delete the items, so that nothing is encoded any more, and remove their files."""
        count, keys = self.count(subject), self._versions(subject)
        origin = Origin(tenant_id=subject.tenant_id, actor=ERASURE, correlation_id=uuid4())
        for content_id in dict.fromkeys(key.content_id for key in keys):
            delete = Request(CONTENT, content_id, [DeleteContent(at=self.clock())])
            self.commands.execute(delete, origin=origin, command_id=uuid4())
            self.files.remove(subject.tenant_id, content_id)
        return count

    def _versions(self, subject: SubjectData) -> list[UploadKey]:
        return [
            key
            for stream in subject.others
            if stream.startswith(f"{CONTENT.category}-")
            for key in self.files.versions(
                subject.tenant_id, ContentId(stream.removeprefix(f"{CONTENT.category}-"))
            )
        ]


def _prefixes(subject: SubjectData) -> list[str]:
    return sorted({*subject.sessions, *subject.recordings})
