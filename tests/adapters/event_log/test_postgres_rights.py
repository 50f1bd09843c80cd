"""Database roles limit access to the log, whatever the program attempts."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from application.kernel.ports import AppendResult, Change, StorageUnavailable
from domain.ids import TenantId
from domain.kernel import Origin
from domain.users.events import ProfileChanged

FACT = ProfileChanged(time_zone="UTC", locale="en")
RED, BLUE = (
    Origin(tenant_id=TenantId(name), actor="user/ada", correlation_id=uuid4())
    for name in ("red", "blue")
)
TABLES = ("kinelog.events", "kinelog.command_log")
CHANGES = ("UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}", "TRUNCATE {}")
ROLES = ("kinelog_app", "kinelog_reader", "kinelog_writer", "kinelog_analyst")


@pytest.fixture
def log(postgres_log: PostgresEventLog) -> PostgresEventLog:
    """A log with two events of the tenant red and one of blue."""
    for origin, count in ((RED, 2), (BLUE, 1)):
        change = Change("user-1", 0, [FACT] * count)
        postgres_log.append([change], origin=origin, command_id=uuid4())
    return postgres_log


@contextmanager
def acting_as(url: str, role: str, tenant: str | None = None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('role', %s, false)", [role])
        if tenant is not None:
            connection.execute("SELECT set_config('kinelog.tenant', %s, false)", [tenant])
        yield connection


def count(connection: psycopg.Connection, table: str) -> int:
    return len(connection.execute(f"TABLE {table}".encode()).fetchall())


# Tenants


@pytest.mark.parametrize(("tenant", "events"), [("red", 2), ("blue", 1), ("green", 0), (None, 0)])
def test_the_application_sees_the_tenant_it_named_and_no_other(
    log: PostgresEventLog, url: str, tenant: str | None, events: int
) -> None:
    """R-TEN-03, R-TEN-07: the database filters, even if the statement does not."""
    with acting_as(url, "kinelog_app", tenant) as connection:
        for table in ("kinelog.events", "kinelog.stored_events"):
            assert count(connection, table) == events
        assert count(connection, "kinelog.command_log") == min(events, 1)


def test_loading_sees_one_tenant_though_the_name_of_a_stream_points_to_another(
    log: PostgresEventLog,
) -> None:
    """R-TEN-03"""
    assert len(log.load(RED.tenant_id, "user-1")) == 2
    assert list(log.load(RED.tenant_id, "../blue/user-1")) == []
    with log._app.datastore.get_connection() as connection:
        connection.execute("SELECT set_config('kinelog.tenant', 'red', false)")
        other = connection.execute("SELECT 1 FROM kinelog.events WHERE tenant_id = 'blue'")
        assert other.fetchall() == []


def test_the_tenant_of_one_query_does_not_leak_into_the_next(log: PostgresEventLog) -> None:
    """R-TEN-03"""
    assert log.load(RED.tenant_id, "user-1")
    with log._app.datastore.get_connection() as connection:
        assert connection.execute("SELECT 1 FROM kinelog.events").fetchall() == []


def test_the_reader_sees_all_tenants(log: PostgresEventLog, url: str) -> None:
    assert [fact.origin.tenant_id for fact in log.scan(after=0, limit=9)] == ["red", "red", "blue"]
    with acting_as(url, "kinelog_reader") as connection:
        assert count(connection, "kinelog.events") == 3
        with pytest.raises(errors.InsufficientPrivilege):
            count(connection, "kinelog.command_log")


def test_even_the_writer_stores_nothing_for_a_tenant_that_is_not_named(
    log: PostgresEventLog, url: str
) -> None:
    """R-TEN-03"""
    with (
        acting_as(url, "kinelog_writer", "red") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute("INSERT INTO kinelog.command_log VALUES ('blue', %s, 0)", [uuid4()])


def test_the_log_works_with_the_rights_of_its_roles_whoever_logs_in(log: PostgresEventLog) -> None:
    roles = [
        recorder.rows(b"SELECT current_user::text", ())[0][0]
        for recorder in (log._app, log._reader)
    ]
    assert roles == ["kinelog_app", "kinelog_reader"]


# Events are immutable


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", TABLES)
def test_no_role_may_change_or_delete(
    log: PostgresEventLog, url: str, table: str, change: str
) -> None:
    """R-EVT-14"""
    for role in ROLES:
        with (
            acting_as(url, role, "red") as connection,
            pytest.raises(errors.InsufficientPrivilege, match="permission denied"),
        ):
            connection.execute(change.format(table).encode())


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", TABLES)
def test_facts_are_neither_changed_nor_deleted_even_by_their_owner(
    log: PostgresEventLog, url: str, table: str, change: str
) -> None:
    """R-EVT-14"""
    with (
        psycopg.connect(url) as owner,
        pytest.raises(errors.RestrictViolation, match="neither changed nor deleted"),
    ):
        owner.execute(change.format(table).encode())
    assert len(log.scan(after=0, limit=9)) == 3


@pytest.mark.parametrize("role", ["kinelog_app", "kinelog_reader", "kinelog_analyst"])
@pytest.mark.parametrize("table", TABLES)
def test_events_are_stored_only_by_append(
    log: PostgresEventLog, url: str, table: str, role: str
) -> None:
    """C-44: a direct insert would not take the lock that keeps the order."""
    insert = "INSERT INTO {} (tenant_id) VALUES ('red')"
    with (
        acting_as(url, role, "red") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(insert.format(table).encode())


def test_the_reader_and_the_analyst_cannot_append(log: PostgresEventLog, url: str) -> None:
    call = "SELECT kinelog.append('red', %s, now(), '', %s, NULL,"
    call += " '{}', '{}', '{}', '{}', '{}', '{}', '{}')"
    ids = [uuid4(), uuid4()]
    for role in ("kinelog_reader", "kinelog_analyst"):
        with acting_as(url, role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(call, ids)
    with acting_as(url, "kinelog_app") as connection:
        assert connection.execute(call, ids).fetchone() == (("0", "f", None, None),)


@pytest.mark.parametrize("table", ["kinelog.events", "kinelog.stored_events", *TABLES])
def test_the_analyst_does_not_read_the_log(log: PostgresEventLog, url: str, table: str) -> None:
    """C-24: payloads may identify a person."""
    with (
        acting_as(url, "kinelog_analyst", "red") as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        count(connection, table)


# Comments in the database


def test_no_role_bypasses_row_level_security(url: str) -> None:
    """R-TEN-07"""
    with psycopg.connect(url) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles"
            " WHERE rolname = ANY(%s)",
            [list(ROLES)],
        ).fetchall()
        tables = connection.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE oid = ANY(%s::regclass[])",
            [list(TABLES)],
        ).fetchall()
    assert sorted(role[0] for role in roles) == sorted(ROLES)
    assert all(role[1:] == (False, False, False, False) for role in roles)
    assert tables == [(True, True)] * 2


def test_append_cannot_be_led_to_other_tables_by_a_search_path(url: str) -> None:
    with psycopg.connect(url) as connection:
        append = connection.execute(
            "SELECT prosecdef, proowner::regrole::text, proconfig FROM pg_proc"
            " WHERE oid = 'kinelog.append'::regproc"
        ).fetchone()
    assert append == (True, "kinelog_writer", ["search_path=pg_catalog, pg_temp"])


# Login roles


@pytest.fixture
def login(url: str) -> Iterator[str]:
    """URL of a login with a password and, so far, no Kinelog role."""
    name, password = f"web_{secrets.token_hex(6)}", secrets.token_hex(12)
    with psycopg.connect(url, autocommit=True) as owner:
        role = sql.Identifier(name)
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(role, password))
        parts = urlsplit(url)
        address = parts.netloc.rpartition("@")[2]
        yield parts._replace(netloc=f"{name}:{password}@{address}").geturl()
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


def grant(url: str, role: str, login: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        member = sql.Identifier(str(urlsplit(login).username))
        owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), member))


def test_a_login_that_may_take_the_roles_is_enough(url: str, login: str) -> None:
    for role in ("kinelog_app", "kinelog_reader"):
        grant(url, role, login)
    log = PostgresEventLog(login, clock=utc_now, new_id=new_id)
    change = Change("user-1", 0, [FACT])
    assert log.append([change], origin=RED, command_id=uuid4()) == AppendResult(1)
    assert log.load(RED.tenant_id, "user-1") == log.scan(after=0, limit=9)
    log.close()


def test_reading_all_tenants_may_be_another_login(url: str, login: str) -> None:
    grant(url, "kinelog_app", login)
    log = PostgresEventLog(login, reader_conninfo=url, clock=utc_now, new_id=new_id, patience_s=1)
    log.append([Change("user-1", 0, [FACT])], origin=RED, command_id=uuid4())
    assert log.head() == 1
    log.close()
    alone = PostgresEventLog(login, clock=utc_now, new_id=new_id, patience_s=0.5)
    with pytest.raises(StorageUnavailable, match="denies access"):
        alone.scan(after=0, limit=9)
    assert len(alone.load(RED.tenant_id, "user-1")) == 1
    alone.close()


def test_an_unauthorized_role_is_reported_without_a_password(url: str, login: str) -> None:
    password = str(urlsplit(login).password)
    for stranger in (login, login.replace(password, "wrong")):
        log = PostgresEventLog(stranger, clock=utc_now, new_id=new_id, patience_s=0.5)
        with pytest.raises(StorageUnavailable) as reported:
            log.append([Change("user-1", 0, [FACT])], origin=replace(RED), command_id=uuid4())
        log.close()
        said: BaseException | None = reported.value
        while said is not None:
            assert password not in str(said)
            assert "wrong" not in str(said)
            said = said.__cause__
