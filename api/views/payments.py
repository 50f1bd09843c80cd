"""Subscriptions and payments: their views, and commands with inputs and writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, get_args
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.owned_rows import find_visible, newest_page
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.read_models import Condition, Page, Window
from application.payments.grace import withheld_until
from application.payments.policy import first_payment_of
from application.payments.possible import Refundable
from domain.ids import SubscriptionId
from domain.money import Currency, Money, Region
from domain.payments.commands import DisputeStage
from domain.payments.events import (
    DeclineReason,
    DisputeReason,
    FailReason,
    Gateway,
    RouteReason,
)
from domain.subscriptions.commands import MAX_PAUSE_DAYS, MIN_PAUSE_DAYS, SubscriptionNotFound
from domain.subscriptions.discounts import amount_of
from domain.subscriptions.events import EndReason
from projections.payment import PAYMENT, Attention, PaymentStatus
from projections.payment import Payment as PaymentRow
from projections.subscription import SUBSCRIPTION, SubscriptionStatus, grace_of
from projections.subscription import Subscription as SubscriptionRow


class Subscription(Body):
    """A user's right to a plan, paid by period."""

    subscription_id: str
    user_id: str
    plan_id: str
    plan_number: int = Field(description="The version of the plan.")
    status: SubscriptionStatus
    region: Region
    amount_minor: int = Field(description="Price of a period with tax, in minor units.")
    amount: str = Field(description="The same with its decimal point, such as 19.99.")
    currency: Currency
    billing_months: int
    created_at: datetime
    renews_at: datetime | None
    retry_at: datetime | None = Field(description="When a failed renewal is tried again.")
    ends_at: datetime | None = Field(description="End of a cancelled subscription.")
    end_reason: EndReason | None
    pauses_at: datetime | None = Field(description="Begin of a pause, which ends a paid period.")
    resumes_at: datetime | None = Field(description="End of a pause, when it is charged again.")
    is_trial: bool = Field(description="Whether nothing is paid before `renewsAt`.")
    change_plan_id: str | None = Field(description="The plan of a change that is pending.")
    changes_at: datetime | None = Field(description="When a scheduled change takes effect.")
    change_payment_id: str | None = Field(
        description="The payment with which the change takes effect. Pay it if it needs you."
    )
    change_amount: str | None = Field(
        description="What that payment costs, or each period after a scheduled change, without the"
        " coupon."
    )
    change_billing_months: int | None = Field(
        description="How many months a period of the plan of a pending change has."
    )
    coupon_id: str | None = Field(description="The coupon that reduces the next period.")
    next_amount_minor: int = Field(
        description="What the next period costs with the coupon, in minor units."
    )
    next_amount: str = Field(description="The same with its decimal point, such as 14.99.")
    discounted_periods_left: int | None = Field(
        description="How many more periods the coupon reduces, or null: all."
    )
    charged_by: Gateway | None = Field(
        description="The gateway that keeps a method for renewals. Without one, pay them by hand."
    )
    can_store_method: bool = Field(
        description="Whether a gateway of the region can keep another method for renewals."
    )
    can_resume: bool = Field(
        description="Whether its cancellation or pause can be taken back: not if its plan is gone,"
        " or if the money of its next period was returned."
    )
    renewal_payment_id: str | None = Field(
        description="The renewal that is under way. Pay it if it is not charged by itself."
    )
    renewal_needs_action: bool = Field(
        description="Whether the user must confirm that renewal with their bank."
    )
    trials_withheld_from: datetime | None = Field(
        description="Date of an unpaid renewal; no free trial can begin after it."
    )
    trials_withheld_until: datetime | None = Field(
        description="Time before which no free trial can begin, because this one ended unpaid."
    )

    @classmethod
    def of(
        cls,
        row: SubscriptionRow,
        *,
        can_store_method: bool,
        can_resume: bool,
        renewal_needs_action: bool,
    ) -> "Subscription":
        """Convert a row of the read model."""
        price = Money(row.amount_minor, row.currency)
        next_plan, next_price = row.plan_id, price
        if row.change_plan_id is not None and row.change_amount_minor is not None:
            next_plan, next_price = row.change_plan_id, Money(row.change_amount_minor, row.currency)
        next_amount, discount = amount_of(row.discount, next_plan, next_price)
        change_amount = None if row.change_plan_id is None else next_price
        if row.change_due_minor is not None:
            change_amount = Money(row.change_due_minor, row.currency)
        return cls(
            subscription_id=row.id,
            user_id=row.user_id,
            plan_id=row.plan_id,
            plan_number=row.plan_number,
            status=row.status,
            region=row.region,
            amount_minor=row.amount_minor,
            amount=price.decimal(),
            currency=row.currency,
            billing_months=row.billing_months,
            created_at=row.created_at,
            renews_at=row.renews_at,
            retry_at=row.retry_at,
            ends_at=row.ends_at,
            end_reason=row.end_reason,
            pauses_at=row.pauses_at,
            resumes_at=row.resumes_at,
            is_trial=row.is_trial,
            change_plan_id=row.change_plan_id,
            changes_at=row.changes_at,
            change_payment_id=row.change_payment_id,
            change_amount=None if change_amount is None else change_amount.decimal(),
            change_billing_months=row.change_billing_months,
            coupon_id=None if discount is None else discount.coupon_id,
            next_amount_minor=next_amount.minor,
            next_amount=next_amount.decimal(),
            discounted_periods_left=0
            if discount is None or row.discount is None
            else row.discount.periods_left,
            charged_by=row.charged_by,
            can_store_method=can_store_method,
            can_resume=can_resume,
            renewal_payment_id=row.renewal_payment_id,
            renewal_needs_action=renewal_needs_action,
            trials_withheld_from=grace_of(row),
            trials_withheld_until=withheld_until(row),
        )


