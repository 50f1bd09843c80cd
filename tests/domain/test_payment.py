from dataclasses import replace
from datetime import timedelta

import pytest

from domain.ids import SubscriptionId, UserId
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import commands, events
from domain.payments.states import (
    ChargeStoredMethod,
    CreateIntent,
    FindCharge,
    RefundCharge,
    VoidIntent,
    next_steps,
    payable_intent,
)
from domain.values import InvalidValue
from tests.domain.payments import (
    AT,
    CHARGED,
    COMPLETED,
    CREATED,
    GATEWAYS,
    INTENT,
    OPEN,
    PRICE,
    ROUTED,
    VOID,
    VOIDED,
    given,
    note,
)
from tests.specification import is_refused

CREATE = commands.CreatePayment(
    user_id=UserId("ada"), subscription_id=SubscriptionId("s"), amount=PRICE, region="Russia",
    gateways=GATEWAYS, at=AT,
)  # fmt: skip
METHOD = StoredMethod("yookassa", None, "m1")
OFF_SESSION = (
    replace(CREATED, gateways=("yookassa",), off_session=True),
    events.MethodChosen(method=METHOD, at=AT),
    ROUTED,
)
SUBMITTED = (*OFF_SESSION, events.ChargeSubmitted(attempt=1, at=AT))
UNAVAILABLE = commands.NoteObstacle(attempt=1, obstacle="circuit_open", at=AT)
CANCEL = commands.CancelPayment(at=AT)


def test_a_payment_is_created_pending_and_routed_with_a_reason() -> None:
    """R-PAY-01, R-PAY-02, R-PAY-04"""
    given().when(CREATE).then(CREATED, ROUTED)
    preferred = given().when(replace(CREATE, preferred=True))
    preferred.then(CREATED, replace(ROUTED, reason="preference"))
    assert next_steps(given(CREATED, ROUTED).state) == (CreateIntent(1, "yookassa", PRICE),)


def test_creating_a_payment_again_gives_the_same_payment() -> None:
    """R-PAY-13"""
    given(CREATED, ROUTED).when(CREATE).then_nothing()
    dearer = replace(CREATE, amount=Money(1, "RUB"))
    given(CREATED, ROUTED).when(dearer).then_rejected(commands.PaymentExists)


def test_a_payment_has_an_amount_and_gateways() -> None:
    is_refused(InvalidValue, lambda: replace(CREATE, gateways=()))
    is_refused(InvalidValue, lambda: replace(CREATE, gateways=("stripe", "stripe")))
    is_refused(InvalidValue, lambda: replace(CREATE, amount=Money(0, "EUR")))


def test_the_next_gateway_serves_if_one_cannot_and_the_reason_is_stored() -> None:
    """R-PAY-04, C-26"""
    second = events.PaymentRouted(attempt=2, gateway="sberbank", reason="circuit_open", at=AT)
    third = events.PaymentRouted(attempt=3, gateway="webmoney", reason="timeout", at=AT)
    given(CREATED, ROUTED).when(UNAVAILABLE).then(second)
    slow = replace(UNAVAILABLE, attempt=2, obstacle="timeout")
    given(CREATED, ROUTED, second).when(slow).then(third)
    none_left = given(CREATED, ROUTED, second, third).when(replace(UNAVAILABLE, attempt=3))
    none_left.then(events.PaymentFailed(reason="no_gateway", at=AT))


def test_a_refused_call_is_repeated_only_at_the_last_gateway() -> None:
    """C-26: such as for a wrong key, which a person must change."""
    refused = replace(UNAVAILABLE, obstacle="refused")
    second = events.PaymentRouted(attempt=2, gateway="sberbank", reason="refused", at=AT)
    third = replace(second, attempt=3, gateway="webmoney")
    given(CREATED, ROUTED).when(refused).then(second)
    given(CREATED, ROUTED, second).when(replace(refused, attempt=2)).then(third)
    given(CREATED, ROUTED, second, third).when(replace(refused, attempt=3)).then_nothing()


def test_the_gateway_stays_once_the_user_can_pay() -> None:
    """C-26"""
    given(*OPEN).when(UNAVAILABLE).then_nothing()
    given(*OPEN, COMPLETED).when(UNAVAILABLE).then_nothing()


