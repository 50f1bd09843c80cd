"""Health metrics read model: one row per record of a source, as it was last corrected."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.health.batch import SYNC
from domain.health.events import MetricsSynced, Record, Records, Source
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import Erased, Personal


@dataclass(frozen=True)
class HealthMetric:
    """A record. `day` is the athlete's local day on which it starts.

    `user_day` names person and day, and `user_metric_day` the metric as well. `changed_at` is the
    time of the batch that it is from. A deleted record has no content, and nothing restores it,
    unless it `may_return`: a cloud does not list it, and may list it again later.
    """

    user_id: UserId
    source: Source
    record_id: str
    changed_at: datetime
    deleted: bool
    metric: str | None = None
    value: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    user_day: str | None = None
    user_metric_day: str | None = None
    device: str = ""
    may_return: bool = False


def record_key(user_id: UserId, source: Source, record_id: str) -> str:
    """Return the key of a record's row."""
    return f"{user_id}/{source}/{record_id}"


def user_day(user_id: UserId, day: date) -> str:
    """Return the value of `HealthMetric.user_day` of a person and day."""
    return f"{user_id}/{day.isoformat()}"


def user_metric_day(user_id: UserId, metric: str, day: date) -> str:
    """Return the value of `HealthMetric.user_metric_day` of a person, metric and day."""
    return f"{user_id}/{metric}/{day.isoformat()}"


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by person, source and id of the record; erased batches have none."""
    match recorded.event:
        case MetricsSynced(user_id=user, source=source, records=Personal(value=Records() as batch)):
            ids = (*(each.id for each in batch.records), *batch.deleted)
            return tuple(record_key(user, source, each) for each in ids)
        case _:
            return ()


def narrow(key: str, recorded: Recorded[Any]) -> Recorded[Any]:
    """Return the batch with nothing but the record of this key."""
    batch: MetricsSynced = recorded.event
    content = batch.records.value
    if isinstance(content, Erased):
        return recorded
    record_id = key.rpartition("/")[2]
    at = bisect_left(content.records, record_id, key=lambda each: each.id)
    found = content.records[at : at + 1]
    one = Records(found, ()) if found and found[0].id == record_id else Records((), (record_id,))
    event = replace(batch, records=Personal(batch.user_id, one))
    return replace(recorded, event=event)


def evolve(row: HealthMetric | None, recorded: Recorded[Any]) -> HealthMetric | None:
    """Apply a batch of one record. The latest batch counts; what a person deletes stays deleted."""
    match recorded.event:
        case MetricsSynced(records=Personal(value=Records(records=(record,)))) as batch:
            if row is not None and (_is_final(row) or row.changed_at > batch.at):
                return row
            return _row(batch, record)
        case MetricsSynced(records=Personal(value=Records(deleted=(record_id,)))) as batch:
            by_cloud = recorded.origin.actor == SYNC
            if row is not None and (_is_final(row) or (by_cloud and row.changed_at > batch.at)):
                return row
            who = batch.user_id, batch.source, record_id
            return HealthMetric(*who, batch.at, deleted=True, may_return=by_cloud)
        case _:
            return row


def _is_final(row: HealthMetric) -> bool:
    return row.deleted and not row.may_return


def _row(batch: MetricsSynced, record: Record) -> HealthMetric:
    day = record.start.astimezone(ZoneInfo(record.time_zone)).date()
    return HealthMetric(
        batch.user_id,
        batch.source,
        record.id,
        batch.at,
        deleted=False,
        metric=record.metric,
        value=record.value,
        start=record.start,
        end=record.end,
        day=day,
        user_day=user_day(batch.user_id, day),
        user_metric_day=user_metric_day(batch.user_id, record.metric, day),
        device=record.device,
    )


HEALTH_METRIC = Projection(
    name="health_metric",
    version=3,
    row=HealthMetric,
    keys=keys,
    evolve=evolve,
    narrow=narrow,
    indexes=(
        ("user_day",),
        ("user_metric_day",),
        ("user_id", "deleted", "start"),
        ("user_id", "metric", "start"),
    ),
    kind="health",
)
