"""Databases with the tables of the event log, for tests."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from adapters import migrations
from tools.local_services.databases import fresh_database, make_template

EMPTY: Final = """
SET LOCAL session_replication_role = replica;
DELETE FROM kinelog.events;
DELETE FROM kinelog.command_log;
ALTER SEQUENCE kinelog.events_position_seq RESTART;
SET LOCAL session_replication_role = origin;
"""
"""Empties a log, without its triggers. TRUNCATE would replace all files of the tables, which
takes five times as long."""


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
    """Delete all events of a log, which only a superuser can, and restart its positions."""
    with psycopg.connect(url) as connection:
        connection.execute(EMPTY)
