"""Debits, such as SEPA's, which the bank of the user processes for days."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.payments.follow_up import EXPIRES
from application.payments.process import GatewaySilent
from domain.ids import DEFAULT_TENANT, SubscriptionId
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, refused
from tests.api.paying import FAILED, PAID, PENDING, deliver, enroll, follow, state
from tests.api.plan_changing import change
from tests.api.renewing import DAY, follow_at, payment, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def debited(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return an enrollment whose first payment is a debit that the bank is processing."""
    written = enroll(driver)
    stripe.pay_by_debit("pi_1")
    assert deliver(driver, stripe) == 204
    return written


def test_a_debit_cannot_be_paid_again_while_the_bank_processes_it(
    driver: ApiDriver, stripe: StripeSimulator, debited: Any
) -> None:
    """R-PAY-05"""
    path = f"/v1/payments/{debited['paymentId']}/intent"
    assert refused(driver, "GET", path) == (409, "payment.processing")
    stripe.settle("pi_1", paid=False)
    assert get(driver, path, {"position": 0})["reference"] == "pi_1"


def test_an_intent_that_its_gateway_does_not_find_is_not_payable_now(
    driver: ApiDriver, stripe: StripeSimulator, debited: Any
) -> None:
    """R-PAY-05: such as after the tenant has set up another account."""
    del stripe.intents["pi_1"]
    path = f"/v1/payments/{debited['paymentId']}/intent"
    assert refused(driver, "GET", path) == (503, "payment.gateway_silent")


def test_a_debit_does_not_expire_while_the_bank_processes_it(
    driver: ApiDriver, stripe: StripeSimulator, debited: Any
) -> None:
    """R-PAY-07, R-PAY-12: it completes the payment after days."""
    for days in (1, 4, 9):
        assert follow(driver, EXPIRES + days * DAY) == 1
        assert state(driver, debited) == PENDING
        path = f"/v1/payments/{debited['paymentId']}/intent"
        assert refused(driver, "GET", path) == (409, "payment.processing")
    stripe.settle("pi_1", paid=True)
    assert deliver(driver, stripe) == 204
    assert state(driver, debited) == PAID


def test_a_debit_that_is_refused_after_days_says_why(
    driver: ApiDriver, stripe: StripeSimulator, debited: Any
) -> None:
    """R-PAY-07, R-PAY-12"""
    follow(driver, EXPIRES + DAY)
    stripe.settle("pi_1", paid=False)
    assert deliver(driver, stripe) == 204
    follow(driver, EXPIRES + 2 * DAY)
    assert state(driver, debited) == FAILED
    assert payment(driver, debited["paymentId"])["declineReason"] == "insufficient_funds"