class Payment(Body):
    """One payment of a subscription."""

    payment_id: str
    user_id: str
    subscription_id: str
    status: PaymentStatus
    renewal: bool = Field(description="Whether it pays for another period of the subscription.")
    region: Region
    amount_minor: int = Field(description="With tax, in minor units.")
    amount: str = Field(description="The same with its decimal point, such as 19.99.")
    currency: Currency
    gateway: Gateway | None
    route_reason: RouteReason | None = Field(description="Why it is this gateway.")
    needs_action: bool = Field(description="Whether the user must authenticate with their bank.")
    decline_reason: DeclineReason | None = Field(description="Why the last method was declined.")
    fail_reason: FailReason | None
    attention: Attention | None = Field(
        description="Why a person must act at the gateway, such as to void or return something."
    )
    dispute: DisputeStage | None = Field(
        description="Stage of the dispute by the bank of the user: of several, the one that needs"
        " evidence first. `inquiry`: it asks."
    )
    dispute_reason: DisputeReason | None = Field(description="Reason code of the bank.")
    dispute_due_at: datetime | None = Field(
        description="When evidence must have been given at the gateway."
    )
    returned_minor: int = Field(description="Refunds so far, in minor units.")
    owed_minor: int = Field(
        description="Refunds that have failed at the bank of the user and were not repaid yet,"
        " in minor units."
    )
    refundable_minor: int = Field(
        description="What a refund can return at most, in minor units: what is left, less credits."
        " Zero if the gateway has no call for it."
    )
    is_refundable_in_part: bool = Field(description="Whether a refund can return a part of it.")
    ends_subscription: bool = Field(
        description="Whether the subscription ends if the gateway returns all of `refundableMinor`."
        " A part does not end it."
    )
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, row: PaymentRow, refundable: Refundable) -> "Payment":
        """Convert a row of the read model."""
        return cls(
            payment_id=row.id,
            user_id=row.user_id,
            subscription_id=row.subscription_id,
            status=row.status,
            renewal=row.id != first_payment_of(SubscriptionId(row.subscription_id)),
            region=row.region,
            amount_minor=row.amount_minor,
            amount=Money(row.amount_minor, row.currency).decimal(),
            currency=row.currency,
            gateway=row.gateway,
            route_reason=row.route_reason,
            needs_action=row.needs_action,
            decline_reason=row.decline_reason,
            fail_reason=row.fail_reason,
            attention=row.attention,
            dispute=row.dispute,
            dispute_reason=row.dispute_reason,
            dispute_due_at=row.dispute_due_at,
            returned_minor=row.returned_minor,
            owed_minor=row.owed_minor,
            refundable_minor=refundable.minor,
            is_refundable_in_part=refundable.in_part,
            ends_subscription=refundable.ends,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )


def find_subscriptions(caller: Caller, keys: Collection[str]) -> dict[str, Subscription]:
    """Return subscriptions that the caller may see, by id."""
    return _subscriptions_of(caller, find_visible(caller, SUBSCRIPTION, keys).values())


