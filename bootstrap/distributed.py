"""Distributed composition: many machines with the log, read models and jobs in PostgreSQL.

It needs an upgraded database (`adapters.migrations`) and a projection runner
(`kinelog worker projections`): without a runner, writes work but read models do not change. Media
are in a bucket, or in a folder that all machines share; so are the pose coach's stores that have no
server.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import Any, Final

from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from adapters.clock import new_id, utc_now
from adapters.content.playback_tokens import PlaybackTokens
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.postgres import PostgresEventLog
from adapters.health.deliveries import SqlHealthDeliveries
from adapters.health.writes import SqlHealthWrites
from adapters.jobs.content import SqlContentJobs
from adapters.jobs.health_imports import SqlHealthImports
from adapters.jobs.item_models import SqlItemModels
from adapters.jobs.pending_uploads import SqlPendingUploads
from adapters.jobs.recording_videos import SqlVideoJobs
from adapters.jobs.sql import SCHEMA as JOBS_SCHEMA
from adapters.jobs.sql import SqlJobStore
from adapters.payments.account_store import SqlAccountStore
from adapters.payments.deliveries import SqlDeliveries
from adapters.payments.reconciliation_runs import SqlReconciliationRuns
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.change_listener import PostgresMovement
from adapters.read_models.database import Database
from adapters.read_models.leaderboards import SqlBoards
from adapters.read_models.population import SqlPopulation
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.share_links.lazy import LazyLinkSigner
from adapters.sql.engines import open_engine
from adapters.sql.leader_lock import PostgresLeaderLock
from application.kernel.cache import Cache, TieredCache
from application.kernel.projection_runner import projection_subscription
from application.kernel.read_your_writes import ReadYourWrites
from application.kernel.subscription import POLL_S, Subscription
from application.live.feed import FeedPublisher
from application.operations.readiness import Check
from application.platform import Platform
from application.users.plan_offers import PlanOffers
from bootstrap.settings import Settings
from bootstrap.wiring.bus import draw, log_url
from bootstrap.wiring.encryption import build_encryption, build_keys_check
from bootstrap.wiring.health_clouds import build_health_clouds, build_health_links
from bootstrap.wiring.lazy_services import lazy_knowledge, lazy_user_services
from bootstrap.wiring.live import build_worker_transport
from bootstrap.wiring.platform import (
    Storage,
    build_platform,
    build_projection_log,
    build_sealed_media_store,
    ensure_folder,
)
from bootstrap.wiring.pose import build_pose_estimator
from bootstrap.wiring.pose_stores import (
    build_analytics_store,
    build_document_store,
    build_sink_states,
)
from bootstrap.wiring.session_feed import (
    build_feed_channel,
    build_pose_channel,
    build_session_feed,
)
from bootstrap.wiring.speech import build_speech
from bootstrap.wiring.telemetry import watch_storage
from bootstrap.wiring.video import build_images
from domain.kernel import Recorded
from projections.registry import ALL

JOB_CONNECTIONS: Final = 4


@contextmanager
def distributed(settings: Settings, *, checks: tuple[Check, ...] = ()) -> Generator[Platform]:
    """Open the storage and build the platform; close everything at the end.

    Raises SettingMissing, and StorageUnavailable if the database cannot be reached.
    """
    url = log_url(settings)
    ensure_folder(settings.home)
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        server = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=encryption.codec)
        channel = opened.enter_context(build_feed_channel(settings))
        log = FeedPublisher(opened.enter_context(closing(server)), channel)
        log.head()
        database = opened.enter_context(closing(Database(url)))
        jobs = open_engine(url, schema=JOBS_SCHEMA, connections=JOB_CONNECTIONS)
        opened.callback(jobs.dispose)
        movement = opened.enter_context(closing(PostgresMovement(url)))
        tables = SqlProjectionStore(database)
        freshness = ReadYourWrites(
            tables, ALL, movement, deadline_s=settings.read_your_writes_timeout_s
        )
        read = SqlReadModels(database)
        plans = PlanOffers(log, read, freshness.wait_until)
        media = build_sealed_media_store(settings, encryption.sealer)
        sinks = opened.enter_context(closing(build_sink_states(settings)))
        analytics = opened.enter_context(closing(build_analytics_store(settings)))
        storage = Storage(
            log=log,
            read=read,
            boards=SqlBoards(database),
            population=SqlPopulation(database),
            published=SqlPublishedFigures(jobs),
            pose_groups=analytics,
            pose_sinks=sinks,
            tables=tables,
            jobs=SqlJobStore(jobs),
            pending_uploads=SqlPendingUploads(jobs),
            content_jobs=SqlContentJobs(jobs),
            video_jobs=SqlVideoJobs(jobs),
            deliveries=SqlDeliveries(jobs),
            reconciliations=SqlReconciliationRuns(jobs),
            item_models=SqlItemModels(jobs),
            account_store=SqlAccountStore(jobs, encryption.sealer),
            health_links=build_health_links(jobs, encryption),
            health_writes=SqlHealthWrites(jobs),
            health_deliveries=SqlHealthDeliveries(jobs, encryption.sealer),
            health_imports=SqlHealthImports(jobs),
            health_clouds=opened.enter_context(build_health_clouds(settings)),
            settled=freshness.settled,
            fresh=freshness.wait_until,
            progress=build_session_feed(settings, log, channel),
            poses=opened.enter_context(build_pose_channel(settings)),
            cache=opened.enter_context(_build_cache(settings)),
            accounts=lazy_user_services(settings, encryption, log, plans, opened),
            knowledge=lazy_knowledge(settings, opened),
            links=LazyLinkSigner(encryption.keys, encryption.kms),
            playback_tokens=PlaybackTokens(encryption.keys, encryption.kms),
            media=media,
            images=opened.enter_context(build_images()),
            estimator=opened.enter_context(build_pose_estimator(settings)),
            speaking=opened.enter_context(build_speech(settings, media)),
            live=opened.enter_context(build_worker_transport(settings, url, log, read)),
        )
        document = opened.enter_context(closing(build_document_store(settings)))
        pools = {
            **server.pools,
            "read_models": database.engine,
            "jobs": jobs,
            "pose_sinks": sinks.engine,
        }
        watch_storage(log, tables, pools)
        checks = (build_keys_check(encryption), *checks)
        platform = build_platform(settings, storage, checks=checks)
        yield replace(platform, pose_stores=(document, analytics))


@contextmanager
def _build_cache(settings: Settings) -> Generator[Cache]:
    """Build the cache: in this process, backed by Redis if its URL is set."""
    local = MemoryCache(ttl_s=settings.cache_ttl_s)
    if settings.redis_url is None:
        yield local
        return
    url = settings.redis_url.get_secret_value()
    with closing(RedisCache(url, ttl_s=settings.cache_ttl_s)) as shared:
        yield TieredCache(local, shared)


@contextmanager
def projection_runner(
    settings: Settings, *, poll_s: float = POLL_S
) -> Generator[Subscription[Recorded[Any]]]:
    """Open the projection runner. Raises SettingMissing and StorageUnavailable."""
    url = log_url(settings)
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        server = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=encryption.codec)
        log = opened.enter_context(closing(server))
        database = opened.enter_context(closing(Database(url)))
        reader = build_projection_log(log, encryption.database)
        tables = SqlProjectionStore(database)
        pools = {**log.pools, "read_models": database.engine}
        watch_storage(log, tables, pools)
        yield projection_subscription(
            log=reader,
            tail=opened.enter_context(closing(NotifyTail(url))),
            tables=tables,
            projections=ALL,
            lock=PostgresLeaderLock(url),
            draw=draw,
            poll_s=poll_s,
        )
