"""Reconciliation of payments with each gateway: differences, and what could not be compared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest

from application.kernel.read_models import Edge, Page
from application.payments.gateways import (
    GatewayAnswerError,
    Intent,
    IntentOf,
    PaymentGateway,
)
from application.payments.process import PaymentProcess
from application.payments.reconciliation import Reconciliation, Report, Unanswered
from domain.ids import DEFAULT_TENANT, PaymentId, TenantId
from domain.payments.commands import CancelPayment, NoteManualRefund
from tests.contracts.payment_processes import AT, payable, process, receive, rig, started
from tests.contracts.payment_rigs import FIRST, PAYMENT_ID, Rig

__all__ = ["process", "rig"]

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
WITH_LISTS: Final = {"stripe", "yookassa"}
WITH_REFUNDS: Final = {"stripe", "yookassa"}


class OnePayment:
    """A read model with the payment of the process."""

    def page(self, *_: Any, **__: Any) -> Page[Any]:
        row = SimpleNamespace(id=PAYMENT_ID)
        return Page((Edge("1", PAYMENT_ID, row),), has_next=False, has_previous=False)


def compare(process: PaymentProcess) -> Report:
    reconciliation = Reconciliation(OnePayment(), process)  # type: ignore[arg-type]
    return reconciliation.compare(DEFAULT_TENANT, BEGIN, END)


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(each.kind, each.reference) for each in report.differences]


def test_events_and_gateway_agree_before_and_after_a_payment(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12"""
    reference = payable(process).reference
    assert compare(process) == Report(1, 1, (), ())
    rig.act(reference, "succeed")
    receive(process, rig.name, rig.webhook())
    assert started(process).status == "completed"
    assert compare(process).is_clean


def test_a_charge_whose_webhook_was_lost_is_reported(process: PaymentProcess, rig: Rig) -> None:
    """R-PAY-12: until the follow-up has polled it."""
    reference = payable(process).reference
    rig.act(reference, "succeed")
    report = compare(process)
    assert kinds(report) == [("other_state", reference)]
    (difference,) = report.differences
    assert (difference.here, difference.payment_id) == ("open", PAYMENT_ID)
    assert difference.there.startswith("charged, ")
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert compare(process).is_clean


