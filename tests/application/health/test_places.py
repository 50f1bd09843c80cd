"""Places of health records: stored records are read near those that are compared only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from application.health.places import place_of, rows_at_places
from domain.health.batch import Measured
from domain.ids import UserId
from projections.health_metric import HealthMetric

NOON = datetime(2030, 1, 7, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(minute: int, metric: str = "steps") -> Measured:
    start = NOON + timedelta(minutes=minute)
    return Measured(f"{metric}-{minute}", metric, 100, "count", start, start + SECOND, "Watch")


def test_stored_records_are_read_around_records_that_are_close_together() -> None:
    """R-HLT-03: what a device has measured between two distant records of a file is not read."""
    periods: list[tuple[str, datetime, datetime]] = []

    def stored(metric: str, period: tuple[datetime, datetime]) -> Iterator[HealthMetric]:
        periods.append((metric, *period))
        start = period[0] + SECOND
        yield HealthMetric(
            UserId("ada"), "apple_health", "of-the-phone", 1, deleted=False, metric=metric,
            value=100, start=start, end=start + SECOND, device="Watch",
        )  # fmt: skip

    records = [at(0), at(5), at(60_000), at(3, "energy")]
    found = list(rows_at_places(records, stored))
    minutes = [
        (metric, round((first + SECOND - NOON) / timedelta(minutes=1)), last - first)
        for metric, first, last in periods
    ]
    assert minutes == [
        ("energy", 3, 2 * SECOND),
        ("steps", 0, timedelta(minutes=5) + 2 * SECOND),
        ("steps", 60_000, 2 * SECOND),
    ]
    assert {(each.metric, each.start) for each in found} == {
        (each.metric, each.start) for each in (at(0), at(60_000), at(3, "energy"))
    }


def test_a_device_is_recognized_by_what_files_keep_of_its_name() -> None:
    """R-HLT-03: Apple writes a space that cannot break, which the reader of files leaves out."""
    of_phone, of_file = (
        replace(at(0), device=name)
        for name in ("Ada\u2019s Apple\u00a0Watch ", "Ada\u2019s AppleWatch")
    )
    assert place_of(of_phone) == place_of(of_file)
    assert place_of(of_phone) != place_of(at(0))
