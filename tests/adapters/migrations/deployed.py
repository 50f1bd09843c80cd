"""A PostgreSQL server with the database and the logins of a deployment."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

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
