"""Days are rolled up by day, ISO week and month, with the same result each time."""

from datetime import date, timedelta

import pytest
from hypothesis import strategies as st

from application.analytics.rollups import (
    GROUP,
    PERIODS,
    TOPIC,
    Compute,
    InvalidRollupRequest,
    RollupRequest,
    begin,
    end,
    figures,
    from_message,
    message,
    roll_up,
)
from application.analytics.windows import Day, Tally
from application.kernel.bus import Delivery, Message
from tests.specification import for_any

THURSDAY = date(2030, 1, 31)
REQUEST = RollupRequest("red", THURSDAY)


def trained(day: date, athlete: str, repetitions: int) -> tuple[Day, Tally]:
    return Day("red", day, athlete), Tally(sessions=1, repetitions=repetitions)


class Unused:
    """Satisfies `RollUps`; nothing may be computed."""

    def renew(self, tenant_id: str, start: date, end: date, compute: Compute) -> None:
        raise AssertionError((tenant_id, start, end, compute))


DAYS = [
    trained(date(2030, 1, 7), "ada", 1),
    trained(date(2030, 1, 28), "ada", 10),
    trained(THURSDAY, "ada", 100),
    trained(THURSDAY, "bob", 1000),
    trained(date(2030, 2, 3), "bob", 10_000),
    trained(date(2030, 2, 4), "bob", 100_000),
]


def test_a_roll_up_has_the_day_its_iso_week_and_its_month() -> None:
    """R-EVT-09, C-52: the week has days of two months."""
    found = {
        (each.period, each.start, each.athlete_id): each.tally.repetitions
        for each in figures(REQUEST, DAYS)
    }
    assert found == {
        ("day", THURSDAY, "ada"): 100,
        ("day", THURSDAY, "bob"): 1000,
        ("day", THURSDAY, None): 1100,
        ("week", date(2030, 1, 28), "ada"): 110,
        ("week", date(2030, 1, 28), "bob"): 11_000,
        ("week", date(2030, 1, 28), None): 11_110,
        ("month", date(2030, 1, 1), "ada"): 111,
        ("month", date(2030, 1, 1), "bob"): 1000,
        ("month", date(2030, 1, 1), None): 1111,
    }


def test_a_tenant_s_figure_tells_how_many_athletes_trained() -> None:
    of_all = [each.athletes for each in figures(REQUEST, DAYS) if each.athlete_id is None]
    assert of_all == [2, 2, 2]


def test_a_user_with_only_deleted_sessions_has_no_training() -> None:
    """R-EVT-09: the figure was already published, so it stays and becomes zero."""
    taken_back = trained(THURSDAY, "eve", 5)[1] * 0
    reported = figures(REQUEST, [*DAYS, (Day("red", THURSDAY, "eve"), taken_back)])
    whole = {each.period: each for each in reported if each.athlete_id is None}
    before = {each.period: each for each in figures(REQUEST, DAYS) if each.athlete_id is None}
    assert whole == before
    assert {each.tally for each in reported if each.athlete_id == "eve"} == {Tally()}


def test_a_day_without_training_has_no_figure() -> None:
    assert figures(REQUEST, []) == ()


def test_a_figure_has_the_same_id_whenever_it_is_computed() -> None:
    """R-EVT-16"""
    first = figures(REQUEST, DAYS)
    friday = figures(RollupRequest("red", date(2030, 2, 1)), DAYS)
    assert figures(REQUEST, reversed(DAYS)) == first
    assert {each.id for each in friday} & {each.id for each in first} == {
        each.id for each in first if each.period == "week"
    }
    assert len({each.id for each in first}) == len(first)


@for_any(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_day_lies_in_each_of_its_periods(day: date) -> None:
    for period in PERIODS:
        start = begin(period, day)
        assert start <= day < end(period, start)
        assert begin(period, end(period, start)) == end(period, start)
        assert begin(period, end(period, start) - timedelta(days=1)) == start


def test_filters_are_read_as_written() -> None:
    """R-EVT-09: the literal name of the topic, and its consumer group."""
    filters = message(REQUEST)
    assert filters.topic == TOPIC == "metrics.rollup"
    assert GROUP.topics == (TOPIC,)
    assert from_message(filters) == REQUEST
    assert message(REQUEST) == filters
    assert filters.header("ce_id") != message(RollupRequest("blue", THURSDAY)).header("ce_id")


@pytest.mark.parametrize(
    "value", [None, b"", b"[]", b'{"day": "2030-01-31"}', b'{"tenant_id": "red", "day": "today"}']
)
def test_invalid_filters_are_refused(value: bytes | None) -> None:
    """R-EVT-19: at once and without a retry."""
    with pytest.raises(InvalidRollupRequest):
        from_message(Message(TOPIC, "red", value))


@pytest.mark.parametrize("day", [date(9999, 12, 1), date(9999, 12, 31)])
def test_a_day_whose_month_ends_after_the_calendar_is_refused(day: date) -> None:
    """R-EVT-19: at once and without a retry."""
    with pytest.raises(InvalidRollupRequest):
        roll_up(Delivery(message(RollupRequest("red", day)), 0, 0), Unused())
