"""Contract of payment gateways, over the simulator of each."""

from collections.abc import Iterator

import pytest

from application.payments.gateways import (
    ClientSecret,
    Form,
    GatewayAnswerError,
    GatewayCannotError,
    GatewayRefusedError,
    GatewayUnavailableError,
    IntentOf,
    Notice,
    PayBy,
    Redirect,
    WebhookForged,
)
from domain.ids import DEFAULT_TENANT
from domain.payments import commands
from domain.payments.events import DeclineReason
from tests.contracts.payment_rigs import (
    FIRST,
    KEY,
    OLD_SECRET,
    PAYMENT_ID,
    RIGS,
    SECOND,
    WITH_CALLS,
    WRONG_KEY,
    Rig,
    StripeRig,
)
from tools.payments.simulator import Choice, Fault


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as running:
        yield running


def secret_of(pay_by: PayBy | None) -> str:
    match pay_by:
        case ClientSecret(secret=secret):
            return secret
        case Redirect(url=url):
            return url
        case Form(fields=fields):
            return dict(fields)["kinelog_signature"]
        case None:
            raise AssertionError


def outcome_of(rig: Rig, reference: str) -> commands.Outcome:
    return rig.gateway.look_up(reference).outcome


def assert_webhook_tells(rig: Rig, reference: str, outcome: commands.Outcome) -> None:
    notice = rig.gateway.read_webhook(rig.webhook())
    assert isinstance(notice, Notice)
    assert (notice.intent_of, notice.reference, notice.outcome) == (FIRST, reference, outcome)
    assert notice.event_type, "administrators see what was reported"


def test_an_intent_is_created_once_and_how_to_pay_it_is_not_shown(rig: Rig) -> None:
    """R-PAY-03, R-PAY-13, R-PAY-15"""
    intent = rig.gateway.create_intent(FIRST, rig.price)
    assert rig.gateway.create_intent(FIRST, rig.price) == intent
    assert intent.outcome == commands.Paying()
    assert secret_of(intent.pay_by) not in repr(intent)
    if rig.name != "webmoney":  # its forms are made again instead
        assert rig.gateway.look_up(intent.reference).pay_by == intent.pay_by
    assert rig.gateway.create_intent(SECOND, rig.price).reference != intent.reference
    assert rig.intents() <= 2


def test_a_payment_succeeds_and_its_webhook_tells_the_same(rig: Rig) -> None:
    """R-PAY-06"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    paid = rig.gateway.look_up(reference)
    assert paid.outcome == commands.Charged(rig.price)
    assert_webhook_tells(rig, reference, paid.outcome)


@pytest.mark.parametrize(
    ("choice", "reason"), [("decline", "declined"), ("insufficient_funds", "insufficient_funds")]
)
def test_a_declined_method_is_reported_if_the_gateway_does(
    rig: Rig, choice: Choice, reason: DeclineReason
) -> None:
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, choice)
    found = outcome_of(rig, reference)
    if not rig.gateway.capabilities.declines:
        assert found == commands.Paying()
        assert rig.webhooks() == 0
        return
    assert found in {commands.Declined(reason), commands.Voided(reason)}
    assert_webhook_tells(rig, reference, found)


def test_an_abandoned_authentication_keeps_waiting_until_it_expires(rig: Rig) -> None:
    """R-PAY-05"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "authenticate")
    reported = rig.gateway.capabilities.authentication
    waiting = commands.NeedsAction() if reported else commands.Paying()
    assert outcome_of(rig, reference) == waiting
    rig.expire(reference)
    assert outcome_of(rig, reference) in {commands.Voided(), commands.Paying()}


def test_a_passed_authentication_charges(rig: Rig) -> None:
    """R-PAY-05"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "authenticate")
    rig.act(reference, "pass")
    assert outcome_of(rig, reference) == commands.Charged(rig.price)
    assert_webhook_tells(rig, reference, commands.Charged(rig.price))


def test_a_failed_authentication_does_not_charge(rig: Rig) -> None:
    """R-PAY-05"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "authenticate")
    rig.act(reference, "fail")
    failed: DeclineReason = "authentication_failed"
    possible = {commands.Declined(failed), commands.Voided(failed)}
    reported = rig.gateway.capabilities.declines
    assert outcome_of(rig, reference) in (possible if reported else {commands.Paying()})


