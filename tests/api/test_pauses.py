"""Pauses of subscriptions over months: nothing is charged, access is closed, and it comes back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.api.driver import ApiDriver
from tests.api.offers import get, refused, send
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.plan_changing import path
from tests.api.renewing import follow_at, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


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


def granted(driver: ApiDriver) -> tuple[bool, str]:
    answer = driver.client.get("/v1/plans/squats/access", params={"user": "ada"})
    access = answer.json()
    return access["granted"], access["reason"]


def due_on(driver: ApiDriver, written: Any) -> date:
    position = {"position": driver.platform.log.head()}
    enrollment = get(driver, f"/v1/enrollments/{written['enrollmentId']}", position)
    return date.fromisoformat(enrollment["next"]["dueOn"])


def test_a_paused_subscription_is_not_charged_and_continues_with_its_payment(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12, R-PAY-14: its workouts are closed meanwhile, and due as many days later."""
    end, first_day = renews_at(driver, bought), due_on(driver, bought)
    head = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d7"}
    for repeated in (False, True):
        answer = driver.client.post(path(bought, "pause"), json={"days": 30}, headers=head)
        assert answer.json()["repeated"] is repeated, answer.text
    back = end + 30 * DAY
    found = subscription(driver, bought)
    assert datetime.fromisoformat(found["pausesAt"]) == end
    assert found["canResume"] is True
    assert datetime.fromisoformat(found["resumesAt"]) == back
    for at in (end - 7 * DAY, end - DAY, end - SECOND):
        follow_at(driver, at)
        assert state(driver, bought) == PAID
    follow_at(driver, end + SECOND)
    assert state(driver, bought) == ("succeeded", "paused", "paused")
    assert granted(driver) == (False, "paused")
    assert refused(driver, "POST", path(bought, "pause"), days=7) == (409, "subscription.paused")
    again = {"userId": "ada", "planId": "squats", "startOn": f"{end:%F}", "region": "EU"}
    assert refused(driver, "POST", "/v1/enrollments", **again)[0] == 409
    for at in (back - 7 * DAY, back - DAY, back - SECOND):
        follow_at(driver, at)
    assert len(stripe.charges) == 1
    for _ in range(2):
        follow_at(driver, back + SECOND)
    assert state(driver, bought) == PAID
    assert granted(driver) == (True, "subscription")
    assert len(stripe.charges) == 2
    assert renews_at(driver, bought) - back >= 28 * DAY
    assert (due_on(driver, bought) - first_day).days == 30


def test_a_pause_is_ended_early_by_a_payment(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: access comes back with the money, and not before."""
    end = renews_at(driver, bought)
    send(driver, "POST", path(bought, "pause"), days=90)
    follow_at(driver, end + SECOND)
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    send(driver, "POST", path(bought, "resume"))
    assert state(driver, bought) == ("succeeded", "paused", "paused")
    retry_at = datetime.fromisoformat(subscription(driver, bought)["retryAt"])
    stripe.cards["pm_1"] = "pm_card_visa"
    follow_at(driver, retry_at + SECOND)
    assert state(driver, bought) == PAID
    assert len(stripe.charges) == 2
    assert subscription(driver, bought)["resumesAt"] is None


def test_a_payment_that_failed_after_a_pause_is_made_by_resuming(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11: at once, days before the next retry."""
    end = renews_at(driver, bought)
    send(driver, "POST", path(bought, "pause"), days=7)
    follow_at(driver, end + SECOND)
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    follow_at(driver, end + 7 * DAY + SECOND)
    assert subscription(driver, bought)["retryAt"] is not None
    stripe.cards["pm_1"] = "pm_card_visa"
    send(driver, "POST", path(bought, "resume"))
    assert state(driver, bought) == PAID
    assert len(stripe.charges) == 2


def test_a_pause_is_taken_back_over_graphql(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    end = renews_at(driver, bought)
    pause = """mutation($id: ID!) { pauseSubscription(input: {subscriptionId: $id, days: 14}) {
      ... on PlanSubscriptionPayload { subscription { status pausesAt resumesAt } }
      ... on Problem { code } } }"""
    paused = driver.ask(pause, id=bought["subscriptionId"])["pauseSubscription"]["subscription"]
    shown = subscription(driver, bought)
    for name in ("pausesAt", "resumesAt"):
        assert datetime.fromisoformat(paused[name]) == datetime.fromisoformat(shown[name])
    send(driver, "POST", path(bought, "resume"))
    assert subscription(driver, bought)["pausesAt"] is None
    follow_at(driver, end - DAY + SECOND)
    assert len(stripe.charges) == 2


def test_a_paused_plan_can_be_left(driver: ApiDriver, bought: Any) -> None:
    """C-27: leaving does not wait for a payment."""
    end = renews_at(driver, bought)
    send(driver, "POST", path(bought, "pause"), days=7)
    follow_at(driver, end + SECOND)
    send(driver, "DELETE", f"/v1/enrollments/{bought['enrollmentId']}")
    assert state(driver, bought) == ("succeeded", "paused", "cancelled")
    send(driver, "POST", path(bought, "cancel"), atOnce=False)
    assert state(driver, bought)[1] == "canceled"


@pytest.mark.parametrize("days", [6, 91])
def test_a_pause_of_another_length_is_refused(driver: ApiDriver, bought: Any, days: int) -> None:
    assert refused(driver, "POST", path(bought, "pause"), days=days) == (422, "value.invalid")
