"""Contract of guarded read models: rows of other owners stay hidden from every query."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.read_models.row_guard import Reader, UnguardedError
from adapters.read_models.tables import STATE, live_view
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import InSubquery, ReadModels, Visibility, Where, Window
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.personal import Personal
from domain.workouts.events import WorkoutPrescribed
from projections.registry import ALL
from projections.repetition import REPETITION
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from projections.workout_prescription import WORKOUT_PRESCRIPTION
from tests.projections.histories import (
    ADA,
    AT,
    completed,
    recording_started,
    repetition,
    set_started,
    started,
)
from tests.projections.stores import NewDatabase, Store, opened

EVE, OTHER, BOTH = UserId("eve"), TenantId("other"), ("ada's", "eve's")
EVERYTHING = Window(first=500)


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    """Sessions of two athletes, with the same ids in two tenants."""
    with opened(new_database()) as store:
        for tenant in (DEFAULT_TENANT, OTHER):
            for athlete in (ADA, EVE):
                session = f"session-{athlete}'s"
                facts = [
                    started(athlete=athlete),
                    set_started(),
                    repetition(1),
                    completed(athlete=athlete),
                ]
                store.log.add(session, *facts, tenant=tenant)
                recording = replace(recording_started(), user_id=athlete)
                store.log.add(f"recording-{athlete}'s", recording, tenant=tenant)
                name = Personal(athlete, "Core")
                prescribed = WorkoutPrescribed(name=name, author_id=athlete, exercises=(), at=AT)
                store.log.add(f"workout-{athlete}'s", prescribed, tenant=tenant)
        store.follow()
        yield store


def alone(_kind: str | None) -> tuple[UserId, ...]:
    return (ADA,)


def seen(
    store: Store, whose: Callable[[str | None], tuple[UserId, ...] | None] = alone
) -> ReadModels:
    return store.read.seen_by(Visibility(DEFAULT_TENANT, whose))


READS: dict[str, Callable[[ReadModels, TenantId], Any]] = {
    "get": lambda read, tenant: [
        each for key in BOTH if (each := read.get(SESSION_SUMMARY, tenant, key)) is not None
    ],
    "get_many": lambda read, tenant: read.get_many(SESSION_SUMMARY, tenant, BOTH).values(),
    "page": lambda read, tenant: [
        edge.row for edge in read.page(SESSION_SUMMARY, tenant, window=EVERYTHING).edges
    ],
    "count": lambda read, tenant: ["any"] * read.count(SESSION_SUMMARY, tenant),
    "counts": lambda read, tenant: [
        athlete
        for athlete, rows in read.counts(SESSION_SUMMARY, tenant, "athlete_id").items()
        for _ in range(rows)
    ],
    "sum_of": lambda read, tenant: (
        ["any"] * (read.sum_of(SESSION_SUMMARY, tenant, "repetitions") // 10)  # ten of a session
    ),
    "by": lambda read, tenant: [
        row
        for rows in read.by(SESSION_SUMMARY, tenant, "athlete_id", [ADA, EVE]).values()
        for row in rows
    ],
    "stamps": lambda read, tenant: [
        owner
        for owner, (rows, _) in read.stamps(
            SESSION_SUMMARY, tenant, "athlete_id", [ADA, EVE], "started_at"
        ).items()
        for _ in range(rows)
    ],
    "totals": lambda read, tenant: [
        total for athlete in (ADA, EVE) for total in read.totals(tenant, athlete, "day")
    ],
}
"""Every query for rows, without an owner or with all owners."""

ABOUT_NO_ROW = {"seen_by", "position", "data_version", "cached_data_version"}


def test_every_question_for_rows_is_tried() -> None:
    methods = {name for name, _ in inspect.getmembers(ReadModels, inspect.isfunction)}
    assert {name for name in methods if not name.startswith("_")} == set(READS) | ABOUT_NO_ROW


@pytest.mark.parametrize("method", READS)
def test_a_query_without_owner_returns_only_own_rows(store: Store, method: str) -> None:
    """R-TEN-03, R-TEN-04, R-TEN-07: rows of other tenants never appear."""
    ask = READS[method]
    mine = list(ask(seen(store), DEFAULT_TENANT))
    assert len(mine) == 1
    assert {getattr(row, "athlete_id", ADA) for row in mine} == {ADA}
    assert list(ask(seen(store), OTHER)) == []
    assert list(ask(seen(store, lambda _: (UserId(""),)), DEFAULT_TENANT)) == []
    assert len(list(ask(seen(store, lambda _: None), DEFAULT_TENANT))) == 2
    assert list(ask(seen(store, lambda _: None), OTHER)) == []
    assert len(list(ask(store.read, OTHER))) == 2, "the platform itself reads all of a tenant"


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_no_read_model_shows_rows_to_other_users(store: Store, projection: Any) -> None:
    """R-TEN-07, C-10: each row has an owner, like the stream it comes from."""
    everybody = store.read.count(projection, DEFAULT_TENANT)

    def share(whose: UserId) -> int:
        return seen(store, lambda _: (whose,)).count(projection, DEFAULT_TENANT)

    shares = [share(whose) for whose in (ADA, EVE, UserId("nobody"))]
    assert sum(shares) == everybody
    assert shares[2] == 0


def test_several_owners_are_visible_and_nobody_else(store: Store) -> None:
    """R-TEN-07: a trainer with athletes reads their rows, in the tenant alone."""
    bob = UserId("bob")
    store.log.add("session-bob's", started(athlete=bob))
    store.follow()
    read = seen(store, lambda _: (ADA, bob))
    page = read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=EVERYTHING)
    assert {edge.row.athlete_id for edge in page.edges} == {ADA, bob}
    assert read.count(SESSION_SUMMARY, OTHER) == 0
    assert seen(store, lambda _: ()).count(SESSION_SUMMARY, DEFAULT_TENANT) == 0


def test_visible_rows_may_differ_by_kind(store: Store) -> None:
    """R-TEN-06: roles grant access to kinds of resources."""
    kinds: list[str | None] = []

    def everybodys_workouts(kind: str | None) -> tuple[UserId, ...] | None:
        kinds.append(kind)
        return None if kind == "workout" else (ADA,)

    read = seen(store, everybodys_workouts)
    assert read.count(WORKOUT_PRESCRIPTION, DEFAULT_TENANT) == 2
    assert read.count(SESSION_SUMMARY, DEFAULT_TENANT) == 1
    assert read.count(SESSION_RECORDING, DEFAULT_TENANT) == 1
    assert kinds == ["workout", "session", "recording"]


def test_rows_of_other_users_reveal_no_references(store: Store) -> None:
    """R-TEN-04, R-TEN-07: a condition on other rows matches only visible ones."""
    recorded: Where = {"id": InSubquery(SESSION_RECORDING, "session_id", {})}
    facts = [replace(recording_started(BOTH[0]), user_id=EVE)]
    store.log.add("recording-strange", *facts)
    store.follow()

    def sees(recordings: UserId | None, sessions: UserId | None) -> int:
        owners = {"recording": recordings, "session": sessions}

        def whose(kind: str | None) -> tuple[UserId, ...] | None:
            owner = owners[str(kind)]
            return None if owner is None else (owner,)

        read = seen(store, whose)
        return read.count(SESSION_SUMMARY, DEFAULT_TENANT, where=recorded)

    assert sees(EVE, None) == 1
    assert sees(ADA, None) == 0
    assert sees(ADA, ADA) == 0
    assert sees(None, None) == 1
    assert sees(None, EVE) == 0


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
def test_a_statement_that_cannot_be_guarded_is_refused(store: Store) -> None:
    """R-TEN-04: every query of rows goes through the guard."""
    rows = live_view(SESSION_SUMMARY)
    other = live_view(REPETITION).table
    joined = sa.select(rows.key).join_from(rows.table, other, rows.table.c.stream == other.c.stream)
    reader = Reader(DEFAULT_TENANT, (ADA,))
    with store.database.guarded(rows, reader) as connection:
        assert connection.execute(sa.select(rows.key)).scalars().all() == ["ada's"]
    for query in (sa.select(STATE), sa.select(other.c.key), joined):
        with (  # PostgreSQL itself rejects the first one
            pytest.raises((UnguardedError, StorageUnavailable)),
            store.database.guarded(rows, reader) as connection,
        ):
            connection.execute(query)


def test_rows_that_come_later_belong_to_the_owner_of_their_stream(store: Store) -> None:
    """R-TEN-07: the events of the rows do not contain the owner."""
    assert seen(store).count(REPETITION, DEFAULT_TENANT) == 1
    store.log.add("session-later", started(athlete=ADA))
    store.follow()
    store.log.add("session-later", set_started(), repetition(1), repetition(2))
    store.follow()
    assert seen(store).count(REPETITION, DEFAULT_TENANT) == 3
    assert seen(store, lambda _: (EVE,)).count(REPETITION, DEFAULT_TENANT) == 1


def test_queries_of_one_shape_have_their_own_values_and_reader(store: Store) -> None:
    """R-TEN-07: they are compiled once, without the values and without the reader."""
    one, two = seen(store, lambda _: (ADA,)), seen(store, lambda _: (EVE,))
    for read, own, size in ((one, "ada's", 2), (two, "eve's", 1), (one, "ada's", 1)):
        where: Where = {"id": BOTH if size == 2 else ("x", own)}
        window = Window(first=size)
        page = read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, where=where)
        assert [edge.key for edge in page.edges] == [own]
        assert list(read.get_many(SESSION_SUMMARY, DEFAULT_TENANT, BOTH)) == [own]
