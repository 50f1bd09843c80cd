"""A stream that a read model cannot process waits; all others continue, and nothing is lost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from application.kernel.projection_fold import (
    Retried,
    StreamNotQuarantined,
    list_quarantined,
    retry,
)
from application.kernel.projection_runner import RebuildFailed, build_missing, catch_up, rebuild
from application.kernel.projection_status import status
from application.kernel.projection_store import QuarantinedStream, TableUpdate
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Recorded
from domain.sessions import events
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from tests.projections.histories import (
    AT,
    ListLog,
    completed,
    reconciled,
    repetition,
    set_started,
    started,
)
from tests.projections.stores import broken_at, contents, summary

S1 = (DEFAULT_TENANT, "session-s1")
ONLY_S1 = frozenset({S1})
REASON = "LookupError: no such exercise"


@pytest.fixture
def log() -> ListLog:
    """Two interleaved sessions: s1 has the positions 1, 2, 4 and 6, s2 has 3, 5 and 7."""
    log = ListLog()
    log.add("session-s1", started(), set_started())
    log.add("session-s2", started())
    log.add("session-s1", repetition(1))
    log.add("session-s2", set_started())
    log.add("session-s1", repetition(2))
    log.add("session-s2", repetition(1))
    return log


def live(tables: SqlProjectionStore) -> frozenset[tuple[TenantId, str]]:
    return tables.live([SESSION_SUMMARY])[0].quarantined


def test_a_failing_event_quarantines_only_its_stream(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-19: the failure is stored with its reason."""
    first, second = build_missing(log, tables, [broken_at(4), REPETITION])
    assert (first.position, first.quarantined, first.failure) == (7, ONLY_S1, None)
    assert (second.position, second.quarantined) == (7, frozenset())
    assert (summary(database, "s1").repetitions, summary(database, "s2").repetitions) == (0, 1)
    (stream,) = tables.list_quarantined(first)
    assert stream == QuarantinedStream(DEFAULT_TENANT, "session-s1", 3, 4, REASON, stream.stack)
    assert "in evolve" in stream.stack


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_later_events_of_a_quarantined_stream_wait_with_it(
    database: Database, tables: SqlProjectionStore, log: ListLog, batch: int
) -> None:
    build_missing(log, tables, [broken_at(4)])
    log.add("session-s1", repetition(3), completed(repetitions=3))
    log.add("session-s2", repetition(2))
    catch_up(log, tables, [SESSION_SUMMARY], batch=batch)
    assert (summary(database, "s1").repetitions, summary(database, "s2").repetitions) == (0, 2)
    (found,) = list_quarantined(log, tables, [SESSION_SUMMARY, REPETITION])
    assert (found.projection, found.events, found.quarantined.version) == ("session_summary", 4, 3)
    (reported,) = status(log, tables, [SESSION_SUMMARY])
    assert (reported.lag, reported.quarantined) == (0, 1)


