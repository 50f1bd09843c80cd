"""Databases in which the event log is ready to be used by tests."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from adapters import migrations
from tools.local_services.databases import fresh_database, make_template


@contextmanager
def upgraded_database(server: str) -> Generator[str]:
    """Lend the URL of an upgraded database on this server, as whoever the server's URL names."""
    digest = hashlib.sha256()
    for revision in sorted(Path(migrations.__file__).parent.rglob("*.[ps][yq]*")):
        digest.update(revision.read_bytes())
    name = f"kinelog_template_{digest.hexdigest()[:12]}"
    template = make_template(server, name, migrations.upgrade)
    with fresh_database(server, template=template) as url:
        yield url


def empty(url: str) -> None:
    """Take all facts out of a log, as only its owner can, and begin its positions anew."""
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
