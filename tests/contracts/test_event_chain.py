"""Contract of hash-chained logs: changed, removed, inserted or reordered events are found."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from adapters.clock import new_id
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite import SqliteEventLog
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from application.audit.hash_chain import NO_HASH, ChainedEvent
from application.audit.verification import BATCH, AnchoredEvent, Verdict, verify_chains
from application.kernel.ports import Change
from domain.ids import TenantId
from domain.kernel import Origin
from tests.adapters.event_log.postgres_databases import empty
from tests.contracts.chained_books import (
    BLUE,
    FACT,
    RED,
    STARTED,
    Books,
    forged,
    hold,
    insert,
    write,
)
from tests.contracts.conftest import AdjustableClock


@pytest.fixture
def sqlite_books(sqlite: SqliteEventLog, tmp_path: Path) -> Iterator[Books]:
    path = tmp_path / "log.sqlite"

    def forge(statement: str, *parameters: object) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as forger:
            for verb in ("UPDATE", "DELETE"):
                forger.execute(f"DROP TRIGGER IF EXISTS events_refuse_{verb}")
            forger.execute(statement.replace("%s", "?"), parameters)

    chained = SqliteHashChain(path)
    yield Books(sqlite, chained, forge)
    chained.close()


@pytest.fixture
def postgresql_books(database: str, clock: AdjustableClock) -> Iterator[Books]:
    empty(database)

    def forge(statement: str, *parameters: object) -> None:
        with psycopg.connect(database) as forger:
            forger.execute("SET session_replication_role = replica")  # disable triggers
            forger.execute("SET search_path = kinelog")
            forger.execute(statement.encode(), parameters)

    log = PostgresEventLog(database, clock=clock, new_id=new_id)
    chained = PostgresHashChain(database)
    yield Books(log, chained, forge)
    chained.close()
    log.close()


@pytest.fixture(params=["sqlite_books", "postgresql_books"])
def books(request: pytest.FixtureRequest) -> Books:
    """Return chained logs: positions 1-3 and 6-8 are red's, 4-5 blue's; each line is a command."""
    kept: Books = request.getfixturevalue(request.param)
    write(kept, RED, Change("session-1", 0, [STARTED, hold(1), hold(2)]))
    write(kept, BLUE, Change("user-1", 0, [FACT, FACT]))
    write(kept, RED, Change("user-1", 0, [FACT]), Change("session-1", 3, [hold(3)]))
    write(kept, RED, Change("session-2", 0, [STARTED]))
    return kept


# Valid chains


def test_each_event_names_the_one_before_of_its_tenant(books: Books) -> None:
    """R-EVT-15: an event is chained in the same transaction."""
    for tenant_id, positions in ((RED, [1, 2, 3, 6, 7, 8]), (BLUE, [4, 5])):
        links = books.links(tenant_id)
        assert [link.position for link in links] == positions
        assert all(link.is_genuine() for link in links)
        before = [NO_HASH, *(link.hash for link in links)]
        assert [link.previous for link in links] == before[:-1]
    assert len({link.hash for link in books.links()}) == 8


def test_an_untouched_log_verifies(books: Books) -> None:
    """R-EVT-15, C-24"""
    shares: list[float] = []
    red, blue = books.links(RED)[-1], books.links(BLUE)[-1]
    assert verify_chains(books.chained, report=shares.append) == [
        Verdict(BLUE, 2, 5, blue.hash, None),
        Verdict(RED, 6, 8, red.hash, None),
    ]
    assert shares[-1] == 1.0
    assert books.verdict(RED) == Verdict(RED, 6, 8, red.hash, None)
    assert books.verdict(RED).holds


def test_a_tenant_without_events_has_nothing_to_break(books: Books) -> None:
    assert books.verdict(TenantId("green")) == Verdict(TenantId("green"), 0, 0, NO_HASH, None)


def test_both_logs_compute_one_hash(
    sqlite_books: Books, postgresql_books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's function and the Python function hash the same bytes."""
    origin = Origin(tenant_id=RED, actor="système/膝", correlation_id=uuid4(), causation_id=uuid4())
    ids = [new_id() for _ in range(3)]
    hashes: list[list[bytes]] = []
    for books in (sqlite_books, postgresql_books):
        given = iter(ids)
        monkeypatch.setattr(books.log, "_new_id", lambda given=given: next(given))
        change = Change("session-膝/1", 0, [STARTED, hold(1)])
        books.log.append([change], origin=origin, command_id=uuid4())
        later = replace(origin, causation_id=None)
        books.log.append([Change("user-1", 0, [FACT])], origin=later, command_id=uuid4())
        hashes.append([link.hash for link in books.links()])
    assert hashes[0] == hashes[1]


