"""Embedded composition: one process with SQLite and a media folder; no other service needed."""

import fcntl
import os
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL

from adapters.cache.memory import MemoryCache
from adapters.clock import new_id, utc_now
from adapters.content.playback_tokens import PlaybackTokens
from adapters.event_log.sqlite import SqliteEventLog
from adapters.health.deliveries import SqlHealthDeliveries
from adapters.health.writes import SqlHealthWrites
from adapters.jobs.content import SqlContentJobs
from adapters.jobs.health_imports import SqlHealthImports
from adapters.jobs.item_models import SqlItemModels
from adapters.jobs.pending_uploads import SqlPendingUploads
from adapters.jobs.recording_videos import SqlVideoJobs
from adapters.jobs.sql import SqlJobStore
from adapters.payments.account_store import SqlAccountStore
from adapters.payments.deliveries import SqlDeliveries
from adapters.payments.reconciliation_runs import SqlReconciliationRuns
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.database import Database
from adapters.read_models.leaderboards import SqlBoards
from adapters.read_models.population import SqlPopulation
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.session_feed.memory import MemoryProgress
from adapters.share_links.lazy import LazyLinkSigner
from application.kernel.projection_runner import build_missing, catch_up
from application.live.feed import FeedPublisher, SessionFeed
from application.operations.readiness import Check
from application.platform import Platform
from application.users.plan_offers import PlanOffers
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption, build_keys_check
from bootstrap.wiring.health_clouds import build_health_clouds, build_health_links
from bootstrap.wiring.lazy_services import lazy_knowledge, lazy_user_services
from bootstrap.wiring.live import build_local_transport
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
from bootstrap.wiring.speech import build_speech
from bootstrap.wiring.telemetry import watch_storage
from bootstrap.wiring.video import build_images
from projections.registry import ALL


@contextmanager
def _locked(home: Path) -> Generator[None]:
    """Lock a data folder, so that processes that start at the same moment wait for each other."""
    folder = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def embedded(settings: Settings, *, checks: tuple[Check, ...] = ()) -> Generator[Platform]:
    """Open the data folder and build the platform; close everything at the end.

    Raises StorageUnavailable if the folder cannot be created or written.
    """
    home = ensure_folder(settings.home)
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        file = SqliteEventLog(
            home / "log.sqlite3", clock=utc_now, new_id=new_id, codec=encryption.codec
        )
        opened.callback(file.close)
        channel = MemoryProgress()
        log = FeedPublisher(file, channel)
        database = Database(URL.create("sqlite", database=str(home / "tables.sqlite3")))
        opened.callback(database.close)
        reader = build_projection_log(file, encryption.database)
        tables = SqlProjectionStore(database)
        with _locked(home):
            build_missing(reader, tables, ALL)
        catch_up(reader, tables, ALL)

        def fresh(position: int, _timeout_s: float) -> bool:
            return all(table.position >= position for table in catch_up(reader, tables, ALL))

        def settled(_position: int) -> None:
            catch_up(reader, tables, ALL)

        read = SqlReadModels(database)
        plans = PlanOffers(log, read, fresh)
        media = build_sealed_media_store(settings, encryption.sealer)
        images = opened.enter_context(build_images())
        sinks = opened.enter_context(closing(build_sink_states(settings)))
        analytics = opened.enter_context(closing(build_analytics_store(settings)))
        storage = Storage(
            log=log,
            read=read,
            boards=SqlBoards(database),
            population=SqlPopulation(database),
            published=SqlPublishedFigures(database.engine),
            pose_groups=analytics,
            pose_sinks=sinks,
            tables=tables,
            jobs=SqlJobStore(database.engine),
            pending_uploads=SqlPendingUploads(database.engine),
            content_jobs=SqlContentJobs(database.engine),
            video_jobs=SqlVideoJobs(database.engine),
            deliveries=SqlDeliveries(database.engine),
            reconciliations=SqlReconciliationRuns(database.engine),
            item_models=SqlItemModels(database.engine),
            account_store=SqlAccountStore(database.engine, encryption.sealer),
            health_links=build_health_links(database.engine, encryption),
            health_writes=SqlHealthWrites(database.engine),
            health_deliveries=SqlHealthDeliveries(database.engine, encryption.sealer),
            health_imports=SqlHealthImports(database.engine),
            health_clouds=opened.enter_context(build_health_clouds(settings)),
            settled=settled,
            fresh=fresh,
            progress=SessionFeed(log, channel),
            cache=MemoryCache(ttl_s=settings.cache_ttl_s),
            accounts=lazy_user_services(settings, encryption, log, plans, opened),
            knowledge=lazy_knowledge(settings, opened),
            links=LazyLinkSigner(encryption.keys, encryption.kms),
            playback_tokens=PlaybackTokens(encryption.keys, encryption.kms),
            media=media,
            images=images,
            estimator=opened.enter_context(build_pose_estimator(settings)),
            speaking=opened.enter_context(build_speech(settings, media)),
            live=opened.enter_context(build_local_transport(settings, log, read, settled, images)),
        )
        watch_storage(log, tables, {"read_models": database.engine})
        document = opened.enter_context(closing(build_document_store(settings)))
        checks = (build_keys_check(encryption), *checks)
        platform = build_platform(settings, storage, checks=checks)
        yield replace(platform, pose_stores=(document, analytics))
