"""Rollups in PostgreSQL: recomputing replaces the old figures; the analysts' views are correct."""

from datetime import timedelta

from adapters.analytics.database import Analytics
from adapters.analytics.event_counts import PostgresEventCounts
from adapters.analytics.rollups import PostgresRollUps
from adapters.analytics.windows import PostgresWindows
from application.analytics.ports import Step
from application.analytics.rollups import RollupRequest, message, roll_up
from application.kernel.bus import Delivery
from tests.adapters.analytics.reading import query_rows
from tests.application.analytics.examples import seen
from tests.erasure import nobody_is_erased
from tests.projections.histories import AT, ListLog, completed, repetition, set_started, started

FIGURES = """
SELECT period, start, athlete_id, athletes, sessions, sets, repetitions, mean_form, faults,
    duration_ms, calories_kcal
FROM analytics.metrics_rollup ORDER BY period, start, athlete_id NULLS LAST
"""
ADA = (1, 1, 1, 2, 0.9, 2, 60_000, 12.5)


def train(analytics: Analytics, stream: str, athlete: str, before: int | None = None) -> None:
    log = ListLog()
    log.add(stream, started(athlete=athlete), set_started(), repetition(1), repetition(2))
    log.add(stream, completed(athlete=athlete))
    reported = [seen(recorded) for recorded in log.recorded]
    expected = {} if before is None else {0: before}
    step = Step("analysts", "events", expected, {0: (before or 0) + 1}, reported)
    PostgresWindows(analytics, is_erased=nobody_is_erased).take(step)


def rolled_up(analytics: Analytics) -> None:
    delivery = Delivery(message(RollupRequest("default", AT.date())), 0, 0)
    roll_up(delivery, PostgresRollUps(analytics))


def test_a_rollup_can_be_repeated(analytics: Analytics, url: str) -> None:
    """R-EVT-09, R-EVT-16"""
    train(analytics, "session-s1", "ada")
    monday, first = AT.date() - timedelta(days=AT.weekday()), AT.date().replace(day=1)
    expected = [
        (period, start, athlete, *ADA)
        for period, start in (("day", AT.date()), ("month", first), ("week", monday))
        for athlete in ("ada", None)
    ]
    for _ in range(2):
        rolled_up(analytics)
        assert query_rows(url, FIGURES) == expected


def test_delayed_training_replaces_the_figures(analytics: Analytics, url: str) -> None:
    """R-EVT-09"""
    train(analytics, "session-s1", "ada")
    rolled_up(analytics)
    before = query_rows(url, "SELECT id FROM analytics.metrics_rollup WHERE athlete_id IS NULL")
    train(analytics, "session-s2", "bob", before=1)
    rolled_up(analytics)
    of_all = "FROM analytics.metrics_rollup WHERE athlete_id IS NULL"
    assert sorted(query_rows(url, f"SELECT id {of_all}")) == sorted(before)
    assert query_rows(url, f"SELECT DISTINCT athletes, repetitions {of_all}") == [(2, 4)]


def test_a_day_without_training_makes_no_row(analytics: Analytics, url: str) -> None:
    rolled_up(analytics)
    assert query_rows(url, FIGURES) == []


def test_events_are_counted_once_in_whatever_order_they_come(
    analytics: Analytics, url: str
) -> None:
    """R-EVT-04, R-EVT-16: a refill may deliver the oldest events last."""
    counts = PostgresEventCounts(analytics)
    for version in (7, 8, 2, 1, 8, 3, 7, 2, 5):
        counts.count("red", "user-1", version, day=AT.date(), name="user.profile_changed")
    counts.count("red", "user-2", 1, day=AT.date(), name="user.created")
    assert query_rows(url, "SELECT * FROM analytics.event_counts ORDER BY name") == [
        ("red", AT.date(), "user.created", 1),
        ("red", AT.date(), "user.profile_changed", 6),
    ]
