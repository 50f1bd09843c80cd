"""The login of running processes cannot change the event log; the login of upgrades owns it."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from typer.testing import CliRunner

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.health_checks.cluster import log_rights
from adapters.migrations import upgrade
from adapters.migrations.separate_logins import CHANGEABLE_SCHEMAS, LoginsNotReady
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.projection_runner import build_missing
from application.operations.readiness import Degraded
from bootstrap.cli.main import app
from domain.ids import DEFAULT_TENANT
from projections.registry import ALL
from tests.adapters.migrations.deployed import DEPLOY, Logins, deployed_postgres, stored
from tools.local_services.binaries import postgres_bin, vector_postgres_bin

pytestmark = pytest.mark.slow

SQL_LINE = re.compile(r"^    ((?:CREATE|ALTER|GRANT|REVOKE) .*;)$", re.MULTILINE)
ROLES = ("kinelog", "kinelog_app", "kinelog_reader", "kinelog_relay")
TABLES = ("kinelog.events", "kinelog.command_log")
FORBIDDEN = (
    "UPDATE {} SET tenant_id = tenant_id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "DROP TABLE {}",
    "ALTER TABLE {} DISABLE TRIGGER refuse_change",
    "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {} OWNER TO CURRENT_USER",
    "DROP TRIGGER refuse_change ON {}",
    "CREATE TRIGGER other AFTER INSERT ON {} EXECUTE FUNCTION kinelog.refuse_change()",
    "CREATE POLICY other ON {} USING (true)",
    "INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM {}",
)
FORBIDDEN_ELSEWHERE = (
    "DROP SCHEMA kinelog CASCADE",
    "DROP DATABASE kinelog",
    "DROP FUNCTION kinelog.refuse_change CASCADE",
    "ALTER FUNCTION kinelog.append OWNER TO CURRENT_USER",
    "CREATE OR REPLACE FUNCTION kinelog.no_hash() RETURNS bytea LANGUAGE sql RETURN ''",
    "CREATE TABLE kinelog.other ()",
    "GRANT kinelog_owner TO kinelog",
    "GRANT kinelog_writer TO kinelog",
    "SET ROLE kinelog_owner",
    "SET ROLE kinelog_writer",
    "SET session_replication_role = replica",
    "CREATE ROLE other",
)


@pytest.fixture(scope="module", params=["newest", "with pgvector"])
def programs(request: pytest.FixtureRequest) -> Path:
    """Each PostgreSQL that is installed: 15 of Debian, and 16 with pgvector."""
    found = vector_postgres_bin() if request.param == "with pgvector" else postgres_bin()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def logins(programs: Path) -> Iterator[Logins]:
    with deployed_postgres(programs) as urls:
        upgrade(urls.owner, run_time_login="kinelog")
        stored(urls.run_time)
        yield urls


@pytest.fixture
def single(programs: Path) -> Iterator[Logins]:
    """A database that one login has upgraded and used, as before there were two."""
    with deployed_postgres(programs) as urls:
        with psycopg.connect(urls.superuser, autocommit=True) as superuser:
            superuser.execute("ALTER ROLE kinelog CREATEROLE")
            superuser.execute("REVOKE kinelog FROM kinelog_owner")
            superuser.execute("ALTER DATABASE kinelog OWNER TO kinelog")
        upgrade(urls.run_time)
        fill(urls.run_time)
        yield urls


def fill(url: str) -> None:
    """Append an event, and build the read models."""
    stored(url)
    fill_models(url)


def fill_models(url: str) -> None:
    with (
        closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log,
        closing(Database(url)) as database,
    ):
        build_missing(log, SqlProjectionStore(database), ALL)


def owners(url: str) -> dict[str, set[str]]:
    """Return the owners of tables, views and functions of each schema."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT n.nspname, pg_get_userbyid(c.relowner) FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v')"
            " AND c.relname <> 'events_flat'"
            " UNION SELECT n.nspname, pg_get_userbyid(p.proowner) FROM pg_proc AS p"
            " JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE p.proname <> 'append'"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"
            " UNION SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace"
        ).fetchall()
    return {
        schema: {owner for name, owner in rows if name == schema}
        for schema in (*CHANGEABLE_SCHEMAS, "kinelog")
    }


SEPARATED = {schema: {"kinelog"} for schema in CHANGEABLE_SCHEMAS} | {"kinelog": {"kinelog_owner"}}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("statement", FORBIDDEN)
@pytest.mark.parametrize("table", TABLES)
def test_the_run_time_login_cannot_change_the_log(
    logins: Logins, role: str, statement: str, table: str
) -> None:
    """R-EVT-14, R-TEN-03: neither itself, nor with a role that it may take."""
    with psycopg.connect(logins.run_time, autocommit=True) as connection:
        connection.execute("SELECT set_config('role', %s, false)", [role])
        connection.execute("SELECT set_config('kinelog.tenant', %s, false)", [DEFAULT_TENANT])
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.format(table, table).encode())