def test_the_gateway_stays_once_a_stored_method_may_be_charged() -> None:
    """C-26"""
    create = replace(CREATE, gateways=("yookassa",), method=METHOD)
    given().when(create).then(*OFF_SESSION)
    submit = commands.SubmitCharge(attempt=1, at=AT)
    given(*OFF_SESSION).when(submit).then(SUBMITTED[-1])
    assert next_steps(given(*SUBMITTED).state) == (
        ChargeStoredMethod(1, "yookassa", PRICE, METHOD, submitted_at=AT),
    )
    for command in (UNAVAILABLE, submit):
        given(*SUBMITTED).when(command).then_nothing()
    given(CREATED, ROUTED).when(submit).then_rejected(commands.NotChargeable)
    is_refused(InvalidValue, lambda: replace(CREATE, method=METHOD))


def test_a_submitted_charge_is_searched_before_it_is_given_up() -> None:
    """R-PAY-12: only the gateway knows whether money has moved."""
    expire = commands.ExpirePayment(at=AT)
    void = replace(VOID, reason="expired")
    given(*SUBMITTED).when(expire).then(void)
    lost = given(*SUBMITTED, void)
    assert next_steps(lost.state) == (FindCharge(1, "yookassa", METHOD, AT),)
    early = commands.NoteNoCharge(attempt=1, at=AT + timedelta(minutes=9))
    lost.when(early).then_nothing()  # another process may be about to charge it
    at = AT + timedelta(minutes=10)
    none = replace(early, at=at)
    failed = replace(VOIDED, at=at), events.PaymentFailed(reason="expired", at=at)
    lost.when(none).then(*failed)
    lost.when(CHARGED).then(INTENT, COMPLETED)
    lost.when(note(commands.NeedsAction())).then(INTENT)
    assert next_steps(given(*SUBMITTED, void, INTENT).state) == (VoidIntent(1, "yookassa", "r1"),)
    given(*SUBMITTED).when(none).then_nothing()
    cancelled = replace(VOID, reason="cancelled")
    lost.when(CANCEL).then(cancelled, events.PaymentFailed(reason="cancelled", at=AT))
    given(*SUBMITTED, void, cancelled).when(CHARGED).then(
        INTENT,
        events.RefundRequested(attempt=1, amount=PRICE, reason="cancelled", at=AT),
        events.PaymentFailed(reason="cancelled", at=AT),
    )


def test_a_stored_method_that_cannot_be_charged_fails_the_payment() -> None:
    """R-PAY-11"""
    refused = commands.NoteNoCharge(attempt=1, reason="declined", at=AT)
    failed = (VOIDED, events.PaymentFailed(reason="declined", at=AT))
    given(*SUBMITTED).when(refused).then(*failed)
    given(*SUBMITTED, *failed).when(refused).then_nothing()
    over = given(*SUBMITTED, *failed)
    over.when(CHARGED).then(
        INTENT, events.RefundRequested(attempt=1, amount=PRICE, reason="superseded", at=AT)
    )
    superseded = replace(VOID, reason="superseded")
    over.when(note(commands.NeedsAction())).then(INTENT, superseded)


def test_the_method_of_a_charge_is_stored_for_renewals() -> None:
    """R-PAY-14"""
    charged = replace(CHARGED, method=METHOD)
    given(*OPEN).when(charged).then(COMPLETED, events.MethodStored(attempt=1, method=METHOD, at=AT))
    given(*SUBMITTED).when(charged).then(INTENT, COMPLETED)


def test_a_charge_completes_the_payment_once() -> None:
    """R-PAY-07, R-EVT-01: webhook, poll and reply may all report it."""
    given(*OPEN).when(CHARGED).then(COMPLETED)
    given(*OPEN, COMPLETED).when(CHARGED).then_nothing()
    given(*OPEN, COMPLETED).when(note(commands.Declined("declined"))).then_nothing()


def test_a_webhook_may_come_before_the_reply_to_our_request() -> None:
    """R-PAY-07"""
    given(CREATED, ROUTED).when(CHARGED).then(INTENT, COMPLETED)


def test_authentication_is_a_step() -> None:
    """R-PAY-05"""
    action = events.ActionRequired(attempt=1, at=AT)
    needed = note(commands.NeedsAction())
    given(*OPEN).when(needed).then(action)
    given(*OPEN, action).when(needed).then_nothing()
    given(*OPEN, action).when(CHARGED).then(COMPLETED)
    failed = note(commands.Declined("authentication_failed"))
    declined = events.PaymentDeclined(attempt=1, reason="authentication_failed", at=AT)
    given(*OPEN, action).when(failed).then(declined)


def test_the_user_may_try_another_card_after_a_decline() -> None:
    """R-PAY-05"""
    declined = events.PaymentDeclined(attempt=1, reason="insufficient_funds", at=AT)
    refused = note(commands.Declined("insufficient_funds"))
    given(*OPEN).when(refused).then(declined)
    given(*OPEN, declined).when(refused).then_nothing()
    assert payable_intent(given(*OPEN, declined).state) is not None
    given(*OPEN, declined).when(CHARGED).then(COMPLETED)


