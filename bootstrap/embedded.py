"""Kinelog in one process: SQLite, a media folder, and nothing else to install or start."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from sqlalchemy import create_engine

from adapters.clock import new_id, utc_now
from adapters.eventlog.sqlite import SqliteEventLog
from adapters.jobs.sql import SqlJobStore
from adapters.media import pose_chunks
from adapters.media.folder import FolderMediaStore
from adapters.mediapipe.estimator import MediaPipePoseEstimator
from adapters.mediapipe.model import PoseModelSource
from adapters.readmodels.database import Database
from adapters.readmodels.filling import SqlProjectionTables
from adapters.readmodels.sql import SqlReadModels
from adapters.video.decoder import PyAvDecoder
from adapters.video.overlay import PyAvOverlaySink
from application.analysis import Analyzer
from application.commanding import Commands
from application.jobs import AnalysisJobs
from application.overlay import OverlayPainter
from application.platform import Platform
from application.ports import StorageUnavailable
from application.pose_archive import PoseArchive
from application.projecting import catch_up, prepare
from application.session_history import SessionHistory
from bootstrap.settings import Settings
from projections.catalogue import ALL


@contextmanager
def embedded(settings: Settings) -> Generator[Platform]:
    """Open the data folder and put the platform together; close everything at the end.

    Raises StorageUnavailable where the folder cannot be made or written to.
    """
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise StorageUnavailable(
            f"The data folder {home} cannot be made: {refused.strerror}."
        ) from refused
    with ExitStack() as opened:
        log = SqliteEventLog(home / "log.sqlite3", clock=utc_now, new_id=new_id)
        opened.callback(log.close)
        engine = create_engine(f"sqlite:///{home / 'tables.sqlite3'}")
        opened.callback(engine.dispose)
        database = Database(engine)
        tables = SqlProjectionTables(database)
        prepare(log, tables, ALL)
        catch_up(log, tables, ALL)
        commands = Commands(log, settled=lambda _: catch_up(log, tables, ALL))
        media = FolderMediaStore(home / "media")
        archive = PoseArchive(media, pose_chunks.encode, pose_chunks.decode)
        history = SessionHistory(log, archive)
        decoder = PyAvDecoder()
        analyzer = Analyzer(
            decoder=decoder,
            estimator=MediaPipePoseEstimator(
                PoseModelSource(cache=settings.cache, given=settings.pose_model)
            ),
            log=log,
            commands=commands,
            media=media,
            archive=archive,
            clock=utc_now,
        )
        jobs = AnalysisJobs(SqlJobStore(engine), analyzer, media)
        yield Platform(
            log=log,
            commands=commands,
            read=SqlReadModels(database),
            tables=tables,
            media=media,
            archive=archive,
            history=history,
            analyzer=analyzer,
            overlay=OverlayPainter(history=history, decoder=decoder, sink=PyAvOverlaySink()),
            jobs=jobs,
            clock=utc_now,
            new_id=new_id,
            max_upload_bytes=settings.max_upload_bytes,
        )
