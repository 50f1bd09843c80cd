"""Everything a door into Kinelog needs, put together once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field

from application.achieving import Achieving
from application.analysis import Analyzer
from application.authorizing import Authorizer
from application.caching import NO_ANSWERS, Answers
from application.commanding import Commands
from application.identity.services import AccountServices
from application.ingesting import Ingesting
from application.jobs import AnalysisJobs
from application.knowledge.searching import Knowledge
from application.leaderboards import Leaderboards
from application.overlay import OverlayPainter
from application.owners import Owners
from application.ports import Clock, EventLog, MediaStore, NewId, StorageUnavailable
from application.pose_archive import PoseArchive
from application.privacy.consent_gate import ConsentGate
from application.privacy.services import PrivacyServices
from application.progress_following import SessionProgress
from application.projection_tables import ProjectionTables
from application.read_models import ReadModels
from application.readiness import Check
from application.recording import Recorder
from application.session_history import SessionHistory
from application.sharing import Sharing
from application.speaking import Speaking
from application.telemetry import OFF, Telemetry


def _nowhere() -> PrivacyServices:
    raise StorageUnavailable("What is known of people is not looked after here.")


@dataclass(frozen=True)
class Platform:
    """The running platform: what is written goes through `commands`, what is read from `read`.

    `fresh(position, timeout_s)` waits until `read` holds every event up to a position, for at most
    so many seconds, which for questions are `patience_s`; False where it does not. `checks` try
    what is needed beside log, read models and media. `answers` keeps answers to questions.
    `accounts`, `privacy` and `knowledge` are opened by the first who asks for them; `authorizer`
    says who may do what. `speaking` is the voice of devices that have none.
    """

    log: EventLog
    commands: Commands
    read: ReadModels
    leaderboards: Leaderboards
    tables: ProjectionTables
    fresh: Callable[[int, float], bool]
    patience_s: float
    media: MediaStore
    archive: PoseArchive
    history: SessionHistory
    achieving: Achieving
    analyzer: Analyzer
    overlay: OverlayPainter
    jobs: AnalysisJobs
    live: Ingesting
    progress: SessionProgress
    clock: Clock
    new_id: NewId
    max_upload_bytes: int
    accounts: Callable[[], AccountServices]
    authorizer: Authorizer
    owners: Owners
    recorder: Recorder
    knowledge: Callable[[], Knowledge]
    sharing: Sharing
    consents: ConsentGate
    speaking: Speaking
    answers: Answers = field(default=NO_ANSWERS, kw_only=True)
    telemetry: Telemetry = field(default=OFF, kw_only=True)
    checks: tuple[Check, ...] = field(default=(), kw_only=True)
    privacy: Callable[[], PrivacyServices] = field(default=_nowhere, kw_only=True)
