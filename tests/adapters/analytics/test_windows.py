"""Windows and positions in PostgreSQL are stored atomically, and a position moves only once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from adapters.analytics.database import Analytics
from adapters.analytics.windows import PostgresWindows
from application.analytics.ports import PositionTaken
from application.analytics.rollups import RollupRequest
from application.analytics.windows import Session, Tally
from application.kernel.ports import StorageUnavailable
from tests.adapters.analytics.reading import query_rows, stored_windows
from tests.adapters.analytics.steps import step
from tests.application.analytics.examples import seen, training, windows
from tests.erasure import nobody_is_erased
from tests.projections.histories import (
    AT,
    ListLog,
    completed,
    deleted,
    reconciled,
    repetition,
    restored,
    set_completed,
    set_started,
    started,
)

SEEN = [seen(recorded) for recorded in training(7).recorded]


@pytest.fixture
def store(analytics: Analytics) -> PostgresWindows:
    return PostgresWindows(analytics, is_erased=nobody_is_erased)


def test_the_tables_hold_what_the_fold_gives(store: PostgresWindows, url: str) -> None:
    """R-EVT-08, R-EVT-13"""
    for number, at in enumerate(range(0, len(SEEN), 7)):
        store.take(step(SEEN[at : at + 7], number or None, number + 1))
    assert stored_windows(url) == windows(SEEN)


def test_events_that_come_again_change_nothing(store: PostgresWindows, url: str) -> None:
    """R-EVT-16: the relay may deliver events twice, at later offsets."""
    store.take(step(SEEN))
    store.take(step(SEEN[5:], 1, 2))
    assert stored_windows(url) == windows(SEEN)


def test_a_position_moved_by_another_process_stores_nothing(
    store: PostgresWindows, url: str
) -> None:
    """R-EVT-16: a worker resumes after its partition was reassigned."""
    store.take(step(SEEN[:9], after=9))
    for before in (None, 4, 10):
        with pytest.raises(PositionTaken):
            store.take(step(SEEN[9:], before, 99))
    assert store.positions("analysts", "events") == {0: 9}
    assert stored_windows(url) == windows(SEEN[:9])


def test_two_workers_store_the_same_messages_once(store: PostgresWindows, url: str) -> None:
    """R-EVT-16"""
    together = threading.Barrier(2)

    def take() -> bool:
        together.wait(60)
        try:
            store.take(step(SEEN))
        except PositionTaken:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        done = [each.result() for each in [threads.submit(take) for _ in range(2)]]
    assert sorted(done) == [False, True]
    assert stored_windows(url) == windows(SEEN)


def test_workers_of_other_partitions_add_to_the_same_windows(
    store: PostgresWindows, url: str
) -> None:
    """R-EVT-13: sessions of all partitions share the hours and days of an athlete."""
    halves = [
        [each for each in SEEN if int(each.session.stream[-1]) % 2 == partition]
        for partition in (0, 1)
    ]

    def work(partition: int) -> None:
        of = halves[partition]
        for at in range(len(of)):
            store.take(step(of[at : at + 1], at or None, at + 1, partition=partition))

    with ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(work, partition) for partition in (0, 1)]:
            each.result()
    assert stored_windows(url) == windows(SEEN)


def test_sessions_without_a_start_are_reported(store: PostgresWindows, url: str) -> None:
    """C-44"""
    of_one = [each for each in SEEN if each.session == SEEN[0].session]
    assert store.take(step(of_one[1:])) == (of_one[0].session,)
    assert store.take(step(of_one, 1, 2)) == ()
    assert stored_windows(url) == windows(of_one)


def test_identities_that_postgresql_cannot_hold_are_counted(store: PostgresWindows) -> None:
    log = ListLog()
    log.add("session-s1", started(athlete="a\x00'\"\\" * 900), set_started(exercise="\x00"))
    store.take(step([seen(recorded) for recorded in log.recorded]))


def day_of_training(store: PostgresWindows) -> None:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), set_completed(1), completed())
    store.take(step([seen(recorded) for recorded in log.recorded]))


MIDNIGHT = AT.replace(hour=0, minute=0) + timedelta(days=1)
DAY = RollupRequest("default", AT.date())


def test_a_completed_day_is_due_for_its_rollup(store: PostgresWindows) -> None:
    """R-EVT-09"""
    day_of_training(store)
    assert store.days_over(MIDNIGHT - timedelta(seconds=1)) == {}
    over = store.days_over(MIDNIGHT)
    assert list(over) == [DAY]
    store.mark_requested(over)
    assert store.days_over(MIDNIGHT) == {}


def test_a_delayed_event_has_its_day_rolled_up_again(store: PostgresWindows) -> None:
    """R-EVT-09: also if it arrives after the day was read as due and before it is marked."""
    day_of_training(store)
    requested = store.days_over(MIDNIGHT)
    delayed = ListLog()
    delayed.add("session-s2", started(), set_started())
    store.take(step([seen(recorded) for recorded in delayed.recorded], 1, 2))
    store.mark_requested(requested)
    assert list(store.days_over(MIDNIGHT)) == [DAY]


def test_views_sum_windows_up(store: PostgresWindows, url: str) -> None:
    """R-EVT-13"""
    log = ListLog()
    for number, athlete in enumerate(("ada", "bob")):
        stream = f"session-s{number}"
        log.add(stream, started(athlete=athlete), set_started(), repetition(1), repetition(2))
    seen_events = [seen(recorded) for recorded in log.recorded]
    store.take(step([*seen_events, replace(seen_events[0], session=Session("blue", "session-9"))]))
    assert query_rows(
        url,
        "SELECT tenant_id, minute, repetitions, sessions FROM analytics.repetitions_per_minute"
        " JOIN analytics.active_sessions USING (tenant_id, minute) ORDER BY tenant_id",
    ) == [("blue", AT, 0, 1), ("default", AT, 4, 2)]
    assert query_rows(
        url,
        "SELECT exercise_id, athletes, sets, repetitions, mean_form, faults"
        " FROM analytics.exercises_by_hour WHERE tenant_id = 'default'",
    ) == [("squat", 2, 2, 4, 0.9, 4)]


def test_a_missing_or_unprepared_database_is_reported(postgres_database: str) -> None:
    for url in ("postgresql://ada:hush@127.0.0.1:1/nothing", postgres_database):
        analytics = Analytics.at(url)
        with pytest.raises(StorageUnavailable) as seen_events:
            PostgresWindows(analytics, is_erased=nobody_is_erased).positions("analysts", "events")
        assert "hush" not in f"{seen_events.value.detail}{seen_events.value!r}"
        analytics.close()


def test_a_failed_step_stores_neither_rows_nor_position(store: PostgresWindows, url: str) -> None:
    """R-EVT-16: rows and position are one transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE analytics.roll_up_due RENAME TO away")
        with pytest.raises(StorageUnavailable):
            store.take(step(SEEN))
        connection.execute("ALTER TABLE analytics.away RENAME TO roll_up_due")
    assert store.positions("analysts", "events") == {}
    store.take(step(SEEN))
    assert stored_windows(url) == windows(SEEN)


