"""Subscriptions and payments in GraphQL."""

from collections.abc import Collection
from typing import Annotated, Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.views import (
    payable_intents,
    payment_facts,
    payment_methods,
    plan_changes,
    subscription_facts,
)
from api.views import payments as views
from api.views.payments import PaymentWritten, SubscriptionWritten
from application.kernel.pagination import window


@derived(views.Subscription)
class PlanSubscription(Node):
    """A user's right to a plan, paid by period."""

    @classmethod
    def of(cls, view: views.Subscription) -> "PlanSubscription":
        """Convert a subscription."""
        return convert(cls, view, id=global_id("PlanSubscription", view.subscription_id))


@derived(views.Payment)
class Payment(Node):
    """One payment of a subscription."""

    @classmethod
    def of(cls, view: views.Payment) -> "Payment":
        """Convert a payment."""
        return convert(cls, view, id=global_id("Payment", view.payment_id))


@derived(payment_facts.PaymentFact)
class PaymentFact:
    """One event of a payment. Its references and payment methods are left out."""


@derived(subscription_facts.SubscriptionFact)
class SubscriptionFact:
    """One event of a subscription. Its payment methods are left out."""


@derived(payable_intents.PayFormField)
class PayFormField:
    """A hidden field of a form that the browser posts to the gateway."""


@derived(payable_intents.PayableIntent)
class PayableIntent:
    """What the browser needs to pay at the gateway. It is for this user alone."""


@derived(plan_changes.PlanChangePreview)
class PlanChangePreview:
    """Terms of a change to another plan."""


def find_subscriptions(context: Context, keys: Collection[str]) -> dict[str, PlanSubscription]:
    """Return subscriptions by their ids within the tenant."""
    found = views.find_subscriptions(context.caller, keys)
    return {key: PlanSubscription.of(view) for key, view in found.items()}


def find_payments(context: Context, keys: Collection[str]) -> dict[str, Payment]:
    """Return payments by their ids within the tenant."""
    found = views.find_payments(context.caller, keys)
    return {key: Payment.of(view) for key, view in found.items()}


@strawberry.type
class PaymentQueries:
    """Queries of subscriptions and payments."""

    @reading("One subscription to a plan, by either id.")
    def plan_subscription(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> PlanSubscription | None:
        """Return a subscription."""
        key = key_of("PlanSubscription", id)
        return find_subscriptions(info.context, [key]).get(key)

    @reading("Your subscriptions to plans, the newest first; at most 100 a page.")
    def plan_subscriptions(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PlanSubscription]:
        """Return a page of subscriptions."""
        page = views.subscription_page(info.context.caller, window(first, after, last, before))
        return connection(page, PlanSubscription.of)

    @field("What has happened to a subscription, the oldest fact first, by either id.")
    def subscription_facts(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> list[SubscriptionFact]:
        """Return the facts of a subscription."""
        key = key_of("PlanSubscription", id)
        facts = subscription_facts.subscription_facts(info.context.caller, key)
        return [convert(SubscriptionFact, fact) for fact in facts]

    @reading("One payment, by either id.")
    def payment(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> Payment | None:
        """Return a payment."""
        key = key_of("Payment", id)
        return find_payments(info.context, [key]).get(key)

    @field("What has happened to a payment, the oldest fact first, by either id.")
    def payment_facts(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> list[PaymentFact]:
        """Return the facts of a payment."""
        facts = payment_facts.payment_facts(info.context.caller, key_of("Payment", id))
        return [convert(PaymentFact, fact) for fact in facts]

    @reading("How to pay a payment at its gateway now, by either id.")
    def payment_intent(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> PayableIntent:
        """Return what the browser needs to pay. It is for the payer alone, and kept nowhere."""
        info.context.may_keep = False
        view = payable_intents.payable_intent(info.context.caller, key_of("Payment", id))
        return convert(PayableIntent, view)

    @reading("How to store another method for the renewals of a subscription, by either id.")
    def payment_method_setup(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> PayableIntent:
        """Return what the browser needs. It is for the payer alone, and kept nowhere."""
        info.context.may_keep = False
        view = payment_methods.method_setup(info.context.caller, key_of("PlanSubscription", id))
        return convert(PayableIntent, view)

    @reading("What a change of a subscription to another plan costs, and when it takes effect.")
    def plan_change_preview(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
        plan_id: strawberry.ID,
    ) -> PlanChangePreview:
        """Return the terms of a change now. They are kept nowhere: they differ each day."""
        info.context.may_keep = False
        key, plan = key_of("PlanSubscription", id), key_of("Plan", plan_id)
        view = plan_changes.plan_change_preview(info.context.caller, key, plan)
        return convert(PlanChangePreview, view)

    @reading("Your payments, the newest first; at most 100 a page.")
    def payments(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        everyone: Annotated[bool, strawberry.argument(description=views.EVERYONE)] = False,
        attention: Annotated[bool, strawberry.argument(description=views.ATTENTION)] = False,
    ) -> Connection[Payment]:
        """Return a page of payments."""
        page = views.payment_page(
            info.context.caller,
            window(first, after, last, before),
            everyone=everyone,
            attention=attention,
        )
        return connection(page, Payment.of)


@strawberry.type
class PlanSubscriptionPayload(MutationPayload):
    """Subscription after the change."""

    subscription: PlanSubscription | None

    @classmethod
    def of(
        cls, context: Context, written: SubscriptionWritten, **common: Any
    ) -> "PlanSubscriptionPayload":
        """Return the payload of a command."""
        key = written.subscription_id
        return cls(subscription=find_subscriptions(context, [key]).get(key), **common)


@strawberry.type
class PaymentPayload(MutationPayload):
    """Payment after the change."""

    payment: Payment | None

    @classmethod
    def of(cls, context: Context, written: PaymentWritten, **common: Any) -> "PaymentPayload":
        """Return the payload of a command."""
        key = written.payment_id
        return cls(payment=find_payments(context, [key]).get(key), **common)
