"""Database with a log, read models and a running projection runner."""

import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final

import psycopg
import pytest
from pydantic import SecretStr

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.pose_coach.sink_states import SCHEMA as SINK_SCHEMA
from adapters.privacy.database import SCHEMA as PRIVACY_SCHEMA
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.tables import QUARANTINE, STREAM_OWNER
from application.kernel.projection_runner import build_missing
from bootstrap.distributed import projection_runner
from bootstrap.settings import Settings
from projections.registry import ALL
from tests.adapters.event_log.postgres_databases import EMPTY, upgraded_database

LOOK_S = 0.1
"""Maximum wait for a stopping runner."""
NOTICE_S = 0.02
"""Maximum wait of a closing platform for its change listener; users' platforms wait ten times as
long, which was a tenth of a second of each test."""
SETTLE_S = 60.0
"""Read-your-writes timeout that is long enough for a slow machine."""

DELETE_ROWS: Final = rf"""
DO $$
DECLARE filled text;
BEGIN
    FOR filled IN
        SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname IN ('jobs', 'identity', 'emails', '{PRIVACY_SCHEMA}', '{SINK_SCHEMA}')
            OR schemaname = 'read' AND tablename LIKE '%\_v%'
            OR schemaname = 'read' AND tablename IN ('{QUARANTINE.name}', '{STREAM_OWNER.name}')
    LOOP
        EXECUTE 'DELETE FROM ' || filled;
    END LOOP;
    UPDATE read.projection_table SET position = 0, failed_at = NULL, failure = NULL;
END $$
"""  # noqa: S608  our own names
"""Deletes all rows of read models, jobs, accounts, e-mails, privacy and sinks, of all tenants, at
once. No key of certificates may be left: the platform of the next test would make no key file."""


@contextmanager
def cluster(
    url: str, settings: Settings, *, superuser_url: str | None = None
) -> Generator[Settings]:
    """Yield settings of a distributed platform without events, with a running projection runner.

    `superuser_url` empties the database if the login of `url` may not.
    """
    with psycopg.connect(superuser_url or url) as connection:
        connection.execute(EMPTY)
        connection.execute(DELETE_ROWS)
    its_own = {
        "postgres_url": SecretStr(url),
        "read_your_writes_timeout_s": SETTLE_S,
        "open_registration": True,
        "clamd": "127.0.0.1:9",  # uploads need a scanner; no test of the API scans
    }
    distributed = settings.model_copy(update=its_own)
    with at_work(distributed), pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapters.read_models.change_listener.NOTICE_S", NOTICE_S)
        yield distributed


@contextmanager
def at_work(settings: Settings) -> Generator[None]:
    """Run a projection runner on a thread; its exceptions are raised at the end."""
    stop = threading.Event()
    with projection_runner(settings, poll_s=LOOK_S) as runner, ThreadPoolExecutor(1) as thread:
        running = thread.submit(runner.run, stop)
        while not (runner.caught_up or running.done()):
            time.sleep(0.005)
        try:
            yield
        finally:
            stop.set()
        running.result()


@contextmanager
def cluster_database(server: str) -> Generator[str]:
    """Yield a database with a log and with empty tables for all read models."""
    with upgraded_database(server) as url:
        with (
            closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log,
            closing(Database(url)) as database,
        ):
            build_missing(log, SqlProjectionStore(database), ALL)
        yield url
