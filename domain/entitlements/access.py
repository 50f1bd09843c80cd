"""Access to a plan: decided from the facts about it, which are returned with the answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from domain.catalog import events as catalog
from domain.catalog.plan import PLAN, Drafted
from domain.enrollments import events as enrollments
from domain.enrollments.enrollment import ENROLLMENT, Enrolled
from domain.enrollments.enrollment import Ended as EndedEnrollment
from domain.ids import PaymentId, PlanId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Recorded, value
from domain.payments import events as payments
from domain.subscriptions import events as subscriptions
from domain.subscriptions.states import (
    Active,
    Ended,
    NotCreated,
    Pending,
    ScheduledChange,
    Subscription,
    grants_access,
)
from domain.subscriptions.subscription import SUBSCRIPTION

AccessReason = Literal[
    "free_plan",
    "own_plan",
    "enrollment",
    "subscription",
    "trial",
    "not_enrolled",
    "payment_pending",
    "payment_failed",
    "paused",
    "cancelled",
    "refunded",
    "expired",
    "plan_changed",
    "completed",
]
"""Reason of an answer. The first five grant access: the plan is free, the user offers it, they
enrolled when it was free, they have paid, or they try it. The others say why there is none."""

Log = Sequence[Recorded[Any]]
"""Events of one stream, in order."""

FACTS: Final = (
    catalog.PlanPublished
    | enrollments.EnrollmentCreated
    | enrollments.EnrollmentCompleted
    | enrollments.EnrollmentCancelled
    | payments.PaymentCreated
    | payments.PaymentCompleted
    | payments.PaymentFailed
    | payments.PaymentRefunded
    | payments.DisputeLost
    | subscriptions.SubscriptionCreated
    | subscriptions.SubscriptionActivated
    | subscriptions.TrialStarted
    | subscriptions.SubscriptionRenewed
    | subscriptions.SubscriptionPastDue
    | subscriptions.CancellationScheduled
    | subscriptions.SubscriptionResumed
    | subscriptions.PauseScheduled
    | subscriptions.SubscriptionPaused
    | subscriptions.PauseEnded
    | subscriptions.PlanChangeScheduled
    | subscriptions.PlanChangeWithdrawn
    | subscriptions.PlanChanged
    | subscriptions.SubscriptionEnded
)
"""Events on which access depends."""


@value
class Fact:
    """An event on which the answer depends.

    `id` is that of its plan, enrollment, subscription or payment. `until` is the date to which the
    event grants or limits access.
    """

    event: str
    id: str
    at: datetime
    until: datetime | None = None
    reason: str | None = None


@value
class Access:
    """Whether a user has access, why, and the facts behind it in their order.

    `until` is the end of the paid period of this plan. It is None where access has no date, and
    without access.
    """

    granted: bool
    reason: AccessReason
    until: datetime | None = None
    facts: tuple[Fact, ...] = ()


@value
class PlanHistory:
    """Everything recorded about one plan and one user, up to a moment."""

    plan: Log
    enrollment: Log = ()
    subscriptions: Mapping[SubscriptionId, Log] | None = None
    payments: Mapping[PaymentId, Log] | None = None


def subscription_ids(enrollment: Log) -> tuple[SubscriptionId, ...]:
    """Return the subscriptions of all enrollments of a user in a plan, the oldest first."""
    ids = (
        recorded.event.subscription_id
        for recorded in enrollment
        if isinstance(recorded.event, enrollments.EnrollmentCreated)
    )
    return tuple(dict.fromkeys(each for each in ids if each is not None))


def payment_ids(subscription: Log) -> tuple[PaymentId, ...]:
    """Return the payments that a subscription names, in order."""
    ids = (getattr(recorded.event, "payment_id", None) for recorded in subscription)
    return tuple(dict.fromkeys(each for each in ids if each is not None))


def is_visible(plan: Log, user_id: UserId) -> bool:
    """Return whether the plan exists for a user: it was published once, or it is their own."""
    state = PLAN.fold(recorded.event for recorded in plan)
    return isinstance(state, Drafted) and (state.number > 0 or state.trainer_id == user_id)


def access_to_plan(user_id: UserId, history: PlanHistory) -> Access:
    """Return whether the user has access to the plan, with the facts behind the answer."""
    plan = PLAN.fold(recorded.event for recorded in history.plan)
    if isinstance(plan, Drafted):
        if plan.trainer_id == user_id:
            return Access(granted=True, reason="own_plan")
        if plan.offered is not None and not plan.offered.terms.prices:
            published = [
                recorded
                for recorded in history.plan
                if isinstance(recorded.event, catalog.PlanPublished)
            ]
            return Access(granted=True, reason="free_plan", facts=_facts(published[-1:]))
    states = {
        key: SUBSCRIPTION.fold(recorded.event for recorded in log)
        for key, log in (history.subscriptions or {}).items()
    }
    plan_id = _plan_id(history.enrollment)
    for key, subscription in reversed(states.items()):
        if grants_access(subscription) and _is_for(subscription, plan_id):
            facts = _facts(_chain(history, key))
            on_trial = isinstance(subscription, Active) and subscription.on_trial
            granting: AccessReason = "trial" if on_trial else "subscription"
            return Access(granted=True, reason=granting, until=_until(subscription), facts=facts)
    enrollment = ENROLLMENT.fold(recorded.event for recorded in history.enrollment)
    if isinstance(enrollment, Enrolled) and enrollment.active and not enrollment.subscription_id:
        return Access(granted=True, reason="enrollment", facts=_facts(_chain(history, None)))
    latest = list(states)[-1] if states else None
    reason = _obstacle(history.enrollment, states[latest] if latest else None, plan_id)
    return Access(granted=False, reason=reason, facts=_facts(_chain(history, latest)))


def _plan_id(enrollment: Log) -> PlanId | None:
    """Return the plan of the enrollments of a stream."""
    created = (
        recorded.event.plan_id
        for recorded in enrollment
        if isinstance(recorded.event, enrollments.EnrollmentCreated)
    )
    return next(created, None)


def _is_for(subscription: Subscription, plan_id: PlanId | None) -> bool:
    """Return whether a subscription is for this plan now: it may have changed to another one."""
    return plan_id is None or getattr(subscription, "plan_id", plan_id) == plan_id


def _until(subscription: Subscription) -> datetime | None:
    """Return the end of the paid time, or of the plan if the rest is paid for another one."""
    if not isinstance(subscription, Active):
        return None
    if isinstance(subscription.change, ScheduledChange):
        return subscription.change.changes_at
    return subscription.ends_at or subscription.renews_at


def is_scheduled(workout_id: WorkoutId, enrollment: Log) -> bool:
    """Return whether an active enrollment prescribes the workout."""
    state = ENROLLMENT.fold(recorded.event for recorded in enrollment)
    return isinstance(state, Enrolled) and state.active and workout_id in state.schedule.workouts


def _chain(history: PlanHistory, subscription_id: SubscriptionId | None) -> Iterator[Recorded[Any]]:
    """Yield the events of the enrollments with a subscription, of it, and of its payments."""
    is_own = False
    for recorded in history.enrollment:
        if isinstance(recorded.event, enrollments.EnrollmentCreated):
            is_own = recorded.event.subscription_id == subscription_id
        if is_own:
            yield recorded
    if subscription_id is None or history.subscriptions is None:
        return
    yield from history.subscriptions[subscription_id]
    for log in (history.payments or {}).values():
        match log[0].event if log else None:
            case payments.PaymentCreated(subscription_id=paid) if paid == subscription_id:
                yield from log
            case _:
                continue


def _obstacle(
    enrollment: Log, subscription: Subscription | None, plan_id: PlanId | None
) -> AccessReason:
    match subscription:
        case Active() | Ended() if not _is_for(subscription, plan_id):
            return "plan_changed"
        case Pending():
            return "payment_pending"
        case Active():
            return "paused"
        case Ended(reason=reason):
            return reason
        case None | NotCreated():
            if not enrollment:
                return "not_enrolled"
            match ENROLLMENT.fold(recorded.event for recorded in enrollment):
                case EndedEnrollment(completed=Enrolled()):
                    return "completed"
                case _:
                    return "cancelled"


def _facts(log: Iterable[Recorded[Any]]) -> tuple[Fact, ...]:
    ordered = sorted(log, key=lambda recorded: recorded.position)
    return tuple(_fact(recorded) for recorded in ordered if isinstance(recorded.event, FACTS))


def _fact(recorded: Recorded[Any]) -> Fact:
    event = recorded.event
    until = getattr(event, "renews_at", None) or getattr(event, "ends_at", None)
    until = until or getattr(event, "pauses_at", None) or getattr(event, "resumes_at", None)
    until = until or getattr(event, "changes_at", None)
    return Fact(
        event=event.event_name,
        id=recorded.stream.partition("-")[2],
        at=recorded.recorded_at,
        until=until or getattr(event, "retry_at", None),
        reason=getattr(event, "reason", None),
    )
