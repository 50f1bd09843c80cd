"""Changes of the plan of a subscription: the preview, and commands with inputs and writes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.payments import SubscriptionWritten, own_subscription
from application.caller import ANONYMOUS, Caller, checked_id
from domain.ids import PlanId
from domain.money import Currency
from domain.payments.events import Gateway
from domain.subscriptions.plan_changes import TOKEN_LENGTH


class PlanChangePreview(Body):
    """Terms of a change to another plan, now. Amounts include tax.

    `now`: the price less discount and credit is paid at once, and the first period begins with
    the payment.
    `period_end`: nothing is paid or credited; the present plan stays until `changesAt`.
    """

    subscription_id: str
    plan_id: str
    plan_number: int = Field(description="The version of the plan.")
    takes_effect: Literal["now", "period_end"]
    changes_at: datetime | None = Field(description="When `period_end` is.")
    billing_months: int
    currency: Currency
    price_minor: int = Field(description="Price of a period of the new plan, in minor units.")
    price: str = Field(description="The same with its decimal point, such as 19.99.")
    discount_minor: int = Field(
        description="What the coupon takes off the first period of the new plan."
    )
    discount: str
    reduced_minor: int = Field(description="What that period costs with the coupon.")
    reduced: str
    coupon_id: str | None = Field(description="The coupon of the discount, if there is one.")
    credit_minor: int = Field(description="Credit for the whole days left of the paid period.")
    credit: str
    amount_minor: int = Field(
        description="What is paid now: the price less discount and credit, or 0."
    )
    amount: str
    tax_basis_points: int = Field(description="Of the new plan; 1900 are 19 %.")
    tax_minor: int = Field(description="The tax in what is paid now, in minor units.")
    tax: str
    charged_by: Gateway | None = Field(
        description="The gateway that charges the stored method. Without one, pay by hand."
    )
    token: str = Field(description="Names these terms. Send it with the change.")


def plan_change_preview(caller: Caller, subscription_id: str, plan_id: str) -> PlanChangePreview:
    """Return the terms of a change to the offered version of a plan.

    Raises SubscriptionNotFound, PlanNotFound, and the refusals of a change.
    """
    key = own_subscription(caller, subscription_id)
    terms, active = caller.platform.plan_changes.preview(
        caller.tenant_id, key, PlanId(checked_id(plan_id))
    )
    choice = terms.choice
    price, rate = choice.price.amount, choice.price.tax_basis_points
    discount = price.minus(terms.reduced)
    tax = terms.amount.included_tax(rate)
    return PlanChangePreview(
        subscription_id=key,
        plan_id=choice.plan_id,
        plan_number=choice.plan_number,
        takes_effect="now" if terms.changes_at is None else "period_end",
        changes_at=terms.changes_at,
        billing_months=choice.billing_months,
        currency=price.currency,
        price_minor=price.minor,
        price=price.decimal(),
        discount_minor=discount.minor,
        discount=discount.decimal(),
        reduced_minor=terms.reduced.minor,
        reduced=terms.reduced.decimal(),
        coupon_id=None if terms.discount is None else terms.discount.coupon_id,
        credit_minor=terms.credit.minor,
        credit=terms.credit.decimal(),
        amount_minor=terms.amount.minor,
        amount=terms.amount.decimal(),
        tax_basis_points=rate,
        tax_minor=tax.minor,
        tax=tax.decimal(),
        charged_by=None if active.method is None else active.method.gateway,
        token=terms.token,
    )


class ChangeSubscriptionPlan(StrictBody):
    """The plan to change to, and the `token` of the preview whose terms you accept."""

    plan_id: str
    token: Annotated[str, documented(minLength=TOKEN_LENGTH, maxLength=TOKEN_LENGTH)]


@write
def change_subscription_plan(
    caller: Caller, subscription_id: str, body: ChangeSubscriptionPlan, command_id: UUID
) -> SubscriptionWritten:
    """Change a subscription to another plan, on the terms of a preview."""
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.plan_changes.change(
        key,
        PlanId(checked_id(body.plan_id)),
        body.token,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)


@write
def withdraw_plan_change(
    caller: Caller, subscription_id: str, command_id: UUID
) -> SubscriptionWritten:
    """Take back a change of plan before it takes effect, with its payment."""
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.plan_changes.withdraw(
        key, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)
