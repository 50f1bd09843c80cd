"""The payment process over each gateway: webhooks in any order, lost ones, inverse steps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, get_args
from uuid import uuid4, uuid5

import pytest

from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.payments.gateways import ClientSecret, IntentOf, Webhook
from application.payments.inbox import DELIVERIES
from application.payments.process import GatewaySilent, NotPayable, Payable, PaymentProcess
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, UserId
from domain.kernel import Origin
from domain.money import Price
from domain.payments import commands, events
from domain.payments.events import Gateway
from domain.payments.payment import PAYMENT
from domain.payments.states import Started, is_open, waits_for_gateway
from domain.subscriptions.commands import CreateSubscription
from domain.subscriptions.states import Active, Ended, Pending, Subscription
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.contracts.payment_rigs import (
    FIRST,
    PAYMENT_ID,
    RIGS,
    WITH_CALLS,
    Rig,
)
from tests.golden.examples import CODEC

AT: Final = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ADA: Final = UserId("ada")
PLAN: Final = PlanId("squats")
SUBSCRIPTION_ID: Final = SubscriptionId("subscription")


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as running:
        yield running


@pytest.fixture
def process(rig: Rig) -> PaymentProcess:
    """Return a process with a payment at the gateway, then at one that is not set up."""
    log = MemoryEventLog(clock=lambda: AT, new_id=uuid4, codec=CODEC)
    process = PaymentProcess(
        log=log,
        handler=CommandHandler(log, settled=lambda _: None),
        clock=lambda: AT,
        new_id=uuid4,
        origin_of=lambda tenant: Origin(tenant_id=tenant, actor="payments", correlation_id=uuid4()),
        gateways={rig.name: rig.gateway},
    )
    subscribe = CreateSubscription(
        user_id=ADA,
        plan_id=PLAN,
        plan_number=1,
        price=Price("EU", rig.price),
        billing_months=1,
        at=AT,
    )
    pay = commands.CreatePayment(
        user_id=ADA,
        subscription_id=SUBSCRIPTION_ID,
        amount=rig.price,
        region="EU",
        gateways=(rig.name, other_than(rig.name)),
        at=AT,
    )
    process.handler.execute(
        Request(SUBSCRIPTION, SUBSCRIPTION_ID, [subscribe]),
        Request(PAYMENT, PAYMENT_ID, [pay]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    return process


def other_than(name: Gateway) -> Gateway:
    names: tuple[Gateway, ...] = get_args(Gateway)
    return next(each for each in names if each != name)


def payable(process: PaymentProcess) -> Payable:
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    return process.payable(DEFAULT_TENANT, PAYMENT_ID)


def started(process: PaymentProcess) -> Started:
    payment = process.state(DEFAULT_TENANT, PAYMENT_ID)
    assert isinstance(payment, Started)
    return payment


def subscription(process: PaymentProcess) -> Subscription:
    history = process.log.load(DEFAULT_TENANT, f"{SUBSCRIPTION.category}-{SUBSCRIPTION_ID}")
    return SUBSCRIPTION.fold(recorded.event for recorded in history)


def receive(process: PaymentProcess, gateway: Gateway, webhook: Webhook) -> IntentOf | None:
    """Record what a webhook reports, as the inbox does."""
    notice = process.read(gateway, webhook)
    if notice is None:
        return None
    return process.record_notice(notice, uuid5(DELIVERIES, f"{gateway}/{notice.event_id}"))


def names(process: PaymentProcess) -> list[str]:
    return [recorded.event.event_name for recorded in process.log.scan(after=0, limit=100)]


def test_a_webhook_completes_the_payment_and_activates_the_subscription_together(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-01, R-PAY-06, R-PAY-07, R-PAY-08: duplicate, late and early ones change nothing."""
    intent = payable(process)
    rig.act(intent.reference, "authenticate")
    rig.act(intent.reference, "pass")
    assert receive(process, rig.name, rig.webhook()) == FIRST
    assert started(process).status == "completed"
    completed = process.log.head()
    for number in [*range(rig.webhooks()), *reversed(range(rig.webhooks()))]:
        receive(process, rig.name, rig.webhook(number))
    assert process.log.head() == completed
    later = {"payment.method_stored", "subscription.method_stored"}
    stored = [name for name in names(process) if name not in later]
    assert stored[-4:] == [
        "payment.completed",
        "subscription.activated",
        "invoice_series.number_assigned",
        "invoice.issued",
    ]
    assert isinstance(subscription(process), Active)
    with pytest.raises(NotPayable):
        process.payable(DEFAULT_TENANT, PAYMENT_ID)
    if isinstance(intent.pay_by, ClientSecret):
        history = process.log.scan(after=0, limit=100)
        assert intent.pay_by.secret not in repr(history)


def test_a_payment_whose_webhook_never_came_is_polled(process: PaymentProcess, rig: Rig) -> None:
    """R-PAY-07"""
    rig.act(payable(process).reference, "succeed")
    rig.break_next("lost_answer")
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "pending"
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "completed"
    completed = process.log.head()
    receive(process, rig.name, rig.webhook())
    assert process.log.head() == completed


