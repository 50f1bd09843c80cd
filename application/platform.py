"""Everything a door into Kinelog needs, put together once by the composition root."""

from dataclasses import dataclass

from application.analysis import Analyzer
from application.commanding import Commands
from application.jobs import AnalysisJobs
from application.overlay import OverlayPainter
from application.ports import Clock, EventLog, MediaStore, NewId
from application.pose_archive import PoseArchive
from application.projection_tables import ProjectionTables
from application.read_models import ReadModels
from application.session_history import SessionHistory


@dataclass(frozen=True)
class Platform:
    """The running platform: what is written goes through `commands`, what is read from `read`."""

    log: EventLog
    commands: Commands
    read: ReadModels
    tables: ProjectionTables
    media: MediaStore
    archive: PoseArchive
    history: SessionHistory
    analyzer: Analyzer
    overlay: OverlayPainter
    jobs: AnalysisJobs
    clock: Clock
    new_id: NewId
    max_upload_bytes: int
