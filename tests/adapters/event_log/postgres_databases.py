"""Databases with the tables of the event log, for tests."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from adapters import migrations
from tools.local_services.databases import fresh_database, make_template


@contextmanager
def upgraded_database(server: str) -> Generator[str]:
    """Yield the URL of an upgraded database on this server, with the user of the server's URL."""
    digest = hashlib.sha256()
    for revision in sorted(Path(migrations.__file__).parent.rglob("*.[ps][yq]*")):
        digest.update(revision.read_bytes())
    name = f"kinelog_template_{digest.hexdigest()[:12]}"
    template = make_template(server, name, migrations.upgrade)
    with fresh_database(server, template=template) as url:
        yield url


def empty(url: str) -> None:
    """Delete all events of a log, which only its owner can, and restart its positions."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """
            ALTER TABLE kinelog.events DISABLE TRIGGER refuse_change;
            ALTER TABLE kinelog.command_log DISABLE TRIGGER refuse_change;
            TRUNCATE kinelog.events, kinelog.command_log RESTART IDENTITY;
            ALTER TABLE kinelog.events ENABLE TRIGGER refuse_change;
            ALTER TABLE kinelog.command_log ENABLE TRIGGER refuse_change;
            """
        )
