"""Everything above the storage is put together in one way, wherever facts and rows are kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adapters.authorization.casbin import CasbinAuthorizer
from adapters.clock import new_id, utc_now
from adapters.media import pose_chunk_codec
from adapters.media.filesystem import FolderMediaStore
from adapters.read_models.training_reader import ReadTrainings
from adapters.telemetry.instrumented_live import ObservedDriver
from application.achievements.service import Achieving
from application.analysis.jobs import AnalysisJobService, JobStore
from application.analysis.overlay import OverlayRenderer
from application.analysis.video_analyzer import VideoAnalyzer
from application.kernel.cache import Cache
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog, MediaStore, StorageUnavailable
from application.kernel.projection_store import ProjectionStore
from application.kernel.read_models import ReadModels
from application.kernel.telemetry import OFF, Telemetry
from application.knowledge.search import Knowledge
from application.leaderboards.rankings import Leaderboards, RankingReader
from application.live.feed_publisher import heard_of
from application.live.feed_reader import SessionFeed
from application.live.image_analysis import check_images
from application.live.service import ChunkTransport, LiveService
from application.operations.readiness import Check
from application.platform import Platform
from application.privacy.consent_cache import ConsentCache
from application.recordings.pose_archive import PoseArchive
from application.recordings.recorder import Recorder
from application.sessions.history import SessionHistory
from application.share_links import LinkSigner, ShareLinkService
from application.speech import SpeechService
from application.users.authorization import ResourceOwners
from application.users.services import UserServices
from bootstrap.settings import Settings
from bootstrap.wiring.images import build_pose_estimator
from bootstrap.wiring.lazy_imports import LateDecoder, LateOverlaySink, LatePictures
from bootstrap.wiring.telemetry import instrument_commands


@dataclass(frozen=True)
class Storage:
    """Where facts, rows and jobs are kept, how rows follow facts, and how frames become facts.

    `settled` is called after each command with its position; `fresh` is the platform's. `live`
    makes the driver of live sessions, whose commands do not wait for rows. `progress` is
    of the sessions in `log`, which tells of them. `speaking` keeps its sounds in `media`.
    """

    log: EventLog
    read: ReadModels
    boards: RankingReader
    tables: ProjectionStore
    jobs: JobStore
    settled: Callable[[int], object]
    fresh: Callable[[int, float], bool]
    live: Callable[[CommandHandler], ChunkTransport]
    progress: SessionFeed
    cache: Cache
    accounts: Callable[[CommandHandler], Callable[[], UserServices]]
    knowledge: Callable[[], Knowledge]
    links: LinkSigner
    media: MediaStore
    speaking: SpeechService


def assemble(
    settings: Settings,
    storage: Storage,
    *,
    telemetry: Telemetry = OFF,
    checks: tuple[Check, ...] = (),
) -> Platform:
    """Put the platform together on a storage that is open."""
    commands = instrument_commands(storage.log, storage.settled, telemetry)
    at_once = instrument_commands(storage.log, lambda _: None, telemetry)
    progress = storage.progress
    media = storage.media
    archive = PoseArchive(media, pose_chunk_codec.encode, pose_chunk_codec.decode)
    history = SessionHistory(storage.log, archive)
    decoder = LateDecoder()
    analyzer = VideoAnalyzer(
        decoder=decoder,
        estimator=build_pose_estimator(settings),
        log=storage.log,
        commands=commands,
        media=media,
        archive=archive,
        clock=utc_now,
    )
    return Platform(
        log=storage.log,
        commands=commands,
        read=storage.read,
        leaderboards=Leaderboards(storage.boards),
        tables=storage.tables,
        fresh=storage.fresh,
        patience_s=settings.read_your_writes_timeout_s,
        media=media,
        archive=archive,
        history=history,
        achieving=Achieving(ReadTrainings(storage.read), commands, utc_now, new_id),
        analyzer=analyzer,
        overlay=OverlayRenderer(history=history, decoder=decoder, sink=LateOverlaySink()),
        jobs=AnalysisJobService(
            storage.jobs,
            analyzer,
            media,
            works=settings.analyzes,
            finish_s=settings.shutdown_s,
            tracing=telemetry.tracing,
        ),
        live=LiveService(
            _told(storage.live(at_once), telemetry),
            time.monotonic,
            check=partial(check_images, LatePictures()),
            heard=lambda asked, taken: progress.hear(asked.session, heard_of(asked, taken)),
        ),
        progress=progress,
        clock=utc_now,
        new_id=new_id,
        max_upload_bytes=settings.max_upload_bytes,
        accounts=storage.accounts(commands),
        authorizer=CasbinAuthorizer(),
        owners=ResourceOwners(storage.log),
        recorder=Recorder(
            log=storage.log,
            commands=commands,
            media=media,
            archive=archive,
            pictures=LatePictures(),
            clock=utc_now,
            new_id=new_id,
        ),
        knowledge=storage.knowledge,
        sharing=ShareLinkService(storage.log, commands, storage.links, utc_now),
        consents=ConsentCache(storage.log, time.monotonic),
        speaking=storage.speaking,
        cache=storage.cache,
        telemetry=telemetry,
        checks=checks,
    )


def build_media_store(settings: Settings) -> MediaStore:
    """Keep media in the bucket where one is set, in the data folder otherwise."""
    if settings.s3_bucket is None:
        return FolderMediaStore(settings.home / "media")
    from adapters.media.s3 import (  # noqa: PLC0415  loads the S3 client, where it is set
        BucketAddress,
        BucketMediaStore,
    )

    secret = settings.s3_secret
    return BucketMediaStore(
        BucketAddress(
            bucket=settings.s3_bucket,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            key_id=settings.s3_key_id,
            secret=None if secret is None else secret.get_secret_value(),
        )
    )


def _told(driver: ChunkTransport, telemetry: Telemetry) -> ChunkTransport:
    return driver if telemetry is OFF else ObservedDriver(driver, telemetry.metrics)


def made(folder: Path) -> Path:
    """Make the data folder. Raises StorageUnavailable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise StorageUnavailable(
            f"The data folder {folder} cannot be made: {refused.strerror}."
        ) from refused
    return folder