def _subscriptions_of(caller: Caller, rows: Collection[SubscriptionRow]) -> dict[str, Subscription]:
    """Return views of subscriptions, by id."""
    possible = caller.platform.billing.possible
    started = [row.renewal_payment_id for row in rows if row.renewal_payment_id is not None]
    renewals = caller.platform.read.get_many(PAYMENT, caller.tenant_id, started)
    waiting = {key for key, payment in renewals.items() if payment.needs_action}
    return {
        row.id: Subscription.of(
            row,
            can_store_method=possible.can_store_method(caller.tenant_id, row),
            can_resume=possible.can_resume(caller.tenant_id, row),
            renewal_needs_action=row.renewal_payment_id in waiting,
        )
        for row in rows
    }


def find_payments(caller: Caller, keys: Collection[str]) -> dict[str, Payment]:
    """Return payments that the caller may see, by id."""
    return _payments_of(caller, find_visible(caller, PAYMENT, keys).values())


def _payments_of(caller: Caller, rows: Collection[PaymentRow]) -> dict[str, Payment]:
    """Return views of payments, by id."""
    refundable = caller.platform.billing.possible.refundable(caller.tenant_id, rows)
    return {row.id: Payment.of(row, refundable[row.id]) for row in rows}


def subscription_page(caller: Caller, wanted: Window) -> Page[Subscription]:
    """Return a page of the caller's subscriptions, newest first."""
    page = newest_page(caller, SUBSCRIPTION, wanted)
    views = _subscriptions_of(caller, [edge.row for edge in page.edges])
    return page.map(lambda row: views[row.id])


EVERYONE: Final = "Whether to list the payments of all users. For administrators."
ATTENTION: Final = "Whether to list only payments for which a person must act at a gateway."


def payment_page(
    caller: Caller, wanted: Window, *, everyone: bool = False, attention: bool = False
) -> Page[Payment]:
    """Return a page of the caller's payments or, for administrators, of all, newest first.

    Raises Forbidden.
    """
    where: dict[str, Condition] = {}
    if everyone:
        caller.require("read", "payment", None)
    elif caller.claims is not None:
        where["user_id"] = caller.claims.user_id
    if attention:
        where["attention"] = get_args(Attention)
    page = caller.platform.read.page(
        PAYMENT,
        caller.tenant_id,
        window=wanted,
        where=where,
        order_by="created_at",
        descending=True,
    )
    for owner in {edge.row.user_id for edge in page.edges}:
        caller.sees("payment", owner)  # the access log has reads of others' payments
    views = _payments_of(caller, [edge.row for edge in page.edges])
    return page.map(lambda row: views[row.id])


@dataclass(frozen=True, slots=True)
class SubscriptionWritten:
    """Result of a command: the log has it up to `position`."""

    subscription_id: str
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class PaymentWritten:
    """Result of a command: the log has it up to `position`."""

    payment_id: str
    position: int
    repeated: bool


class CancelSubscription(StrictBody):
    """When to cancel: at the end of the paid period, or at once, without a refund."""

    at_once: bool = False


@write
def cancel_subscription(
    caller: Caller, subscription_id: str, body: CancelSubscription, command_id: UUID
) -> SubscriptionWritten:
    """Cancel a subscription. One whose first payment is pending ends with that payment."""
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.checkout.cancel_subscription(
        key, at_once=body.at_once, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)


@write
def resume_subscription(
    caller: Caller, subscription_id: str, command_id: UUID
) -> SubscriptionWritten:
    """Take back a cancellation or a pause, or end a pause early, with a payment."""
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.pauses.resume(
        key, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)


class PauseSubscription(StrictBody):
    """How long to pause, from the end of the paid period."""

    days: Annotated[int, documented(minimum=MIN_PAUSE_DAYS, maximum=MAX_PAUSE_DAYS)]


@write
def pause_subscription(
    caller: Caller, subscription_id: str, body: PauseSubscription, command_id: UUID
) -> SubscriptionWritten:
    """Pause a subscription from the end of its paid period; meanwhile nothing is charged."""
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.pauses.pause(
        key, body.days, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)


def own_subscription(caller: Caller, subscription_id: str) -> SubscriptionId:
    """Return the id of a subscription of the caller. Raises SubscriptionNotFound."""
    key = SubscriptionId(checked_id(subscription_id))
    owner = caller.platform.owners.of_subscription(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "subscription", owner):
        raise SubscriptionNotFound
    return key
