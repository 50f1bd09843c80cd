"""The platform: the use cases and ports that all transports receive."""

from collections.abc import Callable
from dataclasses import dataclass, field

from application.achievements.service import AchievementService
from application.analysis.jobs import AnalysisJobService
from application.analysis.overlay import OverlayRenderer
from application.analysis.video_analyzer import VideoAnalyzer
from application.kernel.cache import NO_CACHE, Cache
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import Clock, EventLog, MediaStore, NewId, StorageUnavailable
from application.kernel.projection_store import ProjectionStore
from application.kernel.read_models import ReadModels
from application.knowledge import Knowledge
from application.leaderboards.rankings import Leaderboards
from application.live.feed import SessionFeed
from application.live.pose_channel import PoseChannel, SingleProcess
from application.live.service import LiveService
from application.operations.readiness import Check
from application.privacy.consent_cache import ConsentCache
from application.privacy.reauthentication import PrivacyServices
from application.recordings.pose_archive import PoseArchive
from application.recordings.recorder import Recorder
from application.sessions.history import SessionHistory
from application.sessions.service import SessionService
from application.share_links import ShareLinkService
from application.speech import SpeechService
from application.users.authorization import Authorizer, ResourceOwners
from application.users.services import UserServices


def _nowhere() -> PrivacyServices:
    raise StorageUnavailable("What is known of people is not looked after here.")


@dataclass(frozen=True)
class Platform:
    """The wired platform: `commands` writes, `read` queries.

    `fresh(position, timeout_s)` waits up to that many seconds until `read` includes every event up
    to a position, and returns whether it does; queries wait for `patience_s`. `checks` try the
    dependencies besides log, read models and media. `cache` holds reusable responses. `poses`
    carries live poses to viewers in other processes. `accounts`, `privacy` and `knowledge` are
    opened on first use; `authorizer` decides who may do what.
    `speaking` is the voice for devices that have none.
    """

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    leaderboards: Leaderboards
    tables: ProjectionStore
    fresh: Callable[[int, float], bool]
    patience_s: float
    media: MediaStore
    archive: PoseArchive
    history: SessionHistory
    achievements: AchievementService
    analyzer: VideoAnalyzer
    overlay: OverlayRenderer
    jobs: AnalysisJobService
    live: LiveService
    progress: SessionFeed
    clock: Clock
    new_id: NewId
    max_upload_bytes: int
    accounts: Callable[[], UserServices]
    authorizer: Authorizer
    owners: ResourceOwners
    recorder: Recorder
    knowledge: Callable[[], Knowledge]
    sharing: ShareLinkService
    consents: ConsentCache
    speaking: SpeechService
    cache: Cache = field(default=NO_CACHE, kw_only=True)
    poses: PoseChannel = field(default_factory=SingleProcess, kw_only=True)
    checks: tuple[Check, ...] = field(default=(), kw_only=True)
    privacy: Callable[[], PrivacyServices] = field(default=_nowhere, kw_only=True)

    @property
    def sessions(self) -> SessionService:
        """Session use cases."""
        return SessionService(
            self.log, self.commands, self.history, self.live.latest_set, self.clock
        )
