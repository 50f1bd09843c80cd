"""Stream history with state changes."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from application.kernel.ports import EventLog
from domain.access.access import ACCESS
from domain.achievements.achievements import ACHIEVEMENTS
from domain.assignments.assignments import ASSIGNMENTS
from domain.capacities.capacity import CAPACITY
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER
from domain.comments.comments import COMMENTS
from domain.content.encoding import CONTENT_ENCODING
from domain.content.item import CONTENT
from domain.content.lesson import LESSON
from domain.content.viewing import VIEWING
from domain.coupons.coupon import COUPON
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.enrollments.enrollment import ENROLLMENT
from domain.erasures.erasure import ERASURE
from domain.guidance.guidance import GUIDANCE
from domain.guidance.promotion import RECOMMENDATION_MODEL
from domain.guidance.recommendation import RECOMMENDATION
from domain.health.batch import HEALTH_BATCH
from domain.health.choices import HEALTH
from domain.health.integration import HEALTH_INTEGRATION
from domain.ids import TenantId
from domain.invoices.billing_details import BILLING_DETAILS
from domain.invoices.invoice import INVOICE
from domain.invoices.series import INVOICE_SERIES
from domain.kernel import Decider, Recorded, Rejected
from domain.payments.payment import PAYMENT
from domain.pose_coach.pose_session import POSE_SESSION
from domain.programs.programs import PROGRAMS
from domain.recordings.recording import RECORDING
from domain.sessions.session import SESSION
from domain.share_links.share_links import SHARING
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.supervision.invitation import ATHLETE_INVITATION
from domain.supervision.supervision import SUPERVISION
from domain.tenants.tenant import TENANT
from domain.users.user import USER
from domain.workouts.workout import WORKOUT

DECIDERS: dict[str, Decider[Any, Any, Any]] = {
    decider.category: decider
    for decider in (
        ACCESS,
        ACHIEVEMENTS,
        ASSIGNMENTS,
        ATHLETE_INVITATION,
        BILLING_DETAILS,
        CAPACITY,
        COMMENTS,
        CONTENT,
        CONTENT_ENCODING,
        VIEWING,
        COUPON,
        CUSTOM_EXERCISES,
        ENROLLMENT,
        ERASURE,
        GUIDANCE,
        HEALTH,
        HEALTH_BATCH,
        HEALTH_INTEGRATION,
        INVOICE,
        INVOICE_SERIES,
        LESSON,
        PAYMENT,
        PLAN,
        POSE_SESSION,
        PROGRAMS,
        RECOMMENDATION,
        RECOMMENDATION_MODEL,
        RECORDING,
        SESSION,
        SHARING,
        SUBSCRIPTION,
        SUPERVISION,
        TENANT,
        TRAINER,
        USER,
        WORKOUT,
    )
}
"""Decider of every stream category."""


class StreamUnknown(Rejected):
    """There is no stream with this name."""

    code = "stream.unknown"
    kind = "not_found"


@dataclass(frozen=True)
class FieldChange:
    """One field of the aggregate's state before and after an event."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class AuditEntry:
    """A recorded event, and the state change it caused."""

    recorded: Recorded[Any]
    state: str
    changes: tuple[FieldChange, ...]


AsOf = int | datetime | None
"""A version, a time of recording, or None for the whole history."""


def as_of(history: Iterator[Recorded[Any]], limit: AsOf) -> Iterator[Recorded[Any]]:
    """Return the part of a history up to a version or time."""
    for recorded in history:
        if isinstance(limit, int) and recorded.version > limit:
            return
        if isinstance(limit, datetime) and recorded.recorded_at > limit:
            return
        yield recorded


def replay_stream(
    log: EventLog, tenant_id: TenantId, stream: str, limit: AsOf = None
) -> Iterator[AuditEntry]:
    """Replay a stream from its first event. Raises StreamUnknown."""
    decider = DECIDERS.get(stream.partition("-")[0])
    history = log.load(tenant_id, stream)
    if decider is None or not history:
        raise StreamUnknown(f"There is no stream {stream!r} in this tenant.")
    state = decider.initial
    for recorded in as_of(iter(history), limit):
        after = decider.evolve(state, recorded.event)
        yield AuditEntry(recorded, type(after).__name__, tuple(_changes(state, after)))
        state = after


def _changes(before: Any, after: Any) -> Iterator[FieldChange]:
    old, new = _content(before), _content(after)
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            yield FieldChange(name, old.get(name), new.get(name))


def _content(state: Any) -> dict[str, Any]:
    if not is_dataclass(state) or isinstance(state, type):
        raise TypeError(f"{state!r} is not the state of an aggregate.")
    values = {field.name: getattr(state, field.name) for field in fields(state)}
    return {"state": type(state).__name__, **values}