@pytest.fixture
def renewed_by_debit(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return an enrollment that is paid, and whose renewals are debits."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    stripe.debits.add(stripe.intents["pi_1"]["payment_method"])
    return written


@pytest.fixture
def renewing(driver: ApiDriver, renewed_by_debit: Any) -> Any:
    """Return an enrollment whose renewal is a debit that the bank is processing."""
    date = renews_at(driver, renewed_by_debit)
    for days in (-1, 0, 3):
        follow_at(driver, date + days * DAY + timedelta(minutes=1))
    renewal = subscription(driver, renewed_by_debit)["renewalPaymentId"]
    assert payment(driver, renewal)["status"] == "pending"
    return renewed_by_debit


def test_a_renewal_by_debit_waits_for_the_bank(
    driver: ApiDriver, stripe: StripeSimulator, renewing: Any
) -> None:
    """R-PAY-11, R-PAY-14: past its date; refused, it fails with the reason of the bank."""
    renewal = subscription(driver, renewing)["renewalPaymentId"]
    date = renews_at(driver, renewing)
    stripe.settle("pi_2", paid=False)
    follow_at(driver, date + 4 * DAY)
    assert payment(driver, renewal)["failReason"] == "insufficient_funds"
    assert subscription(driver, renewing)["status"] == "past_due"


@pytest.mark.parametrize("reported_by", ["page", "webhook"])
def test_a_method_stored_during_a_debit_is_for_the_next_renewal(
    driver: ApiDriver, stripe: StripeSimulator, renewing: Any, reported_by: str
) -> None:
    """R-PAY-11, R-PAY-14: the renewal that the bank processes is not charged a second time."""
    path = f"/v1/subscriptions/{renewing['subscriptionId']}"
    position = {"position": driver.platform.log.head()}
    reference = get(driver, f"{path}/method-setup", position)["reference"]
    stripe.set_up(reference, "pm_card_visa")
    if reported_by == "page":
        stored = driver.client.post(f"{path}/method", json={"reference": reference})
        assert stored.status_code == 200, stored.text
    else:
        assert deliver(driver, stripe) == 204
    renewal = subscription(driver, renewing)["renewalPaymentId"]
    assert list(stripe.intents) == ["pi_1", "pi_2"]
    stripe.settle("pi_2", paid=True)
    assert deliver(driver, stripe) == 204
    assert payment(driver, renewal)["status"] == "succeeded"
    follow_at(driver, renews_at(driver, renewing) - DAY + timedelta(minutes=1))
    assert stripe.intents["pi_3"]["payment_method"] == stripe.setups[reference]["payment_method"]


def test_a_debit_paid_by_hand_does_not_replace_a_card_that_was_stored_meanwhile(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11: the method that the user has stored last is charged."""
    written = enroll(driver)
    stripe.intents["pi_1"]["customer"] = None  # its method is not kept
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    follow_at(driver, renews_at(driver, written) - 6 * DAY)
    stripe.pay_by_debit("pi_2")
    path = f"/v1/subscriptions/{written['subscriptionId']}"
    position = {"position": driver.platform.log.head()}
    reference = get(driver, f"{path}/method-setup", position)["reference"]
    stripe.set_up(reference, "pm_card_visa")
    stored = driver.client.post(f"{path}/method", json={"reference": reference})
    assert stored.status_code == 200, stored.text
    stripe.settle("pi_2", paid=True)
    assert deliver(driver, stripe) == 204
    follow_at(driver, renews_at(driver, written) - DAY + timedelta(minutes=1))
    assert stripe.intents["pi_3"]["payment_method"] == stripe.setups[reference]["payment_method"]


def test_a_plan_cannot_change_while_the_bank_processes_the_renewal(
    driver: ApiDriver, stripe: StripeSimulator, renewing: Any
) -> None:
    """R-PAY-11, R-PAY-14: the period would be charged twice, until the first is returned."""
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    path = f"/v1/subscriptions/{renewing['subscriptionId']}/change-preview?planId=more"
    assert refused(driver, "GET", path) == (409, "subscription.renewal_processing")
    stripe.settle("pi_2", paid=True)
    assert deliver(driver, stripe) == 204
    assert get(driver, path, {"position": driver.platform.log.head()})["takesEffect"] == "now"


def test_a_change_is_not_taken_back_while_the_bank_processes_its_renewal(
    driver: ApiDriver, stripe: StripeSimulator, renewed_by_debit: Any
) -> None:
    """R-PAY-11, R-PAY-14: the period would be charged twice, for both plans."""
    offer(driver, "less", title="Less", prices=[{**EU, "amountMinor": 999}])
    change(driver, renewed_by_debit, "less")
    follow_at(driver, renews_at(driver, renewed_by_debit) - DAY + timedelta(minutes=1))
    assert stripe.intents["pi_2"]["status"] == "processing"
    path = f"/v1/subscriptions/{renewed_by_debit['subscriptionId']}/withdraw-plan-change"
    assert refused(driver, "POST", path) == (409, "subscription.renewal_processing")
    follow_at(driver, renews_at(driver, renewed_by_debit) - DAY + timedelta(minutes=2))
    assert list(stripe.intents) == ["pi_1", "pi_2"]


def test_a_resumed_subscription_waits_for_its_withdrawn_debit(
    driver: ApiDriver, stripe: StripeSimulator, renewed_by_debit: Any
) -> None:
    """R-PAY-14: the period is not debited twice, and access stays until the bank has decided."""
    date = renews_at(driver, renewed_by_debit)
    follow_at(driver, date - DAY + timedelta(minutes=1))
    path = f"/v1/subscriptions/{renewed_by_debit['subscriptionId']}"
    for action in ("cancel", "resume"):
        answer = driver.client.post(f"{path}/{action}", json={})
        assert answer.status_code == 200, answer.text
    for days in (-1, 0, 9):
        follow_at(driver, date + days * DAY + timedelta(minutes=2))
        assert subscription(driver, renewed_by_debit)["status"] == "active"
    assert list(stripe.intents) == ["pi_1", "pi_2"]
    stripe.settle("pi_2", paid=True)
    assert deliver(driver, stripe) == 204
    follow_at(driver, date + 9 * DAY + timedelta(minutes=3))
    assert stripe.charges[-1]["refunded"]
    assert stripe.intents["pi_3"]["status"] == "processing"


def test_a_debit_that_its_gateway_does_not_know_prevents_no_change(
    driver: ApiDriver, stripe: StripeSimulator, renewing: Any
) -> None:
    """R-PAY-11, R-PAY-14: such as after the tenant has set up another account."""
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    path = f"/v1/subscriptions/{renewing['subscriptionId']}"
    position = {"position": driver.platform.log.head()}
    reference = get(driver, f"{path}/method-setup", position)["reference"]
    stripe.set_up(reference, "pm_card_visa")
    del stripe.intents["pi_2"]
    assert get(driver, f"{path}/change-preview?planId=more", position)["takesEffect"] == "now"
    stored = driver.client.post(f"{path}/method", json={"reference": reference})
    assert stored.status_code == 200, stored.text


@pytest.mark.parametrize("is_renewal", [True, False], ids=["renewal", "first"])
def test_an_intent_that_its_gateway_does_not_know_expires(
    driver: ApiDriver, stripe: StripeSimulator, request: pytest.FixtureRequest, *, is_renewal: bool
) -> None:
    """R-PAY-07, R-PAY-11: it gives no access for ever, such as after a change of the account."""
    written = request.getfixturevalue("renewing") if is_renewal else enroll(driver)
    stripe.intents.clear()
    if is_renewal:
        follow_at(driver, renews_at(driver, written) + 4 * DAY)
        assert subscription(driver, written)["status"] == "past_due"
    else:
        follow(driver, EXPIRES + DAY)
        assert state(driver, written) == FAILED


def test_a_debit_is_not_waited_for_at_a_gateway_that_is_no_longer_set_up(
    driver: ApiDriver, stripe: StripeSimulator, renewing: Any
) -> None:
    """R-PAY-11: one that does not answer is asked again instead."""
    process = driver.platform.payments
    found = process.subscription(DEFAULT_TENANT, SubscriptionId(renewing["subscriptionId"]))
    assert process.is_renewal_processing(DEFAULT_TENANT, found)
    assert not replace(process, gateways={}).is_renewal_processing(DEFAULT_TENANT, found)
    stripe.faults.append("down")
    with pytest.raises(GatewaySilent):
        process.is_renewal_processing(DEFAULT_TENANT, found)
