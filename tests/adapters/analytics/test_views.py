"""The analysts' views: they outlive rebuilds of the read models and contain no personal data."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from adapters.clock import new_id, utc_now
from adapters.event_log import codec
from adapters.event_log.postgres import PostgresEventLog
from adapters.migrations import upgrade
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.tables import filled_table
from application.kernel.ports import Change
from application.kernel.projection_runner import build_missing, catch_up, rebuild
from domain.ids import ExerciseId, TenantId
from domain.kernel import Origin, Projection
from domain.sessions.events import FaultSeen
from domain.users.events import ProfileChanged
from projections.achievement import ACHIEVEMENT
from projections.athlete_day import ATHLETE_DAY
from projections.enrollment import ENROLLMENT
from projections.exercise_set import EXERCISE_SET
from projections.leaderboards import LEADERBOARDS
from projections.payment import PAYMENT
from projections.recommendation import RECOMMENDATION
from projections.registry import ALL
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.adapters.analytics.reading import as_analyst, query_rows
from tests.golden.examples import CODEC
from tests.projections.histories import (
    ListLog,
    completed,
    frames_appended,
    recording_started,
    repetition,
    set_completed,
    set_started,
    started,
)

VISIBLE_STATES: dict[str, Projection[Any]] = {
    "sessions": SESSION_SUMMARY,
    "sets": EXERCISE_SET,
    "repetitions": REPETITION,
    "athlete_days": ATHLETE_DAY,
    "achievements": ACHIEVEMENT,
    "leaderboards": LEADERBOARDS,
    "enrollments": ENROLLMENT,
    "payments": PAYMENT,
    "recommendations": RECOMMENDATION,
}
PEOPLES_WORDS = {"tags", "tag_keys"}
"""Columns with texts that people wrote, which analysts may not see."""
INTERNAL = {
    "announced_learned",
    "completed_by",
    "key",
    "missed_workouts",
    "movements",
    "owner_id",
    "partly_verified",
    "stream",
    "undecided",
}
"""Columns of read models that no view has."""
VIEWS = {
    *VISIBLE_STATES,
    "active_sessions",
    "enrollment_rounds",
    "event_counts",
    "events_flat",
    "exercises_by_hour",
    "metrics_rollup",
    "repetitions_per_minute",
    "retention",
    "session_frames",
}
REFUSED = (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)
"""Either the role lacks the right, or the view is not updatable."""
COUNTS = """
SELECT (SELECT count(*) FROM analytics.sessions), (SELECT count(*) FROM analytics.sets),
    (SELECT count(*) FROM analytics.repetitions), (SELECT count(*) FROM analytics.athlete_days)
"""


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def tables(database: Database) -> SqlProjectionStore:
    return SqlProjectionStore(database)


@pytest.fixture
def log() -> ListLog:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    log.add("session-s1", set_completed(2), completed())
    return log


def columns(url: str, view: str) -> set[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT column_name FROM information_schema.columns"
        query += " WHERE table_schema = 'analytics' AND table_name = %s"
        return {row[0] for row in connection.execute(query.encode(), [view])}


# Read models come and go


def test_views_are_there_before_the_read_models(url: str) -> None:
    """R-DAT-02: without read models, the views are empty."""
    assert query_rows(url, COUNTS) == [(0, 0, 0, 0)]


def test_views_show_read_models_while_they_are_rebuilt_and_replaced(
    tables: SqlProjectionStore, log: ListLog, url: str
) -> None:
    """C-05, R-DAT-02: a rebuild replaces the table, a new version the view of the read model."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE OR REPLACE VIEW public.mine AS SELECT id FROM analytics.sessions"
        )
        build_missing(log, tables, ALL)
        assert query_rows(url, COUNTS) == [(1, 1, 2, 1)]
        log.add("session-s2", started(), set_started())
        catch_up(log, tables, ALL)
        rebuild(log, tables, *ALL)
        assert query_rows(url, COUNTS) == [(2, 2, 2, 1)]
        newer = [replace(projection, version=9) for projection in VISIBLE_STATES.values()]
        build_missing(log, tables, newer)
        assert query_rows(url, COUNTS) == [(2, 2, 2, 1)]
        mine = connection.execute("SELECT id FROM public.mine ORDER BY id").fetchall()
    assert mine == [("s1",), ("s2",)], "what analysts built on a view stays, too"


def test_a_database_with_read_models_is_upgraded(postgres_database: str, log: ListLog) -> None:
    """R-DAT-02: read models may be older than the analysts' views."""
    database = Database(postgres_database)
    build_missing(log, SqlProjectionStore(database), ALL)
    database.close()
    upgrade(postgres_database)
    assert query_rows(postgres_database, COUNTS) == [(1, 1, 2, 1)]


