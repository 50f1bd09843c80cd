"""Analytics of a person who is erased, while the worker counts (C-24)."""

from typing import Any

import psycopg
import pytest

from adapters.analytics import windows
from adapters.analytics.database import Analytics
from adapters.analytics.windows import PostgresWindows
from adapters.privacy.targets.rows import AnalyticsRows, analytics_rows
from application.analytics import session_fold
from application.analytics.windows import ReceivedEvent
from application.kernel.ports import StorageUnavailable
from application.privacy.subject_data import SubjectData
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from tests.adapters.analytics.steps import step
from tests.application.analytics.examples import seen
from tests.erasure import nobody_is_erased
from tests.projections.histories import (
    ListLog,
    completed,
    repetition,
    set_completed,
    set_started,
    started,
)

WHO = (DEFAULT_TENANT, "ada")
ADA = SubjectData(DEFAULT_TENANT, UserId("ada"), (SessionId("s1"),), (), ())


@pytest.fixture
def training() -> list[ReceivedEvent]:
    log = ListLog()
    log.add(
        "session-s1",
        started(athlete="ada"),
        set_started(),
        repetition(1),
        set_completed(1),
        completed(),
    )
    return [seen(recorded) for recorded in log.recorded]


@pytest.fixture
def target(analytics: Analytics) -> AnalyticsRows:
    return analytics_rows(analytics)


def days(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT athlete_id FROM analytics.training_day").fetchall()


def test_nothing_is_counted_again_of_an_erased_person(
    analytics: Analytics, target: AnalyticsRows, url: str, training: list[ReceivedEvent]
) -> None:
    """R-EVT-16: `kinelog events refill` sends all events a second time."""
    store = PostgresWindows(analytics, is_erased=nobody_is_erased)
    store.take(step(training, None, 5))
    assert days(url) == [("ada",)]
    assert target.remove(ADA) == 4, "a state, a minute, an hour and a day"
    store.take(step(training, 5, 10))
    assert days(url) == []
    assert target.count(ADA) == 0


def test_a_worker_that_is_behind_counts_nothing_of_an_erased_person(
    analytics: Analytics, target: AnalyticsRows, url: str, training: list[ReceivedEvent]
) -> None:
    assert target.remove(ADA) == 0
    PostgresWindows(analytics, is_erased=nobody_is_erased).take(step(training, None, 5))
    assert days(url) == []


def test_nothing_is_counted_of_a_person_whom_an_earlier_release_erased(
    analytics: Analytics, target: AnalyticsRows, url: str, training: list[ReceivedEvent]
) -> None:
    """R-EVT-16: it has deleted the states of their sessions."""
    store = PostgresWindows(analytics, is_erased=lambda tenant, user: (tenant, user) == WHO)
    target.rows.remove(ADA)
    store.take(step(training, None, 5))
    assert days(url) == []
    assert target.count(ADA) == 0


def test_a_step_that_counts_during_an_erasure_is_repeated(
    analytics: Analytics,
    target: AnalyticsRows,
    url: str,
    training: list[ReceivedEvent],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, fold = PostgresWindows(analytics, is_erased=nobody_is_erased), session_fold.fold

    def erase_first(*arguments: Any) -> Any:
        monkeypatch.undo()
        target.remove(ADA)
        return fold(*arguments)

    store.take(step(training[:3], None, 3))
    monkeypatch.setattr(windows, "fold", erase_first)
    with pytest.raises(StorageUnavailable):
        store.take(step(training[3:], 3, 5))
    store.take(step(training[3:], 3, 5))
    assert days(url) == []
