"""Batches of health records: what a device sends, the refusal of each record, and the decider."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.health.events import BatchEvent, MetricsSynced, Record, Records, Source
from domain.health.metrics import find_metric
from domain.ids import UserId
from domain.kernel import Decider, Rejected, command, value
from domain.personal import Personal
from domain.values import time_zone as checked_time_zone
from domain.values import within_calendar

MAX_BATCH: Final = 500
"""Records of one batch, and ids of deleted ones: an event of about 100 kB."""

LONGEST_RECORD: Final = timedelta(days=2)

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far the clock of a device may be ahead of ours."""

SYNC: Final = "health-integration"
"""Actor of batches that a sync of a cloud stores."""

RECORD_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
DEVICE: Final = re.compile(r"[^\x00-\x1f]{0,100}")


class NotShared(Rejected):
    """The consent does not include this metric."""

    code = "health.not_shared"
    kind = "forbidden"


class TimeImpossible(Rejected):
    """A record ends after it starts, at most two days later, and has a time zone."""

    code = "health.time_impossible"
    kind = "invalid"


class TimeInFuture(Rejected):
    """A record cannot be of the future."""

    code = "health.time_in_future"
    kind = "invalid"


class RecordIdInvalid(Rejected):
    """An id has 1 to 100 letters, digits and any of `_.:-`, and begins with a letter or digit."""

    code = "health.record_id_invalid"
    kind = "invalid"


class RecordRepeated(Rejected):
    """The batch has another record with this id, or deletes it."""

    code = "health.record_repeated"
    kind = "invalid"


class NoSuchRecords(Rejected):
    """There are no health records of this metric and source."""

    code = "health.no_records"
    kind = "not_found"


class DeviceInvalid(Rejected):
    """The name of a device has at most 100 characters and no control characters."""

    code = "health.device_invalid"
    kind = "invalid"


@value
class Measured:
    """A record as a device sends it, in any unit.

    `time_zone` is that in which a cloud counted the record by day; without one, that of the batch.
    """

    id: str
    metric: str
    value: float
    unit: str
    start: datetime
    end: datetime
    device: str = ""
    time_zone: str | None = None


@value
class Refused:
    """A record that was not taken: its index in the batch, its id, and the reason."""

    index: int
    id: str
    reason: Rejected


def check_ids(ids: Collection[str]) -> tuple[str, ...]:
    """Return ids of deleted records once each, in order. Raises RecordIdInvalid."""
    if any(not RECORD_ID.fullmatch(each) for each in ids):
        raise RecordIdInvalid
    return tuple(sorted(set(ids)))


def check_records(
    measured: Iterable[Measured],
    *,
    deleted: Collection[str],
    shared: Callable[[str], bool],
    time_zone: str,
    now: datetime,
) -> tuple[tuple[Record, ...], tuple[Refused, ...]]:
    """Return the valid records in order of id, and the refused ones in the order of the batch.

    `shared` returns whether the consent includes a metric.
    """
    seen = set(deleted)
    records: list[Record] = []
    refused: list[Refused] = []
    for index, each in enumerate(measured):
        try:
            if each.id in seen:
                raise RecordRepeated
            record = _checked(each, time_zone, now)
            if not shared(each.metric):
                raise NotShared
        except Rejected as reason:
            refused.append(Refused(index, each.id, reason))
        else:
            seen.add(each.id)
            records.append(record)
    return tuple(sorted(records, key=lambda record: record.id)), tuple(refused)


def _checked(measured: Measured, time_zone: str, now: datetime) -> Record:
    if not RECORD_ID.fullmatch(measured.id):
        raise RecordIdInvalid
    if not DEVICE.fullmatch(measured.device):
        raise DeviceInvalid
    metric = find_metric(measured.metric)
    figure = metric.normalize(measured.value, measured.unit)
    if measured.start.tzinfo is None or measured.end.tzinfo is None:
        raise TimeImpossible
    try:
        start, end = measured.start.astimezone(UTC), measured.end.astimezone(UTC)
    except OverflowError as before_or_after_all_years:
        raise TimeImpossible from before_or_after_all_years
    if not timedelta(0) <= end - start <= LONGEST_RECORD:
        raise TimeImpossible
    within_calendar(start)
    if end > now + CLOCK_TOLERANCE:
        raise TimeInFuture
    zone = checked_time_zone(measured.time_zone or time_zone)
    return Record(measured.id, metric.name, figure, start, end, measured.device, zone)


@command
class StoreBatch:
    """Store the valid records of a batch, with the counts of the others."""

    user_id: UserId
    source: Source
    records: Records
    unchanged: int
    rejected: int
    at: datetime


@value
class Batch:
    """A batch: stored or not."""

    stored: bool = False


def decide(command: StoreBatch, batch: Batch) -> tuple[BatchEvent, ...]:
    """Return the event of the batch, once."""
    if batch.stored:
        return ()
    content = command.records
    return (
        MetricsSynced(
            user_id=command.user_id,
            source=command.source,
            records=Personal(command.user_id, content),
            accepted=len(content.records),
            unchanged=command.unchanged,
            rejected=command.rejected,
            deleted=len(content.deleted),
            at=command.at,
        ),
    )


def evolve(_: Batch, event: BatchEvent) -> Batch:
    """Apply the event."""
    del event
    return Batch(stored=True)


HEALTH_BATCH = Decider[StoreBatch, BatchEvent, Batch](
    "health_batch", initial=Batch(), decide=decide, evolve=evolve
)
