"""Subscriptions and payments over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import payment_facts, payment_methods, plan_changes, refunds, subscription_facts
from api.views import payments as views
from api.views.base import Body, PageInfo
from api.views.payable_intents import PayableIntent, payable_intent
from api.views.payment_facts import PaymentFact
from api.views.payments import Payment, Subscription
from api.views.subscription_facts import SubscriptionFact
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.payments.commands import PaymentNotFound
from domain.subscriptions.commands import SubscriptionNotFound

subscriptions = APIRouter(
    prefix="/v1/subscriptions", tags=["payments"], responses=problem_responses(403, 404, 422, 503)
)
payments = APIRouter(
    prefix="/v1/payments", tags=["payments"], responses=problem_responses(403, 404, 422, 503)
)

First = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
After = Annotated[str | None, Query(description="Cursor of this list.")]


class SubscriptionPage(Body):
    """A page of subscriptions."""

    items: list[Subscription]
    page_info: PageInfo


class PaymentPage(Body):
    """A page of payments."""

    items: list[Payment]
    page_info: PageInfo


class PaymentFacts(Body):
    """The facts of a payment, the oldest first."""

    items: list[PaymentFact]


class SubscriptionFacts(Body):
    """The facts of a subscription, the oldest first."""

    items: list[SubscriptionFact]


class PaymentWritten(Body):
    """Result of a command: the log has it up to `position`."""

    payment_id: str
    position: int
    repeated: bool


class SubscriptionWritten(Body):
    """Result of a command: the log has it up to `position`."""

    subscription_id: str
    position: int
    repeated: bool


@subscriptions.get(
    "", operation_id="listSubscriptions", summary="List your subscriptions, newest first"
)
def list_subscriptions(
    caller: ReadingCaller, response: Response, first: First = PAGE, after: After = None
) -> SubscriptionPage:
    """Return a page of subscriptions; `Link` (RFC 8288) leads to the next one."""
    page = views.subscription_page(caller, window(first, after))
    info = page_info(response, page, "/v1/subscriptions", first=first)
    return SubscriptionPage(items=[edge.row for edge in page.edges], page_info=info)


@subscriptions.get(
    "/{subscription_id}", operation_id="getSubscription", summary="Get a subscription"
)
def get_subscription(subscription_id: Id, caller: ReadingCaller) -> Subscription:
    """Return a subscription with its price and dates."""
    found = views.find_subscriptions(caller, [subscription_id]).get(subscription_id)
    if found is None:
        raise SubscriptionNotFound
    return found


@subscriptions.get(
    "/{subscription_id}/facts",
    operation_id="listSubscriptionFacts",
    summary="List what has happened to a subscription",
)
def list_subscription_facts(subscription_id: Id, caller: CurrentCaller) -> SubscriptionFacts:
    """Return the events of a subscription, the oldest first."""
    return SubscriptionFacts(items=subscription_facts.subscription_facts(caller, subscription_id))


@subscriptions.post(
    "/{subscription_id}/cancel", operation_id="cancelSubscription", summary="Cancel a subscription"
)
def cancel_subscription(
    subscription_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.CancelSubscription,
) -> SubscriptionWritten:
    """Cancel a subscription. One whose first payment is pending ends with that payment."""
    written = views.cancel_subscription(caller, subscription_id, body, command_id)
    return SubscriptionWritten.model_validate(written)


@subscriptions.post(
    "/{subscription_id}/resume",
    operation_id="resumeSubscription",
    summary="Resume a cancelled or paused subscription",
    responses=problem_responses(409),
)
def resume_subscription(
    subscription_id: Id, caller: CurrentCaller, command_id: CommandId
) -> SubscriptionWritten:
    """Take back a cancellation or a pause, or end a pause early, with a payment."""
    written = views.resume_subscription(caller, subscription_id, command_id)
    return SubscriptionWritten.model_validate(written)


@subscriptions.post(
    "/{subscription_id}/pause",
    operation_id="pauseSubscription",
    summary="Pause a subscription",
    responses=problem_responses(409),
)
def pause_subscription(
    subscription_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.PauseSubscription
) -> SubscriptionWritten:
    """Pause from the end of the paid period; meanwhile nothing is charged."""
    written = views.pause_subscription(caller, subscription_id, body, command_id)
    return SubscriptionWritten.model_validate(written)


@subscriptions.get(
    "/{subscription_id}/method-setup",
    operation_id="getMethodSetup",
    summary="Get the setup of a new payment method",
    responses=problem_responses(409),
)
def get_method_setup(
    subscription_id: Id, caller: CurrentCaller, response: Response
) -> PayableIntent:
    """Return a setup at the gateway. Once the user is done, renewals are charged to its method."""
    response.headers["Cache-Control"] = "no-store"
    return payment_methods.method_setup(caller, subscription_id)


@subscriptions.post(
    "/{subscription_id}/method",
    operation_id="storeMethod",
    summary="Charge renewals to the new method",
    responses=problem_responses(409),
)
def store_method(
    subscription_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: payment_methods.StoreMethod,
) -> SubscriptionWritten:
    """Store the method of a setup that is done. 409 while the gateway does not have it yet."""
    written = payment_methods.store_method(caller, subscription_id, body, command_id)
    return SubscriptionWritten.model_validate(written)


@subscriptions.get(
    "/{subscription_id}/change-preview",
    operation_id="previewPlanChange",
    summary="Preview a change to another plan",
    responses=problem_responses(409),
)
def preview_plan_change(
    subscription_id: Id,
    caller: CurrentCaller,
    response: Response,
    plan_id: Annotated[str, Query(alias="planId", description="The plan to change to.")],
) -> plan_changes.PlanChangePreview:
    """Return what a change to another plan costs now, and when it takes effect."""
    response.headers["Cache-Control"] = "no-store"
    return plan_changes.plan_change_preview(caller, subscription_id, plan_id)


@subscriptions.post(
    "/{subscription_id}/change-plan",
    operation_id="changeSubscriptionPlan",
    summary="Change a subscription to another plan",
    responses=problem_responses(409),
)
def change_subscription_plan(
    subscription_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: plan_changes.ChangeSubscriptionPlan,
) -> SubscriptionWritten:
    """Change on the terms of a preview. 409 if they are not those of now."""
    written = plan_changes.change_subscription_plan(caller, subscription_id, body, command_id)
    return SubscriptionWritten.model_validate(written)


@subscriptions.post(
    "/{subscription_id}/withdraw-plan-change",
    operation_id="withdrawPlanChange",
    summary="Take back a change of plan",
    responses=problem_responses(409),
)
def withdraw_plan_change(
    subscription_id: Id, caller: CurrentCaller, command_id: CommandId
) -> SubscriptionWritten:
    """Take back a change before it takes effect, with its payment."""
    written = plan_changes.withdraw_plan_change(caller, subscription_id, command_id)
    return SubscriptionWritten.model_validate(written)


@payments.post(
    "/{payment_id}/refund",
    operation_id="refundPayment",
    summary="Refund a payment in full or in part",
    responses=problem_responses(409),
)
def refund_payment(
    payment_id: Id, caller: CurrentCaller, command_id: CommandId, body: refunds.RefundPayment
) -> PaymentWritten:
    """Return money as an administrator.

    A refund in full of the latest payment ends the subscription; others keep access.
    """
    written = refunds.refund_payment(caller, payment_id, body, command_id)
    return PaymentWritten.model_validate(written)


@payments.post(
    "/{payment_id}/manual-refund",
    operation_id="noteManualRefund",
    summary="Record a refund made at the gateway",
    responses=problem_responses(409),
)
def note_manual_refund(
    payment_id: Id, caller: CurrentCaller, command_id: CommandId, body: refunds.NoteManualRefund
) -> PaymentWritten:
    """Record, as an administrator, what you have returned where the gateway does not report it."""
    written = refunds.note_manual_refund(caller, payment_id, body, command_id)
    return PaymentWritten.model_validate(written)


@payments.get("", operation_id="listPayments", summary="List your payments, newest first")
def list_payments(
    caller: ReadingCaller,
    response: Response,
    first: First = PAGE,
    after: After = None,
    everyone: Annotated[bool, Query(description=views.EVERYONE)] = False,  # noqa: FBT002  a query
    attention: Annotated[bool, Query(description=views.ATTENTION)] = False,  # noqa: FBT002
) -> PaymentPage:
    """Return a page of payments; `Link` (RFC 8288) leads to the next one."""
    page = views.payment_page(caller, window(first, after), everyone=everyone, attention=attention)
    info = page_info(
        response,
        page,
        "/v1/payments",
        first=first,
        everyone="true" if everyone else None,
        attention="true" if attention else None,
    )
    return PaymentPage(items=[edge.row for edge in page.edges], page_info=info)


@payments.get("/{payment_id}", operation_id="getPayment", summary="Get a payment")
def get_payment(payment_id: Id, caller: ReadingCaller) -> Payment:
    """Return a payment with its route and outcome."""
    found = views.find_payments(caller, [payment_id]).get(payment_id)
    if found is None:
        raise PaymentNotFound
    return found


@payments.get(
    "/{payment_id}/facts",
    operation_id="listPaymentFacts",
    summary="List what has happened to a payment",
)
def list_payment_facts(payment_id: Id, caller: CurrentCaller) -> PaymentFacts:
    """Return the events of a payment, the oldest first."""
    return PaymentFacts(items=payment_facts.payment_facts(caller, payment_id))


@payments.get(
    "/{payment_id}/intent",
    operation_id="getPaymentIntent",
    summary="Get what the browser needs to pay",
    responses=problem_responses(409),
)
def get_payment_intent(payment_id: Id, caller: CurrentCaller, response: Response) -> PayableIntent:
    """Return how to pay at the gateway, while the payment can be paid."""
    response.headers["Cache-Control"] = "no-store"
    return payable_intent(caller, payment_id)
