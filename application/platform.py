"""The platform: the use cases and ports that all transports receive."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import IO

from application.achievements.service import AchievementService
from application.analysis.exercise_correction import ExerciseCorrection
from application.analysis.jobs import AnalysisJobService
from application.analysis.overlay import OverlayRenderer
from application.analysis.video_analyzer import VideoAnalyzer
from application.analytics.population import PopulationFigures
from application.assignments.service import AssignmentService
from application.comments.service import CommentService
from application.content.caption_drafts import CaptionDrafts
from application.content.checking import ContentChecker
from application.content.jobs import ContentQueue
from application.content.lessons import LessonAnalyzer
from application.content.management import ContentFiles, ContentManagement
from application.content.object_created import NoNotifications, NotificationReader, ObjectCreated
from application.content.playback import PlaybackService
from application.content.publishing import ContentPublisher
from application.content.transcription import Transcriber
from application.content.upload_store import PartReceiver
from application.content.uploads import ContentUploads
from application.content.views import ContentViews
from application.custom_exercises.lookup import ExerciseLookup
from application.custom_exercises.service import CustomExerciseService
from application.enrollments.service import EnrollmentService
from application.entitlements.service import EntitlementService
from application.guidance.candidate_store import CandidateStore
from application.guidance.feature_store import FeatureStore
from application.guidance.service import RecommendationService
from application.guidance.suggestions import SuggestionService
from application.guidance.training import ItemModels, ModelTraining
from application.health.dashboard import HealthDashboard
from application.health.deletion import HealthDeletion
from application.health.deliveries import HealthDeliveries
from application.health.import_service import HealthImports
from application.health.imports import HealthFileReader, HealthImportStore, NoReader
from application.health.linking import HealthLinking
from application.health.links import HealthLinks
from application.health.profile import HealthProfileDeletion
from application.health.providers import HealthProvider, HealthProviders
from application.health.service import HealthService
from application.health.sync import HealthSync
from application.health.upload_tokens import UploadTokens
from application.health.write_back import WriteBack
from application.health.writes import HealthWrites
from application.invoices.printing import InvoicePrinter
from application.kernel.cache import NO_CACHE, Cache
from application.kernel.command_handler import CommandHandler
from application.kernel.pending_uploads import PendingUploads
from application.kernel.ports import (
    Clock,
    EventLog,
    MediaStore,
    NewId,
    RateLimiter,
    StorageUnavailable,
)
from application.kernel.projection_store import ProjectionStore
from application.kernel.read_models import ReadModels, Visibility
from application.knowledge import Knowledge
from application.leaderboards.rankings import Leaderboards
from application.live.feed import SessionFeed
from application.live.pose_channel import PoseChannel, SingleProcess
from application.live.service import LiveService
from application.operations.readiness import Check
from application.payments.accounts import CachedTenantAccounts, TenantAccountService
from application.payments.billing import BillingService
from application.payments.checkout import CheckoutService
from application.payments.gateways import GATEWAYS, PaymentGateway
from application.payments.inbox import Deliveries, WebhookInbox
from application.payments.pauses import PauseService
from application.payments.plan_changes import PlanChangeService
from application.payments.process import PAYMENTS, PaymentProcess
from application.payments.reconciliation import Reconciliation
from application.payments.reconciliation_runs import ReconciliationRuns, ReconciliationService
from application.pose_coach.feedback import FeedbackService
from application.pose_coach.language_model import LanguageModel
from application.pose_coach.report import PopulationReport
from application.pose_coach.sink_states import SinkStates
from application.pose_coach.stores import SessionStore
from application.pose_coach.workout_service import WorkoutService
from application.privacy.consent_cache import ConsentCache
from application.privacy.reauthentication import PrivacyServices
from application.programs.service import ProgramService
from application.recordings.pose_archive import PoseArchive
from application.recordings.recorder import Recorder
from application.recordings.video_jobs import VideoQueue
from application.recordings.videos import VideoMaker
from application.sessions.history import SessionHistory
from application.sessions.service import SessionService
from application.share_links import ShareLinkService
from application.speech import SpeechService
from application.supervision.service import SupervisionService
from application.users.authorization import Authorizer, ResourceOwners
from application.users.services import UserServices
from domain.health.events import CloudSource
from domain.kernel import Origin
from domain.money import Region
from domain.payments.events import Gateway


def _nowhere() -> PrivacyServices:
    raise StorageUnavailable("This process does not manage personal data.")


@dataclass(frozen=True)
class Platform:
    """The wired platform: `commands` writes, `read` queries.

    `fresh(position, timeout_s)` waits up to that many seconds until `read` includes every event up
    to a position, and returns whether it does; queries wait for `patience_s`. `checks` try the
    dependencies besides log, read models and media. `cache` holds reusable responses. `poses`
    carries live poses to viewers in other processes. `accounts`, `privacy` and `knowledge` are
    opened on first use; `authorizer` decides who may do what.
    `speaking` is the voice for devices that have none. `gateways` take payments, in the order of
    `regions`, except those of tenants with `tenant_accounts` of their own; `deliveries` are their
    webhooks, and `reconciliations` the comparisons with them; `price_limit` limits the prices that
    a user may ask for. `health_clouds` can be linked, and `health_links` are those that were.
    `part_receiver` takes parts of uploads where the store has no endpoint of its own, and
    `bucket_notifications` are read where it reports files that arrived.
    `language_model` phrases feedback of the pose coach and suggestions; without one, rules do.
    `item_models` rank recommendations, of which a share, `exploration`, is in random order.
    """

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    leaderboards: Leaderboards
    population: PopulationFigures
    pose_report: PopulationReport
    tables: ProjectionStore
    fresh: Callable[[int, float], bool]
    patience_s: float
    media: MediaStore
    archive: PoseArchive
    history: SessionHistory
    achievements: AchievementService
    analyzer: VideoAnalyzer
    correction: ExerciseCorrection
    overlay: OverlayRenderer
    jobs: AnalysisJobService
    pending_uploads: PendingUploads
    live: LiveService
    progress: SessionFeed
    clock: Clock
    new_id: NewId
    max_upload_bytes: int
    open_upload: Callable[[], IO[bytes]]
    accounts: Callable[[], UserServices]
    authorizer: Authorizer
    owners: ResourceOwners
    recorder: Recorder
    video_queue: VideoQueue
    videos: VideoMaker
    content_queue: ContentQueue
    checker: ContentChecker
    publisher: ContentPublisher
    lessons: LessonAnalyzer
    transcriber: Transcriber
    caption_drafts: CaptionDrafts
    knowledge: Callable[[], Knowledge]
    sharing: ShareLinkService
    consents: ConsentCache
    speaking: SpeechService
    invoice_printer: InvoicePrinter
    deliveries: Deliveries
    reconciliations: ReconciliationRuns
    supervision: SupervisionService
    health: HealthService
    health_links: HealthLinks
    health_writes: HealthWrites
    health_deliveries: HealthDeliveries
    health_import_store: HealthImportStore
    pose_sinks: SinkStates
    upload_tokens: UploadTokens
    content_uploads: ContentUploads
    playback: PlaybackService
    content_views: ContentViews
    item_models: ItemModels
    tenant_accounts: CachedTenantAccounts
    cache: Cache = field(default=NO_CACHE, kw_only=True)
    poses: PoseChannel = field(default_factory=SingleProcess, kw_only=True)
    checks: tuple[Check, ...] = field(default=(), kw_only=True)
    privacy: Callable[[], PrivacyServices] = field(default=_nowhere, kw_only=True)
    gateways: Mapping[Gateway, PaymentGateway] = field(
        default_factory=dict[Gateway, PaymentGateway], kw_only=True
    )
    regions: Mapping[Region, tuple[Gateway, ...]] = field(
        default_factory=lambda: GATEWAYS, kw_only=True
    )
    health_clouds: HealthProviders = field(
        default_factory=dict[CloudSource, HealthProvider], kw_only=True
    )
    pose_stores: tuple[SessionStore, ...] = field(default=(), kw_only=True)
    health_files: HealthFileReader = field(default_factory=NoReader, kw_only=True)
    language_model: LanguageModel | None = field(default=None, kw_only=True)
    part_receiver: PartReceiver | None = field(default=None, kw_only=True)
    bucket_notifications: NotificationReader = field(default_factory=NoNotifications, kw_only=True)
    price_limit: RateLimiter | None = field(default=None, kw_only=True)
    exploration: float = field(default=0.0, kw_only=True)

    def seen_by(self, visibility: Visibility) -> "Platform":
        """Return this platform with read models restricted to the rows that somebody sees.

        Every request does so: copying takes a fiftieth of the time of calling the constructor.
        """
        seen = copy(self)
        object.__setattr__(seen, "read", self.read.seen_by(visibility))
        return seen

    @property
    def enrollments(self) -> EnrollmentService:
        """Enrollment use cases."""
        return EnrollmentService(self.commands)

    @property
    def content(self) -> ContentManagement:
        """Use cases of existing content."""
        files = ContentFiles(self.log, self.media, self.content_uploads.store)
        return ContentManagement(self.log, self.commands, files, self.clock)

    @property
    def object_created(self) -> ObjectCreated:
        """Notifications of the bucket about uploads that arrived."""
        return ObjectCreated(self.bucket_notifications, self.content_uploads)

    @property
    def health_dashboard(self) -> HealthDashboard:
        """Trends, summaries and statistics of health data."""
        return HealthDashboard(self.log, self.read, self.cache)

    @property
    def recommendations(self) -> RecommendationService:
        """Recommendations, and what athletes want to be recommended."""
        features = FeatureStore(self.log, self.read, self.health_dashboard, self.consents)
        candidates = CandidateStore(self.read, self.entitlements)
        return RecommendationService(
            self.read,
            self.commands,
            self.cache,
            self.clock,
            features,
            candidates,
            self.item_models,
            self.exploration,
        )

    @property
    def suggestions(self) -> SuggestionService:
        """Answers to questions of athletes about their own training."""
        features = FeatureStore(self.log, self.read, self.health_dashboard, self.consents)
        names = self.custom_exercises.lookup.names
        return SuggestionService(self.read, features, self.knowledge, names, self.language_model)

    @property
    def model_training(self) -> ModelTraining:
        """Training of the models of recommendations."""
        return ModelTraining(self.log, self.read, self.commands, self.item_models, self.clock)

    @property
    def comments(self) -> CommentService:
        """Comments of trainers on sessions."""
        return CommentService(self.log, self.commands, self.clock)

    @property
    def assignments(self) -> AssignmentService:
        """Workouts that trainers assign to athletes."""
        return AssignmentService(self.log, self.commands, self.supervision, self.clock)

    @property
    def programs(self) -> ProgramService:
        """Training programs of athletes."""
        return ProgramService(self.log, self.commands, self.read, self.clock)

    @property
    def custom_exercises(self) -> CustomExerciseService:
        """Exercises that athletes record."""
        return CustomExerciseService(ExerciseLookup(self.log), self.commands, self.clock)

    @property
    def pose_coach(self) -> WorkoutService:
        """Sessions of the pose coach."""
        return WorkoutService(self.commands, self.read, self.clock)

    @property
    def pose_feedback(self) -> FeedbackService:
        """Feedback on sessions of the pose coach."""
        return FeedbackService(self.read, self.knowledge, self.language_model)

    @property
    def payments(self) -> PaymentProcess:
        """The payment process."""
        return PaymentProcess(
            self.log,
            self.commands,
            self.clock,
            self.new_id,
            lambda tenant: Origin(tenant_id=tenant, actor=PAYMENTS, correlation_id=self.new_id()),
            self.gateways,
            self.regions,
            self.tenant_accounts,
        )

    @property
    def tenant_account_service(self) -> TenantAccountService:
        """Changes of the accounts that tenants have of their own."""
        return TenantAccountService(self.tenant_accounts, self.commands, self.read, self.clock)

    @property
    def inbox(self) -> WebhookInbox:
        """Webhooks of the gateways."""
        return WebhookInbox(self.payments, self.deliveries, self.clock)

    @property
    def health_imports(self) -> HealthImports:
        """Imports of health files."""
        store, pending = self.health_import_store, self.pending_uploads
        return HealthImports(
            self.health, self.health_files, store, pending, self.media, self.consents
        )

    @property
    def health_deletion(self) -> HealthDeletion:
        """Deletion of health records."""
        return HealthDeletion(self.log, self.commands, self.read, self.clock)

    @property
    def health_profiles(self) -> HealthProfileDeletion:
        """Deletion of health profiles."""
        return HealthProfileDeletion(self.log, self.commands, self.read, self.clock)

    @property
    def health_linking(self) -> HealthLinking:
        """Links to health clouds."""
        return HealthLinking(
            self.health_clouds,
            self.health_links,
            self.health_writes,
            self.health_deliveries,
            self.log,
            self.commands,
            self.consents,
            lambda: self.accounts().oauth,
            lambda: self.accounts().sign_in_service,
            self.clock,
        )

    @property
    def health_sync(self) -> HealthSync:
        """Sync of health clouds, with every row of the read models."""
        write_back = WriteBack(self.read, self.health_writes, self.clock)
        return HealthSync(self.health_linking, self.health, write_back, self.new_id)

    @property
    def reconciliation(self) -> ReconciliationService:
        """Comparisons of payments with their gateways, in the background."""
        return ReconciliationService(
            Reconciliation(self.read, self.payments),
            self.reconciliations,
            self.clock,
            lambda: self.fresh(self.log.head(), self.patience_s),
        )

    @property
    def checkout(self) -> CheckoutService:
        """Use cases of enrollments with payments, and of subscriptions."""
        return CheckoutService(self.payments, self.read, price_limit=self.price_limit)

    @property
    def pauses(self) -> PauseService:
        """Pauses of subscriptions."""
        return PauseService(self.payments)

    @property
    def plan_changes(self) -> PlanChangeService:
        """Changes of the plans of subscriptions."""
        return PlanChangeService(self.payments, self.read)

    @property
    def billing(self) -> BillingService:
        """Use cases of refunds, and of payment methods for renewals."""
        return BillingService(self.payments)

    @property
    def entitlements(self) -> EntitlementService:
        """Access to plans and their workouts."""
        return EntitlementService(self.log, self.read, self.clock)

    @property
    def sessions(self) -> SessionService:
        """Session use cases."""
        exercises, streamed = self.custom_exercises.lookup, self.live.latest_set
        return SessionService(
            self.log, self.commands, self.history, exercises, streamed, self.clock
        )
