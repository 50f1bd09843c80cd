"""A read model is rebuilt beside the live one, and replaces it."""

import contextlib
import json
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.read_models.tables import LAYOUT
from application.kernel.projection_runner import (
    LogBehind,
    RebuildFailed,
    RebuildSuperseded,
    build_missing,
    catch_up,
    rebuild,
)
from application.kernel.projection_store import CheckpointConflict, Failure, TableUpdate
from application.kernel.read_models import ReadModelUnavailable
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection, Recorded
from domain.recordings import events as recordings
from domain.sessions import events
from projections.recording_chunk import RECORDING_CHUNK
from projections.registry import ALL, PLAIN_NAMES
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from tests.projections.histories import (
    AT,
    ListLog,
    completed,
    frames_appended,
    reconciled,
    recording_started,
    rejected,
    repetition,
    set_completed,
    set_started,
    started,
)
from tests.projections.stores import Interrupted, NewDatabase, broken_at, contents, summary


@pytest.fixture
def log() -> ListLog:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    return log


EXAMPLES = {"sqlite": 25, "postgresql": 5}
"""PostgreSQL creates some fifty tables for each."""

event_lists = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2"]),
        st.sampled_from(["default", "other"]),
        st.sampled_from(
            [
                started(),
                set_started(1),
                set_started(2, "push_up"),
                repetition(1),
                repetition(2),
                repetition(1, set_number=2),
                rejected(),
                reconciled(1, 2, standing=0),
                reconciled(1, standing=0, added=(1,), set_number=2),
                set_completed(2),
                completed(accuracy=0.1, zone="Asia/Tokyo"),
                completed(accuracy=None),
                recording_started(),
                frames_appended(0),
                frames_appended(15),
                recordings.RecordingCompleted(duration_ms=9, frame_count=30, at=AT),
            ]
        ),
    ),
    max_size=40,
)


@pytest.mark.slow
def test_however_the_log_is_cut_a_rebuild_gives_the_same_bytes(new_database: NewDatabase) -> None:
    """C-05: a projection can be rebuilt from the log at any time."""
    with contextlib.closing(new_database()) as database:
        examples = EXAMPLES[database.engine.dialect.name]

    @settings(deadline=None, max_examples=examples)
    @for_any(
        history=event_lists,
        cuts=st.lists(st.integers(1, 9), max_size=12),
        size=st.integers(1, 7),
    )
    def rebuilds(history: list[tuple[str, str, Any]], cuts: list[int], size: int) -> None:
        database = new_database()
        tables, log = SqlProjectionStore(database), ListLog()
        build_missing(log, tables, ALL)
        remaining = list(history)
        for cut in [*cuts, len(history)]:
            for stream, tenant, event in remaining[:cut]:
                log.add(f"session-{stream}", event, tenant=tenant)
            catch_up(log, tables, ALL, batch=size)
            remaining = remaining[cut:]
        live = contents(database, tables)
        rebuild(log, tables, *ALL)
        rebuilt = contents(database, tables)
        database.close()
        assert rebuilt == live
        assert {position for position, *_ in live.values()} == {len(history)}

    rebuilds()


def doubled() -> Projection[SessionSummary]:
    """Return the next version of the summary, which counts each repetition twice."""

    def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
        row = SESSION_SUMMARY.evolve(row, recorded)
        if row and isinstance(recorded.event, events.RepetitionCounted):
            return replace(row, repetitions=row.repetitions + 1)
        return row

    return replace(SESSION_SUMMARY, evolve=evolve, version=SESSION_SUMMARY.version + 1)