def test_a_removed_column_of_a_read_model_is_empty(
    tables: SqlProjectionStore, log: ListLog, database: Database, url: str
) -> None:
    """C-05: the read model changes first; the view keeps its columns."""
    build_missing(log, tables, [SESSION_SUMMARY])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT kinelog.show_to_analysts('session_summary', false)")
        connection.execute("DROP VIEW read.session_summary")
        connection.execute("CREATE VIEW read.session_summary AS SELECT tenant_id, id, day::text"  # noqa: S608  a whole number
                           f" FROM read.session_summary_v{SESSION_SUMMARY.version}_1")  # fmt: skip
        connection.execute("SELECT kinelog.show_to_analysts('session_summary', true)")
    shown = query_rows(url, "SELECT tenant_id, id, day, repetitions FROM analytics.sessions")
    assert shown == [("default", "s1", None, None)]


def test_views_reach_the_read_model_s_indexes(
    tables: SqlProjectionStore, log: ListLog, url: str
) -> None:
    """R-DAT-02: a condition on the view is applied to the table."""
    build_missing(log, tables, ALL)
    with as_analyst(url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM analytics.repetitions"
            " WHERE tenant_id = 'default' AND session_id = 's1'"
        )
        assert any("Index" in line for (line,) in plan)


def test_views_have_the_columns_of_their_read_models(url: str) -> None:
    for view, projection in VISIBLE_STATES.items():
        expected = {column.name for column in filled_table(projection, 1).table.columns}
        assert columns(url, view) == expected - INTERNAL - PEOPLES_WORDS


def test_rounds_have_the_columns_of_enrollments(url: str) -> None:
    """R-CAT-05"""
    assert columns(url, "enrollment_rounds") == {*columns(url, "enrollments"), "round"}


def test_frames_are_rows_without_anything_that_identifies_a_person(
    tables: SqlProjectionStore, log: ListLog, url: str
) -> None:
    """R-DAT-04, R-RPL-08, C-24: landmarks stay encrypted; the view says where they are."""
    log.add("recording-r1", frames_appended(0), frames_appended(15, frames=2))
    build_missing(log, tables, ALL)
    rebuild(log, tables, *ALL)
    query = "SELECT * FROM analytics.session_frames ORDER BY id"
    frames = query_rows(url, query)
    assert [frame[1] for frame in frames] == [*range(1, 18)]
    where = {"chunk": f"{15:064x}", "frame": 1}
    assert frames[-1] == ("default", 17, "r1", 0.561, 16, where, None)


# The log, decoded


@pytest.fixture
def event_log(url: str) -> Iterator[PostgresEventLog]:
    log = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=CODEC)
    yield log
    log.close()


def add(log: PostgresEventLog, stream: str, *events: Any, tenant: str = "red") -> None:
    origin = Origin(tenant_id=TenantId(tenant), actor="user/ada", correlation_id=uuid4())
    log.append([Change(stream, 0, events)], origin=origin, command_id=uuid4())


def test_events_are_shown_decoded(event_log: PostgresEventLog, url: str) -> None:
    """R-EVT-15, C-24"""
    add(event_log, "session-s1", started(), repetition(1))
    add(event_log, "user-1", ProfileChanged(time_zone="UTC", locale="en"), tenant="blue")
    query = "SELECT tenant_id, stream, version, name, payload FROM analytics.events_flat"
    first, second, third = query_rows(url, f"{query} ORDER BY position")
    assert first[:4] == ("red", "session-s1", 1, "session.started")
    assert first[4]["athlete_id"] == "ada"
    assert second[4]["span"] == {"start_ms": 2000, "end_ms": 3500}
    assert second[4]["faults"] == ["knees_in"]
    assert third == ("blue", "user-1", 1, "user.profile_changed",
                     {"time_zone": "UTC", "locale": "en"})  # fmt: skip
    at = query_rows(url, "SELECT position FROM analytics.events_flat WHERE recorded_at <= now()")
    assert [row[0] for row in at] == [fact.position for fact in event_log.scan(after=0, limit=9)]


def test_what_people_write_is_left_out(event_log: PostgresEventLog, url: str) -> None:
    """C-24"""
    add(event_log, "recording-r1", recording_started())
    ((payload,),) = query_rows(url, "SELECT payload FROM analytics.events_flat")
    assert set(payload) == {"user_id", "session_id", "aspect_ratio", "at"}


