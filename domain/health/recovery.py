"""Training load beside recovery: the last week compared with the four weeks before it.

This describes what was recorded. It predicts neither injury nor performance.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

from domain.kernel import value

WEEK: Final = 7
USUAL_DAYS: Final = 28
"""Days before the week, of which the mean is what is usual for the person."""

NEEDED_DAYS: Final = 7
"""Days with a figure that a comparison needs in the four weeks before."""

NEEDED_IN_WEEK: Final = 3
"""Days with a figure that a comparison needs in the last seven days."""

NEEDED_WEEKS: Final = 2
"""Weeks of training that a comparison needs in the four weeks before."""

Comparison = Literal["more", "usual", "less", "unknown"]
State = Literal["worse", "usual", "better", "unknown"]

MORE: Final = 1.3
LESS: Final = 0.8
"""Ratios of a week's training to the usual week, from which it counts as more or less."""

RECOVERY_METRICS: Final[Mapping[str, float]] = {
    "resting_heart_rate": -0.05,
    "heart_rate_variability": 0.1,
    "sleep": 0.07,
}
"""Metrics that tell of recovery, with the relative change from which one counts as better."""


@value
class Load:
    """Minutes of training in the last seven days and in a usual week, and how they compare.

    `usual_minutes` is None unless training began at least two weeks before these seven days, and a
    whole week since then has some.
    """

    minutes: float
    usual_minutes: float | None
    state: Comparison


@value
class Signal:
    """Mean of a metric in the last seven days and before; None with too few days."""

    metric: str
    week: float | None
    usual: float | None
    state: State


def training_load(minutes: Mapping[date, float], today: date) -> Load:
    """Compare the training of the last seven days with the mean week of the four before.

    Of these, only whole weeks since their first training count.
    """
    week = sum(minutes.get(day, 0.0) for day in _days(today, 0, WEEK))
    before = [day for day in _days(today, WEEK, USUAL_DAYS) if minutes.get(day)]
    days = (today - min(before, default=today)).days + 1 - WEEK
    weeks = days // WEEK
    if weeks < NEEDED_WEEKS:
        return Load(round(week, 1), None, "unknown")
    usual = sum(minutes.get(day, 0.0) for day in _days(today, WEEK, weeks * WEEK)) / weeks
    if usual == 0:  # all training was in the days that do not make up a whole week
        return Load(round(week, 1), None, "unknown")
    ratio = week / usual
    state: Comparison = "more" if ratio > MORE else "less" if ratio < LESS else "usual"
    return Load(round(week, 1), round(usual, 1), state)


def recovery(figures: Mapping[str, Mapping[date, float]], today: date) -> tuple[Signal, ...]:
    """Compare each metric of recovery with what is usual for the person."""
    return tuple(
        _signal(metric, figures.get(metric, {}), today, better)
        for metric, better in RECOVERY_METRICS.items()
    )


def _signal(metric: str, figures: Mapping[date, float], today: date, better: float) -> Signal:
    week = _mean(figures, _days(today, 0, WEEK), NEEDED_IN_WEEK)
    usual = _mean(figures, _days(today, WEEK, USUAL_DAYS), NEEDED_DAYS)
    if week is None or not usual:
        return Signal(metric, week, usual, "unknown")
    change = (week / usual - 1) / better
    return Signal(
        metric, week, usual, "better" if change >= 1 else "worse" if change <= -1 else "usual"
    )


def _mean(figures: Mapping[date, float], days: list[date], needed: int) -> float | None:
    values = [figures[day] for day in days if day in figures]
    return round(sum(values) / len(values), 1) if len(values) >= needed else None


def _days(today: date, skipped: int, length: int) -> list[date]:
    return [today - timedelta(days=skipped + number) for number in range(length)]