def test_refunds_by_hand_that_were_not_reported_are_found(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: in part as another amount, in full as another state."""
    if rig.name not in WITH_REFUNDS:
        return
    reference = payable(process).reference
    rig.act(reference, "succeed")
    receive(process, rig.name, rig.webhook())
    part = rig.price.share(1, 4)
    rig.refund_by_hand(reference, part)
    assert kinds(compare(process)) == [("other_amount", reference)]
    receive(process, rig.name, rig.webhook())
    assert compare(process).is_clean
    rig.refund_by_hand(reference, rig.price.minus(part))
    assert kinds(compare(process)) == [("other_state", reference)]


def test_events_and_gateway_agree_after_a_cancellation(process: PaymentProcess) -> None:
    """R-PAY-12: a form of WebMoney stays unpaid there, and is refused here."""
    payable(process)
    process.execute(DEFAULT_TENANT, PAYMENT_ID, CancelPayment(at=AT))
    assert compare(process).is_clean


def test_events_and_gateway_agree_after_refunds_that_it_does_not_report(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: an administrator has recorded them, in part and in full."""
    if rig.gateway.capabilities.refunds:
        return
    reference = payable(process).reference
    rig.act(reference, "succeed")
    receive(process, rig.name, rig.webhook())
    part = NoteManualRefund(amount=rig.price.share(1, 4), at=AT)
    for returned in (part, NoteManualRefund(at=AT)):
        process.execute(DEFAULT_TENANT, PAYMENT_ID, returned)
        assert compare(process).is_clean
    assert started(process).status == "refunded"


def test_events_and_gateway_agree_after_a_refund_that_came_before_the_charge(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: nothing was paid then, as after a cancellation."""
    if not rig.gateway.capabilities.refunds:
        return
    reference = payable(process).reference
    rig.act(reference, "succeed")
    rig.refund_by_hand(reference)
    process.poll(DEFAULT_TENANT, PAYMENT_ID)
    assert started(process).attempt(1).state == "voided"
    assert compare(process).is_clean


def test_a_list_has_the_intents_of_its_period_only(rig: Rig) -> None:
    """R-PAY-12: its end is not part of it."""
    if rig.name not in WITH_LISTS:
        return
    rig.gateway.create_intent(FIRST, rig.price)
    now, hour = datetime.now(UTC), timedelta(hours=1)
    for begin, end, count in ((-2, -1, 0), (-1, 1, 1), (1, 2, 0)):
        listed = rig.gateway.list_intents(now + begin * hour, now + end * hour)
        assert [owner for owner, _ in listed] == [FIRST] * count


def test_an_intent_with_unreadable_metadata_does_not_end_the_list(rig: Rig) -> None:
    """R-PAY-12: whoever uses the same account can have written them."""
    if rig.name not in WITH_LISTS:
        return
    attempt: Any = "first"
    rig.gateway.create_intent(replace(FIRST, attempt=attempt), rig.price)
    rig.gateway.create_intent(FIRST, rig.price)
    now, hour = datetime.now(UTC), timedelta(hours=1)
    listed = rig.gateway.list_intents(now - hour, now + hour)
    assert [owner for owner, _ in listed] == [FIRST]


def test_an_intent_that_only_the_gateway_has_is_found_in_its_list(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: of this tenant only, and at gateways with a list."""
    payable(process)
    lost = IntentOf(DEFAULT_TENANT, PaymentId("lost"), 1)
    other = rig.gateway.create_intent(lost, rig.price).reference
    foreign = IntentOf(TenantId("gym"), PaymentId("theirs"), 1)
    rig.gateway.create_intent(foreign, rig.price)
    expected = [("missing_here", other)] if rig.name in WITH_LISTS else []
    assert kinds(compare(process)) == expected


def test_an_unknown_intent_whose_money_was_returned_is_no_difference(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: an administrator has refunded it at the gateway."""
    if rig.name not in WITH_LISTS:
        return
    payable(process)
    lost = IntentOf(DEFAULT_TENANT, PaymentId("lost"), 1)
    other = rig.gateway.create_intent(lost, rig.price).reference
    rig.act(other, "succeed")
    assert kinds(compare(process)) == [("missing_here", other)]
    rig.refund_by_hand(other)
    assert compare(process).is_clean


def test_an_unknown_intent_that_cannot_be_read_hides_no_others(
    process: PaymentProcess, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-12: such as one with a state that the gateway has introduced since."""
    if rig.name not in WITH_LISTS:
        return
    payable(process)
    unknown = [
        rig.gateway.create_intent(IntentOf(DEFAULT_TENANT, PaymentId(name), 1), rig.price).reference
        for name in ("one", "two", "three")
    ]
    look_up = type(rig.gateway).look_up

    def read(gateway: PaymentGateway, reference: str) -> Intent:
        if reference == unknown[1]:
            raise GatewayAnswerError("unknown status")
        return look_up(gateway, reference)

    monkeypatch.setattr(type(rig.gateway), "look_up", read)
    report = compare(process)
    assert sorted(kinds(report)) == sorted(("missing_here", each) for each in unknown)
    assert not report.unanswered


def test_an_intent_that_was_not_answered_and_cannot_be_paid_is_no_difference(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: nobody has its secret, and the payment has ended."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    process.record(DEFAULT_TENANT, PAYMENT_ID, CancelPayment(at=AT), process.new_id())
    assert started(process).status == "failed"
    assert compare(process).is_clean
    rig.act(reference, "succeed")
    assert kinds(compare(process)) == (
        [("missing_here", reference)] if rig.name in WITH_LISTS else []
    )


def test_progress_is_reported_for_each_payment_and_each_listed_intent(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12: so that a long list does not outlive the lease of its run."""
    payable(process)
    rig.gateway.create_intent(IntentOf(TenantId("gym"), PaymentId("theirs"), 1), rig.price)
    reported: list[tuple[int, int]] = []
    Reconciliation(OnePayment(), process).compare(  # type: ignore[arg-type]
        DEFAULT_TENANT, BEGIN, END, progress=lambda *counts: reported.append(counts)
    )
    listed = 2 if rig.name in WITH_LISTS else 0
    assert reported == [(1, 1)] * (3 + listed)  # the intent, its payment, the list and its intents


def test_a_silent_gateway_is_reported_as_not_compared(process: PaymentProcess, rig: Rig) -> None:
    """R-PAY-12"""
    reference = payable(process).reference
    rig.break_next("down")
    report = compare(process)
    assert Unanswered(rig.name, reference, "no_answer") in report.unanswered
    assert not report.is_clean


def test_an_intent_that_the_gateway_does_not_find_is_reported(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12"""
    reference = payable(process).reference
    with rig.with_wrong_key() as refused:
        report = compare(replace(process, gateways={rig.name: refused}))
    assert ("missing_there", reference) in kinds(report)


def test_a_gateway_that_is_not_set_up_any_more_is_reported(
    process: PaymentProcess, rig: Rig
) -> None:
    """R-PAY-12"""
    reference = payable(process).reference
    report = compare(replace(process, gateways={}))
    assert report == Report(1, 1, (), (Unanswered(rig.name, reference, "not_set_up"),))
