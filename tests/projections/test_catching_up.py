"""Read models follow the log, and stop where they must."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.read_models.tables import filled_table
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_runner import build_missing, catch_up
from application.kernel.projection_status import status
from application.kernel.projection_store import CheckpointConflict, Table, TableUpdate
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Recorded
from projections.athlete_day import ATHLETE_DAY
from projections.registry import ALL
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import (
    ListLog,
    completed,
    repetition,
    set_started,
    started,
)
from tests.projections.stores import Interrupted, contents, summary


@pytest.fixture
def log() -> ListLog:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    return log


def test_rows_follow_the_log(database: Database, tables: SqlProjectionStore, log: ListLog) -> None:
    build_missing(log, tables, ALL)
    log.add("session-s1", repetition(3), completed(repetitions=3))
    (table,) = catch_up(log, tables, [SESSION_SUMMARY])
    assert (table.position, table.quarantined) == (6, frozenset())
    assert summary(database).status == "completed"


def test_an_empty_log_makes_empty_tables(database: Database, tables: SqlProjectionStore) -> None:
    assert {table.position for table in build_missing(ListLog(), tables, ALL)} == {0}
    assert SqlReadModels(database).count(SESSION_SUMMARY, DEFAULT_TENANT) == 0


def test_catching_up_again_changes_nothing(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16: each row stores its position, so an event is folded once."""
    build_missing(log, tables, ALL)
    before = contents(database, tables)
    catch_up(log, tables, ALL)
    catch_up(log, tables, ALL, batch=1)
    assert contents(database, tables) == before
    assert summary(database).repetitions == 2


class Repeating(ListLog):
    """A log that repeats the two events before the requested ones."""

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        new = super().scan(after=after, limit=limit)
        return [*super().scan(after=max(0, after - 2), limit=min(after, 2)), *new] if new else []


def test_an_event_shown_again_is_counted_once(
    database: Database, tables: SqlProjectionStore
) -> None:
    """R-EVT-16: a duplicate is recognized by its position."""
    log = Repeating()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    build_missing(log, tables, [])
    tables.begin(SESSION_SUMMARY)
    catch_up(log, tables, [SESSION_SUMMARY], batch=1)
    assert summary(database).repetitions == 2


def test_a_projection_that_is_ahead_applies_no_event_twice(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16: all read the same batches, each from its own position."""
    build_missing(log, tables, ALL)
    log.add("session-s1", repetition(3))
    catch_up(log, tables, [SESSION_SUMMARY])
    log.add("session-s1", repetition(4))
    assert {table.position for table in catch_up(log, tables, ALL)} == {6}
    assert summary(database).repetitions == 4


def test_an_event_that_changes_nothing_leaves_the_row_unchanged(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    first_only = replace(
        SESSION_SUMMARY, evolve=lambda row, recorded: row or SESSION_SUMMARY.evolve(row, recorded)
    )
    build_missing(log, tables, [first_only])
    ((position, _, stored),) = contents(database, tables, [first_only]).values()
    assert (position, stored[0][3]) == (4, 1)


def test_a_row_names_its_last_event(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    log.add("user-ada", repetition(9))
    build_missing(log, tables, ALL)
    ((_, _, stored),) = contents(database, tables, [SESSION_SUMMARY]).values()
    assert stored[0][:4] == ("default", "s1", "session-s1", 4)


class Crashing(SqlProjectionStore):
    """Tables whose process dies within a transaction, or right after it."""

    dies: str = "never"

    def store(self, batches: Sequence[TableUpdate]) -> None:
        if self.dies == "within":
            lost = Table(SESSION_SUMMARY, generation=99, position=0, live=False)
            with pytest.raises(CheckpointConflict):
                super().store([*batches, TableUpdate(lost, 1, {})])
            raise KeyboardInterrupt
        super().store(batches)
        if self.dies == "after":
            raise KeyboardInterrupt


@pytest.mark.parametrize("dies", ["within", "after"])
def test_after_a_crash_rows_and_position_match(database: Database, log: ListLog, dies: str) -> None:
    """R-EVT-16: partial writes are rolled back, and complete ones are not repeated."""
    tables = Crashing(database)
    build_missing(log, tables, ALL)
    log.add("session-s1", repetition(3), repetition(4), completed(repetitions=4))
    tables.dies = dies
    with pytest.raises(KeyboardInterrupt):
        catch_up(log, tables, ALL, batch=2)
    position = SqlReadModels(database).position(SESSION_SUMMARY)
    assert position == (4 if dies == "within" else 6)
    assert summary(database).repetitions == position - 2
    tables.dies = "never"
    catch_up(log, tables, ALL, batch=2)
    assert (summary(database).repetitions, summary(database).status) == (4, "completed")


def test_status_tells_how_far_each_projection_is(tables: SqlProjectionStore, log: ListLog) -> None:
    build_missing(log, tables, [SESSION_SUMMARY, ATHLETE_DAY])
    log.add("session-s1", repetition(3), completed())
    catch_up(log, tables, [SESSION_SUMMARY])
    first, second, third = status(log, tables, [SESSION_SUMMARY, ATHLETE_DAY, REPETITION])
    assert (first.name, first.version, first.position) == (
        "session_summary",
        SESSION_SUMMARY.version,
        6,
    )
    assert (first.lag, first.rows, first.served, first.quarantined) == (0, 1, True, 0)
    assert (second.position, second.lag, second.rows) == (4, 2, 0)
    assert (third.served, third.position, third.lag) == (False, 0, 6)


def test_two_runners_share_the_work_and_count_once(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16: a runner that loses the race continues after the winner's position."""
    build_missing(log, tables, ALL)
    log.add("session-s1", *(repetition(number) for number in range(3, 40)))
    other = SqlProjectionStore(database)
    slow = Interrupted(lambda: catch_up(log, other, ALL, batch=7))
    slow.recorded = log.recorded
    assert {table.position for table in catch_up(slow, tables, ALL, batch=5)} == {41}
    assert summary(database).repetitions == 39


def test_a_reader_does_not_wait_for_a_writer(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    with database.write():
        assert summary(database).repetitions == 2
        assert SqlReadModels(database).count(SESSION_SUMMARY, TenantId("other")) == 0


def test_an_unreachable_store_does_not_quarantine_streams(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, ALL)
    log.add("session-s1", repetition(3))
    repetitions = filled_table(REPETITION, 1).table.name
    with database.write() as connection:
        cascade = "CASCADE" if database.is_postgresql else ""
        connection.exec_driver_sql(f"DROP TABLE {repetitions} {cascade}")
    with pytest.raises(StorageUnavailable):
        catch_up(log, tables, ALL)
    assert SqlReadModels(database).position(SESSION_SUMMARY) == 4