def test_the_same_stream_of_another_tenant_is_another_one(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-DAT-06"""
    log.add("session-s1", started(), tenant="other")
    build_missing(log, tables, [broken_at(4)])
    assert live(tables) == ONLY_S1
    other = SqlReadModels(database).get(SESSION_SUMMARY, TenantId("other"), "s1")
    assert other is not None


def test_after_a_repair_quarantined_events_are_folded_in_order(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-19, R-EVT-16: nothing is lost or counted twice."""
    build_missing(log, tables, [broken_at(4)])
    log.add("session-s1", repetition(3))
    catch_up(log, tables, [SESSION_SUMMARY])
    done = retry(log, tables, SESSION_SUMMARY, *S1)
    assert done == Retried("session_summary", *S1, applied=3, quarantined=None)
    assert (summary(database, "s1").repetitions, live(tables)) == (3, frozenset())
    log.add("session-s1", completed(repetitions=3))
    catch_up(log, tables, [SESSION_SUMMARY])
    kept = contents(database, tables, [SESSION_SUMMARY])
    rebuild(log, tables, SESSION_SUMMARY)
    assert contents(database, tables, [SESSION_SUMMARY]) == kept
    with pytest.raises(StreamNotQuarantined):
        retry(log, tables, SESSION_SUMMARY, *S1)


def test_a_stream_that_still_fails_stays_quarantined(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [broken_at(4)])
    done = retry(log, tables, broken_at(6), *S1)
    assert done.applied == 1
    assert done.quarantined is not None
    assert (done.quarantined.version, done.quarantined.position) == (4, 6)
    assert (summary(database, "s1").repetitions, live(tables)) == (1, ONLY_S1)
    assert retry(log, tables, SESSION_SUMMARY, *S1).applied == 1
    assert summary(database, "s1").repetitions == 2


def test_an_undeterminable_key_is_quarantined_too(tables: SqlProjectionStore, log: ListLog) -> None:
    def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
        if recorded.position == 2:
            raise KeyError(recorded.stream)
        return SESSION_SUMMARY.keys(recorded)

    (table,) = build_missing(log, tables, [replace(SESSION_SUMMARY, keys=keys)])
    (stream,) = tables.list_quarantined(table)
    assert (stream.position, stream.reason) == (2, "KeyError: 'session-s1'")


def test_the_first_failing_event_quarantines_a_stream(
    tables: SqlProjectionStore, log: ListLog
) -> None:
    def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
        if recorded.position == 6:
            raise KeyError(recorded.stream)
        return SESSION_SUMMARY.keys(recorded)

    (table,) = build_missing(log, tables, [replace(broken_at(4), keys=keys)])
    assert [stream.position for stream in tables.list_quarantined(table)] == [4]


def test_an_event_that_fails_for_one_row_changes_no_row(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    def evolve(row: Any, recorded: Recorded[Any]) -> Any:
        if isinstance(recorded.event, events.RepetitionsReconciled) and row.number == 2:
            raise ValueError(row.id)
        return REPETITION.evolve(row, recorded)

    log.add("session-s1", reconciled(1, 2, standing=0))
    (table,) = build_missing(log, tables, [replace(REPETITION, evolve=evolve)])
    assert (table.position, table.quarantined) == (8, ONLY_S1)
    assert SqlReadModels(database).count(REPETITION, DEFAULT_TENANT) == 3


@pytest.mark.parametrize(
    "unfit",
    [
        {"sets": None},
        {"sets": 2**63},
        {"time_zone": object()},
        {"started_at": AT.replace(tzinfo=None)},
    ],
    ids=["missing", "too large", "no text", "no zone"],
)
def test_a_row_that_cannot_be_stored_quarantines_its_stream(
    database: Database, tables: SqlProjectionStore, log: ListLog, unfit: dict[str, Any]
) -> None:
    def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
        row = SESSION_SUMMARY.evolve(row, recorded)
        return replace(row, **unfit) if row and recorded.position == 4 else row

    unfitting = replace(SESSION_SUMMARY, evolve=evolve)
    first, second = build_missing(log, tables, [unfitting, REPETITION])
    assert (first.position, first.quarantined, second.quarantined) == (7, ONLY_S1, frozenset())
    assert [stream.position for stream in tables.list_quarantined(first)] == [4]
    assert (summary(database, "s1").sets, summary(database, "s2").repetitions) == (1, 1)
    still = retry(log, tables, unfitting, *S1)
    assert (still.applied, live(tables)) == (0, ONLY_S1)
    assert retry(log, tables, SESSION_SUMMARY, *S1).applied == 2
    assert summary(database, "s1").repetitions == 2


class Meanwhile(SqlProjectionStore):
    """Tables that run a function once, before something is stored."""

    happens: Callable[[], object] | None = None

    def store(self, batches: Sequence[TableUpdate]) -> None:
        happening, self.happens = self.happens, None
        if happening:
            happening()
        super().store(batches)


def test_events_that_a_runner_skips_while_their_stream_is_released_are_not_lost(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16"""
    build_missing(log, tables, [broken_at(4)])
    log.add("session-s1", repetition(3))
    runner = Meanwhile(database)
    runner.happens = lambda: retry(log, tables, SESSION_SUMMARY, *S1)
    catch_up(log, runner, [SESSION_SUMMARY])
    assert summary(database, "s1").repetitions == 3


def test_events_that_arrive_while_a_stream_is_retried_are_folded_once(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16"""
    build_missing(log, tables, [broken_at(4)])

    def another() -> None:
        log.add("session-s1", repetition(3))
        catch_up(log, tables, [SESSION_SUMMARY])

    retrying = Meanwhile(database)
    retrying.happens = another
    assert retry(log, retrying, SESSION_SUMMARY, *S1).applied == 3
    assert summary(database, "s1").repetitions == 3


def test_a_rebuild_resumes_quarantined_streams(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [broken_at(4)])
    (table,) = rebuild(log, tables, SESSION_SUMMARY)
    assert (table.quarantined, live(tables)) == (frozenset(), frozenset())
    assert summary(database, "s1").repetitions == 2


def test_a_rebuild_quarantines_only_streams_quarantined_before(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """C-05: a rebuild never quarantines a stream that was served before."""
    build_missing(log, tables, [broken_at(4)])
    rebuild(log, tables, broken_at(6))
    assert (live(tables), summary(database, "s1").repetitions) == (ONLY_S1, 1)
    with pytest.raises(RebuildFailed, match="position 7"):
        rebuild(log, tables, broken_at(7))
    assert (live(tables), summary(database, "s2").repetitions) == (ONLY_S1, 1)


def test_a_new_version_quarantines_the_streams_of_the_old_one(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [broken_at(4)])
    later = broken_at(4, ahead=1)
    (table,) = build_missing(log, tables, [later])
    assert (table.live, table.quarantined) == (True, ONLY_S1)
    row = SqlReadModels(database).get(later, DEFAULT_TENANT, "s2")
    assert row is not None


def test_each_change_of_the_rows_changes_the_data_version(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    read = SqlReadModels(database)
    seen = [read.data_version()]
    steps: list[Callable[[], object]] = [
        lambda: build_missing(log, tables, [broken_at(4)]),
        lambda: retry(log, tables, SESSION_SUMMARY, *S1),
        lambda: log.add("session-s1", repetition(3)),
        lambda: catch_up(log, tables, [SESSION_SUMMARY]),
        lambda: rebuild(log, tables, SESSION_SUMMARY),
    ]
    for step in steps:
        step()
        seen.append(read.data_version())
    assert len(set(seen)) == len(steps)  # events that are only stored are not read yet
    catch_up(log, tables, [SESSION_SUMMARY])
    assert read.data_version() == seen[-1]
    assert SqlReadModels(database).data_version() == seen[-1]
