"""Renewals over months: charged without the user, retried, paid by hand, and cancelled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from unittest.mock import Mock

import pytest

from application.kernel.command_handler import CommandHandler
from application.kernel.ports import AppendResult
from application.payments.process import PaymentProcess
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SubscriptionId
from domain.payments.states import IN_FLIGHT
from domain.subscriptions.states import Active, Subscription
from tests.api.driver import ApiDriver
from tests.api.offers import get
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.renewing import DAY, follow_at, payment, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator


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


def folded(process: PaymentProcess, written: Any) -> Subscription:
    return process.subscription(DEFAULT_TENANT, SubscriptionId(written["subscriptionId"]))


def test_three_periods_are_renewed_without_the_user(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-14: announced a week before, charged once a day before, and the date moves on."""
    first = renews_at(driver, bought)
    for number in (2, 3, 4):
        date = renews_at(driver, bought)
        follow_at(driver, date - 7 * DAY)
        assert len(stripe.charges) == number - 1
        for _ in range(3):
            follow_at(driver, date - DAY + timedelta(seconds=1))
        assert len(stripe.charges) == number
        assert payment(driver, f"{bought['subscriptionId']}.{number}")["status"] == "succeeded"
        assert renews_at(driver, bought) - date >= 28 * DAY
    assert renews_at(driver, bought) - first >= 89 * DAY
    assert state(driver, bought) == PAID