def test_an_unpaid_intent_is_voided_at_once_or_expires(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    if not rig.gateway.capabilities.voids_at_once:
        assert rig.gateway.void(reference).outcome == commands.Paying()
        rig.expire(reference)
    for _ in range(2):
        assert rig.gateway.void(reference).outcome == commands.Voided()


def test_an_intent_of_another_account_is_voided(rig: Rig) -> None:
    """R-PAY-12: the gateway does not know it, so nobody can pay it in this account."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    unknown = reference[:-1] + ("0" if reference.endswith("1") else "1")
    assert rig.gateway.void(unknown).outcome == commands.Voided()


def test_a_charge_before_the_void_is_reported(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    assert rig.gateway.void(reference).outcome == commands.Charged(rig.price)


def test_a_charge_is_refunded_once_if_the_gateway_can(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    if not rig.gateway.capabilities.refunds:
        with pytest.raises(GatewayCannotError):
            rig.gateway.refund(FIRST, reference, rig.price, 1)
        return
    for _ in range(2):
        assert rig.gateway.refund(FIRST, reference, rig.price, 1).outcome == commands.Refunded()
    third = IntentOf(DEFAULT_TENANT, PAYMENT_ID, 3)
    assert rig.gateway.refund(third, reference, rig.price, 2).outcome == commands.Refunded()


def test_a_charge_is_refunded_in_parts_once_each(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    part = rig.price.share(1, 4)
    if not rig.gateway.capabilities.partial_refunds:
        with pytest.raises(GatewayCannotError):
            rig.gateway.refund(FIRST, reference, part, 1)
        assert outcome_of(rig, reference) == commands.Charged(rig.price)
        return
    for _ in range(2):
        returned = rig.gateway.refund(FIRST, reference, part, 1).outcome
        assert returned == commands.Charged(rig.price, part)
    assert rig.gateway.read_webhook(rig.webhook()) is not None
    rest = rig.price.minus(part)
    assert rig.gateway.refund(FIRST, reference, rest, 2).outcome == commands.Refunded()


def test_the_gateways_with_refunds_are_those_that_are_tested(rig: Rig) -> None:
    """R-PAY-12"""
    assert rig.gateway.capabilities.refunds is (rig.name in WITH_CALLS)


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_a_refund_by_hand_is_reported(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    rig.refund_by_hand(reference)
    assert outcome_of(rig, reference) == commands.Refunded()
    assert_webhook_tells(rig, reference, commands.Refunded())


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer", "down", "page"])
def test_after_a_timeout_calls_are_repeated_without_a_second_intent(rig: Rig, fault: Fault) -> None:
    """R-PAY-13: before and after the charge."""
    if rig.name != "webmoney":  # its intents are made without a call
        rig.break_next(fault)
        with pytest.raises(GatewayUnavailableError) as caught:
            rig.gateway.create_intent(FIRST, rig.price)
        assert caught.value.obstacle == "timeout"
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    assert rig.intents() <= 1
    for choice, outcome in (
        (None, commands.Paying()),
        ("succeed", commands.Charged(rig.price)),
    ):
        if choice is not None:
            rig.act(reference, "succeed")
        rig.break_next(fault)
        with pytest.raises(GatewayUnavailableError):
            rig.gateway.look_up(reference)
        assert outcome_of(rig, reference) == outcome


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_a_lost_answer_to_a_refund_does_not_return_the_money_twice(rig: Rig) -> None:
    """R-PAY-12"""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    before = rig.webhooks()
    rig.break_next("lost_answer")
    with pytest.raises(GatewayUnavailableError):
        rig.gateway.refund(FIRST, reference, rig.price, 1)
    assert rig.gateway.refund(FIRST, reference, rig.price, 1).outcome == commands.Refunded()
    assert rig.webhooks() == before + 1


def test_an_amount_in_another_currency_is_unsupported(rig: Rig) -> None:
    """C-26"""
    assert rig.price.currency in rig.gateway.capabilities.currencies
    assert rig.foreign_price.currency not in rig.gateway.capabilities.currencies
    with pytest.raises(GatewayUnavailableError) as caught:
        rig.gateway.create_intent(FIRST, rig.foreign_price)
    assert caught.value.obstacle == "unsupported"


@pytest.mark.parametrize("rig", WITH_CALLS, indirect=True)
def test_a_wrong_key_is_a_refusal_that_leaves_no_intent(rig: Rig) -> None:
    """C-26: so another gateway can be tried."""
    with rig.with_wrong_key() as other, pytest.raises(GatewayRefusedError):
        other.create_intent(FIRST, rig.price)
    assert rig.intents() == 0


def test_refusals_have_no_secrets(rig: Rig) -> None:
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    with rig.with_wrong_key() as other, pytest.raises(GatewayAnswerError) as refused:
        other.look_up(reference)
    for secret in (KEY, WRONG_KEY):
        assert secret.get_secret_value() not in repr(refused.value)


def test_forged_webhooks_are_refused(rig: Rig) -> None:
    """R-PAY-07, R-TEN-14: the first step."""
    rig.act(rig.gateway.create_intent(FIRST, rig.price).reference, "succeed")
    assert rig.gateway.read_webhook(rig.webhook()) is not None
    for forged in rig.forgeries():
        with pytest.raises(WebhookForged):
            rig.gateway.read_webhook(forged)


def test_a_webhook_outlives_a_page_of_a_proxy(rig: Rig) -> None:
    """R-PAY-07: the gateway is asked for the state again when it sends the webhook again."""
    rig.act(rig.gateway.create_intent(FIRST, rig.price).reference, "succeed")
    rig.break_next("page")
    with pytest.raises(GatewayUnavailableError):
        rig.gateway.read_webhook(rig.webhook())
    notice = rig.gateway.read_webhook(rig.webhook())
    assert isinstance(notice, Notice)
    assert notice.outcome == commands.Charged(rig.price)


def test_webhooks_have_the_same_id_each_time_and_another_one_for_another_state(rig: Rig) -> None:
    """R-PAY-07: the second step."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    notices = [rig.gateway.read_webhook(rig.webhook()) for _ in range(2)]
    assert len({notice.event_id for notice in notices if notice}) == 1
    if rig.gateway.capabilities.refunds:
        rig.refund_by_hand(reference)
        notices.append(rig.gateway.read_webhook(rig.webhook()))
        assert len({notice.event_id for notice in notices if notice}) == 2


def test_charges_of_others_in_the_same_account_are_ignored(rig: Rig) -> None:
    assert rig.gateway.read_webhook(rig.foreign_webhook()) is None


def test_a_webhook_signed_with_the_former_secret_is_taken_during_a_change() -> None:
    """R-TEN-14"""
    with RIGS["stripe"]() as rig:
        assert isinstance(rig, StripeRig)
        rig.act(rig.gateway.create_intent(FIRST, rig.price).reference, "succeed")
        assert rig.gateway.read_webhook(rig.webhook(secret=OLD_SECRET)) is not None
