"""With the PostgreSQL roles of a deployment, the PII scan also sees everything."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.migrations import upgrade
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.projection_runner import build_missing
from application.privacy.erasure import NotCertified
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from projections.registry import ALL
from tests.api.cluster import at_work
from tests.privacy.distributed import distributed_settings
from tests.privacy.person import ADDRESS, settle
from tools.local_services.databases import url_of
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres

AS_DEPLOYED = (
    "CREATE ROLE owner LOGIN NOINHERIT CREATEROLE PASSWORD 'secret'",
    "CREATE ROLE kinelog_app NOLOGIN",
    "CREATE ROLE kinelog_reader NOLOGIN",
    "CREATE ROLE kinelog_relay NOLOGIN",
    "GRANT kinelog_app, kinelog_reader, kinelog_relay TO owner",
    "CREATE DATABASE gym OWNER owner",
)
"""As in deploy/postgres/10-kinelog.sh: the login owns the tables, and is no superuser."""


@pytest.fixture
def url() -> Iterator[str]:
    with LocalPostgres(settings=UNSAFE_BUT_FAST) as server:
        with psycopg.connect(server.url, autocommit=True) as superuser:
            for statement in AS_DEPLOYED:
                superuser.execute(SQL(statement))
        address = url_of(server.url, "gym").rpartition("@")[2]
        yield f"postgresql://owner:secret@{address}"


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Iterator[Settings]:
    upgrade(url)
    with (
        closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log,
        closing(Database(url)) as database,
    ):
        build_missing(log, SqlProjectionStore(database), ALL)
    its_own = distributed_settings(tmp_path, url)
    with at_work(its_own):
        yield its_own


def leak(connection: psycopg.Connection[Any]) -> str:
    """Leave the address in another user's row of the tenant; return the table's name."""
    (table,) = connection.execute(
        "SELECT tablename FROM pg_tables"
        " WHERE schemaname = 'read' AND tablename LIKE 'session\\_summary\\_v%'"
    ).fetchall()[0]
    copied = SQL(
        "INSERT INTO {0} SELECT (jsonb_populate_record(t, %s)).* FROM {0} AS t LIMIT 1"
    ).format(Identifier("read", table))
    changed = {"key": ADDRESS, "owner_id": "somebody"}
    connection.execute(copied, [Jsonb(changed)])
    return f"read.{table}"


def test_an_owner_without_superuser_rights_can_scan_and_certify(
    settings: Settings, url: str
) -> None:
    """C-24, R-TEN-07, R-TEN-12: although policies are forced on the tables that it owns."""
    with open_platform(settings) as platform, psycopg.connect(url, autocommit=True) as connection:
        person = settle(platform)
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
        erasure = platform.privacy().erasure
        left_in = leak(connection)
        erasure.request(person.id, origin=origin, at_once=True)
        outcome = erasure.run(person.id, origin=origin)
        assert isinstance(outcome, NotCertified)
        assert {each.part for each in outcome.findings} == {left_in}
        connection.execute(
            SQL("DELETE FROM {} WHERE owner_id = 'somebody'").format(
                Identifier(*left_in.split("."))
            )
        )
        outcome = erasure.run(person.id, origin=origin)
        assert not isinstance(outcome, NotCertified), outcome.findings
