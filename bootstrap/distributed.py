"""Kinelog on many machines: facts, rows and jobs in PostgreSQL, rows filled by a runner.

The database has been upgraded (`adapters.migrations`), and a runner is at work somewhere
(`kinelog work projections`). Without one everything can still be written, and what is read stands
still. Media are in a bucket, or in a folder that all machines share.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from adapters.cache.memory import MemoryAnswers
from adapters.cache.redis import RedisAnswers
from adapters.clock import new_id, utc_now
from adapters.event_log.notify_tail import PostgresTail
from adapters.event_log.postgres import PostgresEventLog
from adapters.jobs.sql import SCHEMA as JOBS_SCHEMA
from adapters.jobs.sql import SqlJobStore
from adapters.read_models.change_listener import PostgresMovement
from adapters.read_models.database import Database
from adapters.read_models.leaderboards import SqlBoards
from adapters.read_models.projection_store import SqlProjectionTables
from adapters.read_models.queries import SqlReadModels
from adapters.sql.engines import open_engine
from adapters.sql.leader_lock import PostgresRunnersTurn
from application.kernel.cache import Answers, NearAndFar
from application.kernel.log_subscription import LOOK_S, ProjectionRunner
from application.kernel.read_your_writes import Freshness
from application.kernel.telemetry import OFF, Telemetry
from application.live.feed_publisher import TellingEventLog
from application.operations.readiness import Check
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import draw, log_of
from bootstrap.wiring.cache import remembering
from bootstrap.wiring.encryption import sealing_of
from bootstrap.wiring.lazy_imports import LateLinks, late_accounts, late_knowledge
from bootstrap.wiring.live import by_workers
from bootstrap.wiring.platform import Storage, assemble, made, media_of
from bootstrap.wiring.session_feed import channel_of, progress_of
from bootstrap.wiring.speech import speaking_of
from bootstrap.wiring.telemetry import EVENT_IDS, told_filling, told_log, watch
from projections.registry import ALL

JOB_CONNECTIONS: Final = 4


@contextmanager
def distributed(
    settings: Settings, *, telemetry: Telemetry = OFF, checks: tuple[Check, ...] = ()
) -> Generator[Platform]:
    """Open the storage and put the platform together; close everything at the end.

    Raises SettingMissing, and StorageUnavailable where the database cannot be reached.
    """
    url = log_of(settings)
    made(settings.home)
    with ExitStack() as opened:
        sealing = opened.enter_context(sealing_of(settings))
        server = PostgresEventLog(url, clock=utc_now, new_id=EVENT_IDS, codec=sealing.codec)
        channel = opened.enter_context(channel_of(settings))
        log = TellingEventLog(told_log(opened.enter_context(closing(server)), telemetry), channel)
        log.head()
        database = opened.enter_context(closing(Database(url)))
        jobs = open_engine(url, schema=JOBS_SCHEMA, connections=JOB_CONNECTIONS)
        opened.callback(jobs.dispose)
        movement = opened.enter_context(closing(PostgresMovement(url)))
        tables = SqlProjectionTables(database)
        freshness = Freshness(tables, ALL, movement, deadline_s=settings.settle_s)
        read = SqlReadModels(database)
        media = media_of(settings)
        storage = Storage(
            log=log,
            read=read,
            boards=SqlBoards(database),
            tables=tables,
            jobs=SqlJobStore(jobs),
            settled=freshness.settled,
            fresh=freshness.wait_until,
            progress=progress_of(settings, log, channel),
            answers=opened.enter_context(_answers(settings)),
            accounts=late_accounts(settings, sealing, log, opened),
            knowledge=late_knowledge(settings, opened),
            links=LateLinks(sealing),
            media=media,
            speaking=opened.enter_context(speaking_of(settings, media)),
            live=opened.enter_context(by_workers(settings, url, log, read)),
        )
        pools = {**server.pools, "read_models": database.engine, "jobs": jobs}
        watch(telemetry, log=log, tables=tables, projections=ALL, pools=pools)
        yield assemble(settings, storage, telemetry=telemetry, checks=checks)


@contextmanager
def _answers(settings: Settings) -> Generator[Answers]:
    """Keep answers in this process, and behind it in Redis where there is one."""
    near = MemoryAnswers(kept_s=settings.kept_s)
    if settings.redis_url is None:
        yield near
        return
    url = settings.redis_url.get_secret_value()
    with closing(RedisAnswers(url, kept_s=settings.kept_s)) as far:
        yield NearAndFar(near, far)


@contextmanager
def projection_runner(
    settings: Settings, *, look_s: float = LOOK_S, telemetry: Telemetry = OFF
) -> Generator[ProjectionRunner]:
    """Lend a runner that fills the read models. Raises SettingMissing and StorageUnavailable."""
    url = log_of(settings)
    with ExitStack() as opened:
        sealing = opened.enter_context(sealing_of(settings))
        server = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=sealing.codec)
        log = opened.enter_context(closing(server))
        database = opened.enter_context(closing(Database(url)))
        remembered = remembering(log, sealing.database)
        reader, tables = told_filling(remembered, database, telemetry)
        pools = {**log.pools, "read_models": database.engine}
        watch(telemetry, log=log, tables=tables, projections=ALL, pools=pools)
        yield ProjectionRunner(
            log=reader,
            tail=opened.enter_context(closing(PostgresTail(url))),
            tables=tables,
            projections=ALL,
            turn=PostgresRunnersTurn(url),
            draw=draw,
            look_s=look_s,
        )
