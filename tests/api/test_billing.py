"""Refunds by administrators, and other payment methods for renewals."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.driver import ApiDriver
from tests.api.offers import get
from tests.api.paying import PAID, deliver, enroll, follow, state
from tests.api.refunds import refund, returned
from tests.api.renewing import follow_at, payment, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator

DAY = timedelta(days=1)


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def bought(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return an enrollment whose first month is paid."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, written) == PAID
    return written


def test_a_refund_in_part_keeps_access_and_one_in_full_withdraws_it(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: each request returns money once, however often it is repeated."""
    for _ in range(2):
        status, written = refund(driver, bought, "part", amountMinor=500, reason="goodwill")
        assert status == 200, written
    assert written["repeated"]
    assert returned(driver, bought) == 500
    assert state(driver, bought) == PAID
    assert [each["amount"] for each in stripe.refunds] == [500]
    status, problem = refund(driver, bought, "too much", amountMinor=100_000)
    assert (status, problem["code"]) == (422, "payment.refund_too_large")
    assert refund(driver, bought, "rest")[0] == 200
    assert state(driver, bought) == ("refunded", "canceled", "cancelled")
    assert returned(driver, bought) == stripe.intents["pi_1"]["amount"]


def test_a_refund_of_an_earlier_payment_keeps_access(driver: ApiDriver, bought: Any) -> None:
    """R-PAY-12: a later one pays for the subscription, and says that it would end with it."""
    date = renews_at(driver, bought)
    for before in (7 * DAY, DAY - timedelta(seconds=1)):
        follow_at(driver, date - before)
    first, second = (f"{bought['subscriptionId']}.{number}" for number in (1, 2))
    assert payment(driver, first)["endsSubscription"] is False
    assert payment(driver, second)["endsSubscription"] is True
    assert refund(driver, bought, "first")[0] == 200
    assert state(driver, bought) == ("refunded", "active", "active")
    assert subscription(driver, bought)["endsAt"] is None


def test_a_refund_whose_answer_was_lost_is_made_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12"""
    stripe.faults.extend(["none", "lost_answer"])
    assert refund(driver, bought, "part", amountMinor=500)[0] == 200
    assert returned(driver, bought) == 0
    stripe.forget_keys()
    follow(driver, DAY)
    assert returned(driver, bought) == 500
    assert len(stripe.refunds) == 1


def test_a_part_refunded_by_hand_is_recorded_and_keeps_access(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12"""
    stripe.refund("pi_1", 700)
    assert deliver(driver, stripe) == 204
    assert returned(driver, bought) == 700
    assert state(driver, bought) == PAID


def test_a_refund_in_part_that_was_made_by_hand_is_noted_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: at a gateway that does not report it."""
    path = f"/v1/payments/{bought['paymentId']}/manual-refund"
    for _ in range(2):
        answer = driver.client.post(
            path, json={"amountMinor": 700}, headers={"Idempotency-Key": "by hand"}
        )
        assert answer.status_code == 200, answer.text
    assert returned(driver, bought) == 700
    stripe.refund("pi_1", 700)
    assert deliver(driver, stripe) == 204
    assert returned(driver, bought) == 700
    assert state(driver, bought) == PAID


def test_what_was_not_paid_is_not_refunded(driver: ApiDriver) -> None:
    """R-PAY-12: nor has it a method to change."""
    pending = enroll(driver)
    status, problem = refund(driver, pending, "early")
    assert (status, problem["code"]) == (409, "payment.not_completed")
    path = f"/v1/subscriptions/{pending['subscriptionId']}/method-setup"
    assert driver.client.get(path).json()["code"] == "subscription.not_active"


def test_another_method_is_stored_and_tried_at_once_with_what_is_past_due(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11, R-PAY-14"""
    subscription = f"/v1/subscriptions/{bought['subscriptionId']}"
    position = {"position": driver.platform.log.head()}
    renews_at = datetime.fromisoformat(get(driver, subscription, position)["renewsAt"])
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    follow(driver, renews_at - driver.platform.clock())
    position = {"position": driver.platform.log.head()}
    assert get(driver, subscription, position)["status"] == "past_due"
    setup = get(driver, f"{subscription}/method-setup", position)
    assert get(driver, f"{subscription}/method-setup", position) == setup
    ask = "query($id: ID!) { paymentMethodSetup(id: $id) { reference clientSecret } }"
    twin = driver.ask(ask, id=bought["subscriptionId"])["paymentMethodSetup"]
    assert twin == {each: setup[each] for each in ("reference", "clientSecret")}
    stripe.set_up(setup["reference"], "pm_card_visa")
    done = len(stripe.webhooks) - 1
    for _ in range(2):
        assert deliver(driver, stripe, done) == 204
    position = {"position": driver.platform.log.head()}
    assert get(driver, subscription, position)["status"] == "active"
    assert len(stripe.charges) == 2
    assert get(driver, f"{subscription}/method-setup", position) != setup
