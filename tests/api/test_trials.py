"""Trials of plans: access from the start, one charge at the end, once per person and plan."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from application.platform import Platform
from tests.api.coupons import coupon, used
from tests.api.driver import ApiDriver
from tests.api.offers import get, offer, refused, send
from tests.api.paying import deliver, enroll, paying
from tests.api.renewing import follow_at, payment, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def driver(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    with paying(platform, stripe) as driver:
        send(driver, "POST", "/v1/plans/squats/trial", days=14)
        yield driver


def status(driver: ApiDriver, written: Any) -> tuple[str, str]:
    """Return the status of the subscription and the enrollment."""
    position = {"position": driver.platform.log.head()}
    enrollment = get(driver, f"/v1/enrollments/{written['enrollmentId']}", position)
    return subscription(driver, written)["status"], enrollment["status"]


def access(driver: ApiDriver) -> tuple[bool, str]:
    answer = driver.client.get("/v1/plans/squats/access", params={"user": "ada"}).json()
    return answer["granted"], answer["reason"]


def again(driver: ApiDriver, **more: Any) -> tuple[int, str]:
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "squats", "startOn": today, "region": "EU", **more}
    return refused(driver, "POST", "/v1/enrollments", **choice)


def test_a_trial_begins_at_once_and_is_charged_at_its_end(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-08, R-PAY-14: to the method that was stored by a setup."""
    written = enroll(driver, trial=True)
    assert written["paymentId"] is None
    assert status(driver, written) == ("active", "active")
    assert access(driver) == (True, "trial")
    assert subscription(driver, written)["isTrial"]
    assert not stripe.intents
    path = f"/v1/subscriptions/{written['subscriptionId']}/method-setup"
    setup = send(driver, "GET", path)
    stripe.set_up(setup["reference"], "pm_card_visa")
    assert deliver(driver, stripe) == 204
    end = renews_at(driver, written)
    for at in (end - 2 * DAY, end - DAY, end - SECOND):
        follow_at(driver, at)
    assert not stripe.intents
    for _ in range(2):
        follow_at(driver, end + SECOND)
    assert len(stripe.charges) == 1
    assert payment(driver, f"{written['subscriptionId']}.1")["status"] == "succeeded"
    assert access(driver) == (True, "subscription")
    assert not subscription(driver, written)["isTrial"]
    assert renews_at(driver, written) - end >= 28 * DAY