def test_a_failed_renewal_is_retried_and_recovers(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11, R-PAY-14: access stays, and the date is that of the regular month."""
    date = renews_at(driver, bought)
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclinedInsufficientFunds"
    follow_at(driver, date - DAY)
    past_due = subscription(driver, bought)
    assert (past_due["status"], past_due["renewalPaymentId"]) == ("past_due", None)
    assert state(driver, bought)[2] == "active"
    retry_at = datetime.fromisoformat(past_due["retryAt"])
    assert abs(retry_at - (date + DAY)) < timedelta(minutes=1)
    follow_at(driver, retry_at - timedelta(minutes=1))
    assert len(stripe.intents) == 2
    stripe.cards["pm_1"] = "pm_card_visa"
    follow_at(driver, retry_at + timedelta(seconds=1))
    assert subscription(driver, bought)["status"] == "active"
    assert renews_at(driver, bought) - date >= 28 * DAY
    assert len(stripe.charges) == 2


def test_a_renewal_that_always_fails_ends_the_subscription_and_its_access(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11: after five attempts."""
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    at = renews_at(driver, bought) - DAY
    for days in (2, 5, 7, 7):
        follow_at(driver, at)
        found = subscription(driver, bought)
        assert found["status"] == "past_due"
        assert state(driver, bought)[2] == "active"
        assert datetime.fromisoformat(found["retryAt"]) - at >= timedelta(days=days)
        at = datetime.fromisoformat(found["retryAt"]) + timedelta(seconds=1)
    follow_at(driver, at)
    ended = subscription(driver, bought)
    assert (ended["status"], ended["endReason"]) == ("expired", "payment_failed")
    assert state(driver, bought)[2] == "cancelled"
    assert (len(stripe.charges), len(stripe.intents)) == (1, 6)


def test_cancelling_while_past_due_stops_the_retries(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11"""
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    date = renews_at(driver, bought)
    follow_at(driver, date - DAY)
    path = f"/v1/subscriptions/{bought['subscriptionId']}/cancel"
    assert driver.client.post(path, json={"atOnce": False}).status_code == 200
    follow_at(driver, date + 3 * DAY)
    assert subscription(driver, bought)["endReason"] == "cancelled"
    assert state(driver, bought)[2] == "cancelled"
    assert len(stripe.intents) == 2


def test_a_bank_that_wants_the_user_is_answered_by_the_user(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-05: the subscription says that its renewal needs them, over both transports."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    date = renews_at(driver, bought)
    assert not subscription(driver, bought)["renewalNeedsAction"]
    follow_at(driver, date - DAY)
    found = subscription(driver, bought)
    renewal = found["renewalPaymentId"]
    assert payment(driver, renewal)["needsAction"]
    assert found["renewalNeedsAction"]
    query = "query Q($id: ID!) { planSubscription(id: $id) { renewalNeedsAction } }"
    shown = driver.ask(query, id=bought["subscriptionId"])
    assert shown["planSubscription"] == {"renewalNeedsAction": True}
    intent = get(driver, f"/v1/payments/{renewal}/intent", {"position": 0})
    stripe.pay(intent["reference"], "pm_card_visa")
    assert deliver(driver, stripe) == 204
    paid = subscription(driver, bought)
    assert (paid["status"], paid["renewalNeedsAction"]) == ("active", False)
    assert renews_at(driver, bought) - date >= 28 * DAY


def test_a_cancellation_voids_a_renewal_that_waits_for_the_user_at_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11: the page of the payment does not offer to pay it any more."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    follow_at(driver, renews_at(driver, bought) - DAY)
    renewal = subscription(driver, bought)["renewalPaymentId"]
    path = f"/v1/subscriptions/{bought['subscriptionId']}/cancel"
    assert driver.client.post(path, json={"atOnce": False}).status_code == 200
    assert payment(driver, renewal)["status"] == "canceled"
    assert list(stripe.intents.values())[-1]["status"] == "canceled"


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer"])
def test_a_charge_that_was_not_answered_is_never_left_open(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any, fault: Any
) -> None:
    """R-PAY-12: the gateway is asked before it is given up; no money is taken twice."""
    date = renews_at(driver, bought)
    stripe.faults.extend(["none", fault])
    follow_at(driver, date - DAY)
    renewal = subscription(driver, bought)["renewalPaymentId"]
    assert payment(driver, renewal)["status"] == "pending"
    stripe.forget_keys()
    follow_at(driver, date + 2 * DAY)
    follow_at(driver, date + 2 * DAY + 2 * IN_FLIGHT)
    lost = fault == "lost_request"
    assert payment(driver, renewal)["status"] == ("failed" if lost else "succeeded")
    assert subscription(driver, bought)["status"] == ("past_due" if lost else "active")
    assert len(stripe.charges) == (1 if lost else 2)


@pytest.mark.parametrize("then", ["method", "resume"])
def test_nothing_else_is_charged_until_the_reply_to_a_charge(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any, then: str
) -> None:
    """R-PAY-12, R-PAY-14: neither another method nor a resumption charges the period again."""
    date = renews_at(driver, bought)
    path = f"/v1/subscriptions/{bought['subscriptionId']}"
    reference = get(driver, f"{path}/method-setup", {"position": 0})["reference"]
    stripe.set_up(reference, "pm_card_visa")
    stripe.faults.extend(["none", "lost_answer"])
    follow_at(driver, date - DAY)
    assert len(stripe.charges) == 2
    if then == "method":
        stored = driver.client.post(f"{path}/method", json={"reference": reference})
        assert stored.status_code == 200, stored.text
    else:
        stripe.faults.append("down")
        for change in ("cancel", "resume"):
            assert driver.client.post(f"{path}/{change}", json={}).status_code == 200
        assert not stripe.faults
        stripe.faults.extend(["none", "down"])
    follow_at(driver, date - DAY + timedelta(minutes=1))
    assert len(stripe.charges) == 2
    for minutes in (20, 21):
        follow_at(driver, date - DAY + timedelta(minutes=minutes))
    assert len(stripe.charges) == 2 + (then == "resume")
    assert [each["refunded"] for each in stripe.charges][:2] == [False, then == "resume"]


def meeting(handler: CommandHandler, together: Barrier) -> Mock:
    """Return a handler whose first command begins and ends together with that of another one."""
    mocked = Mock(wraps=handler)

    def execute(*requests: Any, **options: Any) -> AppendResult:
        if mocked.execute.call_count > 1:
            return handler.execute(*requests, **options)
        together.wait()
        appended = handler.execute(*requests, **options)
        together.wait()
        return appended

    mocked.execute.side_effect = execute
    return mocked


@pytest.mark.both_compositions
def test_several_processes_renew_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any, settings: Settings
) -> None:
    """R-PAY-13, R-PAY-14: both find that the renewal is due, and charge after both have started it.

    Each has its own connections.
    """
    key = SubscriptionId(bought["subscriptionId"])
    with open_platform(settings) as opened, ThreadPoolExecutor(2) as pool:
        second = replace(opened, gateways=driver.platform.gateways)
        for number in (2, 3, 4):
            now = renews_at(driver, bought)
            together = Barrier(2, timeout=60)

            def renew(platform: Platform, now: datetime = now, wait: Barrier = together) -> None:
                handler = meeting(platform.commands, wait)
                process = replace(platform.payments, clock=lambda: now, handler=handler)
                process.renew(DEFAULT_TENANT, key, ("stripe",))

            list(pool.map(renew, (driver.platform, second)))
            found = folded(driver.platform.payments, bought)
            assert isinstance(found, Active)
            assert found.payments == tuple(f"{key}.{each}" for each in range(1, number + 1))
            assert len(stripe.charges) == len(stripe.intents) == number


def test_a_resumed_subscription_that_was_announced_waits_for_its_charge(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-14: nothing is due for the six days between."""
    date = renews_at(driver, bought)
    follow_at(driver, date - 7 * DAY)
    for change in ("cancel", "resume"):
        path = f"/v1/subscriptions/{bought['subscriptionId']}/{change}"
        assert driver.client.post(path, json={}).status_code == 200
    assert follow_at(driver, date - 3 * DAY) == 0
    follow_at(driver, date - DAY + timedelta(seconds=1))
    assert len(stripe.charges) == 2


def test_nothing_is_appended_while_nothing_can_be_renewed(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-14: users without a method, while no gateway is set up; and intents without news."""
    written = enroll(driver)
    stripe.intents["pi_1"]["customer"] = None
    handler = Mock(wraps=driver.platform.commands)
    now = driver.platform.clock() + timedelta(hours=1)
    process = replace(driver.platform.payments, handler=handler, clock=lambda: now)
    process.poll(DEFAULT_TENANT, written["paymentId"])
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    soon = renews_at(driver, written) - 3 * DAY
    key = SubscriptionId(written["subscriptionId"])
    replace(process, clock=lambda: soon).renew(DEFAULT_TENANT, key, ())
    handler.execute.assert_not_called()
    replace(process, clock=lambda: soon).renew(DEFAULT_TENANT, key, ("stripe",))
    handler.execute.assert_called()


def test_users_of_a_gateway_that_stores_no_method_pay_by_hand(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-14: for a week before the date."""
    written = enroll(driver)
    stripe.intents["pi_1"]["customer"] = None
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    date = renews_at(driver, written)
    follow_at(driver, date - 7 * DAY)
    renewal = subscription(driver, written)["renewalPaymentId"]
    follow_at(driver, date - DAY)
    intent = get(driver, f"/v1/payments/{renewal}/intent", {"position": 0})
    stripe.pay(intent["reference"], "pm_card_visa")
    deliver(driver, stripe)
    assert subscription(driver, written)["status"] == "active"
    assert renews_at(driver, written) - date >= 28 * DAY


def test_a_cancelled_subscription_is_not_charged_and_ends_with_its_period(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    date = renews_at(driver, bought)
    path = f"/v1/subscriptions/{bought['subscriptionId']}/cancel"
    assert driver.client.post(path, json={}).status_code == 200
    follow_at(driver, date - DAY)
    assert state(driver, bought) == PAID
    follow_at(driver, date)
    assert state(driver, bought) == ("succeeded", "canceled", "cancelled")
    assert len(stripe.charges) == 1
    assert state(driver, enroll(driver))[0] == "pending"
