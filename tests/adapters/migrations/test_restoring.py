"""A backup that was made as the documentation says is restored into a new server."""

import os
import re
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.migrations import upgrade
from domain.ids import DEFAULT_TENANT
from tests.adapters.migrations.deployed import CHANGE, DEPLOY, Logins, deployed_postgres, stored
from tools.local_services.binaries import postgres_bin

pytestmark = pytest.mark.slow

COMMAND = re.compile(r"^    docker compose exec -T postgres (pg_(dump|restore) .*)$", re.MULTILINE)


def run(program: str, folder: Path, logins: Logins) -> int:
    """Run the documented commands of a program in a folder; return how many there are."""
    place = urlsplit(logins.superuser)
    environment = {
        **os.environ,
        "PATH": f"{postgres_bin()}:{os.environ['PATH']}",
        "PGHOST": str(place.hostname),
        "PGPORT": str(place.port),
        "PGPASSWORD": str(place.password),
    }
    commands = [
        command for command, name in COMMAND.findall(DEPLOY.read_text("utf-8")) if name == program
    ]
    for command in commands:
        subprocess.run(["sh", "-c", command], cwd=folder, env=environment, check=True)
    return len(commands)


def test_a_backup_is_restored_into_a_new_server(tmp_path: Path) -> None:
    """R-EVT-14: with the rights of both logins, so that events can be read and appended."""
    with deployed_postgres() as old:
        upgrade(old.owner, run_time_login="kinelog")
        stored(old.run_time)
        assert run("dump", tmp_path, old) == 2
    with deployed_postgres() as new:
        upgrade(new.owner, run_time_login="kinelog")
        assert run("restore", tmp_path, new) == 2
        upgrade(new.owner, run_time_login="kinelog")
        stored(new.run_time, expected_version=1)
        with closing(PostgresEventLog(new.run_time, clock=utc_now, new_id=new_id)) as log:
            restored = log.load(DEFAULT_TENANT, CHANGE.stream)
        assert [each.event for each in restored] == [*CHANGE.events, *CHANGE.events]
