"""A database is upgraded once, whichever process comes first."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import errors

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.migrations import DatabaseNewer, upgrade
from application.audit.verification import verify_chains
from application.kernel.ports import AppendResult, Change, StorageUnavailable
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin
from domain.users.events import ProfileChanged
from tools.local_services.databases import create_database, url_of
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres

ROOT = Path(__file__).parents[3]
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="user/ada", correlation_id=uuid4())
CHANGE = Change("user-1", 0, [ProfileChanged(time_zone="UTC", locale="en")])


@pytest.fixture
def server() -> Iterator[LocalPostgres]:
    """A server without the roles of Kinelog."""
    with LocalPostgres(settings=UNSAFE_BUT_FAST) as running:
        yield running


def stored(url: str, *, origin: Origin = ORIGIN, change: Change = CHANGE) -> AppendResult:
    log = PostgresEventLog(url, clock=utc_now, new_id=new_id)
    try:
        return log.append([change], origin=origin, command_id=uuid4())
    finally:
        log.close()


def newest_revision() -> str:
    config = Config()
    config.set_main_option("script_location", "adapters:migrations")
    return str(ScriptDirectory.from_config(config).get_current_head())


def test_upgrading_again_changes_nothing(postgres_database: str) -> None:
    upgrade(postgres_database)
    assert stored(postgres_database) == AppendResult(1)
    upgrade(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        version = connection.execute("SELECT version_num FROM kinelog.alembic_version").fetchone()
        events = connection.execute("SELECT count(*) FROM kinelog.events").fetchone()
    assert version == (newest_revision(),)
    assert events == (1,)


def test_facts_from_before_there_were_chains_are_chained(
    server: LocalPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-15: by an owner under forced row-level security, a NOINHERIT role, no superuser."""
    with psycopg.connect(server.url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE deployer LOGIN NOINHERIT CREATEROLE PASSWORD 'secret'")
        superuser.execute("CREATE DATABASE gym OWNER deployer")
    database = url_of(server.url, "gym")
    owner = f"postgresql://deployer:secret@{database.rpartition('@')[2]}"
    with monkeypatch.context() as then:
        run = command.upgrade
        then.setattr(command, "upgrade", lambda config, _: run(config, "0005"))
        upgrade(owner)
    assert stored(database) == AppendResult(1)
    blue = replace(ORIGIN, tenant_id=TenantId("blue"), causation_id=uuid4())
    assert stored(database, origin=blue) == AppendResult(2)
    upgrade(owner)
    assert stored(database, change=replace(CHANGE, expected_version=1)) == AppendResult(3)
    with closing(PostgresHashChain(database)) as chained:
        verdicts = verify_chains(chained)
    assert [(each.tenant_id, each.events, each.holds) for each in verdicts] == [
        ("blue", 1, True),
        ("default", 2, True),
    ]
    with (
        psycopg.connect(database) as superuser,
        pytest.raises(errors.RestrictViolation, match="neither changed nor deleted"),
    ):
        superuser.execute("DELETE FROM kinelog.events")
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM kinelog.events").fetchone() == (0,)


@pytest.mark.slow
def test_processes_may_upgrade_at_the_same_time(server: LocalPostgres) -> None:
    """A fresh server also lacks the roles, which all its databases share."""
    urls = [create_database(server.url, name) for name in ("one", "two")]
    source = "import sys; from adapters.migrations import upgrade; upgrade(sys.argv[1])"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", source, url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for url in [*urls, *urls]
    ]
    ended = [process.communicate()[1] for process in started]
    assert ended == [""] * 4
    assert [process.returncode for process in started] == [0] * 4
    assert [stored(url) for url in urls] == [AppendResult(1)] * 2


def test_an_owner_who_is_no_superuser_may_upgrade_and_sees_no_fact(server: LocalPostgres) -> None:
    """R-TEN-07: row-level security applies to the owner of the tables, too."""
    with psycopg.connect(server.url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE deployer LOGIN CREATEROLE PASSWORD 'secret'")
        superuser.execute("CREATE DATABASE gym OWNER deployer")
    database = url_of(server.url, "gym")
    address = database.rpartition("@")[2]
    owner = f"postgresql://deployer:secret@{address}"
    upgrade(owner)
    upgrade(owner)
    assert stored(database) == AppendResult(1)
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT count(*) FROM kinelog.events").fetchone() == (0,)


def test_a_role_that_passes_row_level_security_by_is_not_accepted(server: LocalPostgres) -> None:
    """R-TEN-07"""
    with psycopg.connect(server.url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE kinelog_app BYPASSRLS")
    url = create_database(server.url)
    with pytest.raises(Exception, match="may pass row-level security by"):
        upgrade(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regnamespace('kinelog')").fetchone() == (None,)


def test_a_missing_server_is_reported_without_a_password() -> None:
    with pytest.raises(StorageUnavailable) as refusal:
        upgrade("postgresql://ada:secret@127.0.0.1:1/gym")
    assert refusal.value.detail.startswith("The event log 127.0.0.1:1/gym is not available")
    assert "secret" not in f"{refusal.value}{refusal.value.__cause__}"


def test_a_database_that_a_newer_release_upgraded_is_refused(postgres_database: str) -> None:
    """R-EVT-14: in one sentence, and left as it is."""
    upgrade(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        connection.execute("UPDATE kinelog.alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="newer release"):
        upgrade(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        row = connection.execute("SELECT version_num FROM kinelog.alembic_version").fetchone()
    assert row == ("9999",)