def test_a_log_longer_than_one_batch_verifies(books: Books) -> None:
    many = [hold(number) for number in range(BATCH)]
    write(books, RED, Change("session-3", 0, many), Change("session-4", 0, []))
    write(books, RED, Change("session-3", BATCH, many))
    assert books.verdict().events == 6 + 2 * BATCH
    books.forge("DELETE FROM events WHERE position = %s", 1500)
    assert books.broken() == ("removed", 1501, "session-3", 1500 - 8)


def test_a_payload_is_covered_as_it_is_stored(books: Books) -> None:
    """C-24: with or without the keys to decrypt it."""
    payload = books.links(RED)[0].payload
    for other in (b"\xff\x00 no JSON", payload + b" "):
        books.forge("UPDATE events SET state = %s WHERE position = 1", other)
        assert books.broken() == ("changed", 1, "session-1", 1)
    books.forge("UPDATE events SET state = %s WHERE position = 1", payload)
    assert books.verdict().holds


# Changed events


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("state", b"{}"),
        ("topic", "session.completed"),
        ("schema_version", 99),
        ("actor", "user/eve"),
        ("originator_version", 9),
        ("originator_id", "red/session-9"),
        ("hash", bytes(32)),
        ("previous_hash", b"\x01" * 32),
    ],
)
def test_a_changed_column_is_found(books: Books, column: str, content: object) -> None:
    """R-EVT-15"""
    books.forge(f"UPDATE events SET {column} = %s WHERE position = 2", content)  # noqa: S608
    tampering, position, *_ = books.broken()
    assert (tampering, position) == ("changed", 2)
    assert books.verdict(BLUE).holds
    assert books.verdict().events == 1, "what was before holds"


@pytest.mark.parametrize("column", ["event_id", "correlation_id", "causation_id"])
def test_a_changed_identifier_is_found(books: Books, column: str) -> None:
    books.forge(
        f"UPDATE events SET {column} = (SELECT event_id FROM events WHERE position = 5)"  # noqa: S608
        " WHERE position = 3"
    )
    assert books.broken() == ("changed", 3, "session-1", 3)


def test_a_changed_time_is_found(books: Books) -> None:
    books.forge(
        "UPDATE events SET recorded_at = (SELECT max(recorded_at) FROM events) + %s"
        " WHERE position = 3",
        1 if isinstance(books.chained, SqliteHashChain) else "1 microsecond",
    )
    assert books.broken() == ("changed", 3, "session-1", 3)


def test_an_event_moved_to_another_tenant_is_found_by_both(books: Books) -> None:
    """R-TEN-03"""
    books.forge(
        "UPDATE events SET tenant_id = 'blue', originator_id = 'blue/session-9' WHERE position = 3"
    )
    assert books.broken(RED) == ("removed", 6, "session-1", 3)
    assert books.broken(BLUE) == ("inserted", 3, "session-9", 3)


# Removed events


@pytest.mark.parametrize(
    ("position", "found"),
    [
        (1, ("removed", 2, "session-1", 1)),
        (2, ("removed", 3, "session-1", 2)),
        (6, ("removed", 7, None, None)),
    ],
)
def test_a_removed_event_is_found(books: Books, position: int, found: tuple[object, ...]) -> None:
    """R-EVT-15: the first, one in the middle, and the only one of a stream."""
    books.forge("DELETE FROM events WHERE position = %s", position)
    assert books.broken() == found
    assert books.verdict(BLUE).holds


def test_a_truncated_tail_is_found_by_the_answers_to_commands(books: Books) -> None:
    """R-EVT-15"""
    books.forge("DELETE FROM events WHERE position >= 7")
    assert books.broken() == ("removed", 8, None, None)


def test_a_tenant_that_was_removed_is_found(books: Books) -> None:
    books.forge("DELETE FROM events WHERE tenant_id = 'blue'")
    assert books.broken(BLUE) == ("removed", 5, None, None)
    assert books.verdict(RED).holds


def test_a_tail_that_was_cut_with_its_commands_is_found_by_an_anchor(books: Books) -> None:
    """R-EVT-15"""
    last = books.links(RED)[-1]
    anchored = [AnchoredEvent(RED, last.position, last.hash)]
    assert books.verdict(anchored=anchored).holds
    books.forge("DELETE FROM events WHERE position = 8")
    books.forge("DELETE FROM command_log WHERE position = 8")
    assert books.verdict().holds, "nothing that is left tells of it"
    assert books.broken(anchored=anchored) == ("removed", 8, None, None)


