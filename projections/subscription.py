"""Subscription read model: one row per subscription, with its price and dates."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from domain.ids import PaymentId, PlanId, SubscriptionId, UserId
from domain.kernel import Projection, Recorded
from domain.money import Currency, Region
from domain.payment_methods import Gateway
from domain.subscriptions import events
from domain.subscriptions.discounts import CouponDiscount
from domain.subscriptions.grace import grace_begins_at
from domain.subscriptions.plan_changes import ChangeEvent
from domain.subscriptions.states import ANNOUNCED, CHARGED, TRIAL_REMINDED
from projections.kernel import fast_replace, stream_id

SubscriptionStatus = Literal[
    "pending_payment", "active", "past_due", "paused", "canceled", "expired"
]
"""The last two are over. `canceled`: by its user, or the money was returned. `expired`: it was not
paid."""

OVER: Final[frozenset[SubscriptionStatus]] = frozenset({"canceled", "expired"})


@dataclass(frozen=True)
class Subscription:
    """A user's right to a plan. The amount of a period includes tax.

    `renews_at` is None before the first payment and after the end. `ends_at` is set by a
    cancellation, and is the end afterwards. `pauses_at` and `resumes_at` are set by a pause.
    `renewal_payment_id` is the renewal that is under way, and `charged_by` the gateway that keeps a
    method for renewals. `is_announced`: the user has had the e-mail about the next renewal. At
    `due_at`, there is something to announce, charge, change, pause or end. `is_trial`: nothing has
    been paid yet. `change_plan_id` is the plan of a change that is pending: at `changes_at`, or
    with its payment `change_payment_id`; `change_amount_minor` is what a period costs after a
    scheduled one, and `change_due_minor` what that payment costs, in the same currency. A period of
    that plan has `change_billing_months`. `discount` is that of the coupon of the first payment.
    `has_ended_in_grace`: it gave access after the date of a renewal that was never paid, and did
    not end because money was returned.
    """

    id: SubscriptionId
    user_id: UserId
    plan_id: PlanId
    plan_number: int
    status: SubscriptionStatus
    region: Region
    amount_minor: int
    currency: Currency
    tax_basis_points: int
    billing_months: int
    created_at: datetime
    renews_at: datetime | None = None
    retry_at: datetime | None = None
    ends_at: datetime | None = None
    end_reason: events.EndReason | None = None
    charged_by: Gateway | None = None
    renewal_payment_id: PaymentId | None = None
    is_announced: bool = False
    due_at: datetime | None = None
    pauses_at: datetime | None = None
    resumes_at: datetime | None = None
    is_trial: bool = False
    change_plan_id: PlanId | None = None
    changes_at: datetime | None = None
    change_payment_id: PaymentId | None = None
    change_amount_minor: int | None = None
    change_due_minor: int | None = None
    change_billing_months: int | None = None
    discount: CouponDiscount | None = None
    has_grace: bool = True
    has_ended_in_grace: bool = False


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by subscription."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.SubscriptionEvent) else ()


def evolve(row: Subscription | None, recorded: Recorded[Any]) -> Subscription | None:
    """Apply one event to the subscription."""
    match recorded.event, row:
        case events.SubscriptionCreated() as created, _:
            return Subscription(
                id=SubscriptionId(stream_id(recorded)),
                user_id=created.user_id,
                plan_id=created.plan_id,
                plan_number=created.plan_number,
                status="pending_payment",
                region=created.price.region,
                amount_minor=created.price.amount.minor,
                currency=created.price.amount.currency,
                tax_basis_points=created.price.tax_basis_points,
                billing_months=created.billing_months,
                created_at=created.at,
            )
        case events.GraceWithheld(), Subscription():
            return fast_replace(row, has_grace=False)
        case event, Subscription() if isinstance(event, events.SubscriptionEvent):
            return _with_change(_evolve(row, event))
        case _:
            return row


def _with_change(row: Subscription) -> Subscription:
    """Return the row with something due when its scheduled change takes effect."""
    if row.changes_at is None or (row.due_at is not None and row.due_at <= row.changes_at):
        return row
    return fast_replace(row, due_at=row.changes_at)


def _evolve(row: Subscription, event: events.SubscriptionEvent) -> Subscription:
    match event:
        case events.SubscriptionActivated(renews_at=renews_at):
            due_at = renews_at - ANNOUNCED
            return fast_replace(row, status="active", renews_at=renews_at, due_at=due_at)
        case events.SubscriptionRenewed(renews_at=renews_at):
            ends_at = None if row.ends_at is None else renews_at
            moved = _moved(row, renews_at)
            return fast_replace(
                row,
                status="active",
                renews_at=renews_at,
                retry_at=None,
                ends_at=ends_at,
                renewal_payment_id=None,
                is_announced=False,
                due_at=ends_at or moved.pauses_at or renews_at - ANNOUNCED,
                pauses_at=moved.pauses_at,
                resumes_at=moved.resumes_at,
                is_trial=False,
            )
        case events.SubscriptionPastDue(retry_at=retry_at):
            status: SubscriptionStatus = "paused" if row.status == "paused" else "past_due"
            return fast_replace(
                row, status=status, retry_at=retry_at, renewal_payment_id=None, due_at=retry_at
            )
        case events.CancellationScheduled(ends_at=ends_at):
            return fast_replace(
                row, ends_at=ends_at, due_at=ends_at, pauses_at=None, resumes_at=None
            )
        case events.SubscriptionResumed(at=at) if row.status == "paused":
            return fast_replace(row, resumes_at=at, retry_at=None, due_at=at)
        case events.SubscriptionResumed():
            going_on = fast_replace(row, ends_at=None, pauses_at=None, resumes_at=None)
            return fast_replace(going_on, due_at=_planned_at(going_on))
        case events.PauseScheduled(pauses_at=pauses_at, resumes_at=resumes_at):
            return fast_replace(row, pauses_at=pauses_at, resumes_at=resumes_at, due_at=pauses_at)
        case events.SubscriptionPaused(resumes_at=resumes_at, at=at):
            paused = fast_replace(
                row, status="paused", pauses_at=at, resumes_at=resumes_at, is_announced=False
            )
            return fast_replace(paused, due_at=resumes_at - _early(paused))
        case events.SubscriptionEnded(reason=reason, at=at):
            is_unpaid = reason in {"payment_failed", "expired"}
            return fast_replace(
                row,
                status="expired" if is_unpaid else "canceled",
                renews_at=None,
                retry_at=None,
                renewal_payment_id=None,
                due_at=None,
                ends_at=at,
                end_reason=reason,
                has_ended_in_grace=reason != "refunded" and in_grace(row, at),
                pauses_at=None,
                resumes_at=None,
                change_plan_id=None,
                changes_at=None,
                change_payment_id=None,
                change_amount_minor=None,
                change_due_minor=None,
                change_billing_months=None,
            )
        case _:
            return _evolve_renewal(row, event)


def _evolve_change(row: Subscription, event: ChangeEvent) -> Subscription:
    match event:
        case events.PlanChangeStarted(choice=choice, payment_id=payment_id):
            return fast_replace(
                row,
                change_plan_id=choice.plan_id,
                change_payment_id=payment_id,
                change_due_minor=event.amount.minor,
                change_billing_months=choice.billing_months,
                due_at=None,
            )
        case events.PlanChangeScheduled(choice=choice, changes_at=changes_at):
            scheduled = fast_replace(
                row,
                change_plan_id=choice.plan_id,
                changes_at=changes_at,
                change_amount_minor=choice.price.amount.minor,
                change_billing_months=choice.billing_months,
                is_announced=False,
            )
            return fast_replace(scheduled, due_at=_next_due(scheduled))
        case events.PlanChangeFailed() | events.PlanChangeWithdrawn():
            is_announced = row.is_announced and row.changes_at is None
            return _without_change(fast_replace(row, is_announced=is_announced))
        case events.PlanChanged(choice=choice):
            paid_now = event.payment_id is not None
            changed = fast_replace(
                row,
                plan_id=choice.plan_id,
                plan_number=choice.plan_number,
                amount_minor=choice.price.amount.minor,
                currency=choice.price.amount.currency,
                tax_basis_points=choice.price.tax_basis_points,
                billing_months=choice.billing_months,
                renews_at=event.renews_at,
                is_announced=row.is_announced and not paid_now,
            )
            return _without_change(changed)


def _without_change(row: Subscription) -> Subscription:
    without = fast_replace(
        row,
        change_plan_id=None,
        changes_at=None,
        change_payment_id=None,
        change_amount_minor=None,
        change_due_minor=None,
        change_billing_months=None,
    )
    return fast_replace(without, due_at=_next_due(without))


def _next_due(row: Subscription) -> datetime | None:
    """Return when something is due of a subscription that is paid, or past due."""
    if row.ends_at is not None or row.renewal_payment_id is not None:
        return row.ends_at
    return _planned_at(row)


def _planned_at(row: Subscription) -> datetime | None:
    """Return when the next payment is announced or begun. A trial never charges a method early."""
    if row.retry_at is not None and not (row.is_trial and row.charged_by is not None):
        return row.retry_at
    return row.renews_at and row.renews_at - _early(row)


def _due_with_method(row: Subscription) -> datetime | None:
    """Return when something is due now that a method is stored: an announcement comes earlier."""
    if row.renewal_payment_id is not None:
        return row.due_at
    if row.status == "paused" and row.resumes_at is not None and row.retry_at is None:
        return row.resumes_at - _early(row)
    return _next_due(row) if row.is_trial and row.pauses_at is None else row.due_at


def _early(row: Subscription) -> timedelta:
    """Return the time before the date at which the next thing is due."""
    if row.status == "paused" and row.charged_by is None:
        return timedelta(0)  # nothing to announce: the user pays by hand
    if not row.is_announced:
        return TRIAL_REMINDED if row.is_trial else ANNOUNCED
    return timedelta(0) if row.is_trial or row.status == "paused" else CHARGED


def grace_of(row: Subscription) -> datetime | None:
    """Return when the grace of a subscription that is not paid begins, or None."""
    return grace_begins_at(
        has_grace=row.has_grace,
        on_trial=row.is_trial,
        is_past_due=row.status == "past_due",
        ends_at=row.ends_at,
        renews_at=row.renews_at,
    )


def in_grace(row: Subscription, at: datetime) -> bool:
    """Return whether a subscription is in its grace at a moment."""
    begins_at = grace_of(row)
    return begins_at is not None and begins_at < at


def _moved(row: Subscription, renews_at: datetime) -> Subscription:
    """Return the row without a pause that is over, or with a scheduled one at a later date."""
    pauses_at, resumes_at = row.pauses_at, row.resumes_at
    if pauses_at is None or resumes_at is None or row.status == "paused":
        return fast_replace(row, pauses_at=None, resumes_at=None)
    later = renews_at + (resumes_at - pauses_at)
    return fast_replace(row, pauses_at=renews_at, resumes_at=later)


def _evolve_renewal(row: Subscription, event: events.SubscriptionEvent) -> Subscription:
    match event:
        case events.SubscriptionDiscounted():
            return fast_replace(row, discount=CouponDiscount.of(event))
        case events.DiscountApplied(periods_left=left) if row.discount is not None:
            return fast_replace(row, discount=replace(row.discount, periods_left=left))
        case events.TrialStarted(ends_at=ends_at):
            reminded_at = ends_at - TRIAL_REMINDED
            return fast_replace(
                row, status="active", renews_at=ends_at, due_at=reminded_at, is_trial=True
            )
        case events.MethodStored(method=method):
            stored = fast_replace(row, charged_by=method.gateway)
            return fast_replace(stored, due_at=_due_with_method(stored))
        case events.RenewalAnnounced(renews_at=renews_at):
            announced = fast_replace(row, is_announced=True)
            return fast_replace(announced, due_at=renews_at - _early(announced))
        case events.RenewalStarted(payment_id=payment_id):
            return fast_replace(row, renewal_payment_id=payment_id, due_at=None)
        case events.RenewalWithdrawn():
            without = fast_replace(row, renewal_payment_id=None)
            is_pausing = row.pauses_at is not None and row.status != "paused"
            return fast_replace(without, due_at=row.due_at if is_pausing else _next_due(without))
        case (
            events.PlanChangeStarted()
            | events.PlanChangeFailed()
            | events.PlanChangeScheduled()
            | events.PlanChangeWithdrawn()
            | events.PlanChanged()
        ):
            return _evolve_change(row, event)
        case _:
            return row


SUBSCRIPTION = Projection(
    name="subscription",
    version=17,
    row=Subscription,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",), ("due_at",), ("plan_id",)),
    kind="subscription",
)
