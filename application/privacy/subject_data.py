"""Data of one person: their streams, and the terms that identify them.

The log is read undecoded. Only events that name the person are decoded, so that no other person's
key is needed.

Free text that a person wrote, such as the name of a workout or a passkey, is encrypted and erased
as well, but is not an identifying term: "Push day" identifies nobody, and others write it, too. The
same holds for pseudonyms, which others may have used before or use now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Final

from application.kernel.cloud_events import Decode, to_recorded
from application.kernel.relay import EncodedLog, read_log
from application.users.authorization import OWNING_EVENTS, find_owner
from domain.access.access import ACCESS
from domain.achievements.achievements import ACHIEVEMENTS
from domain.assignments.assignments import ASSIGNMENTS
from domain.assignments.events import WorkoutAssigned
from domain.capacities.capacity import CAPACITY
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER
from domain.comments.comments import COMMENTS
from domain.comments.events import CommentWritten
from domain.content.item import CONTENT
from domain.content.viewing import VIEWING
from domain.coupons.coupon import COUPON
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.enrollments.enrollment import ENROLLMENT
from domain.guidance.guidance import GUIDANCE
from domain.guidance.recommendation import RECOMMENDATION
from domain.health.batch import HEALTH_BATCH
from domain.health.choices import HEALTH
from domain.health.integration import HEALTH_INTEGRATION
from domain.ids import RecordingId, SessionId, TenantId, UserId, WorkoutId
from domain.invoices.billing_details import BILLING_DETAILS
from domain.invoices.invoice import INVOICE
from domain.kernel import Decider, Recorded, value
from domain.payments.payment import PAYMENT
from domain.personal import Erased, Personal
from domain.pose_coach.pose_session import POSE_SESSION
from domain.programs.programs import PROGRAMS
from domain.recordings.recording import RECORDING
from domain.sessions.session import SESSION
from domain.share_links.share_links import SHARING
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.supervision.invitation import ATHLETE_INVITATION
from domain.supervision.supervision import SUPERVISION
from domain.users.events import LeaderboardsJoined, SecondFactorAdded, SecondFactorRenamed
from domain.users.user import USER
from domain.workouts.workout import WORKOUT

_OTHERS: Final[tuple[Decider[Any, Any, Any], ...]] = (
    TRAINER,
    PLAN,
    ENROLLMENT,
    PAYMENT,
    SUBSCRIPTION,
    INVOICE,
    COUPON,
    SUPERVISION,
    ATHLETE_INVITATION,
    COMMENTS,
    ASSIGNMENTS,
    POSE_SESSION,
    HEALTH_INTEGRATION,
    HEALTH_BATCH,
    CONTENT,
    RECOMMENDATION,
    VIEWING,
    CAPACITY,
)

OWNED: Final = (
    SESSION.category,
    RECORDING.category,
    WORKOUT.category,
    *(each.category for each in _OTHERS),
)
"""Categories of a person's streams whose first event names them."""

_NOT_IDENTIFYING: Final[tuple[Any, ...]] = (
    LeaderboardsJoined,
    SecondFactorAdded,
    SecondFactorRenamed,
)
"""Events whose personal data identify nobody: pseudonyms, and names of passkeys."""


