"""What becomes of the plans of a trainer who is erased, and of those who pay for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from application.platform import Platform
from application.users.registration import Registration
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api import conftest as api
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, send
from tests.api.paying import deliver, enroll, follow, paying, state
from tests.api.plan_changing import change
from tests.api.renewing import follow_at, payment, renews_at, subscription
from tests.api.workouts import prescribe
from tests.privacy.erasing import erase
from tests.privacy.person import PASSWORD
from tools.payments.stripe_simulator import StripeSimulator

stripe = api.stripe

DAY: Final = timedelta(days=1)

LESS: Final = [{**EU, "amountMinor": 500}]
"""Prices of a cheaper plan, so that a change to it takes effect at the end of the period."""


@pytest.fixture
def driver(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    with paying(platform, stripe) as opened:
        yield opened


@pytest.fixture
def trainer(platform: Platform, driver: ApiDriver, origin: Origin) -> UserId:
    """A trainer with an account, who sells a plan."""
    accounts = platform.accounts()
    registration = Registration(email="coach@example.org", password=PASSWORD, username="Zoe")
    accounts.registration.register(registration, origin=origin, command_id=uuid4())
    coach = accounts.identities.find(DEFAULT_TENANT, "email", "coach@example.org")
    assert coach is not None
    prescribe(driver, "Zoe's legs", "zoe", coach)
    offer(driver, "sold", coach, workouts=["zoe"], preview="zoe", prices=[EU])
    return coach


def pay(driver: ApiDriver, stripe: StripeSimulator, plan_id: str) -> Any:
    """Return an enrollment whose first month is paid."""
    bought = enroll(driver, planId=plan_id)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, bought) == ("succeeded", "active", "active")
    return bought


def test_nobody_pays_for_the_plan_of_an_erased_trainer(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: it is not sold, and who has paid uses the time until the next renewal."""
    bought = enroll(driver, planId="sold")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, bought) == ("succeeded", "active", "active")
    assert erase(driver.platform, trainer, origin)
    buy = {"userId": "bo", "planId": "sold", "startOn": f"{driver.platform.clock():%F}"}
    refused = driver.client.post("/v1/enrollments", json={**buy, "region": "EU"})
    assert (refused.status_code, refused.json()["code"]) == (404, "plan.unknown")
    position = {"position": driver.platform.log.head()}
    subscription = f"/v1/subscriptions/{bought['subscriptionId']}"
    renews_at = datetime.fromisoformat(get(driver, subscription, position)["renewsAt"])
    now, intents = driver.platform.clock(), len(stripe.intents)
    for before in (timedelta(days=7), timedelta(hours=12), timedelta(hours=-1)):
        follow(driver, renews_at - before - now)
    assert len(stripe.intents) == intents
    assert state(driver, bought)[1:] == ("canceled", "cancelled")


def test_a_checkout_that_is_open_cannot_be_paid_after_the_trainer_was_erased(
    driver: ApiDriver, trainer: UserId, origin: Origin
) -> None:
    """C-24: its workouts would not be there."""
    bought = enroll(driver, planId="sold")
    assert erase(driver.platform, trainer, origin)
    assert state(driver, bought) == ("canceled", "canceled", "cancelled")
    intent = driver.client.get(f"/v1/payments/{bought['paymentId']}/intent")
    assert (intent.status_code, intent.json()["code"]) == (409, "payment.not_payable")


