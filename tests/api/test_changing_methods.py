"""Another payment method for renewals, which the page reports without a webhook."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, send
from tests.api.paying import PAID, deliver, enroll, state
from tools.payments.simulator import Fault
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def buy(driver: ApiDriver, stripe: StripeSimulator, plan: str = "squats") -> str:
    """Return a subscription whose first month is paid."""
    written = enroll(driver, planId=plan)
    stripe.pay(list(stripe.intents)[-1], "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, written) == PAID
    return str(written["subscriptionId"])


def setup(driver: ApiDriver, subscription: str) -> str:
    """Begin to give another method; return the reference of the setup."""
    position = {"position": driver.platform.log.head()}
    path = f"/v1/subscriptions/{subscription}/method-setup"
    return str(get(driver, path, position)["reference"])


def store(driver: ApiDriver, subscription: str, reference: str, key: str) -> tuple[int, Any]:
    path = f"/v1/subscriptions/{subscription}/method"
    headers = {"Idempotency-Key": key}
    answer = driver.client.post(path, json={"reference": reference}, headers=headers)
    return answer.status_code, answer.json()


def test_a_method_is_stored_once_with_and_without_a_webhook(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11, R-PAY-13: gateways need not report it, and a late webhook changes nothing."""
    subscription = buy(driver, stripe)
    reference = setup(driver, subscription)
    status, problem = store(driver, subscription, reference, "early")
    assert (status, problem["code"]) == (409, "payment.method_pending")
    stripe.set_up(reference, "pm_card_visa")
    status, written = store(driver, subscription, reference, "done")
    assert (status, written["repeated"]) == (200, False)
    status, written = store(driver, subscription, reference, "done")
    assert (status, written["repeated"]) == (200, True)
    before = driver.platform.log.head()
    assert deliver(driver, stripe) == 204
    assert store(driver, subscription, reference, "again")[0] == 200
    assert driver.platform.log.head() == before
    assert setup(driver, subscription) != reference


def test_a_delayed_webhook_does_not_bring_a_replaced_method_back(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11, R-PAY-13: the second setup of the user counts, and nothing is charged."""
    subscription = buy(driver, stripe)
    first = setup(driver, subscription)
    stripe.set_up(first, "pm_card_visa")
    delayed = len(stripe.webhooks) - 1
    assert store(driver, subscription, first, "first")[0] == 200
    second = setup(driver, subscription)
    stripe.set_up(second, "pm_card_visa")
    assert store(driver, subscription, second, "second")[0] == 200
    before = driver.platform.log.head()
    assert deliver(driver, stripe, delayed) == 204
    assert driver.platform.log.head() == before
    assert len(stripe.charges) == 1


def test_a_setup_of_another_subscription_is_refused(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11: nobody can charge renewals to the method of somebody else."""
    own = buy(driver, stripe)
    offer(driver, "presses", prices=[EU])
    other = setup(driver, buy(driver, stripe, "presses"))
    stripe.set_up(other, "pm_card_visa")
    before = driver.platform.log.head()
    status, problem = store(driver, own, other, "stolen")
    assert (status, problem["code"]) == (404, "payment.setup_unknown")
    assert driver.platform.log.head() == before


def test_a_method_needs_an_active_subscription_and_a_setup_that_exists(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11"""
    pending = enroll(driver)["subscriptionId"]
    status, problem = store(driver, pending, "seti_1", "pending")
    assert (status, problem["code"]) == (409, "subscription.not_active")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    status, problem = store(driver, pending, "seti_99", "unknown")
    assert (status, problem["code"]) == (404, "payment.setup_unknown")
    stripe.faults.append("down")
    status, problem = store(driver, pending, "seti_99", "silent")
    assert (status, problem["code"]) == (503, "payment.gateway_silent")


@pytest.mark.parametrize("fault", [None, "down", "lost_answer"])
def test_a_method_that_comes_after_the_end_is_deleted(
    driver: ApiDriver, stripe: StripeSimulator, fault: Fault | None
) -> None:
    """R-PAY-13, R-TEN-10: the user gave it in a page that was still open; no event has it."""
    offer(driver, "trial", title="Trial", prices=[EU])
    send(driver, "POST", "/v1/plans/trial/trial", days=14)
    subscription = str(enroll(driver, planId="trial", trial=True)["subscriptionId"])
    reference = setup(driver, subscription)
    send(driver, "POST", f"/v1/subscriptions/{subscription}/cancel", atOnce=True)
    stripe.set_up(reference, "pm_card_visa")
    stripe.faults.extend(["none", fault] if fault else [])  # the setup is looked up first
    assert deliver(driver, stripe) == 204
    later = driver.platform.clock() + timedelta(minutes=5)
    replace(driver.platform.inbox, clock=lambda: later).handle_due(Event())
    assert stripe.deleted == {stripe.setups[reference]["customer"]}
