"""Build the platform: wire use cases to adapters, the same way on every storage."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from adapters.authorization.casbin import CasbinAuthorizer
from adapters.clock import new_id, utc_now
from adapters.content.isolated import IsolatedContentEncoder
from adapters.encryption.temporary_file import open_upload
from adapters.health_files.reader import IsolatedReader
from adapters.invoices.lazy import LazyInvoicePrinter
from adapters.media import pose_chunk_codec
from adapters.media.filesystem import FolderMediaStore
from adapters.media.sealed import BlobStore, SealedMediaStore
from adapters.privacy.erased_subjects import ErasedSubjects
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.read_models.training_reader import ReadTrainings
from adapters.sql.private_files import make_private, make_private_folder
from adapters.users.database import IdentityDatabase
from adapters.video.isolated import IsolatedImages, IsolatedVideoEncoder
from adapters.video.lazy import LazyOverlaySink
from application.achievements.service import AchievementService
from application.analysis.exercise_correction import ExerciseCorrection
from application.analysis.jobs import AnalysisJobService, JobStore
from application.analysis.overlay import OverlayRenderer
from application.analysis.video_analyzer import VideoAnalyzer
from application.analytics.population import PopulationFigures, PopulationReader
from application.content.checking import ContentChecker
from application.content.jobs import ContentJobStore, ContentQueue
from application.content.lessons import LessonAnalyzer
from application.content.playback import PlaybackService, PlaybackSigner, playback_manifests
from application.content.publishing import ContentPublisher
from application.content.uploads import ContentUploads
from application.content.views import ContentViews
from application.guidance.training import ItemModels
from application.health.deliveries import HealthDeliveries
from application.health.imports import HealthImportStore
from application.health.links import HealthLinks
from application.health.providers import HealthProviders
from application.health.service import HealthService
from application.health.upload_tokens import UploadTokens
from application.health.writes import HealthWrites
from application.kernel.cache import Cache
from application.kernel.command_handler import CommandHandler
from application.kernel.encryption import FieldCipher
from application.kernel.metrics import Gauge, watch
from application.kernel.pending_uploads import PendingUploads
from application.kernel.ports import EventLog, MediaStore, StorageUnavailable
from application.kernel.projection_store import ProjectionStore
from application.kernel.published_figures import PublishedFigures
from application.kernel.read_models import ReadModels
from application.kernel.video import PoseEstimator
from application.knowledge import Knowledge
from application.leaderboards.rankings import Leaderboards, RankingReader
from application.live.feed import SessionFeed, transient_update_of
from application.live.image_analysis import check_images
from application.live.pose_channel import PoseChannel, SingleProcess
from application.live.service import ChunkTransport, LiveService
from application.operations.readiness import Check
from application.payments.accounts import AccountStore
from application.payments.inbox import Deliveries
from application.payments.reconciliation_runs import ReconciliationRuns
from application.platform import Platform
from application.pose_coach.report import GroupReader, PopulationReport
from application.pose_coach.sink_health import is_current
from application.pose_coach.sink_states import SinkStates
from application.privacy.consent_cache import ConsentCache
from application.privacy.redaction import RedactingLogReader
from application.recordings.pose_archive import PoseArchive
from application.recordings.recorder import Recorder
from application.recordings.video_jobs import VideoJobStore, VideoQueue
from application.recordings.videos import VideoMaker
from application.sessions.history import SessionHistory
from application.share_links import LinkSigner, ShareLinkService
from application.speech import SpeechService
from application.supervision.service import SupervisionService
from application.users.authorization import ResourceOwners
from application.users.services import UserServices
from bootstrap.settings import Settings
from bootstrap.wiring.caption_drafts import build_caption_drafts, build_transcriber
from bootstrap.wiring.content import (
    build_bucket_address,
    build_notification_reader,
    build_scanner,
    build_uploads,
    takes_uploads,
)
from bootstrap.wiring.gateway_accounts import build_tenant_accounts
from bootstrap.wiring.gateways import build_gateways, build_regions
from bootstrap.wiring.video import build_decoder, build_lesson_decoder


@dataclass(frozen=True)
class Storage:
    """The adapters that differ between the compositions.

    `settled` is called after each command with its position. `fresh` waits until the read models
    reach a position. `live` builds the transport of live chunks from commands that do not wait for
    read models. `progress` is the feed of the sessions in `log`. `speaking` caches audio.
    `poses` carries live poses to other processes.
    """

    log: EventLog
    read: ReadModels
    boards: RankingReader
    population: PopulationReader
    published: PublishedFigures
    pose_groups: GroupReader
    tables: ProjectionStore
    jobs: JobStore
    pending_uploads: PendingUploads
    content_jobs: ContentJobStore
    video_jobs: VideoJobStore
    deliveries: Deliveries
    reconciliations: ReconciliationRuns
    item_models: ItemModels
    account_store: AccountStore
    health_links: HealthLinks
    health_writes: HealthWrites
    health_deliveries: HealthDeliveries
    health_imports: HealthImportStore
    pose_sinks: SinkStates
    health_clouds: HealthProviders
    settled: Callable[[int], object]
    fresh: Callable[[int, float], bool]
    live: Callable[[CommandHandler], ChunkTransport]
    progress: SessionFeed
    cache: Cache
    accounts: Callable[[CommandHandler], Callable[[], UserServices]]
    knowledge: Callable[[], Knowledge]
    links: LinkSigner
    playback_tokens: PlaybackSigner
    media: MediaStore
    images: IsolatedImages
    estimator: PoseEstimator
    speaking: SpeechService
    poses: PoseChannel = field(default_factory=SingleProcess)


def build_platform(
    settings: Settings,
    storage: Storage,
    *,
    checks: tuple[Check, ...] = (),
) -> Platform:
    """Build the platform on open storage."""
    commands = CommandHandler(storage.log, settled=storage.settled)
    at_once = CommandHandler(storage.log, settled=lambda _: None)
    progress, redis_url = storage.progress, settings.redis_url
    media = storage.media
    archive = PoseArchive(media, pose_chunk_codec.encode, pose_chunk_codec.decode)
    history = SessionHistory(storage.log, archive)
    decoder = build_decoder(settings)
    analyzer = VideoAnalyzer(
        decoder=decoder,
        estimator=storage.estimator,
        log=storage.log,
        commands=commands,
        media=media,
        archive=archive,
        clock=utc_now,
    )
    live = LiveService(
        storage.live(at_once),
        time.monotonic,
        check=partial(check_images, storage.images),
        on_result=lambda chunk, reply: progress.publish_transient(
            chunk.session, transient_update_of(chunk, reply)
        ),
    )
    watch("live_sessions", lambda: [Gauge("kinelog_live_sessions", live.active_sessions())])
    accounts = storage.accounts(commands)
    consents = ConsentCache(storage.log, time.monotonic)
    uploads, part_receiver = build_uploads(settings)
    return Platform(
        log=storage.log,
        commands=commands,
        read=storage.read,
        leaderboards=Leaderboards(storage.boards, storage.published),
        population=PopulationFigures(storage.population, storage.published),
        pose_report=PopulationReport(
            storage.pose_groups,
            storage.published,
            partial(is_current, storage.pose_sinks, storage.log, "analytics"),
        ),
        tables=storage.tables,
        fresh=storage.fresh,
        patience_s=settings.read_your_writes_timeout_s,
        media=media,
        archive=archive,
        history=history,
        achievements=AchievementService(ReadTrainings(storage.read), commands, utc_now, new_id),
        analyzer=analyzer,
        correction=ExerciseCorrection(storage.log, commands, history, archive, media, utc_now),
        overlay=OverlayRenderer(history=history, decoder=decoder, sink=LazyOverlaySink()),
        jobs=AnalysisJobService(
            storage.jobs,
            analyzer,
            media,
            require_consent=partial(consents.require, purpose="images_leave_device"),
            quota=settings.upload_quota,
            works=settings.analyzes,
            finish_s=settings.shutdown_s,
        ),
        pending_uploads=storage.pending_uploads,
        live=live,
        progress=progress,
        poses=storage.poses,
        clock=utc_now,
        new_id=new_id,
        max_upload_bytes=settings.max_upload_bytes,
        open_upload=open_upload,
        accounts=accounts,
        authorizer=CasbinAuthorizer(),
        owners=ResourceOwners(storage.log),
        recorder=Recorder(
            log=storage.log,
            commands=commands,
            media=media,
            archive=archive,
            pictures=storage.images,
            clock=utc_now,
            new_id=new_id,
        ),
        video_queue=VideoQueue(storage.log, storage.video_jobs, utc_now),
        videos=VideoMaker(
            log=storage.log,
            commands=commands,
            media=media,
            archive=archive,
            encoder=IsolatedVideoEncoder(decoder.limits),
            clock=utc_now,
        ),
        content_queue=ContentQueue(storage.log, storage.content_jobs, utc_now),
        checker=ContentChecker(
            log=storage.log,
            commands=commands,
            uploads=uploads,
            scanner=build_scanner(settings),
            encoder=IsolatedContentEncoder(),
            clock=utc_now,
        ),
        publisher=ContentPublisher(
            log=storage.log,
            commands=commands,
            media=media,
            uploads=uploads,
            encoder=IsolatedContentEncoder(),
            clock=utc_now,
        ),
        lessons=LessonAnalyzer(
            log=storage.log,
            commands=commands,
            media=media,
            decoder=build_lesson_decoder(settings),
            estimator=storage.estimator,
            clock=utc_now,
        ),
        transcriber=build_transcriber(settings, storage.log, commands, media),
        caption_drafts=build_caption_drafts(
            settings, storage.log, commands, media, storage.content_jobs
        ),
        knowledge=storage.knowledge,
        supervision=SupervisionService(storage.log, commands, storage.read, utc_now, new_id),
        upload_tokens=UploadTokens(
            storage.log, commands, lambda: accounts().sign_in_service, utc_now
        ),
        content_uploads=ContentUploads(
            storage.log,
            commands,
            storage.read,
            uploads,
            settings.content_limits,
            utc_now,
            is_open=takes_uploads(settings),
        ),
        part_receiver=part_receiver,
        bucket_notifications=build_notification_reader(settings),
        playback=PlaybackService(
            storage.log, media, storage.playback_tokens, utc_now, playback_manifests()
        ),
        content_views=ContentViews(storage.log, commands, storage.read, utc_now),
        health=HealthService(
            storage.log, commands, storage.read, utc_now, storage.fresh, storage.cache
        ),
        sharing=ShareLinkService(storage.log, commands, storage.links, utc_now),
        consents=consents,
        speaking=storage.speaking,
        deliveries=storage.deliveries,
        reconciliations=storage.reconciliations,
        item_models=storage.item_models,
        tenant_accounts=build_tenant_accounts(settings, storage.account_store),
        health_links=storage.health_links,
        health_writes=storage.health_writes,
        health_deliveries=storage.health_deliveries,
        health_import_store=storage.health_imports,
        pose_sinks=storage.pose_sinks,
        health_clouds=storage.health_clouds,
        health_files=IsolatedReader(),
        invoice_printer=LazyInvoicePrinter(settings.fonts),
        cache=storage.cache,
        checks=checks,
        gateways=build_gateways(settings),
        regions=build_regions(settings),
        exploration=settings.exploration,
        price_limit=TokenBuckets(
            "prices",
            settings.prices_per_minute,
            redis_url=None if redis_url is None else redis_url.get_secret_value(),
        ),
    )


def build_sealed_media_store(settings: Settings, cipher: FieldCipher) -> SealedMediaStore:
    """Return the media store, which encrypts the media of people with their keys."""
    return SealedMediaStore(build_media_store(settings), cipher)


def build_media_store(settings: Settings) -> BlobStore:
    """Return where media are stored: the bucket if one is set, otherwise the data folder."""
    if settings.s3_bucket is None:
        return FolderMediaStore(settings.home / "media")
    from adapters.media.s3 import BucketMediaStore  # noqa: PLC0415  loads the S3 client

    return BucketMediaStore(build_bucket_address(settings, settings.s3_bucket))


def ensure_folder(folder: Path) -> Path:
    """Create the data folder if it is missing, private to its owner. Raises StorageUnavailable."""
    try:
        make_private_folder(folder)
        make_private(folder)
    except OSError as error:
        reason = f"The data folder {folder} cannot be created: {error.strerror}."
        raise StorageUnavailable(reason) from error
    return folder


def build_projection_log(log: EventLog, accounts: IdentityDatabase) -> RedactingLogReader:
    """Return the log without the personal data of erased users, to fill read models from."""
    return RedactingLogReader(log, ErasedSubjects(accounts))
