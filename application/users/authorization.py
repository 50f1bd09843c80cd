"""Authorization by role and owner, and the owners of streams."""

from collections.abc import Iterable
from typing import Any, Final, Literal, Protocol

from application.kernel.cache import LruCache
from application.kernel.ports import EventLog
from application.kernel.projection_store import StreamKey
from domain.achievements.achievements import ACHIEVEMENTS
from domain.assignments.events import WorkoutAssigned
from domain.capacities.events import PlacesCounted, PlaceTaken
from domain.catalog.events import PlanDrafted, TrainerProfileChanged
from domain.catalog.plan import PLAN
from domain.comments.events import CommentWritten
from domain.content.events import UploadRequested
from domain.content.item import CONTENT
from domain.content.viewing import ViewStarted
from domain.coupons.coupon import COUPON
from domain.coupons.events import CouponCreated
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import EnrollmentCreated
from domain.guidance.events import RecommendationGenerated
from domain.guidance.guidance import GUIDANCE
from domain.health.choices import HEALTH
from domain.health.events import IntegrationConnected, MetricsSynced
from domain.ids import (
    AthleteInvitationId,
    ContentId,
    CouponId,
    EnrollmentId,
    InvoiceId,
    PaymentId,
    PlanId,
    PoseSessionId,
    RecordingId,
    SessionId,
    SubscriptionId,
    TenantId,
    UserId,
    WorkoutId,
)
from domain.invoices.billing_details import BILLING_DETAILS
from domain.invoices.events import InvoiceIssued
from domain.invoices.invoice import INVOICE
from domain.kernel import Recorded, Rejected
from domain.payments.events import PaymentCreated
from domain.payments.payment import PAYMENT
from domain.personal import Personal
from domain.pose_coach.events import PoseSessionSaved
from domain.pose_coach.pose_session import POSE_SESSION
from domain.programs.programs import PROGRAMS
from domain.recordings.events import RecordingStarted
from domain.recordings.recording import RECORDING
from domain.sessions.events import SessionStarted
from domain.sessions.session import SESSION
from domain.subscriptions.events import SubscriptionCreated
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.supervision.events import AthleteInvitationCreated, SupervisionAllowed
from domain.supervision.invitation import ATHLETE_INVITATION
from domain.tenants.roles import Role
from domain.users.user import USER
from domain.workouts.events import WorkoutPrescribed
from domain.workouts.workout import WORKOUT

Act = Literal["read", "write"]

Kind = Literal[
    "session",
    "recording",
    "job",
    "profile",
    "workout",
    "tenant",
    "pose_coach_session",
    "pose_coach_report",
    "plan",
    "enrollment",
    "subscription",
    "coupon",
    "refund",
    "payment",
    "film",
    "supervision",
    "athlete_invitation",
    "comment",
    "assignment",
    "program",
    "custom_exercise",
    "health",
    "content",
    "take_down",
    "population",
]
"""Kind of an owned resource. Aggregates over sessions count as sessions; those of the pose coach,
which Firestore's rules guard as well, are a kind of their own (C-12). Public profiles of trainers
count as plans, and invoices as subscriptions. Refunds are what the seller gives back. Films are the
videos and pictures of recordings, under the name that access logs have stored. Supervision is which
trainers see an athlete, assignments the workouts that they assign to them. Programs are their
training programs, custom exercises those that they recorded. Health is the records of health
sources, which no other user sees, in any role. Content is the videos that trainers upload; only
administrators take it down. The report of the pose coach and the population have figures of at
least twenty people together."""

PERSONAL_CATEGORIES: Final = frozenset(
    {
        USER.category,
        ACHIEVEMENTS.category,
        BILLING_DETAILS.category,
        HEALTH.category,
        GUIDANCE.category,
        PROGRAMS.category,
        CUSTOM_EXERCISES.category,
    }
)
"""Categories of streams whose id is the id of their owner."""

MAX_CACHED_OWNERS: Final = 10_000


class Forbidden(Rejected):
    """You do not have permission to do this."""

    code = "authorization.not_allowed"
    kind = "forbidden"


class Authorizer(Protocol):
    """Authorization policy: decides by role and ownership."""

    @property
    def policy_version(self) -> str:
        """Version of the rules. Cached responses are not reused under other rules."""
        ...

    def is_allowed(
        self, user_id: UserId, roles: frozenset[Role], act: Act, kind: Kind, owner: UserId | None
    ) -> bool:
        """Return whether a user may do this to an owner's resource; None: to anyone's."""
        ...

    def is_allowed_to_trainers(self, roles: frozenset[Role], act: Act, kind: Kind) -> bool:
        """Return whether these roles may do this to athletes who let them see their training.

        Roles that may do it to everybody do not count.
        """
        ...


_OWNING: Final[tuple[Any, ...]] = (
    SessionStarted,
    RecordingStarted,
    WorkoutPrescribed,
    TrainerProfileChanged,
    PlanDrafted,
    EnrollmentCreated,
    PaymentCreated,
    SubscriptionCreated,
    InvoiceIssued,
    CouponCreated,
    SupervisionAllowed,
    AthleteInvitationCreated,
    CommentWritten,
    WorkoutAssigned,
    PoseSessionSaved,
    IntegrationConnected,
    MetricsSynced,
    UploadRequested,
    RecommendationGenerated,
    ViewStarted,
    PlacesCounted,
    PlaceTaken,
)

