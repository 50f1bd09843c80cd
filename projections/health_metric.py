"""Health metrics read model: one row per record of a source, as it was last corrected."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.health.batch import SYNC
from domain.health.events import MetricsSynced, Record, Records, Source
from domain.health.metrics import metrics
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import Erased, Personal

EVENING: Final = 18
"""Local hour from which on sleep belongs to the next day, on which the night ends."""


@dataclass(frozen=True)
class HealthMetric:
    """A record. `day` is the athlete's local day that it belongs to; see `local_day`.

    `user_day` names person and day, and `user_metric_day` the metric as well. `log_position` is the
    position of the batch that it is from. A deleted record has no content, and nothing restores it,
    unless it `may_return`: a cloud does not list it, and may list it again later.
    `content_position` is the position of the batch with its last content; 0 if there is none.
    """

    user_id: UserId
    source: Source
    record_id: str
    log_position: int
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
    content_position: int = 0


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
    """Apply a batch of one record. What a person deletes stays deleted.

    Of other batches, the last one in the log counts, in whatever order streams are read; their
    times are from the clocks of several processes.
    """
    at = recorded.position
    match recorded.event:
        case MetricsSynced(records=Personal(value=Records(records=(record,)))) as batch:
            if row is not None and (_is_final(row) or row.log_position > at):
                is_former = row.deleted and row.content_position < at < row.log_position
                return replace(row, content_position=at) if is_former else row
            return _row(batch, record, at)
        case MetricsSynced(records=Personal(value=Records(deleted=(record_id,)))) as batch:
            by_cloud = recorded.origin.actor == SYNC
            if row is not None and (_is_final(row) or (by_cloud and row.log_position > at)):
                return row
            return HealthMetric(
                batch.user_id,
                batch.source,
                record_id,
                at,
                deleted=True,
                may_return=by_cloud,
                content_position=_content_position(row),
            )
        case _:
            return row


def _content_position(row: HealthMetric | None) -> int:
    if row is None:
        return 0
    return row.content_position if row.deleted else row.log_position


def _is_final(row: HealthMetric) -> bool:
    return row.deleted and not row.may_return


def local_day(record: Record) -> date:
    """Return the athlete's local day on which a record starts.

    Sleep that starts at 18:00 or later belongs to the next day, on which the night ends.
    """
    start = record.start.astimezone(ZoneInfo(record.time_zone))
    metric = metrics().get(record.metric)
    if metric is not None and metric.of_night and start.hour >= EVENING:
        return start.date() + timedelta(days=1)
    return start.date()


def _row(batch: MetricsSynced, record: Record, position: int) -> HealthMetric:
    day = local_day(record)
    return HealthMetric(
        batch.user_id,
        batch.source,
        record.id,
        position,
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
    version=6,
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
