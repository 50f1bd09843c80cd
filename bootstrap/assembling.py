"""Everything above the storage is put together in one way, wherever facts and rows are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.clock import new_id, utc_now
from adapters.media import pose_chunks
from adapters.media.folder import FolderMediaStore
from adapters.mediapipe.estimator import MediaPipePoseEstimator
from adapters.mediapipe.model import PoseModelSource
from adapters.video.decoder import PyAvDecoder
from adapters.video.overlay import PyAvOverlaySink
from application.analysis import Analyzer
from application.commanding import Commands
from application.jobs import AnalysisJobs, JobStore
from application.overlay import OverlayPainter
from application.platform import Platform
from application.ports import EventLog, StorageUnavailable
from application.pose_archive import PoseArchive
from application.projection_tables import ProjectionTables
from application.read_models import ReadModels
from application.session_history import SessionHistory
from bootstrap.settings import Settings


@dataclass(frozen=True)
class Storage:
    """Where facts, rows and jobs are kept, and how rows follow facts.

    `settled` is called after each command with its position; `fresh` is the platform's.
    """

    log: EventLog
    read: ReadModels
    tables: ProjectionTables
    jobs: JobStore
    settled: Callable[[int], object]
    fresh: Callable[[int, float], bool]


def assemble(settings: Settings, storage: Storage) -> Platform:
    """Put the platform together on a storage that is open."""
    commands = Commands(storage.log, settled=storage.settled)
    media = FolderMediaStore(settings.home / "media")
    archive = PoseArchive(media, pose_chunks.encode, pose_chunks.decode)
    history = SessionHistory(storage.log, archive)
    decoder = PyAvDecoder()
    model = PoseModelSource(cache=settings.cache, given=settings.pose_model)
    analyzer = Analyzer(
        decoder=decoder,
        estimator=MediaPipePoseEstimator(model),
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
        tables=storage.tables,
        fresh=storage.fresh,
        media=media,
        archive=archive,
        history=history,
        analyzer=analyzer,
        overlay=OverlayPainter(history=history, decoder=decoder, sink=PyAvOverlaySink()),
        jobs=AnalysisJobs(storage.jobs, analyzer, media),
        clock=utc_now,
        new_id=new_id,
        max_upload_bytes=settings.max_upload_bytes,
    )


def made(folder: Path) -> Path:
    """Make the data folder. Raises StorageUnavailable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise StorageUnavailable(
            f"The data folder {folder} cannot be made: {refused.strerror}."
        ) from refused
    return folder
