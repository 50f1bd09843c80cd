"""Kinelog on many machines: facts, rows and jobs in PostgreSQL, rows filled by a runner.

The database has been upgraded (`adapters.migrations`), and a runner is at work somewhere
(`kinelog work projections`). Without one everything can still be written, and what is read stands
still. Media are in a folder that all machines share.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from adapters.clock import new_id, utc_now
from adapters.eventlog.postgres import PostgresEventLog
from adapters.eventlog.postgres_tail import PostgresTail
from adapters.jobs.sql import SCHEMA as JOBS_SCHEMA
from adapters.jobs.sql import SqlJobStore
from adapters.readmodels.database import Database
from adapters.readmodels.engines import open_engine
from adapters.readmodels.filling import SqlProjectionTables
from adapters.readmodels.movement import PostgresMovement
from adapters.readmodels.runner_turn import PostgresRunnersTurn
from adapters.readmodels.sql import SqlReadModels
from application.following import LOOK_S, ProjectionRunner
from application.freshness import Freshness
from application.platform import Platform
from bootstrap.assembling import Storage, assemble, made
from bootstrap.bus import draw, log_of
from bootstrap.settings import Settings
from projections.catalogue import ALL

JOB_CONNECTIONS: Final = 4


@contextmanager
def distributed(settings: Settings) -> Generator[Platform]:
    """Open the storage and put the platform together; close everything at the end.

    Raises SettingMissing, and StorageUnavailable where the database cannot be reached.
    """
    url = log_of(settings)
    made(settings.home)
    with ExitStack() as opened:
        log = opened.enter_context(closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)))
        log.head()
        database = opened.enter_context(closing(Database(url)))
        jobs = open_engine(url, schema=JOBS_SCHEMA, connections=JOB_CONNECTIONS)
        opened.callback(jobs.dispose)
        movement = opened.enter_context(closing(PostgresMovement(url)))
        tables = SqlProjectionTables(database)
        freshness = Freshness(tables, ALL, movement, deadline_s=settings.settle_s)
        storage = Storage(
            log=log,
            read=SqlReadModels(database),
            tables=tables,
            jobs=SqlJobStore(jobs),
            settled=freshness.settled,
            fresh=freshness.wait_until,
        )
        yield assemble(settings, storage)


@contextmanager
def projection_runner(settings: Settings, *, look_s: float = LOOK_S) -> Generator[ProjectionRunner]:
    """Lend a runner that fills the read models. Raises SettingMissing and StorageUnavailable."""
    url = log_of(settings)
    with ExitStack() as opened:
        log = opened.enter_context(closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)))
        database = opened.enter_context(closing(Database(url)))
        yield ProjectionRunner(
            log=log,
            tail=opened.enter_context(closing(PostgresTail(url))),
            tables=SqlProjectionTables(database),
            projections=ALL,
            turn=PostgresRunnersTurn(url),
            draw=draw,
            look_s=look_s,
        )
