"""Daily figures: each stretch of time counts once, from the preferred source."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from domain.health.events import Goal, Source
from domain.health.figures import Figure, daily_figures, is_reached, streak
from domain.kernel import value

MIDNIGHT = datetime(2030, 1, 7, tzinfo=UTC)
MONDAY = MIDNIGHT.date()
APPLE_FIRST: tuple[Source, ...] = ("apple_health", "health_connect")
CONNECT_FIRST: tuple[Source, ...] = ("health_connect", "apple_health")


@value
class Stored:
    metric: str
    value: float
    start: datetime
    end: datetime
    source: Source = "apple_health"
    device: str = "Watch"


def walk(first_min: int, last_min: int, steps: float, **origin: str) -> Stored:
    start, end = (MIDNIGHT + timedelta(minutes=each) for each in (first_min, last_min))
    return Stored("steps", steps, start, end, **origin)  # type: ignore[arg-type]


def figures(
    records: Sequence[Stored], order: tuple[Source, ...] = APPLE_FIRST, day: date = MONDAY
) -> tuple[Figure, ...]:
    by_day: dict[date, list[Stored]] = {}
    for each in records:
        by_day.setdefault(each.start.date(), []).append(each)
    return daily_figures(by_day, day, lambda _: order)


def steps(records: Sequence[Stored], order: tuple[Source, ...] = APPLE_FIRST) -> float:
    (figure,) = figures(records, order)
    return figure.figure


def sleep(first_min: int, source: Source, last_min: int = 420, device: str = "Watch") -> Stored:
    """Return a record around the midnight, by minutes from it."""
    start, end = (MIDNIGHT + timedelta(minutes=each) for each in (first_min, last_min))
    return Stored("sleep", last_min - first_min, start, end, source, device)


def minutes_slept(
    records: Sequence[Stored], order: tuple[Source, ...] = APPLE_FIRST
) -> tuple[float | None, float | None]:
    """Return the sleep of the day before the midnight, and of the day after."""
    days = MONDAY - timedelta(days=1), MONDAY
    before, after = (figures(records, order, day) for day in days)
    return before[0].figure if before else None, after[0].figure if after else None


def test_overlapping_records_of_two_sources_count_once() -> None:
    """R-HLT-03: the order of sources decides which; time of one source only counts, too."""
    records = [
        walk(0, 10, 100),
        walk(10, 20, 110),
        walk(5, 15, 999, source="health_connect"),
        walk(20, 30, 50, source="health_connect"),
    ]
    assert steps(records) == 100 + 110 + 50
    assert steps(records, CONNECT_FIRST) == 999 + 50
    (figure,) = figures(records)
    assert (figure.records, figure.duplicates) == (3, 1)
    assert [(each.source, each.records) for each in figure.origins] == [
        ("apple_health", 2),
        ("health_connect", 1),
    ]


def test_two_devices_of_one_source_count_once() -> None:
    """R-HLT-03: the device with more records counts, whatever the order of the records."""
    watch = [walk(number, number + 1, 10) for number in range(5)]
    phone = [walk(0, 5, 44, device="Phone"), walk(5, 9, 7, device="Phone")]
    assert steps([*watch, *phone]) == steps([*phone, *watch]) == 50 + 7


def test_a_night_that_two_sources_begin_on_different_days_counts_once() -> None:
    """R-HLT-03: on the day of the preferred source, whichever record begins earlier."""
    night = [sleep(-3, "apple_health"), sleep(4, "health_connect")]
    assert minutes_slept(night) == (423, None)
    assert minutes_slept(night, CONNECT_FIRST) == (None, 416)


def test_a_night_of_two_devices_of_one_source_counts_on_the_day_on_which_it_began() -> None:
    """R-HLT-03: even if one of them has more records on one of the days."""
    night = [sleep(-3, "apple_health"), sleep(4, "apple_health", device="Phone")]
    naps = [
        sleep(number, "apple_health", number + 30, device="Phone")
        for number in (-900, -800, 800, 900)
    ]
    assert minutes_slept([*night, *naps]) == (423 + 60, 60)


def test_a_record_that_another_day_hardly_touches_counts() -> None:
    """R-HLT-03: as the total of a day, beside a walk over midnight that another source has."""
    total = [sleep(0, "health_connect", 1440), sleep(-10, "apple_health", 10)]
    assert minutes_slept(total) == (20, 1440)
    night = [sleep(0, "health_connect"), sleep(-10, "apple_health", 200)]
    assert minutes_slept(night) == (210, 420)
    assert minutes_slept([*night, sleep(-5, "apple_health", 230)]) == (445, None)


def test_a_record_that_does_not_count_replaces_none() -> None:
    """R-HLT-03"""
    long_night = sleep(-120, "health_connect", 480)
    preferred = sleep(30, "apple_health", 390)
    morning = sleep(390, "health_connect", 480, device="Ring")
    assert minutes_slept([long_night, preferred, morning]) == (None, 360 + 90)


def test_records_of_one_device_all_count() -> None:
    """R-HLT-03: overlapping records of one device are its own affair."""
    assert steps([walk(0, 10, 5), walk(5, 15, 6)]) == 11


def test_a_day_has_a_mean_a_sum_or_the_latest_value() -> None:
    """R-HLT-03: as the metric type says, rounded to its decimals."""
    at = [MIDNIGHT + timedelta(hours=hour) for hour in range(3)]
    records = [
        Stored("heart_rate", 60, at[0], at[0]),
        Stored("heart_rate", 71, at[1], at[1]),
        Stored("weight", 62.5, at[2], at[2]),
        Stored("weight", 63.0, at[0], at[0]),
    ]
    pulse, weight = figures(records)
    assert (pulse.figure, pulse.low, pulse.high) == (66, 60, 71)
    assert weight.figure == 62.5


def test_a_streak_ends_before_the_first_day_that_missed_the_goal() -> None:
    """R-HLT-03: today counts if it is reached, and breaks nothing if it is not yet."""
    goal = Goal("steps", 8000, "at_least")
    figures = {date(2030, 1, 1): 9000.0, date(2030, 1, 3): 8000.0, date(2030, 1, 4): 8100.0}
    assert streak(goal, figures, date(2030, 1, 4)) == 2
    assert streak(goal, figures | {date(2030, 1, 5): 10.0}, date(2030, 1, 5)) == 2
    assert streak(goal, figures, date(2030, 1, 6)) == 0
    assert is_reached(Goal("weight", 70, "at_most"), 69.9)
    assert not is_reached(Goal("weight", 70, "at_most"), 70.1)


def test_a_figure_that_equals_a_more_exact_goal_reaches_it() -> None:
    """R-HLT-03: 150 and 165 lb are stored to the gram as goals, and to ten grams as weights."""
    assert is_reached(Goal("weight", 68.039, "at_most"), 68.04)
    assert not is_reached(Goal("weight", 68.039, "at_most"), 68.05)
    assert is_reached(Goal("weight", 74.843, "at_least"), 74.84)
    assert not is_reached(Goal("weight", 74.843, "at_least"), 74.83)
