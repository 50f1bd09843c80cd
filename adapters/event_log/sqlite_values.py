"""Values of stored events that SQLite does not check: it takes any type and size in any column."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import MsgspecError

from adapters.event_log.sqlite_recorder import StoredRow
from application.kernel.ports import EventUnreadable

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

DAMAGED_VALUE: Final = (MsgspecError, ValueError, TypeError, OverflowError)
"""Raised by conversions of values that Kinelog does not write."""


def to_time(recorded_at: int) -> datetime:
    """Convert microseconds since 1970 to a time."""
    return EPOCH + recorded_at * MICROSECOND


def check_values(streams: Iterable[tuple[str, str]], rows: Sequence[StoredRow]) -> None:
    """Convert the ids and times of rows of these tenants and originators.

    Raises EventUnreadable for the first event with a damaged one.
    """
    for (_, originator_id), row in zip(streams, rows, strict=False):
        position, version, _, _, _, event_id, _, correlation_id, causation_id, recorded_at = row
        try:
            for each in (event_id, correlation_id, causation_id or event_id):
                UUID(bytes=each)
            to_time(recorded_at)
        except DAMAGED_VALUE as damage:
            damaged = EventUnreadable("The id or the time of a stored event is damaged.")
            raise damaged.at(position, originator_id, version) from damage