@pytest.mark.parametrize("statement", FORBIDDEN_ELSEWHERE)
def test_the_run_time_login_cannot_get_the_right_to_change_it(
    logins: Logins, statement: str
) -> None:
    """R-EVT-14"""
    with (
        psycopg.connect(logins.run_time, autocommit=True) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_owner_of_the_log_owns_nothing_that_changes(logins: Logins) -> None:
    assert owners(logins.owner) == SEPARATED


def test_upgrading_again_keeps_the_logins_apart(logins: Logins) -> None:
    before = stored(logins.run_time, expected_version=1)
    upgrade(logins.owner, run_time_login="kinelog")
    assert owners(logins.owner) == SEPARATED
    assert stored(logins.run_time, expected_version=2).position > before.position


def test_doctor_finds_the_log_protected(logins: Logins) -> None:
    assert "cannot change it" in log_rights(logins.run_time).probe()


@pytest.mark.parametrize("login", ["owner", "superuser"])
def test_doctor_warns_of_a_login_that_may_alter_the_log(logins: Logins, login: str) -> None:
    with pytest.raises(Degraded, match="may alter the event log"):
        log_rights(getattr(logins, login)).probe()


def test_doctor_warns_of_a_login_that_may_insert_by_hand(logins: Logins) -> None:
    with psycopg.connect(logins.superuser, autocommit=True) as superuser:
        superuser.execute("GRANT kinelog_writer TO kinelog")
        try:
            with pytest.raises(Degraded, match=r"change kinelog\.events as kinelog_writer"):
                log_rights(logins.run_time).probe()
        finally:
            superuser.execute("REVOKE kinelog_writer FROM kinelog")


def test_an_installation_with_one_login_gets_two(single: Logins) -> None:
    """R-OPS-09: by the statements in docs/how-to/deploy.md; the log and its tables stay in use."""
    with pytest.raises(Degraded, match=r"owns the table kinelog\.events"):
        log_rights(single.run_time).probe()
    statements = SQL_LINE.findall(DEPLOY.read_text())
    assert len(statements) == 5, "of docs/how-to/deploy.md"
    with psycopg.connect(single.superuser, autocommit=True) as superuser:
        superuser.execute("ALTER ROLE kinelog_owner RENAME TO old_owner")
        for statement in statements:
            superuser.execute(statement.replace("...", "hidden").encode())
    upgrade(single.owner, run_time_login="kinelog")
    assert owners(single.owner) == SEPARATED
    assert "cannot change it" in log_rights(single.run_time).probe()
    assert stored(single.run_time, expected_version=1).position == 2
    fill_models(single.run_time)


def test_an_owner_without_the_rights_of_the_other_login_is_refused(single: Logins) -> None:
    with psycopg.connect(single.superuser, autocommit=True) as superuser:
        superuser.execute("ALTER DATABASE kinelog OWNER TO kinelog_owner")
        superuser.execute("GRANT ALL ON SCHEMA kinelog TO kinelog_owner")
        superuser.execute("GRANT ALL ON ALL TABLES IN SCHEMA kinelog TO kinelog_owner")
        superuser.execute("GRANT ALL ON SCHEMA analytics TO kinelog_owner")
        superuser.execute("GRANT ALL ON ALL TABLES IN SCHEMA analytics TO kinelog_owner")
    with pytest.raises(LoginsNotReady, match="GRANT kinelog TO kinelog_owner"):
        upgrade(single.owner, run_time_login="kinelog")
    with pytest.raises(LoginsNotReady, match="no login nobody"):
        upgrade(single.owner, run_time_login="nobody")


def test_the_command_upgrades_with_both_logins(
    logins: Logins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-DAT-11: and fills pgvector, which only a superuser may create, if there is one."""
    monkeypatch.setenv("KINELOG_POSTGRES_URL", logins.run_time)
    monkeypatch.setenv("KINELOG_POSTGRES_OWNER_URL", logins.owner)
    result = CliRunner().invoke(app, ["db", "upgrade", "--json"])
    assert result.exit_code == 0, result.output
    with psycopg.connect(logins.run_time) as connection:
        version = connection.info.server_version // 10_000
    assert json.loads(result.stdout)["knowledge_indexed"] == (version == 16)
    assert owners(logins.owner) == SEPARATED
    monkeypatch.setenv("KINELOG_POSTGRES_URL", logins.run_time.replace("kinelog:secret@", ""))
    result = CliRunner().invoke(app, ["db", "upgrade"])
    assert "Name the user in KINELOG_POSTGRES_URL." in str(result.exception)