def test_a_raised_version_is_built_from_the_first_event(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    later = doubled()
    (table,) = build_missing(log, tables, [later])
    row = SqlReadModels(database).get(later, DEFAULT_TENANT, "s1")
    assert row is not None
    assert (row.repetitions, table.position, table.live) == (4, 4, True)
    with pytest.raises(ReadModelUnavailable):
        summary(database)
    assert tables.live([SESSION_SUMMARY]) == ()


def test_a_version_that_cannot_be_built_leaves_the_one_before_it_in_place(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    later, other = build_missing(log, tables, [broken_at(3, ahead=1), REPETITION])
    assert (later.live, later.failure) == (False, Failure(3, "LookupError: no such exercise"))
    assert (other.live, other.position) == (True, 4)
    assert summary(database).repetitions == 2


def test_a_failed_rebuild_says_where_and_leaves_the_live_table(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    with pytest.raises(RebuildFailed, match="session_summary failed at position 2: LookupError"):
        rebuild(log, tables, broken_at(2))
    assert summary(database).repetitions == 2
    assert names(database) == {f"session_summary_v{SESSION_SUMMARY.version}_1"}


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return {name for name in sa.inspect(connection).get_table_names() if "_v" in name}


def test_the_next_rebuild_removes_the_tables_of_a_crashed_one(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    tables.begin(SESSION_SUMMARY)
    (table,) = rebuild(log, tables, SESSION_SUMMARY)
    assert names(database) == {f"session_summary_v{SESSION_SUMMARY.version}_{table.generation}"}
    assert summary(database).repetitions == 2


def test_a_newer_rebuild_replaces_an_older_one(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    slow = Interrupted(lambda: rebuild(log, tables, SESSION_SUMMARY))
    slow.recorded = log.recorded
    with pytest.raises(RebuildSuperseded):
        rebuild(slow, tables, SESSION_SUMMARY)
    assert summary(database).repetitions == 2


def test_a_swap_waits_until_nothing_is_missing(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """A rebuilt table that is behind the live one never replaces it."""
    build_missing(log, tables, [SESSION_SUMMARY])
    fresh = tables.begin(SESSION_SUMMARY)
    assert not tables.swap(fresh)
    assert summary(database).repetitions == 2


@contextlib.contextmanager
def meanwhile(*works: Callable[[threading.Event], None]) -> Generator[None]:
    """Run functions on threads until the block ends; raise their exceptions here."""
    over = threading.Event()
    with ThreadPoolExecutor(len(works)) as threads:
        doing = [threads.submit(work, over) for work in works]
        try:
            yield
        finally:
            over.set()
        for work in doing:
            work.result()


def test_readers_see_no_gap_and_no_older_state_while_tables_are_swapped(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """C-05: the rebuild runs with readers and writers at work."""
    build_missing(log, tables, ALL)
    read = SqlReadModels(database)
    views: list[list[int]] = []

    def look(over: threading.Event) -> None:
        seen = [2]
        views.append(seen)
        while not over.is_set():
            row = read.get(SESSION_SUMMARY, DEFAULT_TENANT, "s1")
            seen.append(-1 if row is None else row.repetitions)

    def follow(_over: threading.Event) -> None:
        for number in range(3, 120):
            log.add("session-s1", repetition(number))
            catch_up(log, tables, ALL)

    with meanwhile(look, look, follow):
        rebuilt = [rebuild(log, tables, SESSION_SUMMARY, batch=20)[0] for _ in range(12)]
    assert len({table.generation for table in rebuilt}) == 12
    for seen in views:
        assert seen == sorted(seen)
    assert summary(database).repetitions == 119


def test_a_discarded_table_is_gone(tables: SqlProjectionStore, log: ListLog) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    fresh = tables.begin(SESSION_SUMMARY)
    tables.discard(fresh)
    assert tables.find(fresh) is None
    with pytest.raises(CheckpointConflict):
        tables.swap(fresh)
    with pytest.raises(CheckpointConflict):
        tables.store([TableUpdate(fresh, 1, {})])


def test_read_models_of_another_log_are_not_served(
    tables: SqlProjectionStore, log: ListLog
) -> None:
    """Tables with positions beyond the log would silently stop updating."""
    build_missing(log, tables, [SESSION_SUMMARY])
    shorter = ListLog()
    shorter.add("session-s9", started())
    with pytest.raises(LogBehind):
        build_missing(shorter, tables, [SESSION_SUMMARY])
    with pytest.raises(LogBehind):
        rebuild(shorter, tables, SESSION_SUMMARY)


def test_tables_of_an_older_layout_are_made_anew(database: Database) -> None:
    """The log has their content; an older program created them without owners of rows."""
    tables, log = SqlProjectionStore(database), ListLog()
    log.add("session-s1", started(), set_started(), repetition(1))
    build_missing(log, tables, ALL)
    before = contents(database, tables)
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP TABLE {LAYOUT.name}")
    again = Database(database.engine)
    later = SqlProjectionStore(again)
    assert later.live(ALL) == ()
    build_missing(log, later, ALL)
    assert contents(again, later) == before
    assert summary(again).repetitions == 1
    again.close()


@pytest.mark.parametrize(
    "name", ["users", "profiles", "sessions", "sets", "cues", "programs", "leaderboards"]
)
def test_read_models_have_the_required_names(
    database: Database, tables: SqlProjectionStore, log: ListLog, name: str
) -> None:
    """R-IDN-17, R-DAT-02: on SQLite and PostgreSQL, also after a rebuild and a new version."""
    (projection,) = (each for each in ALL if PLAIN_NAMES.get(each.name, each.name) == name)
    newer = replace(projection, version=projection.version + 1)
    builds: tuple[Callable[[], object], ...] = (
        lambda: build_missing(log, tables, [projection]),
        lambda: rebuild(log, tables, projection),
        lambda: build_missing(log, tables, [newer]),
    )
    for build in builds:
        build()
        with database.read() as connection:
            columns = connection.exec_driver_sql(f"SELECT * FROM {name}").keys()  # noqa: S608  a name of ours
        assert {"tenant_id", "key", "owner_id"} <= set(columns)


def test_frames_of_recordings_can_be_read_as_rows(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-DAT-04, R-RPL-08: on SQLite and PostgreSQL, also after a rebuild and a new version."""
    log.add("recording-r1", frames_appended(0), frames_appended(15, frames=1))
    newer = replace(RECORDING_CHUNK, version=RECORDING_CHUNK.version + 1)
    builds: tuple[Callable[[], object], ...] = (
        lambda: build_missing(log, tables, [RECORDING_CHUNK]),
        lambda: rebuild(log, tables, RECORDING_CHUNK),
        lambda: build_missing(log, tables, [newer]),
    )
    query = (
        'SELECT id, session_id, "timestamp", frame_number, pose_data, image_path'
        " FROM session_frames WHERE session_id = 'r1' ORDER BY id"
    )
    for build in builds:
        build()
        with database.read() as connection:
            rows = connection.exec_driver_sql(query).all()
        assert [row.frame_number for row in rows] == [*range(16)]
        assert [row.id for row in rows] == [*range(1, 17)]
        assert [rows[at].timestamp for at in (0, 14, 15)] == [0.0, 0.495, 0.495]
        pose = rows[3].pose_data
        found = json.loads(pose) if isinstance(pose, str) else pose
        assert found == {"chunk": f"{0:064x}", "frame": 3}