def test_a_log_that_was_written_anew_is_found_by_an_anchor(books: Books) -> None:
    """R-EVT-15: an attacker who knows the hash function can build a valid chain."""
    first, second, *_ = books.links(BLUE)
    books.forge("DELETE FROM events WHERE tenant_id = 'blue'")
    books.forge("DELETE FROM command_log WHERE tenant_id = 'blue'")
    insert(books, forged(first, payload=b"{}"))
    insert(books, forged(second, previous=forged(first, payload=b"{}").hash))
    books.forge("UPDATE command_log SET tenant_id = 'blue' WHERE position = 7")
    books.forge("UPDATE command_log SET position = 5 WHERE tenant_id = 'blue'")
    assert books.verdict(BLUE).holds
    anchored = [AnchoredEvent(BLUE, second.position, second.hash)]
    assert books.broken(BLUE, anchored=anchored) == ("changed", 5, "user-1", 2)
    assert books.verdict(RED, anchored=anchored).holds, "it is no anchor of this tenant"


# Reordered or inserted events


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (2, 3, ("reordered", 2, "session-1", 3)),
        (1, 8, ("reordered", 1, "session-2", 1)),
        (3, 6, ("reordered", 3, "user-1", 1)),
    ],
)
def test_swapped_positions_are_found(
    books: Books, one: int, other: int, found: tuple[object, ...]
) -> None:
    """R-EVT-15"""
    of_postgresql = isinstance(books.chained, PostgresHashChain)
    if of_postgresql:
        books.forge("ALTER TABLE events ALTER position SET GENERATED BY DEFAULT")
    for was, becomes in ((one, 1000), (other, one), (1000, other)):
        books.forge("UPDATE events SET position = %s WHERE position = %s", becomes, was)
    if of_postgresql:
        books.forge("ALTER TABLE events ALTER position SET GENERATED ALWAYS")
    assert books.broken() == found


Inserting = Callable[[Sequence[ChainedEvent]], ChainedEvent]
"""Makes an attacker's event for position 5 of the tenant red from the tenant's events."""


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda links: links[3], id="hashes are those of another event"),
        pytest.param(
            lambda links: forged(links[3], previous=links[2].hash, position=-7), id="before all"
        ),
    ],
)
def test_an_inserted_event_is_found(books: Books, make: Inserting) -> None:
    """R-EVT-15"""
    made = replace(make(books.links(RED)), originator_id="red/session-0", version=1)
    position = made.position if made.position < 0 else 9
    insert(books, replace(made, position=position))
    tampering, found, stream, version = books.broken()
    assert (tampering, found, stream, version) == ("inserted", position, "session-0", 1)


def test_an_inserted_event_whose_hashes_fit_is_found_by_the_one_it_displaces(books: Books) -> None:
    """R-EVT-15: two events have the same predecessor."""
    books.forge("DELETE FROM events WHERE tenant_id = 'blue'")  # frees the position
    third = books.links(RED)[2]
    made = forged(third, position=4, previous=third.hash, originator_id="red/user-9", version=1)
    insert(books, made)
    assert books.broken() == ("inserted", 4, "user-9", 1)


def test_an_event_appended_by_hand_is_found_though_its_hashes_fit(books: Books) -> None:
    """R-EVT-14: events enter the log by commands."""
    last = books.links(RED)[-1]
    made = forged(last, position=9, previous=last.hash, originator_id="red/user-9", version=1)
    insert(books, made)
    assert books.broken() == ("inserted", 9, "user-9", 1)


# Verification from a position on


def test_verification_can_start_at_a_position(books: Books) -> None:
    books.forge("UPDATE events SET actor = 'eve' WHERE position = 2")
    verdicts = {each.tenant_id: each for each in verify_chains(books.chained, from_position=3)}
    assert {tenant: (each.events, each.holds) for tenant, each in verdicts.items()} == {
        RED: (4, True),
        BLUE: (2, True),
    }
    books.forge("UPDATE events SET actor = 'eve' WHERE position = 7")
    (red,) = verify_chains(books.chained, tenant_id=RED, from_position=3)
    assert red.broken is not None
    assert red.broken.position == 7
    assert all(each.holds for each in verify_chains(books.chained, from_position=1000))


# An attacker with the file alone


def test_unexpected_column_types_are_reported(sqlite_books: Books) -> None:
    write(sqlite_books, RED, Change("user-1", 0, [FACT]))
    for column, content in (
        ("originator_version", "one"), ("schema_version", 2**40), ("recorded_at", -(2**63)),
        ("event_id", b"short"), ("actor", b"\xff"), ("state", "{}"), ("topic", 7),
        ("tenant_id", b"\xff\xfe"),
    ):  # fmt: skip
        sqlite_books.forge(f"UPDATE events SET {column} = %s", content)  # noqa: S608
        assert not all(each.holds for each in verify_chains(sqlite_books.chained)), column
