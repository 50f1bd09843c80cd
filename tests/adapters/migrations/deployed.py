"""A PostgreSQL server with the database and the logins of a deployment."""

import os
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from application.kernel.ports import AppendResult, Change
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users.events import ProfileChanged
from tools.local_services.binaries import postgres_bin
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres

SCRIPT = Path(__file__).parents[3] / "deploy" / "postgres" / "10-kinelog.sh"


@dataclass(frozen=True)
class Logins:
    """URLs of one database: as its running processes, as its owner, and as superuser."""

    run_time: str
    owner: str
    superuser: str


@contextmanager
def deployed_postgres(programs: Path | None = None) -> Generator[Logins]:
    """Run a server that deploy/postgres/10-kinelog.sh has initialized.

    `programs` is the folder of another PostgreSQL than the newest of this machine.
    """
    with LocalPostgres(settings=UNSAFE_BUT_FAST, programs=programs) as server:
        place = urlsplit(server.url)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE postgres SUPERUSER LOGIN PASSWORD 'admin'")
        superuser = f"postgresql://postgres:admin@{place.hostname}:{place.port}"
        with psycopg.connect(f"{superuser}/postgres", autocommit=True) as connection:
            connection.execute("ALTER ROLE kinelog RENAME TO superuser")  # as in the image
        environment = {
            **os.environ,
            "PATH": f"{postgres_bin()}:{os.environ['PATH']}",
            "PGHOST": str(place.hostname),
            "PGPORT": str(place.port),
            "PGPASSWORD": "admin",
            "KINELOG_POSTGRES_PASSWORD": "secret",
            "KINELOG_POSTGRES_OWNER_PASSWORD": "hidden",
        }
        subprocess.run(["sh", SCRIPT], env=environment, check=True)
        address = f"{place.hostname}:{place.port}/kinelog"
        yield Logins(
            run_time=f"postgresql://kinelog:secret@{address}",
            owner=f"postgresql://kinelog_owner:hidden@{address}",
            superuser=f"{superuser}/kinelog",
        )


ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="user/ada", correlation_id=uuid4())

CHANGE = Change("user-1", 0, [ProfileChanged(time_zone="UTC", locale="en")])

DEPLOY = Path(__file__).parents[3] / "docs" / "how-to" / "deploy.md"


def stored(url: str, *, expected_version: int = 0) -> AppendResult:
    change = Change(CHANGE.stream, expected_version, CHANGE.events)
    with closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log:
        return log.append([change], origin=ORIGIN, command_id=uuid4())