def test_a_deleted_session_is_in_no_table_until_it_is_restored(
    store: PostgresWindows, url: str
) -> None:
    """R-EVT-08, R-EVT-13: the effects of each processed event are remembered."""
    log = ListLog()
    begun = (started(), set_started(), repetition(1), repetition(2), completed())
    log.add("session-s1", *begun, deleted(), restored())
    seen_events = [seen(recorded) for recorded in log.recorded]
    for number, each in enumerate(seen_events[:6]):
        store.take(step([each], number or None, number + 1))
    hours = "SELECT athletes FROM analytics.exercises_by_hour"
    assert query_rows(url, hours) == []
    assert query_rows(url, "SELECT repetitions FROM analytics.repetitions_per_minute") == [(0,)]
    assert set(stored_windows(url).days.values()) == {Tally()}
    assert list(store.days_over(MIDNIGHT)) == [DAY]
    store.take(step(seen_events[6:], 6, 7))
    assert query_rows(url, hours) == [(1,)]
    assert stored_windows(url) == windows(seen_events[:5])


TWO_SETS = (started(), set_started(), repetition(1), set_completed(1), set_started(2, "lunge"))


def test_a_repetition_of_an_earlier_set_is_withdrawn_in_a_later_step(
    store: PostgresWindows, url: str
) -> None:
    """C-02, R-EVT-16: the repetitions of earlier sets are stored until the session is completed."""
    log = ListLog()
    log.add("session-s1", *TWO_SETS, reconciled(1, standing=0), repetition(1, 2), completed())
    seen_events = [seen(recorded) for recorded in log.recorded]
    for number, each in enumerate(seen_events):
        store.take(step([each], number or None, number + 1))
    assert stored_windows(url) == windows(seen_events)


def test_a_session_stored_without_its_earlier_sets_goes_on(
    store: PostgresWindows, url: str
) -> None:
    """R-EVT-16: earlier releases did not store them."""
    log = ListLog()
    log.add("session-s1", *TWO_SETS, repetition(1, 2), completed())
    seen_events = [seen(recorded) for recorded in log.recorded]
    store.take(step(seen_events[:5]))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE analytics.session_standing SET standing = standing - 'earlier'")
    store.take(step(seen_events[5:], 1, 2))
    assert stored_windows(url) == windows(seen_events)
