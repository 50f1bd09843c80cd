"""Values that deleted records had: the log has them, and the rows of the records do not."""

from collections import defaultdict
from collections.abc import Collection

from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from domain.health.events import MetricsSynced, Source
from domain.ids import TenantId, UserId
from domain.personal import Erased
from projections.health_metric import HEALTH_METRIC, record_key


def deleted_values(
    log: EventLog,
    read: ReadModels,
    tenant_id: TenantId,
    user_id: UserId,
    source: Source,
    ids: Collection[str],
) -> dict[str, float]:
    """Return the last values of those of a source's records that are deleted, by id.

    Values are in the unit of their metric. Each batch with deleted records is read once.
    """
    keys = [record_key(user_id, source, each) for each in ids]
    batches: dict[int, set[str]] = defaultdict(set)
    for row in read.get_many(HEALTH_METRIC, tenant_id, keys).values():
        if row.deleted and row.content_position:
            batches[row.content_position].add(row.record_id)
    values: dict[str, float] = {}
    for position, deleted in batches.items():
        for recorded in log.scan(after=position - 1, limit=1):
            batch: MetricsSynced = recorded.event
            content = batch.records.value
            records = () if isinstance(content, Erased) else content.records
            values.update((each.id, each.value) for each in records if each.id in deleted)
    return values
