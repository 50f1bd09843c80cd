"""Refunds that a gateway refuses, that fail at the bank, or that a person has made by hand."""

from collections.abc import Iterator
from typing import Literal

import pytest

from application.payments.process import PaymentProcess
from domain.ids import DEFAULT_TENANT
from domain.payments import commands, events
from domain.payments.states import is_open, waits_for_gateway
from tests.contracts.payment_processes import AT, names, payable, process, receive, started
from tests.contracts.payment_rigs import PAYMENT_ID, RIGS, Rig, SberbankRig, StripeRig, YooKassaRig

__all__ = ["process"]


@pytest.fixture(params=["stripe", "yookassa"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as running:
        yield running


@pytest.fixture
def paid(process: PaymentProcess, rig: Rig) -> str:
    """Return the reference of a payment that is completed."""
    reference = payable(process).reference
    rig.act(reference, "succeed")
    receive(process, rig.name, rig.webhook())
    assert started(process).status == "completed"
    return reference


def refund(process: PaymentProcess, **more: object) -> None:
    command = commands.RefundPayment(at=AT, **more)  # type: ignore[arg-type]
    process.execute(DEFAULT_TENANT, PAYMENT_ID, command)


def test_all_that_is_left_is_returned_after_a_part_was_returned_by_hand(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
) -> None:
    """R-PAY-12: its webhook was lost."""
    rig.refund_by_hand(paid, rig.price.share(1, 4))
    refund(process)
    assert started(process).status == "refunded"
    assert not is_open(started(process))
    happened = [recorded.event for recorded in process.log.scan(after=0, limit=100)]
    returned = [
        event.amount.minor
        for event in happened
        if isinstance(event, events.PartiallyRefunded | events.PaymentRefunded)
    ]
    assert returned == [rig.price.share(1, 4).minor, rig.price.share(3, 4).minor]
    assert names(process).count("invoice.issued") == 3


def test_a_part_that_is_not_left_any_more_is_not_returned(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
) -> None:
    """R-PAY-12: what was returned by hand is recorded instead."""
    by_hand = rig.price.share(3, 4)
    rig.refund_by_hand(paid, by_hand)
    refund(process, amount=rig.price.share(1, 2))
    attempt = started(process).attempt(1)
    assert (attempt.returned, attempt.refund) == (by_hand, None)
    assert not is_open(started(process))


def test_a_refund_that_failed_at_the_bank_is_made_again(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
) -> None:
    """R-PAY-12: before its reply was recorded."""
    rig.break_next("none")
    rig.break_next("lost_answer")
    refund(process)
    assert isinstance(rig, StripeRig | YooKassaRig)
    rig.simulator.fail_refund(paid)
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "refunded"


def test_only_the_rest_of_a_charge_after_a_cancellation_is_returned(
    process: PaymentProcess,
    rig: Rig,
) -> None:
    """R-PAY-12: an administrator has returned a part of it before we heard of the charge."""
    reference = payable(process).reference
    rig.act(reference, "succeed")
    rig.refund_by_hand(reference, rig.price.share(1, 4))
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.CancelPayment(at=AT))
    assert started(process).status == "failed"
    assert not is_open(started(process))
    assert "invoice.issued" not in names(process)


def test_a_charge_that_was_returned_in_part_before_completes_the_payment(
    process: PaymentProcess,
    rig: Rig,
) -> None:
    """R-PAY-12, R-PAY-10: with an invoice, and a credit note about the part."""
    reference = payable(process).reference
    rig.act(reference, "succeed")
    rig.refund_by_hand(reference, rig.price.share(1, 4))
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "completed"
    assert started(process).attempt(1).returned == rig.price.share(1, 4)
    assert names(process).count("invoice.issued") == 2


@pytest.mark.parametrize("rig", ["yookassa"], indirect=True)
@pytest.mark.parametrize("refusal", ["error", "canceled"])
@pytest.mark.parametrize("has_returned_part", [False, True])
def test_a_refund_that_the_gateway_refuses_asks_for_a_person(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
    *,
    refusal: Literal["error", "canceled"],
    has_returned_part: bool,
) -> None:
    """R-PAY-12: also after an earlier refund in part. It is made once the gateway accepts it."""
    assert isinstance(rig, YooKassaRig)
    if has_returned_part:
        refund(process, amount=rig.price.share(1, 4))
        assert started(process).attempt(1).returned == rig.price.share(1, 4)
    rig.simulator.refund_refusal = refusal
    refund(process, amount=rig.price.share(1, 2))
    assert names(process)[-1] == "payment.attention_needed"
    assert started(process).attempt(1).attention == "refused"
    assert not waits_for_gateway(started(process))
    head = process.log.head()
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert process.log.head() == head
    rig.simulator.refund_refusal = None
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    attempt = started(process).attempt(1)
    assert (attempt.refund, attempt.attention) == (None, None)
    part = rig.price.share(3, 4) if has_returned_part else rig.price.share(1, 2)
    assert attempt.returned == part


@pytest.mark.parametrize("rig", ["sberbank"], indirect=True)
def test_a_refund_during_an_error_of_the_gateway_asks_for_nobody(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
) -> None:
    """R-PAY-12: it is made once the gateway works again."""
    assert isinstance(rig, SberbankRig)
    rig.simulator.fails = True
    refund(process)
    assert started(process).attempt(1).attention is None
    rig.simulator.fails = False
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).status == "refunded"


@pytest.mark.parametrize("rig", ["sberbank", "stripe"], indirect=True)
def test_a_refund_that_the_gateway_refuses_is_recorded_once_a_person_has_made_it(
    process: PaymentProcess,
    rig: Rig,
    paid: str,
) -> None:
    """R-PAY-12: such as without enough money at the gateway."""
    assert isinstance(rig, SberbankRig | StripeRig)
    rig.simulator.refuses_refunds = True
    refund(process)
    assert started(process).attempt(1).attention == "refused"
    assert not waits_for_gateway(started(process))
    process.execute(DEFAULT_TENANT, PAYMENT_ID, commands.NoteManualRefund(at=AT))
    assert started(process).status == "refunded"
    assert not is_open(started(process))