def test_a_change_to_the_plan_of_an_erased_trainer_is_taken_back(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: the plan that the user has goes on."""
    offer(
        driver, "cheap", trainer, title="Cheap", workouts=["zoe"], preview="zoe", prices=LESS
    )  # fmt: skip
    bought = pay(driver, stripe, "squats")
    change(driver, bought, "cheap")
    assert erase(driver.platform, trainer, origin)
    date = renews_at(driver, bought)
    follow_at(driver, date - 7 * DAY)
    assert subscription(driver, bought)["changePlanId"] is None
    follow_at(driver, date - DAY + timedelta(seconds=1))
    assert [intent["amount"] for intent in stripe.intents.values()] == [1999, 1999]
    follow_at(driver, date + timedelta(minutes=1))
    found = subscription(driver, bought)
    assert (found["planId"], found["status"]) == ("squats", "active")


def test_a_change_from_the_plan_of_an_erased_trainer_takes_effect(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: the user pays for the plan of another trainer."""
    offer(driver, "cheap", title="Cheap", prices=LESS)
    bought = pay(driver, stripe, "sold")
    change(driver, bought, "cheap")
    assert erase(driver.platform, trainer, origin)
    date = renews_at(driver, bought)
    for at in (date - 7 * DAY, date - DAY + timedelta(seconds=1), date + timedelta(minutes=1)):
        follow_at(driver, at)
    found = subscription(driver, bought)
    assert (found["planId"], found["status"], found["endsAt"]) == ("cheap", "active", None)


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_subscription_to_the_plan_of_an_erased_trainer_is_not_resumed(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin, *, is_paused: bool
) -> None:
    """C-24: neither after its cancellation, nor from a pause, which would charge it."""
    bought = pay(driver, stripe, "sold")
    path, date = f"/v1/subscriptions/{bought['subscriptionId']}", renews_at(driver, bought)
    if is_paused:
        send(driver, "POST", f"{path}/pause", days=60)
        follow_at(driver, date + timedelta(minutes=1))
    assert erase(driver.platform, trainer, origin)
    if not is_paused:
        follow_at(driver, date - 7 * DAY)
        assert subscription(driver, bought)["endsAt"] is not None
    refused = driver.client.post(f"{path}/resume")
    assert (refused.status_code, refused.json()["code"]) == (409, "subscription.plan_abandoned")
    assert len(stripe.intents) == 1
    assert subscription(driver, bought)["canResume"] is False


def test_an_open_payment_of_a_change_to_the_plan_of_an_erased_trainer_is_cancelled(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: it would pay for workouts that are not there; the present plan goes on."""
    dearer = [{**EU, "amountMinor": 5000}]
    offer(driver, "more", trainer, title="More", workouts=["zoe"], preview="zoe", prices=dearer)
    bought = pay(driver, stripe, "squats")
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    open_payment = subscription(driver, bought)["changePaymentId"]
    assert payment(driver, open_payment)["needsAction"]
    assert erase(driver.platform, trainer, origin)
    assert payment(driver, open_payment)["status"] == "canceled"
    found = subscription(driver, bought)
    assert (found["planId"], found["changePlanId"], found["endsAt"]) == ("squats", None, None)


def test_an_open_renewal_of_the_plan_of_an_erased_trainer_is_cancelled(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: the paid period is used to its end."""
    bought = pay(driver, stripe, "sold")
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    date = renews_at(driver, bought)
    for before in (7 * DAY, DAY - timedelta(seconds=1)):
        follow_at(driver, date - before)
    renewal = subscription(driver, bought)["renewalPaymentId"]
    assert payment(driver, renewal)["needsAction"]
    assert erase(driver.platform, trainer, origin)
    assert payment(driver, renewal)["status"] == "canceled"
    found = subscription(driver, bought)
    assert (found["status"], datetime.fromisoformat(found["endsAt"])) == ("active", date)


def test_a_failed_renewal_of_the_plan_of_an_erased_trainer_is_not_tried_again(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: also not with another method, so the subscription ends."""
    bought = pay(driver, stripe, "sold")
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    date = renews_at(driver, bought)
    for before in (7 * DAY, DAY - timedelta(seconds=1)):
        follow_at(driver, date - before)
    assert subscription(driver, bought)["retryAt"] is not None
    assert erase(driver.platform, trainer, origin)
    assert subscription(driver, bought)["endsAt"] is not None


def test_free_plans_of_an_erased_trainer_end(
    driver: ApiDriver, trainer: UserId, origin: Origin
) -> None:
    """C-24: their workouts are gone, so none is due or missed."""
    offer(driver, "gift", trainer, title="Gift", workouts=["zoe"], preview=None)
    offer(driver, "free", title="Free")
    kept, gone = enroll(driver, planId="free"), enroll(driver, planId="gift")
    assert erase(driver.platform, trainer, origin)
    position = {"position": driver.platform.log.head()}
    found = get(driver, f"/v1/enrollments/{gone['enrollmentId']}", position)
    assert (found["status"], found["next"]) == ("cancelled", None)
    assert get(driver, f"/v1/enrollments/{kept['enrollmentId']}", position)["status"] == "active"