def test_a_payment_whose_gateway_is_not_set_up_any_more_fails_and_asks_for_a_person() -> None:
    """R-PAY-11, R-PAY-12: it does not stay pending; a charge that is reported later is returned."""
    needed = events.AttentionNeeded(attempt=1, reason="not_set_up", at=AT)
    failed = events.PaymentFailed(reason="cancelled", at=AT)
    missing = commands.NoteAttention(attempt=1, reason="not_set_up", at=AT)
    given(*OPEN).when(missing).then_nothing()
    given(*OPEN, VOID).when(missing).then(needed, failed)
    after = (*OPEN, VOID, needed, failed)
    given(*after).when(missing).then_nothing()
    assert next_steps(given(*after).state) == (VoidIntent(1, "yookassa", "r1"),)
    returned = given(*after).log_after([CHARGED])[-1]
    assert isinstance(returned, events.RefundRequested)


def test_a_refund_that_the_gateway_cannot_make_asks_for_a_person() -> None:
    """R-PAY-12"""
    missing = commands.NoteAttention(attempt=1, reason="no_such_call", at=AT)
    paid = given(*OPEN).log_after([CHARGED, commands.RefundPayment(at=AT)])
    needed = events.AttentionNeeded(attempt=1, reason="no_such_call", at=AT)
    given(*paid).when(missing).then(needed)
    given(*paid, needed).when(missing).then_nothing()


def test_a_refusal_that_ends_the_intent_is_why_the_payment_fails() -> None:
    """R-PAY-11: at gateways where another card needs another payment."""
    refused = note(commands.Voided("insufficient_funds"))
    given(*OPEN).when(refused).then(
        events.PaymentDeclined(attempt=1, reason="insufficient_funds", at=AT),
        events.IntentVoided(attempt=1, at=AT),
        events.PaymentFailed(reason="insufficient_funds", at=AT),
    )
    assert given(*OPEN, VOID).log_after([refused])[-1] == events.PaymentFailed(
        reason="cancelled", at=AT
    )


def test_an_expired_intent_is_replaced_when_the_user_comes_back() -> None:
    """R-PAY-14: some gateways keep an intent for an hour, while a renewal can be paid for days."""
    ended = note(commands.Voided())
    replace_intent = commands.ReplaceIntent(attempt=1, at=AT)
    again = events.PaymentRouted(attempt=2, gateway="yookassa", reason="expired", at=AT)
    given(*OPEN).when(replace_intent).then_nothing()
    given(*OPEN).when(ended).then(VOIDED)
    given(*OPEN, VOIDED).when(ended).then_nothing()
    given(*OPEN, VOIDED).when(replace_intent).then(again)
    second = given(*OPEN, VOIDED, again)
    second.when(replace_intent).then_nothing()
    assert next_steps(second.state) == (CreateIntent(2, "yookassa", PRICE),)
    second.when(replace(UNAVAILABLE, attempt=2)).then(
        replace(again, attempt=3, gateway="sberbank", reason="circuit_open")
    )
    refund = events.RefundRequested(attempt=1, amount=PRICE, reason="superseded", at=AT)
    second.when(CHARGED).then(refund)


@pytest.mark.parametrize(
    ("command", "reason"), [(CANCEL, "cancelled"), (commands.ExpirePayment(at=AT), "expired")]
)
def test_a_payment_without_an_intent_is_given_up_at_once(
    command: commands.PaymentCommand, reason: events.FailReason
) -> None:
    """R-PAY-11"""
    failed = events.PaymentFailed(reason=reason, at=AT)
    given(*OPEN, VOIDED).when(command).then(failed)
    given(*OPEN, VOIDED, failed).when(commands.ReplaceIntent(attempt=1, at=AT)).then_nothing()


def test_an_intent_that_ended_without_the_user_fails_the_payment() -> None:
    """R-PAY-11: nobody comes back to it."""
    failed = events.PaymentFailed(reason="expired", at=AT)
    given(*SUBMITTED, INTENT).when(note(commands.Voided())).then(VOIDED, failed)


def test_a_declined_stored_method_ends_the_payment() -> None:
    """R-PAY-11"""
    log = given(*SUBMITTED).log_after(
        [note(commands.Declined("declined")), note(commands.Voided())]
    )
    assert log[-1] == events.PaymentFailed(reason="declined", at=AT)


