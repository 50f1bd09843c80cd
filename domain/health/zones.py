"""Heart-rate zones: time spent in five parts of the range up to the highest heart rate."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from domain.health.figures import Stored
from domain.kernel import value

SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower bounds of the zones, as shares of the highest heart rate (Edwards, "The Heart Rate Monitor
Book", 1993)."""

LEAST_HIGHEST: Final = 160
"""Lowest value assumed as the highest heart rate, in bpm: easy activity does not show it."""

LONGEST: Final = timedelta(minutes=5)
"""Longest time that an instant stands for; it counts up to the next one."""


@value
class Zone:
    """A zone from `low` up to, not including, `high` bpm; the last one has no upper bound."""

    zone: int
    low: int
    high: int | None
    minutes: float


def zones(records: Sequence[Stored], highest: float) -> tuple[Zone, ...]:
    """Return the time in each zone of heart-rate records that do not overlap, lowest first.

    `highest` is the person's highest heart rate, in bpm; at least LEAST_HIGHEST is assumed.
    """
    bounds = [round(share * max(highest, LEAST_HIGHEST)) for share in SHARES]
    seconds = [0.0] * len(bounds)
    in_order = sorted(records, key=lambda each: each.start)
    for number, record in enumerate(in_order):
        place = sum(record.value >= bound for bound in bounds) - 1
        if place >= 0:
            following = in_order[number + 1].start if number + 1 < len(in_order) else record.end
            lasting = min(max(record.end, following) - record.start, LONGEST)
            seconds[place] += max(lasting, record.end - record.start).total_seconds()
    uppers = [*bounds[1:], None]
    return tuple(
        Zone(number, low, high, round(spent / 60, 1))
        for number, (low, high, spent) in enumerate(
            zip(bounds, uppers, seconds, strict=True), start=1
        )
    )
