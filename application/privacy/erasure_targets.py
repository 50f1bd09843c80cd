"""What is left of a person in the read models and among the media, and how it goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from application.kernel.ports import EventLog, MediaStore, StorageUnavailable
from application.kernel.projection_store import (
    CheckpointConflict,
    ProjectionStore,
    RowKey,
    Table,
    TableUpdate,
    Written,
)
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.kernel import Projection, Recorded

ATTEMPTS: Final = 200
"""Races lost in a row against whoever fills a table, before giving up."""

PAGE: Final = 1000


@dataclass(frozen=True)
class ReadModelRows:
    """The rows that a person's facts have made, in every table of every projection.

    A projection's own keys say which: a row is of one person, or it is made anew.
    """

    log: EventLog
    tables: ProjectionStore
    projections: Sequence[Projection[Any]]
    step: Step = "read_models"

    def count(self, whose: SubjectData) -> int:
        found = 0
        for projection in self.projections:
            keys = self._keys(projection, whose)
            for table in self._filled(projection):
                found += len(self.tables.rows(table, keys))
        return found

    def remove(self, whose: SubjectData) -> int:
        return sum(
            self._removed(table, self._keys(projection, whose))
            for projection in self.projections
            for table in self._filled(projection)
        )

    def _keys(self, projection: Projection[Any], whose: SubjectData) -> dict[RowKey, Recorded[Any]]:
        """Find the keys of a person's rows, each with the last fact in it."""
        return {
            (whose.tenant_id, key): fact
            for stream in whose.streams
            for fact in self.log.load(whose.tenant_id, stream)
            for key in projection.keys(fact)
        }

    def _filled(self, projection: Projection[Any]) -> Iterator[Table]:
        """Find the table that is read, and those that are being filled to take its place."""
        table = self.tables.served(projection)
        while table is not None:
            yield table
            table = self.tables.find(replace(table, generation=table.generation + 1))

    def _removed(self, table: Table, keys: dict[RowKey, Recorded[Any]]) -> int:
        now: Table | None = table
        for _ in range(ATTEMPTS):
            if now is None:
                return 0
            there = self.tables.rows(now, keys)
            gone = {key: Written(None, keys[key].stream, now.position) for key in there}
            try:
                if gone:
                    self.tables.store([TableUpdate(now, now.position, gone, now.failure)])
            except CheckpointConflict:
                now = self.tables.find(now)
            else:
                return len(gone)
        raise StorageUnavailable(f"The table of {table.projection.name} does not stand still.")


@dataclass(frozen=True)
class RecordedMedia:
    """Films and landmarks on the shelves of a person's sessions."""

    media: MediaStore
    step: Step = "media"

    def count(self, whose: SubjectData) -> int:
        return sum(self._on(whose, prefix) for prefix in _shelves(whose))

    def remove(self, whose: SubjectData) -> int:
        return sum(self.media.clear(whose.tenant_id, prefix) for prefix in _shelves(whose))

    def _on(self, whose: SubjectData, prefix: str) -> int:
        count, after = 0, ""
        while page := self.media.list_media(whose.tenant_id, prefix, after=after, limit=PAGE):
            count, after = count + len(page), page[-1].digest
        return count


def _shelves(whose: SubjectData) -> list[str]:
    return sorted({*whose.sessions, *whose.recordings})
