"""Row-level security in PostgreSQL, also for direct queries with the application's rights."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from adapters.jobs.content import SqlContentJobs
from adapters.jobs.recording_videos import SqlVideoJobs
from adapters.jobs.sql import SCHEMA as JOBS
from adapters.jobs.sql import SqlJobStore
from adapters.live.sensor_store import SCHEMA as LIVE
from adapters.live.tracker_store import METADATA as STATES
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.sql.engines import make_once, open_engine
from application.kernel.projection_runner import build_missing, rebuild
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tests.projections.histories import ListLog, repetition, set_started, started

VIEW = f"read.session_summary_v{SESSION_SUMMARY.version}"

TABLES = """
SELECT format('%I.%I', n.nspname, t.relname), t.relrowsecurity AND t.relforcerowsecurity,
    (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = t.oid),
    has_table_privilege('kinelog_app', t.oid, 'SELECT')
FROM pg_class AS t
JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
JOIN pg_namespace AS n ON n.oid = t.relnamespace
WHERE t.relkind IN ('r', 'p', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


@pytest.fixture(scope="module")
def url(postgres: Service) -> Iterator[str]:
    """A database with all tables and the rows of two athletes in two tenants."""
    with upgraded_database(postgres.address) as url, closing(Database(url)) as database:
        log, tables = ListLog(), SqlProjectionStore(database)
        for tenant in ("default", "other"):
            for athlete in ("ada", "eve"):
                facts = [started(athlete=athlete), set_started(), repetition(1)]
                log.add(f"session-{athlete}", *facts, tenant=tenant)
        build_missing(log, tables, ALL)
        rebuild(log, tables, SESSION_SUMMARY)  # a table that replaces another is guarded, too
        for schema in (JOBS, LIVE):
            engine = open_engine(url, schema=schema)
            if schema == JOBS:
                SqlJobStore(engine)
                SqlContentJobs(engine)
                SqlVideoJobs(engine)
            else:
                make_once(
                    engine, schema=LIVE, marker_table="watched_session", make=STATES.create_all
                )
            engine.dispose()
        yield url


@pytest.fixture
def login(url: str) -> Iterator[str]:
    """Login that may take the application's role, and nothing else."""
    name, password = f"web_{secrets.token_hex(6)}", secrets.token_hex(12)
    role = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, password))
        owner.execute(sql.SQL("GRANT kinelog_app TO {}").format(role))
        yield make_conninfo(url, user=name, password=password)
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


@contextmanager
def acting(login: str, **settings: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(login, autocommit=True) as connection:
        connection.execute("SET ROLE kinelog_app")
        for name, content in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", [f"kinelog.{name}", content])
        yield connection


def whose(connection: psycopg.Connection[Any], place: str = VIEW) -> list[tuple[str, str]]:
    """Return tenants and owners of all visible rows."""
    query = f"SELECT tenant_id, owner_id FROM {place} ORDER BY 1, 2"  # noqa: S608  our own name
    return connection.execute(query.encode()).fetchall()


def filled_tables(url: str) -> list[str]:
    with psycopg.connect(url) as owner:
        found = [name for name, *_ in owner.execute(TABLES.encode())]
    others = {"read.stream_owner", "read.parked_stream"}
    return [name for name in found if name.startswith("read.") and name not in others]


def test_every_table_with_tenants_is_under_a_policy_that_its_owner_cannot_pass(url: str) -> None:
    """R-TEN-03, R-TEN-07: the tables are taken from the catalog."""
    with psycopg.connect(url) as owner:
        found = owner.execute(TABLES.encode()).fetchall()
    assert [name for name, forced, policies, _ in found if not forced or not policies] == []
    names = {name for name, *_ in found}
    assert {
        "kinelog.events", "identity.credential", "jobs.analysis_job", "jobs.content_job",
        "jobs.recording_video_job", "live.live_session", "live.live_sensors",
        "live.watched_session", "analytics.training_day",
        "read.stream_owner", "read.parked_stream",
    } <= names  # fmt: skip
    assert len([name for name in names if name.startswith("read.")]) == len(ALL) + 2


def test_without_a_tenant_no_row_is_visible(url: str, login: str) -> None:
    """R-TEN-07: every table that the application may read, taken from the catalog."""
    with psycopg.connect(url) as owner:
        found = [name for name, *_, visible in owner.execute(TABLES.encode()) if visible]
    assert len(found) > len(ALL)
    for settings in ({}, {"tenant": "nobody", "owner": "ada"}, {"owner": "ada"}):
        with acting(login, **settings) as connection:
            for table in found:
                assert connection.execute(f"TABLE {table}".encode()).fetchall() == [], table


def test_a_query_without_a_condition_sees_ones_own_rows_only(url: str, login: str) -> None:
    """R-TEN-03, R-TEN-07: in the view and in the table itself."""
    tables = filled_tables(url)
    assert len(tables) == len(ALL)
    with acting(login, tenant="default", owner="ada") as connection:
        assert whose(connection) == [("default", "ada")]
        for table in tables:
            assert set(whose(connection, table)) <= {("default", "ada")}, table
    with acting(login, tenant="default") as connection:
        assert whose(connection) == []


def test_access_to_a_whole_tenant_shows_no_other_tenant(url: str, login: str) -> None:
    """R-TEN-03"""
    with acting(login, tenant="other", whole_tenant="on") as connection:
        assert whose(connection) == [("other", "ada"), ("other", "eve")]


def test_rows_can_only_be_read(url: str, login: str) -> None:
    """R-TEN-07"""
    with acting(login, tenant="default", owner="ada") as connection:
        for table in filled_tables(url):
            for change in ("DELETE FROM {}", "UPDATE {} SET owner_id = 'ada'", "TRUNCATE {}"):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(change.format(table).encode())
        with pytest.raises(errors.InsufficientPrivilege):
            whose(connection, "read.session_summary")  # the analysts' view


def test_the_application_cannot_bypass_the_policies(url: str, login: str) -> None:
    """R-TEN-07: it cannot change or disable them, nor take another role."""
    table = filled_tables(url)[0]
    with psycopg.connect(url) as owner:
        rights = owner.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles"
            " WHERE rolname = 'kinelog_app'"
        ).fetchone()
        (filler,) = owner.execute("SELECT current_user").fetchall()[0]
    assert rights == (False, False, False, False)
    forbidden = (
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"DROP POLICY app_reads ON {table}",
        f"CREATE POLICY mine ON {table} USING (true)",
        f"ALTER TABLE {table} OWNER TO kinelog_app",
        f"ALTER VIEW {VIEW} RESET (security_invoker)",
        "ALTER ROLE kinelog_app BYPASSRLS",
        f'SET ROLE "{filler}"',
        "SET ROLE kinelog_reader",
        f'SET SESSION AUTHORIZATION "{filler}"',
        "SET session_replication_role = replica",
    )
    with acting(login, tenant="default", owner="ada") as connection:
        for attempt in forbidden:
            with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedObject)):
                connection.execute(attempt.encode())
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            whose(connection)
