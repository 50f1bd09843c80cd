"""`kinelog worker daily`: one machine runs the daily work."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from application.kernel.ports import Change
from bootstrap.cli.worker import app
from bootstrap.wiring.bus import SettingMissing
from domain.ids import TenantId
from domain.kernel import Origin
from domain.users.events import ProfileChanged
from tests.api.cluster import cluster_database
from tests.commands import Command
from tests.plugins.services import Service

WITHIN_S = 120.0
TENANT = TenantId("gym")


@pytest.fixture
def url(postgres: Service) -> Iterator[str]:
    """A database with an event of one tenant."""
    with cluster_database(postgres.address) as url:
        with closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log:
            origin = Origin(tenant_id=TENANT, actor="ada", correlation_id=uuid4())
            change = Change("user-ada", 0, [ProfileChanged(time_zone="UTC", locale="en")])
            log.append([change], origin=origin, command_id=uuid4())
        yield url


def done(url: str) -> list[str]:
    """Return the tenants whose daily work is done."""
    with psycopg.connect(url) as connection:
        (there,) = connection.execute("SELECT to_regclass('jobs.daily_run')").fetchall()[0]
        if there is None:
            return []
        found = connection.execute("SELECT tenant_id FROM jobs.daily_run")
        return [tenant for (tenant,) in found.fetchall()]


def test_the_daily_work_runs_until_it_is_stopped(url: str, tmp_path: Path) -> None:
    """R-TEN-12, R-OPS-08"""
    environment = {**os.environ, "KINELOG_HOME": str(tmp_path), "KINELOG_POSTGRES_URL": url}
    words, errors = ("worker", "daily", "--json"), tmp_path / "worker.stderr"
    with Command(*words, environment=environment, errors=errors) as worker:
        try:
            assert json.loads(worker.stdout.readline()) == {"state": "waiting"}
            deadline = time.monotonic() + WITHIN_S
            while done(url) != [TENANT]:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        finally:
            worker.send_signal(signal.SIGTERM)
    assert worker.poll() == 0


def test_an_embedded_platform_runs_the_daily_work_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-TEN-12: a second process has nothing to do."""
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    ran = CliRunner().invoke(app, ["daily"])
    assert isinstance(ran.exception, SettingMissing)
