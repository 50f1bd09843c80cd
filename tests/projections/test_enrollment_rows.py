"""Rows of enrollments and of their rounds: workouts that were performed and missed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.tables import live_rounds
from application.kernel.projection_runner import build_missing, rebuild
from domain.enrollments import events
from domain.ids import SubscriptionId
from projections import enrollment_history
from projections.enrollment import ENROLLMENT
from projections.enrollment_history import ENROLLMENT_HISTORY
from tests.domain.enrollments import (
    ACTIVATED,
    AT,
    CANCELLED,
    CREATED,
    FIRST,
    day,
    missed,
    performed,
    scheduled,
)
from tests.projections.histories import ListLog, folded, row_after
from tests.projections.stores import Store

COMPLETED = events.EnrollmentCompleted(on=day(9))
AGAIN = replace(
    CREATED,
    plan_number=4,
    subscription_id=SubscriptionId("s"),
    at=AT + timedelta(days=30, microseconds=7),
)
TWO_ROUNDS = (
    *(CREATED, FIRST, ACTIVATED, performed(1, day(0)), scheduled(2, day(3))),
    *(missed(2, "skip", day(3)), performed(3, day(7)), performed(4, day(9)), COMPLETED),
    *(AGAIN, scheduled(1, day(30), key="k2"), replace(ACTIVATED, at=AGAIN.at)),
)
ROUNDS = """
SELECT id, round, plan_number, status, subscription_id, sessions, performed, missed, ended_on,
    next_due_on
FROM enrollment_rounds WHERE tenant_id = 'default' ORDER BY id, round
"""
FIRST_ROUND = ("e", 1, 3, "completed", None, 4, 3, 1, str(day(9)), None)
SECOND_ROUND = ("e", 2, 4, "active", "s", 4, 0, 0, None, str(day(30)))


def row(rule: events.MissedDay, *history: Any) -> Any:
    created = replace(CREATED, schedule=replace(CREATED.schedule, missed_day=rule))
    return row_after(ENROLLMENT, "enrollment-e", created, FIRST, ACTIVATED, *history)


@pytest.mark.parametrize("rule", ["shift", "repeat"])
def test_a_workout_that_is_missed_again_on_a_later_day_is_one_missed_workout(
    rule: events.MissedDay,
) -> None:
    """R-CAT-05: it moves to a later day, and is still to be done."""
    again = [missed(1, rule, day(offset)) for offset in range(5)]
    assert row(rule, *again).missed == 1
    next_one = [performed(1, day(5)), missed(2, rule, day(8))]
    shown = row(rule, *again, *next_one)
    assert (shown.performed, shown.missed) == (1, 2)


@pytest.mark.parametrize("rule", ["shift", "skip", "repeat"])
def test_a_workout_that_was_performed_on_its_day_is_not_missed(rule: events.MissedDay) -> None:
    """R-CAT-05: its session arrives later; a workout that was performed late stays missed."""
    in_time = row(rule, missed(1, rule, day(0)), missed(1, rule, day(1)), performed(1, day(0)))
    assert (in_time.performed, in_time.missed) == (1, 0)
    on_a_later_day = row(rule, missed(1, rule, day(0)), performed(1, day(1)))
    assert (on_a_later_day.performed, on_a_later_day.missed) == (1, 1)


def rounds(store: Store) -> list[tuple[Any, ...]]:
    with store.database.read() as connection:
        found = connection.exec_driver_sql(ROUNDS).all()
    return [(*row[:8], *(None if each is None else str(each) for each in row[8:])) for row in found]


def test_each_round_of_an_enrollment_is_a_row(store: Store) -> None:
    """R-CAT-05: a second round keeps the first one, on SQLite and PostgreSQL."""
    store.log.add("enrollment-e", *TWO_ROUNDS)
    store.log.add("enrollment-e", CREATED, CANCELLED, tenant="other")
    store.follow()
    assert rounds(store) == [FIRST_ROUND, SECOND_ROUND]
    shown = row_after(ENROLLMENT, "enrollment-e", *TWO_ROUNDS)
    assert (shown.status, shown.performed, shown.plan_number) == ("active", 0, 4)


def test_rounds_have_the_times_at_which_they_began(store: Store) -> None:
    """R-CAT-05: to the microsecond; None for a round that is not paid."""
    store.log.add("enrollment-e", *TWO_ROUNDS)
    store.log.add("enrollment-f", AGAIN)
    store.follow()
    view = live_rounds().table.c
    with store.database.read() as connection:
        query = sa.select(view.key, view.created_at, view.began_at, view.workouts)
        found = connection.execute(query.order_by(view.key)).all()
    workouts = CREATED.schedule.workouts
    assert [tuple(row) for row in found] == [
        ("e/1", AT, AT, workouts),
        ("e/2", AGAIN.at, AGAIN.at, workouts),
        ("f/1", AGAIN.at, None, workouts),
    ]


def test_rounds_are_shown_after_a_rebuild_and_a_new_version(store: Store) -> None:
    """C-05, R-CAT-05"""
    store.log.add("enrollment-e", *TWO_ROUNDS)
    store.follow()
    tables = SqlProjectionStore(store.database)
    rebuild(store.log, tables, ENROLLMENT_HISTORY)
    assert rounds(store) == [FIRST_ROUND, SECOND_ROUND]
    newer = replace(ENROLLMENT_HISTORY, version=ENROLLMENT_HISTORY.version + 1)
    build_missing(store.log, tables, [newer])
    assert rounds(store) == [FIRST_ROUND, SECOND_ROUND]


def test_a_round_that_another_one_replaces_ended_on_that_day() -> None:
    """R-CAT-05: the day of a cancellation is in UTC."""
    cancelled = events.EnrollmentCancelled(reason="plan_changed", at=AGAIN.at)
    history = row_after(
        ENROLLMENT_HISTORY, "enrollment-e", CREATED, FIRST, ACTIVATED, cancelled, AGAIN
    )
    assert [(each.status, each.ended_on) for each in history.rounds] == [
        ("cancelled", AGAIN.at.date()),
        ("pending_payment", None),
    ]


def test_the_latest_rounds_are_kept_with_their_numbers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CAT-05: a row does not grow for ever if somebody chooses a plan again and again."""
    monkeypatch.setattr(enrollment_history, "MOST_ROUNDS", 2)
    again = (AGAIN, scheduled(1, day(30), key="k2"), CANCELLED)
    store.log.add("enrollment-e", *TWO_ROUNDS[:-3], *again, *again, *TWO_ROUNDS[-3:])
    store.follow()
    assert [row[:4] for row in rounds(store)] == [
        ("e", 3, 4, "cancelled"),
        ("e", 4, 4, "active"),
    ]
    with store.database.read() as connection:
        keys = sa.select(live_rounds().table.c.key)
        assert [*connection.execute(keys).scalars()] == ["e/3", "e/4"]


def test_an_event_that_arrives_twice_changes_the_rounds_once() -> None:
    """C-05, R-CAT-05: neither a round nor a workout counts twice."""
    facts = ListLog().add("enrollment-e", *TWO_ROUNDS)
    twice = [each for each in facts for _ in range(2)]
    assert folded(ENROLLMENT_HISTORY, twice) == folded(ENROLLMENT_HISTORY, facts)
    assert folded(ENROLLMENT_HISTORY, [*facts, *facts]) == folded(ENROLLMENT_HISTORY, facts)
