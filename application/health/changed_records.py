"""Which records of a batch are new or correct a stored one."""

from collections.abc import Sequence
from typing import Final

from application.kernel.read_models import ReadModels
from domain.health.events import Record, Source
from domain.ids import TenantId, UserId
from projections.health_integration import HEALTH_INTEGRATION
from projections.health_metric import HEALTH_METRIC, HealthMetric, local_day, record_key

FRESH_WITHIN_S: Final = 5.0
"""Longest time for which a batch waits for the rows of earlier ones, in seconds."""


def has_batches(read: ReadModels, tenant_id: TenantId, integration: str, syncs: int) -> bool:
    """Return whether the rows have as many batches of an integration as the log."""
    row = read.get(HEALTH_INTEGRATION, tenant_id, integration)
    return row is not None and row.syncs >= syncs


def changed_records(
    read: ReadModels,
    tenant_id: TenantId,
    user_id: UserId,
    source: Source,
    records: Sequence[Record],
    *,
    by_cloud: bool,
) -> tuple[Record, ...]:
    """Return the records that are not stored with the same content, nor deleted for good.

    A person corrects the day of a record by another time zone. Records that a cloud lists have the
    time zone of the profile, unless it counts them by day, and keep their days when that changes.
    """
    wanted = [record_key(user_id, source, each.id) for each in records]
    rows = read.get_many(HEALTH_METRIC, tenant_id, wanted)
    return tuple(
        record
        for key, record in zip(wanted, records, strict=True)
        if _is_change(rows.get(key), record, by_cloud=by_cloud)
    )


def _is_change(row: HealthMetric | None, record: Record, *, by_cloud: bool) -> bool:
    if row is None or row.may_return:
        return True
    if row.deleted:
        return False
    stored = (row.metric, row.value, row.start, row.end, row.device)
    sent = (record.metric, record.value, record.start, record.end, record.device)
    return stored != sent or not (by_cloud or row.day == local_day(record))
