"""Deletion of a person's health records by metric and source."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from application.kernel.batches import batched
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from domain.health.batch import HEALTH_BATCH, MAX_BATCH, NoSuchRecords, StoreBatch
from domain.health.events import Records, Source
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from projections.health_metric import HEALTH_METRIC

MAX_DELETED: Final = 10_000
"""Records that one command deletes, in one transaction."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Number of deleted records, and whether there are more to delete."""

    records: int
    more: bool
    position: int
    repeated: bool


@dataclass(frozen=True)
class HealthDeletion:
    """Deletes records of callers who are authorized. `read` sees all rows."""

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock

    def delete(
        self,
        user_id: UserId,
        metric: str | None,
        source: Source | None,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> Deleted:
        """Delete at most MAX_DELETED records; None means every metric, or every source.

        Raises NoSuchRecords if there are none.
        """
        tenant_id = origin.tenant_id
        where: dict[str, Any] = {"user_id": user_id, "deleted": False}
        where |= {} if metric is None else {"metric": metric}
        where |= {} if source is None else {"source": source}
        if done := self.log.done(tenant_id, command_id):
            left = self.read.count(HEALTH_METRIC, tenant_id, where=where)
            return Deleted(self._deleted(tenant_id, command_id), left > 0, done.position, True)
        batches, more = self._batches(tenant_id, where)
        if not batches:
            raise NoSuchRecords
        requests = [
            Request(HEALTH_BATCH, _batch_id(command_id, number), [self._store(user_id, *batch)])
            for number, batch in enumerate(batches)
        ]
        appended = self.commands.execute(*requests, origin=origin, command_id=command_id)
        count = sum(len(ids) for _, ids in batches)
        return Deleted(count, more, appended.position, appended.repeated)

    def _store(self, user_id: UserId, source: Source, ids: tuple[str, ...]) -> StoreBatch:
        return StoreBatch(
            user_id=user_id,
            source=source,
            records=Records((), tuple(sorted(ids))),
            unchanged=0,
            rejected=0,
            at=self.clock(),
        )

    def _batches(
        self, tenant_id: TenantId, where: dict[str, Any]
    ) -> tuple[list[tuple[Source, tuple[str, ...]]], bool]:
        """Return ids of records by source, at most MAX_BATCH each, and whether there are more."""
        ids: dict[Source, list[str]] = {}
        after, count, more = None, 0, True
        while more and count < MAX_DELETED:
            window = Window(first=PAGE_LIMIT, after=after)
            page = self.read.page(
                HEALTH_METRIC, tenant_id, window=window, where=where, order_by="start"
            )
            for edge in page.edges:
                ids.setdefault(edge.row.source, []).append(edge.row.record_id)
            count, more = count + len(page.edges), page.has_next
            after = page.edges[-1].cursor if page.edges else None
        batches: list[tuple[Source, tuple[str, ...]]] = [
            (source, tuple(part))
            for source, each in ids.items()
            for part in batched(each, MAX_BATCH)
        ]
        return batches, more

    def _deleted(self, tenant_id: TenantId, command_id: UUID) -> int:
        """Return the number of records that a command deleted."""
        count, number = 0, 0
        while history := self.log.load(
            tenant_id, f"{HEALTH_BATCH.category}-{_batch_id(command_id, number)}"
        ):
            count, number = count + history[0].event.deleted, number + 1
        return count


def _batch_id(command_id: UUID, number: int) -> str:
    return str(uuid5(command_id, f"health-deletion-{number}"))
