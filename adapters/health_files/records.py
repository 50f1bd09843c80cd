"""Records of health files: ids that follow from the content, and means of heart rates."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from msgspec.structs import replace

from adapters.health_files.messages import ReadRecord
from domain.health.batch import LONGEST_RECORD

MOST_REMEMBERED: Final = 20_000
"""Records that are compared with the next ones: files have those of one moment close together."""


class BadFileError(Exception):
    """The file is not of its format."""


def record(
    metric: str, value: float, unit: str, start: datetime, end: datetime, device: str
) -> ReadRecord:
    """Return a record. Raises BadFileError for a time without a zone."""
    if start.tzinfo is None or end.tzinfo is None:
        raise BadFileError("a time has no zone")
    start, end, device = start.astimezone(UTC), end.astimezone(UTC), printable(device)
    content = f"{metric}|{start.isoformat()}|{end.isoformat()}|{device}"
    return ReadRecord(
        sha256(content.encode()).hexdigest()[:40], metric, value, unit, start, end, device
    )


def with_distinct_ids(records: Iterable[ReadRecord]) -> Iterator[ReadRecord]:
    """Yield records, of which those that differ only in their value have ids of their own.

    The first one keeps its id, the others append their number: "-2" for a second drink at the same
    moment. Equal records keep an equal id.
    """
    seen: dict[str, dict[tuple[float | None, str], int]] = {}
    for each in records:
        numbers = seen.setdefault(each.id, {})
        number = numbers.setdefault((each.value, each.unit), len(numbers) + 1)
        yield each if number == 1 else replace(each, id=f"{each.id}-{number}")
        if len(seen) > MOST_REMEMBERED:
            del seen[next(iter(seen))]


def printable(name: str) -> str:
    """Return the name of a device without control characters, in at most 100 characters."""
    return "".join(each for each in name if each.isprintable()).strip()[:100]


def time_of(text: str | None) -> datetime:
    """Parse a time of ISO 8601 with its zone. Raises ValueError and BadFileError."""
    at = datetime.fromisoformat((text or "").strip())
    if at.tzinfo is None:
        raise BadFileError("a time has no zone")
    return at


class MinuteMeans:
    """Heart rates, as one mean for each minute: watches record one a second."""

    def __init__(self) -> None:
        self._sums: dict[datetime, tuple[float, int]] = {}

    def add(self, at: datetime, value: float) -> None:
        """Add a heart rate in beats a minute."""
        minute = at.astimezone(UTC).replace(second=0, microsecond=0)
        total, count = self._sums.get(minute, (0.0, 0))
        self._sums[minute] = (total + value, count + 1)

    def records(self, device: str) -> Iterator[ReadRecord]:
        """Yield the means, oldest first."""
        for minute, (total, count) in sorted(self._sums.items()):
            end = minute + timedelta(minutes=1)
            yield record("heart_rate", total / count, "bpm", minute, end, device)


def activity(
    start: datetime,
    seconds: float,
    device: str,
    *,
    metres: float | None = None,
    kcal: float | None = None,
    end: datetime | None = None,
) -> Iterator[ReadRecord]:
    """Yield the duration of an activity, and its distance and energy if they are known.

    Without pauses, it ends `seconds` after its start.
    """
    end = end or start + timedelta(seconds=seconds)
    yield record("workout_minutes", seconds / 60, "min", start, end, device)
    if metres:
        yield record("distance", metres, "m", start, end, device)
    if kcal:
        yield record("active_energy", kcal, "kcal", start, end, device)


def ending(end: datetime, records: Iterable[ReadRecord]) -> Iterator[ReadRecord]:
    """Yield the records of an activity with its end after all pauses.

    They keep their ids, so that another import of a file finds the records of an earlier one.
    Records that would be longer than LONGEST_RECORD, and would be refused, keep their end.
    """
    for each in records:
        is_later = each.end < end <= each.start + LONGEST_RECORD
        yield replace(each, end=end.astimezone(UTC)) if is_later else each
