"""Subscriptions from the first payment to the last, while the clock moves on."""

from typing import Any

import pytest

from tests.api.driver import ApiDriver
from tests.api.offers import EU, offer, send
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.plan_changing import change, enrollments
from tests.api.refunds import refund, returned
from tests.api.renewing import DAY, follow_at, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator

pytestmark = pytest.mark.both_compositions


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def buy(driver: ApiDriver, stripe: StripeSimulator, **more: Any) -> Any:
    """Buy a plan; the bank wants the user to authenticate."""
    written = enroll(driver, **more)
    intent = send(driver, "GET", f"/v1/payments/{written['paymentId']}/intent")
    stripe.pay(intent["reference"], "pm_card_threeDSecureRequired")
    assert deliver(driver, stripe) == 204
    assert state(driver, written)[0] == "requires_action"
    stripe.authenticate(intent["reference"], passed=True)
    assert deliver(driver, stripe) == 204
    assert state(driver, written) == PAID
    return written


def has_access(driver: ApiDriver, plan: str) -> bool:
    answer = driver.client.get(f"/v1/plans/{plan}/access", params={"user": "ada"})
    return bool(answer.json()["granted"])


def renew(driver: ApiDriver, stripe: StripeSimulator, bought: Any) -> None:
    """Move the clock to the day before the next renewal, which is charged once."""
    date, charges = renews_at(driver, bought), len(stripe.charges)
    for _ in range(2):
        follow_at(driver, date - DAY)
    assert len(stripe.charges) == charges + 1
    assert renews_at(driver, bought) - date >= 28 * DAY


def test_a_subscription_is_bought_changed_renewed_recovered_and_cancelled(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-05, R-PAY-08, R-PAY-11, R-PAY-12, R-PAY-14: and access follows each step."""
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    bought = buy(driver, stripe)
    stripe.cards["pm_1"] = "pm_card_visa"
    change(driver, bought, "more")
    assert enrollments(driver) == {"squats": "cancelled", "more": "active"}
    assert len(stripe.charges) == 2

    for _ in range(3):
        renew(driver, stripe, bought)

    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclinedInsufficientFunds"
    date = renews_at(driver, bought)
    follow_at(driver, date - DAY)
    assert subscription(driver, bought)["status"] == "past_due"
    follow_at(driver, date + 2 * DAY)  # the first retry fails as well
    assert subscription(driver, bought)["status"] == "past_due"
    assert has_access(driver, "more")
    stripe.cards["pm_1"] = "pm_card_visa"
    follow_at(driver, date + 8 * DAY)
    assert subscription(driver, bought)["status"] == "active"
    assert len(stripe.charges) == 6

    path = f"/v1/subscriptions/{bought['subscriptionId']}/cancel"
    assert driver.client.post(path, json={}).status_code == 200
    assert has_access(driver, "more")
    follow_at(driver, renews_at(driver, bought))
    assert subscription(driver, bought)["status"] == "canceled"
    assert enrollments(driver) == {"squats": "cancelled", "more": "cancelled"}
    assert not has_access(driver, "more")
    assert len(stripe.charges) == 6


def test_a_bought_plan_is_returned_in_part_and_then_in_full(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-05, R-PAY-12: access ends with the last of the money."""
    bought = buy(driver, stripe)
    assert refund(driver, bought, "part", amountMinor=500)[0] == 200
    assert (returned(driver, bought), state(driver, bought)) == (500, PAID)
    assert refund(driver, bought, "rest")[0] == 200
    assert state(driver, bought) == ("refunded", "canceled", "cancelled")
    assert returned(driver, bought) == 1999
    assert not has_access(driver, "squats")