OWNING_EVENTS: Final = frozenset(str(kind.event_name) for kind in _OWNING)
"""Names of the events that name the owner of their stream."""


def find_owner(event: Any) -> UserId | None:
    """Return the owner of the stream if this event names one, else None."""
    match event:
        case (
            SessionStarted(athlete_id=owner)
            | WorkoutPrescribed(author_id=owner)
            | RecordingStarted(user_id=owner)
            | TrainerProfileChanged(name=Personal(subject=owner))
            | PlanDrafted(trainer_id=owner)
            | EnrollmentCreated(user_id=owner)
            | PaymentCreated(user_id=owner)
            | SubscriptionCreated(user_id=owner)
            | InvoiceIssued(user_id=owner)
            | CouponCreated(user_id=owner)
            | SupervisionAllowed(athlete_id=owner)
            | AthleteInvitationCreated(trainer_id=owner)
            | CommentWritten(athlete_id=owner)
            | WorkoutAssigned(athlete_id=owner)
            | PoseSessionSaved(user_id=owner)
            | IntegrationConnected(user_id=owner)
            | MetricsSynced(user_id=owner)
            | UploadRequested(trainer_id=owner)
            | RecommendationGenerated(user_id=owner)
            | ViewStarted(user_id=owner)
            | PlacesCounted(user_id=owner)
            | PlaceTaken(user_id=owner)
        ):
            return owner
        case _:
            return None


def find_stream_owner(recorded: Recorded[Any]) -> UserId | None:
    """Return the owner of the stream if this event names it, else None."""
    owner = find_owner(recorded.event)
    if owner is not None:
        return owner
    category, _, stream_id = recorded.stream.partition("-")
    return UserId(stream_id) if category in PERSONAL_CATEGORIES else None


def owners_of(events: Iterable[Recorded[Any]]) -> dict[StreamKey, UserId]:
    """Return the owners of the streams that begin in these events.

    Only the first event of a stream counts, so the result does not depend on how the log is split
    into batches. Streams of a tenant as a whole have no owner.
    """
    return {
        (recorded.origin.tenant_id, recorded.stream): owner
        for recorded in events
        if recorded.version == 1 and (owner := find_stream_owner(recorded)) is not None
    }


class ResourceOwners:
    """Finds the owners of resources in the log, which is always current. Thread-safe.

    A stream's first events name its owner, who never changes.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._cache = LruCache[tuple[TenantId, str], UserId](MAX_CACHED_OWNERS)

    def of_session(self, tenant_id: TenantId, session_id: SessionId) -> UserId | None:
        """Return the athlete of a session, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{SESSION.category}-{session_id}")

    def of_workout(self, tenant_id: TenantId, workout_id: WorkoutId) -> UserId | None:
        """Return the author of a workout, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{WORKOUT.category}-{workout_id}")

    def of_plan(self, tenant_id: TenantId, plan_id: PlanId) -> UserId | None:
        """Return the trainer of a plan, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{PLAN.category}-{plan_id}")

    def of_enrollment(self, tenant_id: TenantId, enrollment_id: EnrollmentId) -> UserId | None:
        """Return the user of an enrollment, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{ENROLLMENT.category}-{enrollment_id}")

    def of_subscription(
        self, tenant_id: TenantId, subscription_id: SubscriptionId
    ) -> UserId | None:
        """Return the user of a subscription, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{SUBSCRIPTION.category}-{subscription_id}")

    def of_payment(self, tenant_id: TenantId, payment_id: PaymentId) -> UserId | None:
        """Return the user of a payment, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{PAYMENT.category}-{payment_id}")

    def of_invoice(self, tenant_id: TenantId, invoice_id: InvoiceId) -> UserId | None:
        """Return the buyer of an invoice, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{INVOICE.category}-{invoice_id}")

    def of_coupon(self, tenant_id: TenantId, coupon_id: CouponId) -> UserId | None:
        """Return who offers a coupon, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{COUPON.category}-{coupon_id}")

    def of_pose_session(self, tenant_id: TenantId, session_id: PoseSessionId) -> UserId | None:
        """Return whose session of the pose coach it is, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{POSE_SESSION.category}-{session_id}")

    def of_content(self, tenant_id: TenantId, content_id: ContentId) -> UserId | None:
        """Return the trainer of a content item, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{CONTENT.category}-{content_id}")

    def of_athlete_invitation(
        self, tenant_id: TenantId, invitation_id: AthleteInvitationId
    ) -> UserId | None:
        """Return the trainer of an invitation, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{ATHLETE_INVITATION.category}-{invitation_id}")

    def of_recording(self, tenant_id: TenantId, recording_id: RecordingId) -> UserId | None:
        """Return the person in a recording, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{RECORDING.category}-{recording_id}")

    def _owner(self, tenant_id: TenantId, stream: str) -> UserId | None:
        cached = self._cache.get((tenant_id, stream))
        if cached is not None:
            return cached
        for recorded in self._log.load(tenant_id, stream):
            owner = find_stream_owner(recorded)
            if owner is not None:
                self._cache.put((tenant_id, stream), owner)
                return owner
        return None