@value
class Term:
    """An identifying text that must not remain anywhere. Its `kind` is not secret.

    The kind is the name of the event and its field, such as `user.email_changed.email`.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class SubjectData:
    """A person and their data. Media are stored under the ids of sessions and recordings.

    `terms` identify the person, so `repr` hides them. `others` are the names of their streams of
    the catalog, of enrollments, payments, subscriptions, supervision and health data, of comments
    on their sessions, of their sessions with the pose coach, of content that they uploaded, of
    their views of content, and of their recommendations. `commented` are sessions of others that
    the person wrote comments on, and `assigned_to` athletes to whom they assigned workouts.
    What they wrote is personal data of those athletes as well, and stays when the person is erased.
    """

    tenant_id: TenantId
    user_id: UserId
    sessions: tuple[SessionId, ...]
    recordings: tuple[RecordingId, ...]
    workouts: tuple[WorkoutId, ...]
    terms: tuple[Term, ...] = field(default=(), repr=False)
    others: tuple[str, ...] = ()
    commented: tuple[SessionId, ...] = ()
    assigned_to: tuple[UserId, ...] = ()

    @property
    def streams(self) -> tuple[str, ...]:
        """Streams of the person, that of the account first."""
        return (
            f"{USER.category}-{self.user_id}",
            f"{ACCESS.category}-{self.user_id}",
            f"{ACHIEVEMENTS.category}-{self.user_id}",
            f"{BILLING_DETAILS.category}-{self.user_id}",
            f"{HEALTH.category}-{self.user_id}",
            f"{GUIDANCE.category}-{self.user_id}",
            f"{PROGRAMS.category}-{self.user_id}",
            f"{CUSTOM_EXERCISES.category}-{self.user_id}",
            *(f"{SESSION.category}-{each}" for each in self.sessions),
            *(f"{RECORDING.category}-{each}" for each in self.recordings),
            *(f"{SHARING.category}-{each}" for each in self.recordings),
            *(f"{WORKOUT.category}-{each}" for each in self.workouts),
            *self.others,
        )


def load_subject_data(
    log: EncodedLog, decode: Decode, tenant_id: TenantId, user_id: UserId
) -> SubjectData:
    """Find a person's data by reading the log of the tenant once. Raises StorageUnavailable."""
    encoded_id = user_id.encode()
    owned: dict[str, list[str]] = {category: [] for category in OWNED}
    commented: list[str] = []
    assigned_to: list[str] = []
    for encoded in read_log(log, tenant_id):
        if encoded.name in OWNING_EVENTS and encoded_id in encoded.payload:
            first: Recorded[Any] = to_recorded(encoded, decode)
            category, _, stream_id = encoded.stream.partition("-")
            if find_owner(first.event) == user_id:
                owned[category].append(stream_id)
            if isinstance(first.event, CommentWritten) and first.event.trainer_id == user_id:
                commented.append(stream_id)
            if isinstance(first.event, WorkoutAssigned) and first.event.trainer_id == user_id:
                assigned_to.append(stream_id)
    return SubjectData(
        tenant_id=tenant_id,
        user_id=user_id,
        sessions=tuple(map(SessionId, owned[SESSION.category])),
        recordings=tuple(map(RecordingId, owned[RECORDING.category])),
        workouts=tuple(map(WorkoutId, owned[WORKOUT.category])),
        others=tuple(
            f"{each.category}-{key}"
            for each in _OTHERS
            for key in dict.fromkeys(owned[each.category])  # a stream can begin again
        ),
        commented=tuple(map(SessionId, dict.fromkeys(commented))),
        assigned_to=tuple(map(UserId, dict.fromkeys(assigned_to))),
    )


def identifying_terms(subject: UserId, history: Iterable[Recorded[Any]]) -> tuple[Term, ...]:
    """Return the terms in these events that identify a person, once each, in order.

    They include former addresses and names, but nothing that is already erased.
    """
    terms: dict[str, Term] = {}
    for each in history:
        event = each.event
        if isinstance(event, _NOT_IDENTIFYING):
            continue
        for attribute in fields(event):
            personal = getattr(event, attribute.name)
            if isinstance(personal, Personal) and personal.subject == subject:
                for text in texts_in(personal.value):  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # of any type
                    terms.setdefault(text, Term(f"{event.event_name}.{attribute.name}", text))
    return tuple(terms.values())


def texts_in(content: Any) -> Iterator[str]:
    """Yield the texts in a value: a text, a date in JSON form, or those of its fields."""
    match content:
        case Erased() | None:
            return
        case int() | float():
            return  # a number identifies nobody, and occurs in many places
        case str():
            if content.strip():
                yield content
        case date():
            yield content.isoformat()
        case _ if is_dataclass(content):
            for attribute in fields(content):
                yield from texts_in(getattr(content, attribute.name))
        case _:
            yield str(content)
