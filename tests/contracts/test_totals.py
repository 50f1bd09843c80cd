"""Contract of training totals in every read model store."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from application.kernel.read_models import Period, Total
from domain.ids import DEFAULT_TENANT, UserId
from domain.sessions.events import SessionDeleted, SessionRestored, Trained
from domain.values import FormMeasured
from tests.projections.histories import ADA, AT, completed
from tests.projections.stores import Store


def trained(store: Store, *began: str, zone: str = "UTC", athlete: str = ADA) -> None:
    for at in began:
        happened = completed(at=datetime.fromisoformat(at), zone=zone, athlete=athlete)
        store.log.add(f"session-{store.log.head()}", happened)
    store.follow()


def test_totals_are_sums_over_days_weeks_and_months(store: Store) -> None:
    """R-PCH-06, R-PCH-07, C-52: weeks begin on Monday, also across months."""
    trained(store, "2030-03-30T08:00Z", "2030-03-31T08:00Z", "2030-03-31T18:00Z")
    trained(store, "2030-04-01T08:00Z", "2030-04-07T08:00Z", "2030-04-08T08:00Z")
    trained(store, "2030-04-08T08:00Z", athlete="bob")

    def counted(period: Period) -> dict[str, int]:
        totals = store.read.totals(DEFAULT_TENANT, ADA, period)
        return {total.start.isoformat(): total.sessions for total in totals}

    assert counted("day") == {
        "2030-03-30": 1,
        "2030-03-31": 2,
        "2030-04-01": 1,
        "2030-04-07": 1,
        "2030-04-08": 1,
    }
    assert counted("week") == {"2030-03-25": 3, "2030-04-01": 2, "2030-04-08": 1}
    assert counted("month") == {"2030-03-01": 3, "2030-04-01": 3}
    trained(store, "2031-12-31T08:00Z", "2032-01-01T08:00Z")
    assert counted("year") == {"2030-01-01": 6, "2031-01-01": 1, "2032-01-01": 1}
    assert counted("all") == {"2030-03-30": 8}


def test_totals_follow_the_athletes_local_calendar(store: Store) -> None:
    """C-52: the same instant is Sunday in New York and Monday in Tokyo."""
    trained(store, "2030-01-06T23:00Z", zone="America/New_York", athlete="ny")
    trained(store, "2030-01-06T23:00Z", zone="Asia/Tokyo", athlete="tokyo")
    (there,) = store.read.totals(DEFAULT_TENANT, UserId("ny"), "week")
    (here,) = store.read.totals(DEFAULT_TENANT, UserId("tokyo"), "week")
    assert (there.start, here.start) == (date(2029, 12, 31), date(2030, 1, 7))


def test_totals_are_bounded_by_days(store: Store) -> None:
    trained(store, "2030-01-01T08:00Z", "2030-01-02T08:00Z", "2030-01-03T08:00Z")
    totals = store.read.totals(
        DEFAULT_TENANT, ADA, "day", start=date(2030, 1, 2), end=date(2030, 1, 3)
    )
    assert [total.start for total in totals] == [date(2030, 1, 2)]
    assert store.read.totals(DEFAULT_TENANT, ADA, "all", start=date(2031, 1, 1)) == ()


def test_the_accuracy_of_a_period_weighs_by_repetitions(store: Store) -> None:
    """R-PCH-07, C-16: sessions that did not record what was measured."""
    store.log.add("session-1", completed(repetitions=10, accuracy=0.9))
    store.log.add("session-2", completed(repetitions=30, accuracy=0.5, at=AT + timedelta(days=1)))
    store.log.add("session-3", completed(repetitions=9, accuracy=None))
    store.log.add("session-4", completed(athlete="bob", accuracy=None))
    store.follow()
    (ada,) = store.read.totals(DEFAULT_TENANT, ADA, "all")
    assert ada == Total(
        start=date(2030, 1, 1),
        sessions=3,
        sets=6,
        repetitions=49,
        duration_ms=180_000,
        calories_kcal=37.5,
        accuracy=(10 * 0.9 + 30 * 0.5) / 40,
        measured=40.0,
        verified_repetitions=49,
    )
    (bob,) = store.read.totals(DEFAULT_TENANT, UserId("bob"), "all")
    assert (bob.accuracy, bob.measured) == (None, 0.0)


def test_the_accuracy_of_a_period_weighs_by_what_was_measured(store: Store) -> None:
    """R-PCH-07, C-16: a second of a hold weighs as much as one repetition."""
    squats = replace(completed(repetitions=50, accuracy=0.5), form_measured=FormMeasured(10, 0))
    plank = replace(completed(repetitions=0, accuracy=0.9), form_measured=FormMeasured(0, 29_500))
    store.log.add("session-1", squats)
    store.log.add("session-2", plank)
    store.follow()
    (total,) = store.read.totals(DEFAULT_TENANT, ADA, "all")
    assert total.accuracy == pytest.approx((10 * 0.5 + 29.5 * 0.9) / 39.5)
    assert total.measured == 39.5


def test_totals_leave_out_days_of_deleted_sessions(store: Store) -> None:
    """R-WKT-06: earlier versions did not record the verified repetitions of deleted sessions."""
    mixed = replace(completed(repetitions=10), verified_repetitions=4)
    trained = Trained(
        athlete_id=ADA, started_at=AT, time_zone="UTC", sets=2, repetitions=10,
        duration_ms=60_000, calories_kcal=12.5, accuracy=0.9,
    )  # fmt: skip
    store.log.add("session-1", mixed, SessionDeleted(at=AT, trained=trained))
    store.follow()
    assert store.read.totals(DEFAULT_TENANT, ADA, "day") == ()
    assert store.read.totals(DEFAULT_TENANT, ADA, "all") == ()
    store.log.add("session-1", SessionRestored(at=AT, trained=trained))
    store.follow()
    (day,) = store.read.totals(DEFAULT_TENANT, ADA, "day")
    assert (day.sessions, day.repetitions, day.verified_repetitions) == (1, 10, 4)