def test_a_cancelled_payment_fails_at_once_and_its_intent_is_voided() -> None:
    """R-PAY-11, R-PAY-12: also at a gateway where the intent can be paid for an hour after that."""
    failed = events.PaymentFailed(reason="cancelled", at=AT)
    given(*OPEN).when(CANCEL).then(VOID, failed)
    cancelled = given(*OPEN, VOID, failed)
    assert next_steps(cancelled.state) == (VoidIntent(1, "yookassa", "r1"),)
    assert payable_intent(cancelled.state) is None
    cancelled.when(CANCEL).then_nothing()
    cancelled.when(note(commands.Voided())).then(events.IntentVoided(attempt=1, at=AT))
    cancelled.when(CHARGED).then(
        events.RefundRequested(attempt=1, amount=PRICE, reason="cancelled", at=AT)
    )
    assert payable_intent(given(CREATED, ROUTED).state) is None
    given(CREATED, ROUTED).when(CANCEL).then(failed)


def test_a_payment_that_an_earlier_version_cancelled_fails_once_its_intent_is_voided() -> None:
    """R-PAY-11: its log has the request, and not yet the failure."""
    given(*OPEN, VOID).when(note(commands.Voided())).then(
        events.IntentVoided(attempt=1, at=AT), events.PaymentFailed(reason="cancelled", at=AT)
    )


def test_a_charge_after_a_cancellation_by_an_earlier_version_is_refunded() -> None:
    """R-PAY-12"""
    refund = events.RefundRequested(attempt=1, amount=PRICE, reason="cancelled", at=AT)
    failed = events.PaymentFailed(reason="cancelled", at=AT)
    given(*OPEN, VOID).when(CHARGED).then(refund, failed)
    refunding = given(*OPEN, VOID, refund, failed)
    assert next_steps(refunding.state) == (RefundCharge(1, "yookassa", "r1", PRICE, 1),)
    refunding.when(note(commands.Refunded())).then(
        events.PaymentRefunded(attempt=1, amount=PRICE, completed=False, at=AT)
    )


def test_a_charge_before_the_expiry_completes_the_payment() -> None:
    expired = events.VoidRequested(attempt=1, reason="expired", at=AT)
    given(*OPEN).when(commands.ExpirePayment(at=AT)).then(expired)
    given(*OPEN, expired).when(CHARGED).then(COMPLETED)


def test_another_amount_is_refunded_and_fails_the_payment() -> None:
    other = Money(1, "RUB")
    given(*OPEN).when(note(commands.Charged(other))).then(
        events.RefundRequested(attempt=1, amount=other, reason="wrong_amount", at=AT),
        events.PaymentFailed(reason="wrong_amount", at=AT),
    )


def test_a_charge_at_a_former_gateway_is_refunded() -> None:
    """C-26"""
    second = events.PaymentRouted(attempt=2, gateway="sberbank", reason="timeout", at=AT)
    refund = events.RefundRequested(attempt=1, amount=PRICE, reason="superseded", at=AT)
    given(CREATED, ROUTED, second).when(CHARGED).then(INTENT, refund)


def test_an_intent_at_a_former_gateway_is_voided() -> None:
    """C-26"""
    second = events.PaymentRouted(attempt=2, gateway="sberbank", reason="timeout", at=AT)
    void = events.VoidRequested(attempt=1, reason="superseded", at=AT)
    given(CREATED, ROUTED, second).when(note(commands.Paying())).then(INTENT, void)


def test_a_completed_payment_is_refunded_on_request() -> None:
    """R-PAY-12"""
    refund = commands.RefundPayment(at=AT)
    requested = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    refunded = events.PaymentRefunded(attempt=1, amount=PRICE, completed=True, at=AT)
    given(*OPEN).when(refund).then_rejected(commands.PaymentNotCompleted)
    given(*OPEN, COMPLETED).when(refund).then(requested)
    given(*OPEN, COMPLETED, requested).when(refund).then_nothing()
    given(*OPEN, COMPLETED, requested).when(note(commands.Refunded())).then(refunded)
    given(*OPEN, COMPLETED, requested, refunded).when(refund).then_nothing()


def test_a_reference_of_another_intent_is_refused() -> None:
    given(*OPEN).when(replace(CHARGED, reference="r9")).then_rejected(commands.IntentUnknown)
    given(*OPEN).when(note(commands.Paying(), attempt=2)).then_rejected(commands.IntentUnknown)


@pytest.mark.parametrize("command", [CHARGED, CANCEL, UNAVAILABLE])
def test_an_unknown_payment_is_refused(command: commands.PaymentCommand) -> None:
    given().when(command).then_rejected(commands.PaymentNotFound)
