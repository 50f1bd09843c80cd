"""Everything a door into Kinelog needs, put together once by the composition root."""

from collections.abc import Callable
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
    """The running platform: what is written goes through `commands`, what is read from `read`.

    `fresh(position, timeout_s)` waits until `read` holds every event up to a position, for at most
    so many seconds; False where it does not.
    """

    log: EventLog
    commands: Commands
    read: ReadModels
    tables: ProjectionTables
    fresh: Callable[[int, float], bool]
    media: MediaStore
    archive: PoseArchive
    history: SessionHistory
    analyzer: Analyzer
    overlay: OverlayPainter
    jobs: AnalysisJobs
    clock: Clock
    new_id: NewId
    max_upload_bytes: int
