"""The GraphQL schema: read models as a graph, and commands as mutations."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types import ExecutionContext

from api.graphql.access import AccessQueries
from api.graphql.accounts import AccountPayload, AccountQueries
from api.graphql.achievements import AchievementQueries
from api.graphql.assignments import AssignmentPayload, AssignmentQueries
from api.graphql.caption_drafts import CaptionDraftQueries
from api.graphql.catalog import (
    CatalogQueries,
    PlanPayload,
    TrainerPayload,
    find_plans,
)
from api.graphql.comments import CommentPayload, CommentQueries
from api.graphql.compiled_execution import CompiledExecutor
from api.graphql.consents import ConsentQueries, ConsentsPayload
from api.graphql.consistency import reading, reading_fields
from api.graphql.content import ContentPayload, ContentQueries, find_content
from api.graphql.content_playback import ContentPlaybackQueries
from api.graphql.context import Context, Info
from api.graphql.coupons import CouponPayload, CouponQueries, find_coupons
from api.graphql.custom_exercises import CustomExercisePayload, CustomExerciseQueries
from api.graphql.data_exports import ExportPayload, ExportQueries
from api.graphql.enrollments import EnrollmentPayload, EnrollmentQueries, find_enrollments
from api.graphql.executions import (
    ExecutionPayload,
    ExecutionQueries,
    HealthKitPayload,
    WorkoutCompletedPayload,
)
from api.graphql.exercises import ExerciseQueries
from api.graphql.health import (
    HealthDeletionPayload,
    HealthPayload,
    HealthQueries,
    HealthRecordsPayload,
)
from api.graphql.health_dashboard import HealthDashboardQueries
from api.graphql.health_imports import HealthImportQueries
from api.graphql.invoices import InvoiceQueries, find_invoices
from api.graphql.jobs import JobQueries
from api.graphql.leaderboard_members import (
    LeaderboardMemberQueries,
    LeaderboardMembershipPayload,
)
from api.graphql.leaderboards import LeaderboardQueries
from api.graphql.lessons import LessonQueries
from api.graphql.more_arguments import MORE_ARGUMENTS
from api.graphql.mutations import Position, mutation_of, mutations_of, position
from api.graphql.operation_checks import MAX_DOCUMENTS, CheckedDocuments, OperationChecks
from api.graphql.pagination import Node, split
from api.graphql.payments import (
    PaymentPayload,
    PaymentQueries,
    PlanSubscriptionPayload,
    find_payments,
    find_subscriptions,
)
from api.graphql.population import PopulationQueries
from api.graphql.pose_coach import (
    PoseCoachQueries,
    PoseSessionDeletedPayload,
    PoseSessionPayload,
    WorkoutStoppedPayload,
)
from api.graphql.programs import ProgramPayload, ProgramQueries
from api.graphql.recommendations import (
    GuidancePayload,
    RecommendationPayload,
    RecommendationQueries,
)
from api.graphql.reconciliations import ReconciliationPayload, ReconciliationQueries
from api.graphql.recordings import RecordingPayload, RecordingQueries
from api.graphql.sessions import SessionPayload, SessionQueries, find_sessions
from api.graphql.share_links import ShareLinkPayload, ShareLinkQueries
from api.graphql.subscriptions import Subscription
from api.graphql.suggestions import SuggestionQueries
from api.graphql.supervision import (
    AthleteInvitationPayload,
    SupervisionPayload,
    SupervisionQueries,
    find_athletes,
    find_invitations,
)
from api.graphql.tenants import TenantPayload, TenantQueries
from api.graphql.training_history import TrainingHistoryQueries
from api.graphql.training_settings import TrainingSettingsPayload, TrainingSettingsQueries
from api.graphql.users import UserPayload, UserQueries, find_users
from api.graphql.webhooks import WebhookPayload, WebhookQueries
from api.graphql.workouts import WorkoutPayload, WorkoutQueries, find_workouts
from api.views import (
    accounts,
    assignments,
    caption_drafts,
    catalog,
    comments,
    consents,
    content,
    content_changes,
    content_playback,
    coupons,
    custom_exercises,
    data_exports,
    enrollments,
    executions,
    health_commands,
    health_integrations,
    leaderboard_members,
    lessons,
    payment_methods,
    payments,
    plan_changes,
    pose_coach,
    prescriptions,
    program_changes,
    recommendations,
    reconciliations,
    recording_commands,
    refunds,
    session_changes,
    session_commands,
    share_links,
    supervision,
    tenants,
    training_settings,
    user_commands,
    webhooks,
    workouts,
)
from application.kernel.pagination import LARGEST_PAGE, PageTooLarge

NODE_LOADERS: Final[dict[str, Callable[[Context, Collection[str]], Mapping[str, Node]]]] = {
    "Session": find_sessions,
    "User": find_users,
    "Workout": find_workouts,
    "Plan": find_plans,
    "Enrollment": find_enrollments,
    "PlanSubscription": find_subscriptions,
    "Payment": find_payments,
    "Invoice": find_invoices,
    "Coupon": find_coupons,
    "ContentItem": find_content,
    "Athlete": find_athletes,
    "AthleteInvitation": find_invitations,
}
"""Loaders of nodes by kind and own ids, each in one read."""


def _find(context: Context, ids: Sequence[str]) -> list[Node | None]:
    """Return nodes of any kind, in the order of their global ids."""
    requested = [split(loaded) for loaded in ids]
    keys: dict[str, set[str]] = {}
    for kind, key in requested:
        keys.setdefault(kind, set()).add(key)
    nodes_by_kind = {
        kind: NODE_LOADERS[kind](context, wanted)
        for kind, wanted in keys.items()
        if kind in NODE_LOADERS
    }
    return [nodes_by_kind.get(kind, {}).get(key) for kind, key in requested]


@strawberry.type
class NodeQueries:
    """Queries by global id."""

    @reading("Get an object by its global id, or null.")
    def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002  Relay's name
        """Return a node."""
        return _find(info.context, [id])[0]

    @reading("Get up to 100 objects by global id, in the order of the ids.")
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """Return nodes."""
        if len(ids) > LARGEST_PAGE:
            raise PageTooLarge
        return _find(info.context, ids)


@strawberry.type
class Query(
    NodeQueries,
    SessionQueries,
    ExerciseQueries,
    UserQueries,
    WorkoutQueries,
    RecordingQueries,
    ShareLinkQueries,
    AccountQueries,
    JobQueries,
    ExportQueries,
    TrainingSettingsQueries,
    ConsentQueries,
    ExecutionQueries,
    TrainingHistoryQueries,
    AchievementQueries,
    LeaderboardQueries,
    PopulationQueries,
    LeaderboardMemberQueries,
    TenantQueries,
    CatalogQueries,
    AccessQueries,
    EnrollmentQueries,
    PaymentQueries,
    InvoiceQueries,
    ContentQueries,
    ContentPlaybackQueries,
    LessonQueries,
    CaptionDraftQueries,
    CouponQueries,
    WebhookQueries,
    ReconciliationQueries,
    SupervisionQueries,
    CommentQueries,
    AssignmentQueries,
    ProgramQueries,
    PoseCoachQueries,
    HealthQueries,
    HealthImportQueries,
    HealthDashboardQueries,
    RecommendationQueries,
    SuggestionQueries,
    CustomExerciseQueries,
):
    """Queries."""


PAYLOADS: Final[dict[type, type]] = {
    user_commands.UserWritten: UserPayload,
    prescriptions.WorkoutWritten: WorkoutPayload,
    session_commands.Written: SessionPayload,
    consents.ConsentsBody: ConsentsPayload,
    workouts.ExecutionWritten: ExecutionPayload,
    workouts.WorkoutCompleted: WorkoutCompletedPayload,
    workouts.HealthKitConfirmed: HealthKitPayload,
    leaderboard_members.MembershipWritten: LeaderboardMembershipPayload,
    tenants.TenantWritten: TenantPayload,
    recording_commands.RecordingWritten: RecordingPayload,
    share_links.ShareLinkWritten: ShareLinkPayload,
    data_exports.Export: ExportPayload,
    accounts.AccountWritten: AccountPayload,
    training_settings.TrainingSettingsWritten: TrainingSettingsPayload,
    catalog.TrainerWritten: TrainerPayload,
    catalog.PlanWritten: PlanPayload,
    enrollments.EnrollmentWritten: EnrollmentPayload,
    payments.SubscriptionWritten: PlanSubscriptionPayload,
    content.ContentWritten: ContentPayload,
    coupons.CouponWritten: CouponPayload,
    supervision.SupervisionWritten: SupervisionPayload,
    supervision.AthleteInvitationWritten: AthleteInvitationPayload,
    comments.CommentWritten: CommentPayload,
    assignments.AssignmentWritten: AssignmentPayload,
    pose_coach.PoseSessionWritten: PoseSessionPayload,
    pose_coach.PoseSessionDeleted: PoseSessionDeletedPayload,
    pose_coach.WorkoutStopped: WorkoutStoppedPayload,
    health_commands.HealthWritten: HealthPayload,
    health_commands.RecordsSynced: HealthRecordsPayload,
    health_commands.HealthRecordsDeleted: HealthDeletionPayload,
    payments.PaymentWritten: PaymentPayload,
    webhooks.WebhookRedelivered: WebhookPayload,
    reconciliations.ReconciliationStarted: ReconciliationPayload,
    program_changes.ProgramWritten: ProgramPayload,
    custom_exercises.CustomExerciseWritten: CustomExercisePayload,
    recommendations.GuidanceWritten: GuidancePayload,
    recommendations.RecommendationNoted: RecommendationPayload,
}
"""Payloads of mutations by the results of writes."""

WRITES: Final = (
    user_commands,
    prescriptions,
    session_commands,
    session_changes,
    consents,
    executions,
    leaderboard_members,
    tenants,
    recording_commands,
    share_links,
    data_exports,
    training_settings,
    accounts,
    catalog,
    enrollments,
    payment_methods,
    plan_changes,
    payments,
    refunds,
    content,
    content_changes,
    caption_drafts,
    content_playback,
    lessons,
    coupons,
    webhooks,
    reconciliations,
    supervision,
    comments,
    assignments,
    pose_coach,
    health_commands,
    health_integrations,
    recommendations,
    program_changes,
    custom_exercises,
)
"""Modules of writes; each becomes a mutation."""

Mutation: Final = create_type(
    "Mutation",
    [
        *mutations_of(WRITES, PAYLOADS, MORE_ARGUMENTS),
        mutation_of(consents.record_consent, PAYLOADS, old_name="sayConsent"),
    ],
)


class Schema(strawberry.Schema):
    """A schema that leaves logging of errors to `errors.format_errors`."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing: client errors are not errors of the server."""


CACHED_FIELDS: Final = reading_fields(Query)

DOCUMENTS: Final = CheckedDocuments(MAX_DOCUMENTS)


def _checks() -> OperationChecks:
    return OperationChecks(DOCUMENTS, CACHED_FIELDS)


schema: Final = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    execution_context_class=CompiledExecutor,
    extensions=[_checks],
    config=StrawberryConfig(
        scalar_map={
            Position: strawberry.scalar(
                name="Position",
                description="A place in the log: a whole number.",
                serialize=int,
                parse_value=position,
            )
        }
    ),
)