def test_an_event_without_public_fields_reveals_nothing(
    event_log: PostgresEventLog, url: str
) -> None:
    """C-24"""
    add(event_log, "user-1", ProfileChanged(time_zone="UTC", locale="en"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM analytics.open_fields")
    assert query_rows(url, "SELECT name, payload FROM analytics.events_flat") == [
        ("user.profile_changed", {})
    ]
    upgrade(url)
    assert query_rows(url, "SELECT payload ->> 'locale' FROM analytics.events_flat") == [("en",)]


@pytest.fixture
def unchecked_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store texts that earlier versions accepted."""
    monkeypatch.setattr(codec, "check_text", lambda _: None)


@pytest.mark.usefixtures("unchecked_texts")
def test_texts_that_jsonb_cannot_hold_stop_no_query(event_log: PostgresEventLog, url: str) -> None:
    """NUL is replaced by U+FFFD; a backslash that looks like an escape stays as it is."""
    odd = ["a\x00b", "\\u0000", "\\\x00", "\\\\u0000\x00\x00", '\x00"\n', "膝"]
    add(
        event_log,
        "session-s1",
        *(FaultSeen(set=1, repetition=None, fault=each, cue=each, at_ms=0) for each in odd),
    )
    shown = query_rows(
        url, "SELECT payload ->> 'fault' FROM analytics.events_flat ORDER BY position"
    )
    assert shown == [(each.replace("\x00", "\ufffd"),) for each in odd]


@pytest.mark.usefixtures("unchecked_texts")
def test_a_set_of_an_unknown_exercise_is_shown(event_log: PostgresEventLog, url: str) -> None:
    add(event_log, "session-s1", replace(set_started(), exercise_id=ExerciseId("\x00")))
    ((payload,),) = query_rows(url, "SELECT payload::text FROM analytics.events_flat")
    assert json.loads(payload)["exercise_id"] == "\ufffd"


# Rights


def test_analysts_see_the_views_and_nothing_else(
    tables: SqlProjectionStore, log: ListLog, url: str
) -> None:
    """C-24, R-DAT-02"""
    build_missing(log, tables, ALL)
    with psycopg.connect(url) as connection:
        every = connection.execute(
            "SELECT schemaname || '.' || name FROM ("
            " SELECT schemaname, tablename AS name FROM pg_tables"
            " UNION ALL SELECT schemaname, viewname FROM pg_views) AS x"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
    open_ones: set[str] = set()
    with as_analyst(url) as connection:
        for (name,) in every:
            try:
                connection.execute(f"SELECT * FROM {name} LIMIT 1".encode())  # noqa: S608
            except errors.InsufficientPrivilege:
                continue
            open_ones.add(name)
    assert {"kinelog.events", "read.session_summary", "analytics.session_minute"} <= {
        name for (name,) in every
    }
    assert open_ones == {f"analytics.{view}" for view in VIEWS}


def test_analysts_change_nothing(tables: SqlProjectionStore, log: ListLog, url: str) -> None:
    """C-24"""
    build_missing(log, tables, ALL)
    for view in VIEWS:
        first = min(columns(url, view))
        for change in (
            "INSERT INTO {} DEFAULT VALUES",
            'UPDATE {} SET "{}" = NULL',
            "DELETE FROM {}",
        ):
            with as_analyst(url) as connection, pytest.raises(REFUSED):
                connection.execute(change.format(f"analytics.{view}", first).encode())
        for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            query = f"SELECT has_table_privilege('analytics.{view}', '{right}')"
            assert query_rows(url, query) == [(False,)]


def test_analysts_cannot_create_tables_or_call_functions(url: str) -> None:
    """C-24"""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS ann")
        connection.execute("CREATE ROLE ann LOGIN IN ROLE kinelog_analyst")
        connection.execute("SET SESSION AUTHORIZATION ann")
        for statement in (
            "CREATE TABLE analytics.mine (id integer)",
            "CREATE TABLE kinelog.mine (id integer)",
            "SELECT kinelog.show_to_analysts('session_summary', false)",
            "TRUNCATE analytics.event_count",
            "SET ROLE kinelog_reader",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        connection.execute("RESET SESSION AUTHORIZATION")
        connection.execute("DROP ROLE ann")


def test_the_analysts_role_only_reads_of_its_own_accord(postgres_database: str) -> None:
    """C-24: every login with this role is also read-only by a setting."""
    upgrade(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        found = connection.execute(
            "SELECT s.setconfig, r.rolcanlogin, r.rolsuper FROM pg_db_role_setting AS s"
            " JOIN pg_roles AS r ON r.oid = s.setrole"
            " JOIN pg_database AS d ON d.oid = s.setdatabase"
            " WHERE r.rolname = 'kinelog_analyst' AND d.datname = current_database()"
        ).fetchall()
    assert found == [(["default_transaction_read_only=on"], False, False)]
