"""Trends, heart-rate zones, training beside recovery, and proposals of goals."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.health.events import Source
from domain.health.figures import Figure
from domain.health.proposals import propose
from domain.health.recovery import recovery, training_load
from domain.health.trends import MOST_POINTS, step_of, trend
from domain.health.zones import zones

TODAY = date(2030, 5, 15)
NOON = datetime(2030, 5, 15, 12, tzinfo=UTC)


def day(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def figure(value: float) -> Figure:
    return Figure("steps", value, value - 1, value + 1, 2, 0, ())


@dataclass(frozen=True)
class Beat:
    """A heart rate measured some seconds after noon."""

    value: float
    at_s: int
    metric: str = "heart_rate"
    source: Source = "apple_health"
    device: str = "Watch"

    @property
    def start(self) -> datetime:
        return NOON + timedelta(seconds=self.at_s)

    @property
    def end(self) -> datetime:
        return self.start


@pytest.mark.parametrize(
    ("days", "step"), [(1, "day"), (106, "day"), (107, "week"), (735, "week"), (736, "month")]
)
def test_a_range_has_few_points(days: int, step: str) -> None:
    """R-HLT-06: bounded, however long the range is."""
    first = day(days - 1)
    assert step_of(first, TODAY) == step
    figures = {first + timedelta(days=number): figure(10) for number in range(days)}
    assert len(trend(figures, first, TODAY)) <= MOST_POINTS


def test_a_point_is_the_mean_of_days_with_records() -> None:
    """R-HLT-06: missing days are not zeros, and bounds of the range are kept."""
    first = date(2029, 5, 16)
    (point,) = trend({day(0): figure(10), day(1): figure(20)}, first, TODAY)
    assert (point.start, point.end) == (date(2030, 5, 13), TODAY)
    assert (point.figure, point.low, point.high) == (15, 9, 21)
    assert (point.days, point.records) == (2, 4)


def test_an_instant_stands_for_the_time_up_to_the_next_one() -> None:
    """R-HLT-06: at most five minutes, so that a pause is not training."""
    spent = zones([Beat(150, 0), Beat(95, 60), Beat(190, 3600), Beat(60, 3660)], 190)
    assert [(each.zone, each.low) for each in spent] == [
        (1, 95),
        (2, 114),
        (3, 133),
        (4, 152),
        (5, 171),
    ]
    assert [each.minutes for each in spent] == [5, 0, 1, 0, 1]
    assert spent[-1].high is None
    assert zones([], 120)[0].low == 80, "of 160 bpm, which is assumed at least"


def test_training_is_compared_with_the_usual_week() -> None:
    """R-HLT-06, R-HLT-15: without training before, nothing is compared."""
    usual = {day(ago): 30.0 for ago in range(8, 35, 2)}
    assert training_load({}, TODAY).state == "unknown"
    assert training_load(usual, TODAY).usual_minutes == 105
    assert training_load(usual, TODAY).state == "less"
    assert training_load({**usual, day(0): 105.0}, TODAY).state == "usual"
    assert training_load({**usual, day(0): 200.0}, TODAY).state == "more"


@pytest.mark.parametrize(
    ("weeks", "usual", "state"),
    [(2, None, "unknown"), (3, None, "unknown"), (4, 60, "usual"), (5, 60, "usual")],
)
def test_weeks_before_the_first_training_are_not_usual(
    weeks: int, usual: float | None, state: str
) -> None:
    """R-HLT-06: a beginner who trains alike in each week does not train more than usual."""
    minutes = {day(7 * week + each): 20.0 for week in range(weeks) for each in (1, 3, 5)}
    load = training_load(minutes, TODAY)
    assert (load.minutes, load.usual_minutes, load.state) == (60, usual, state)


@pytest.mark.parametrize("every", [1, 2, 7])
@pytest.mark.parametrize("began", range(7, 35))
def test_a_beginner_who_trains_regularly_trains_neither_more_nor_less_than_usual(
    began: int, every: int
) -> None:
    """R-HLT-06: each day, every other day, or once a week, whenever that began."""
    minutes = {day(ago): 20.0 for ago in range(began, -1, -every)}
    assert training_load(minutes, TODAY).state in {"unknown", "usual"}


@pytest.mark.parametrize("ago", range(21, 27))
def test_training_before_the_whole_weeks_is_not_compared(ago: int) -> None:
    """R-HLT-06: those who trained once, three weeks ago, have no usual week yet."""
    load = training_load({day(ago): 30.0, day(0): 20.0}, TODAY)
    assert (load.minutes, load.usual_minutes, load.state) == (20, None, "unknown")


def test_recovery_is_compared_with_what_is_usual() -> None:
    """R-HLT-06, R-HLT-15: a higher resting heart rate is worse, a higher variability is better."""
    before = {day(ago): 50.0 for ago in range(7, 20)}
    rising = {**before, **{day(ago): 60.0 for ago in range(4)}}
    signals = recovery(
        {"resting_heart_rate": rising, "heart_rate_variability": rising, "sleep": before}, TODAY
    )
    assert [each.state for each in signals] == ["worse", "better", "unknown"]
    assert (signals[0].week, signals[0].usual) == (60, 50)


def test_proposals_are_a_little_more_than_usual() -> None:
    """R-HLT-06: none with few days, for metrics with a goal, or beyond what is sensible."""
    week = range(1, 8)
    figures = {
        "steps": {day(ago): 6100.0 for ago in week},
        "sleep": {day(ago): 500.0 for ago in week},
        "hydration": {day(1): 900.0},
    }
    (proposal,) = propose(figures, [])
    assert (proposal.goal.metric, proposal.goal.target, proposal.usual) == ("steps", 7000, 6100)
    assert propose(figures, ["steps"]) == ()
