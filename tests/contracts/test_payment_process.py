"""The payment process over each gateway: webhooks in any order, lost ones, inverse steps."""

from dataclasses import replace

import pytest

from application.payments.gateways import ClientSecret
from application.payments.process import GatewaySilent, NotPayable, PaymentProcess
from application.payments.webhooks import read_webhook
from domain.ids import DEFAULT_TENANT
from domain.money import Price
from domain.payments import commands, events
from domain.payments.states import is_open, waits_for_gateway
from domain.subscriptions.states import Active, Ended, Pending
from tests.contracts.payment_processes import (
    ADA,
    AT,
    PLAN,
    names,
    other_than,
    payable,
    process,
    receive,
    rig,
    started,
    subscription,
)
from tests.contracts.payment_rigs import (
    FIRST,
    PAYMENT_ID,
    RIGS,
    WITH_CALLS,
    Rig,
)

__all__ = ["process", "rig"]


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
        read_webhook(replace(process, gateways={rig.name: refused}), rig.name, rig.webhook())
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
    assert started(process).status == "failed"
    assert subscription(process) == Ended(ADA, PLAN, Price("EU", rig.price), "cancelled")
    if not rig.gateway.capabilities.voids_at_once:
        assert is_open(started(process)), "until the gateway has voided it"
        rig.expire(reference)
        process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert not is_open(started(process))


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
