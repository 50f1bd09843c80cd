"""Training history over the years: streaks, sums by exercise, trends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st

from application.analytics.training_history import (
    DoneSet,
    ExerciseSum,
    Streak,
    streaks,
    sums_by_exercise,
    trend,
)
from tests.specification import for_any

TODAY = date(2030, 3, 1)
DAYS = st.lists(st.integers(-40, 0).map(lambda ago: TODAY + timedelta(days=ago)))
AT = datetime(2030, 1, 1, tzinfo=UTC)


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=each) for each in days]


@pytest.mark.parametrize(
    ("days", "current", "longest"),
    [
        ([], 0, 0),
        (ago(0), 1, 1),
        (ago(1), 1, 1),
        (ago(2), 0, 1),
        (ago(0, 1, 2, 5, 6), 3, 3),
        (ago(1, 5, 6, 7), 1, 3),
        (ago(-1, 0, 3), 2, 2),
        (ago(-365, 0, 1), 2, 2),
        (ago(-3, -2), 0, 2),
    ],
)
def test_a_streak_lasts_until_a_whole_day_without_training(
    days: list[date], current: int, longest: int
) -> None:
    """R-WKT-06: today is not over yet, for a traveler tomorrow may have begun, and no later day."""
    reported = streaks(days, TODAY)
    assert (reported.current.days if reported.current else 0) == current
    assert (reported.longest.days if reported.longest else 0) == longest


@for_any(DAYS)
def test_a_streak_is_of_training_days_alone_and_cannot_be_longer(days: list[date]) -> None:
    reported = streaks(days, TODAY)
    for streak in (reported.current, reported.longest):
        if streak is None:
            continue
        within = {streak.start + timedelta(days=each) for each in range(streak.days)}
        assert within <= set(days)
        assert streak.start - timedelta(days=1) not in days
        assert streak.end + timedelta(days=1) not in days
    assert (reported.longest is None) == (not days)


@for_any(DAYS)
def test_no_run_of_days_is_longer_than_the_longest_streak(days: list[date]) -> None:
    reported = streaks(days, TODAY)
    longest = reported.longest.days if reported.longest else 0
    for day in days:
        run = {day + timedelta(days=each) for each in range(longest + 1)}
        assert not run <= set(days)


@for_any(DAYS)
def test_neither_order_nor_repetition_of_days_matters(days: list[date]) -> None:
    assert streaks([*reversed(days), *days], TODAY) == streaks(days, TODAY)


def test_of_equally_long_streaks_the_newest_counts() -> None:
    assert streaks(ago(9, 8, 4, 3), TODAY).longest == Streak(*ago(4, 3))


def test_sets_are_summed_by_exercise_and_sessions_counted_once() -> None:
    """R-WKT-06."""
    done = [
        DoneSet("a", "squat", 10, 0, 40.0, 7, 0),
        DoneSet("a", "squat", 8, 0, 50.0, 8, 0),
        DoneSet("a", "plank", 0, 30_000, None, 0, 10_000),
        DoneSet("b", "squat", 5, 0, None, 0, 0),
    ]
    assert sums_by_exercise(done) == (
        ExerciseSum(
            "squat", sessions=2, sets=3, repetitions=23, volume_kg=800.0, verified_repetitions=15
        ),
        ExerciseSum("plank", sessions=1, sets=1, held_ms=30_000, verified_held_ms=10_000),
    )


@for_any(
    st.floats(-1, 1),
    st.floats(0, 1),
    st.lists(st.integers(0, 500), min_size=3, max_size=20, unique=True).filter(
        lambda days: max(days) - min(days) >= 14
    ),
)
def test_the_trend_of_a_line_is_its_slope(slope: float, start: float, days: list[int]) -> None:
    """R-WKT-05."""
    points = [(AT + timedelta(days=day), start + slope * day / 28) for day in days]
    reported = trend(points)
    assert reported is not None
    assert reported == pytest.approx(slope, abs=1e-9)


def test_figures_of_less_than_two_weeks_have_no_trend() -> None:
    """R-WKT-05: a change within days says nothing about four weeks."""
    times = (timedelta(), timedelta(days=1), timedelta(days=13, hours=23))
    assert trend([(AT + after, 0.8) for after in times]) is None
    assert trend([(AT + after, 0.8) for after in (*times, timedelta(days=14))]) == 0


def test_too_few_figures_and_those_of_one_moment_have_no_trend() -> None:
    assert trend([(AT, 0.5), (AT + timedelta(days=1), 0.7)]) is None
    assert trend([(AT, 0.5), (AT, 0.6), (AT, 0.9)]) is None