def test_a_refund_by_hand_is_reported_again_after_our_key_was_refused(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-07: a completed payment is not polled, so its webhook must not be lost."""
    if rig.name not in {"yookassa", "sberbank"}:
        return  # Stripe need not be asked, and WebMoney reports no refunds
    reference = payable(process).reference
    rig.act(reference, "succeed")
    receive(process, rig.name, rig.webhook())
    rig.refund_by_hand(reference)
    with rig.with_wrong_key() as refused, pytest.raises(GatewaySilent):
        replace(process, gateways={rig.name: refused}).read(rig.name, rig.webhook())
    receive(process, rig.name, rig.webhook())
    assert started(process).status == "refunded"


def test_a_gateway_that_is_silent_about_its_own_webhook_sends_it_again(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-07"""
    rig.act(payable(process).reference, "succeed")
    rig.break_next("down")
    try:
        receive(process, rig.name, rig.webhook())
    except GatewaySilent:
        assert started(process).status == "pending"
        receive(process, rig.name, rig.webhook())
    assert started(process).status == "completed"


def test_a_refused_method_can_be_replaced_or_ends_the_payment(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-11"""
    rig.act(payable(process).reference, "insufficient_funds")
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    if started(process).status == "failed":
        assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "payment_failed")
        return
    assert isinstance(subscription(process), Pending)
    rig.act(payable(process).reference, "succeed")
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "completed"


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_a_refund_is_repeated_until_it_is_recorded_and_withdraws_access(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: lost answers do not return the money twice."""
    rig.act(payable(process).reference, "succeed")
    receive(process, rig.name, rig.webhook())
    rig.break_next("lost_answer")
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.RefundPayment(at=AT))
    assert isinstance(subscription(process), Active)
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "refunded"
    assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "refunded")


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_an_intent_that_has_expired_is_replaced_when_the_user_comes_back(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-14: it is paid once, whether its end was recorded before or not."""
    references = [payable(process).reference]
    for is_recorded in (True, False):
        rig.expire(references[-1])
        if is_recorded:
            process.poll(DEFAULT_TENANT, PAYMENT_ID)
        assert started(process).status == "pending"
        references += {payable(process).reference for _ in range(2)}
    assert len(set(references)) == len(references) == len(started(process).attempts) == 3
    assert isinstance(subscription(process), Pending)
    rig.act(references[-1], "succeed")
    for number in range(rig.webhooks()):
        receive(process, rig.name, rig.webhook(number))
    assert started(process).status == "completed"
    assert started(process).completed_by == 3
    with pytest.raises(NotPayable):
        process.payable(DEFAULT_TENANT, PAYMENT_ID)


def test_a_cancellation_voids_the_intent_and_ends_the_subscription(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-11"""
    reference = payable(process).reference
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.CancelPayment(at=AT))
    with pytest.raises(NotPayable):
        process.payable(DEFAULT_TENANT, PAYMENT_ID)
    if not rig.gateway.capabilities.voids_at_once:
        assert started(process).status == "pending"
        rig.expire(reference)
        process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "failed"
    assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "cancelled")


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_a_gateway_that_cannot_serve_is_replaced_and_the_reason_is_stored(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-02, C-26: after the last gateway the payment fails."""
    rig.break_next("lost_answer")
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    facts = [recorded.event for recorded in process.log.scan(after=0, limit=100)]
    routes = [(fact.gateway, fact.reason) for fact in facts if type(fact) is events.PaymentRouted]
    assert routes == [(rig.name, "region"), (other_than(rig.name), "timeout")]
    assert started(process).status == "failed"
    assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "payment_failed")


@pytest.mark.parametrize("rig", sorted(RIGS.keys() - set(WITH_CALLS)), indirect=True)
def test_a_refund_that_the_gateway_cannot_make_asks_for_a_person_once(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: access stays until the money has been returned by hand."""
    rig.act(payable(process).reference, "succeed")
    receive(process, rig.name, rig.webhook())
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.RefundPayment(at=AT))
    head = process.log.head()
    assert names(process)[-1] == "payment.attention_needed"
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert process.log.head() == head
    assert isinstance(subscription(process), Active)
    assert not waits_for_gateway(started(process))
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.NoteManualRefund(at=AT))
    assert started(process).status == "refunded"
    assert isinstance(subscription(process), Ended)
    assert not is_open(started(process))


def test_a_payment_whose_gateway_was_removed_does_not_stay_pending(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-11: it fails when it is given up, and a person is asked to void the intent."""
    payable(process)
    without = replace(process, gateways={})
    without.execute(DEFAULT_TENANT, PAYMENT_ID, commands.ExpirePayment(at=AT))
    assert started(process).status == "failed"
    assert started(process).attempts[0].attention == "not_set_up"
    assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "payment_failed")
    head = process.log.head()
    without.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert process.log.head() == head