def test_a_trial_that_is_cancelled_costs_nothing_and_is_given_once(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12"""
    written = enroll(driver, trial=True)
    end = renews_at(driver, written)
    send(driver, "POST", f"/v1/subscriptions/{written['subscriptionId']}/cancel", atOnce=False)
    follow_at(driver, end - SECOND)
    assert access(driver) == (True, "trial")
    follow_at(driver, end + SECOND)
    assert status(driver, written) == ("canceled", "cancelled")
    assert not stripe.intents
    assert again(driver, trial=True) == (409, "plan.trial_used")
    assert enroll(driver)["paymentId"]


@pytest.mark.parametrize("before", [2 * DAY, DAY / 2])
def test_a_trial_that_nobody_pays_ends(
    driver: ApiDriver, stripe: StripeSimulator, before: timedelta
) -> None:
    """R-PAY-12: a payment by hand is offered two days before its end, or later after an outage."""
    written = enroll(driver, trial=True)
    end = renews_at(driver, written)
    follow_at(driver, end - before + SECOND)
    assert subscription(driver, written)["renewalPaymentId"]
    follow_at(driver, end - SECOND)
    assert status(driver, written) == ("active", "active")
    follow_at(driver, end + SECOND)
    assert status(driver, written) == ("expired", "cancelled")
    assert not stripe.charges


def test_a_repeated_request_begins_one_trial(driver: ApiDriver) -> None:
    """R-PAY-13, R-API-04"""
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "squats", "startOn": today, "region": "EU", "trial": True}
    key = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d8"}
    first = driver.client.post("/v1/enrollments", json=choice, headers=key).json()
    assert driver.client.post("/v1/enrollments", json=choice, headers=key).json() == (
        first | {"repeated": True}
    )


def test_a_coupon_reduces_the_first_payment_after_a_trial(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-14: its use is taken when the trial begins, and its terms are those of that day."""
    coupon(driver, maxUses=1)
    assert again(driver, trial=True, couponCode="WINTER") == (404, "coupon.unknown")
    full = {"amountMinor": 1999, "currency": "EUR"}
    wrong = again(driver, trial=True, couponCode="SUMMER-25", shownPrice=full)
    assert wrong == (409, "plan.price_changed")
    assert used(driver) == 0
    written = enroll(driver, trial=True, couponCode="summer-25")
    assert used(driver) == 1
    assert again(driver, userId="bo", trial=True, couponCode="SUMMER-25") == (
        409, "coupon.used_up",
    )  # fmt: skip
    now = subscription(driver, written)
    assert (now["amount"], now["nextAmount"], now["discountedPeriodsLeft"]) == ("19.99", "14.99", 1)
    setup = send(driver, "GET", f"/v1/subscriptions/{written['subscriptionId']}/method-setup")
    stripe.set_up(setup["reference"], "pm_card_visa")
    assert deliver(driver, stripe) == 204
    send(driver, "POST", "/v1/coupons/SUMMER-25/end")
    end = renews_at(driver, written)
    for _ in range(2):
        follow_at(driver, end + SECOND)
    assert [each["amount_captured"] for each in stripe.charges] == [1499]
    assert subscription(driver, written)["nextAmount"] == "19.99"
    assert used(driver) == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_a_trial_that_ends_unpaid_gives_its_coupon_back(
    driver: ApiDriver,
    at_once: bool,  # noqa: FBT001
) -> None:
    """R-PAY-12: cancelled, or not paid by hand in time; a first try that fails keeps it."""
    coupon(driver, maxUses=1)
    written = enroll(driver, trial=True, couponCode="SUMMER-25")
    key, end = written["subscriptionId"], renews_at(driver, written)
    if at_once:
        send(driver, "POST", f"/v1/subscriptions/{key}/cancel", atOnce=True)
    else:
        follow_at(driver, end - 2 * DAY + SECOND)
        payment_id = subscription(driver, written)["renewalPaymentId"]
        assert payment(driver, payment_id)["amount"] == "14.99"
        follow_at(driver, end - SECOND)
        assert used(driver) == 1
        follow_at(driver, end + SECOND)
    over = "canceled" if at_once else "expired"
    assert status(driver, written) == (over, "cancelled")
    assert used(driver) == 0
    assert enroll(driver, couponCode="SUMMER-25")["paymentId"]


def test_a_trial_is_refused_clearly(driver: ApiDriver) -> None:
    """The plan offers one."""
    assert refused(driver, "POST", "/v1/plans/squats/trial", days=2) == (422, "value.invalid")
    send(driver, "POST", "/v1/plans/squats/trial", days=0)
    assert again(driver, trial=True) == (409, "plan.no_trial")
    offer(driver, "free")
    send(driver, "POST", "/v1/plans/free/trial", days=7)
    assert again(driver, planId="free", trial=True) == (409, "plan.no_trial")


def can_try(driver: ApiDriver, plan: str = "squats") -> set[bool]:
    """Return whether the plan, the list and GraphQL offer a trial to the caller."""
    after = {"position": driver.platform.log.head()}
    listed = {each["planId"]: each for each in get(driver, "/v1/plans", after)["items"]}
    graph = driver.ask("query($id: ID!) { plan(id: $id) { canTry } }", id=plan)["plan"]
    return {
        each["canTry"] for each in (get(driver, f"/v1/plans/{plan}", after), listed[plan], graph)
    }


def test_a_trial_is_offered_to_users_who_can_begin_it(driver: ApiDriver) -> None:
    """And not for a plan that is free now."""
    assert can_try(driver) == {True}
    written = enroll(driver, userId="athlete", trial=True)
    send(driver, "POST", f"/v1/subscriptions/{written['subscriptionId']}/cancel", atOnce=True)
    assert can_try(driver) == {False}
    assert again(driver, userId="athlete", trial=True) == (409, "plan.trial_used")
    offer(driver, "free")
    send(driver, "POST", "/v1/plans/free/trial", days=7)
    assert can_try(driver, "free") == {False}


def test_the_trial_of_a_plan_is_shown_over_graphql(driver: ApiDriver) -> None:
    change = """mutation { changePlanTrial(input: {planId: "squats", days: 30}) {
      ... on PlanPayload { plan { trialDays } } ... on Problem { code } } }"""
    assert driver.ask(change)["changePlanTrial"]["plan"] == {"trialDays": 30}
    assert send(driver, "GET", "/v1/plans/squats")["trialDays"] == 30
