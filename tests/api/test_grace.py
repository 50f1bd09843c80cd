"""Grace after the date of a renewal: after one that ended unpaid, neither grace nor a trial."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from application.payments import grace
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, refused, send
from tests.api.paying import deliver, enroll, state
from tests.api.renewing import follow_at, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def buy(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return an enrollment whose first month is paid, with a card that is declined from then on."""
    written = enroll(driver)
    intent = get(driver, f"/v1/payments/{written['paymentId']}/intent", written)
    stripe.pay(intent["reference"], "pm_card_visa")
    deliver(driver, stripe)
    stripe.cards |= dict.fromkeys(stripe.cards, "pm_card_visa_chargeDeclined")
    return written


def end_unpaid(driver: ApiDriver, written: Any) -> None:
    """Follow a subscription through all retries to its end."""
    at = renews_at(driver, written) - DAY
    while subscription(driver, written)["status"] != "expired":
        follow_at(driver, at)
        at += DAY


def has_grace(driver: ApiDriver, written: Any) -> bool:
    path = f"/v1/subscriptions/{written['subscriptionId']}/facts"
    facts = get(driver, path, {"position": driver.platform.log.head()})["items"]
    return "subscription.grace_withheld" not in [each["event"] for each in facts]


def withheld(driver: ApiDriver, written: Any) -> list[datetime | None]:
    """Return from when and until when a subscription withholds trials."""
    found = subscription(driver, written)
    times = [found["trialsWithheldFrom"], found["trialsWithheldUntil"]]
    return [None if at is None else datetime.fromisoformat(at) for at in times]


def test_after_a_grace_that_ended_unpaid_the_next_one_is_withheld(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11: access ends at the date of the renewal, and no other plan begins with a trial."""
    first = buy(driver, stripe)
    assert has_grace(driver, first)
    end_unpaid(driver, first)
    ended = datetime.fromisoformat(subscription(driver, first)["endsAt"])
    assert withheld(driver, first) == [None, ended + 365 * DAY]
    offer(driver, "more", title="More", prices=[EU])
    send(driver, "POST", "/v1/plans/more/trial", days=14)
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "more", "startOn": today, "region": "EU"}
    problem = (409, "plan.trial_withheld")
    assert refused(driver, "POST", "/v1/enrollments", **choice, trial=True) == problem
    second = buy(driver, stripe)
    assert not has_grace(driver, second)
    date = renews_at(driver, second)
    follow_at(driver, date - DAY + SECOND)
    found = subscription(driver, second)
    assert (found["status"], datetime.fromisoformat(found["retryAt"])) == ("past_due", date)
    assert state(driver, second)[2] == "active"
    follow_at(driver, date + SECOND)
    found = subscription(driver, second)
    assert (found["status"], found["endReason"]) == ("expired", "payment_failed")
    assert state(driver, second)[2] == "cancelled"


def test_during_a_grace_no_other_one_begins(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-PAY-11: and no trial, from the date until the renewal is paid."""
    first, read, ada = buy(driver, stripe), driver.platform.read, UserId("ada")
    date = renews_at(driver, first)
    follow_at(driver, date - DAY + SECOND)
    assert subscription(driver, first)["status"] == "past_due"
    assert withheld(driver, first) == [date, None]
    assert grace.has_grace(read, DEFAULT_TENANT, ada, date - SECOND)
    assert not grace.has_grace(read, DEFAULT_TENANT, ada, date + SECOND)


def test_ends_without_grace_withhold_nothing(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-PAY-11: a first payment that fails, and a cancellation before the date."""
    written = enroll(driver)
    follow_at(driver, driver.platform.clock() + 2 * DAY)
    assert subscription(driver, written)["endReason"] == "payment_failed"
    bought = buy(driver, stripe)
    assert has_grace(driver, bought)
    date = renews_at(driver, bought)
    follow_at(driver, date - DAY + SECOND)
    send(driver, "POST", f"/v1/subscriptions/{bought['subscriptionId']}/cancel", atOnce=False)
    follow_at(driver, date + SECOND)
    assert subscription(driver, bought)["status"] == "canceled"
    assert withheld(driver, bought) == [None, None]
    assert has_grace(driver, buy(driver, stripe))


def goodwill(driver: ApiDriver, written: Any, **body: Any) -> None:
    path = f"/v1/payments/{written['paymentId']}/refund"
    answer = driver.client.post(path, json={"reason": "goodwill", **body})
    assert answer.status_code == 200, answer.text


def charged(stripe: StripeSimulator) -> list[str]:
    """Return the intents whose money is kept."""
    refunded = {each["payment_intent"] for each in stripe.refunds}
    return [
        key
        for key, each in stripe.intents.items()
        if each["status"] == "succeeded" and key not in refunded
    ]


@pytest.mark.parametrize("pays", [None, "before", "after"])
def test_money_returned_in_a_grace_ends_access_and_what_would_be_charged(
    driver: ApiDriver, stripe: StripeSimulator, pays: str | None
) -> None:
    """R-PAY-11, R-PAY-12: no retry and no renewal follow, whatever card works later.

    The bank may ask the user about the renewal, who pays before or after the money is returned.
    """
    written = buy(driver, stripe)
    date = renews_at(driver, written)
    follow_at(driver, date - DAY + SECOND)
    if pays:
        stripe.cards |= dict.fromkeys(stripe.cards, "pm_card_threeDSecureRequired")
    follow_at(driver, date + 2 * DAY)
    assert subscription(driver, written)["status"] == "past_due"
    assert state(driver, written)[2] == "active"
    renewal = list(stripe.intents)[-1]
    is_waiting = stripe.intents[renewal]["status"] == "requires_payment_method"
    assert is_waiting == (pays is not None)
    if pays == "before":
        stripe.pay(renewal, "pm_card_visa")
    goodwill(driver, written)
    assert state(driver, written) == ("refunded", "canceled", "cancelled")
    if pays == "after":
        stripe.pay(renewal, "pm_card_visa")
    for number in range(len(stripe.webhooks)):
        deliver(driver, stripe, number)
    stripe.cards |= dict.fromkeys(stripe.cards, "pm_card_visa")
    begun = len(stripe.intents)
    for days in (3, 8, 31, 62):
        follow_at(driver, date + days * DAY)
    assert len(stripe.intents) == begun
    assert charged(stripe) == []
    assert state(driver, written) == ("refunded", "canceled", "cancelled")
    assert has_grace(driver, buy(driver, stripe)), "the user has not let it end unpaid"


def test_a_part_returned_in_a_grace_keeps_access_and_what_will_be_charged(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-11, R-PAY-12: the rest of the money is kept, and the next period has its full price."""
    written = buy(driver, stripe)
    date = renews_at(driver, written)
    follow_at(driver, date - DAY + SECOND)
    follow_at(driver, date + 2 * DAY)
    assert subscription(driver, written)["status"] == "past_due"
    goodwill(driver, written, amountMinor=500)
    assert subscription(driver, written)["status"] == "past_due"
    assert state(driver, written)[2] == "active"
    stripe.cards |= dict.fromkeys(stripe.cards, "pm_card_visa")
    follow_at(driver, date + 12 * DAY)
    deliver(driver, stripe)
    assert subscription(driver, written)["status"] == "active"
    amounts = [stripe.intents[each]["amount"] for each in charged(stripe)]
    assert amounts == [stripe.intents["pi_1"]["amount"]]


def test_money_of_a_period_that_was_paid_ahead_leaves_the_one_before(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: access stays until the date to which money is kept, and is not prolonged."""
    written = buy(driver, stripe)
    date = renews_at(driver, written)
    stripe.cards |= dict.fromkeys(stripe.cards, "pm_card_visa")
    follow_at(driver, date - DAY + SECOND)
    deliver(driver, stripe)
    assert renews_at(driver, written) > date
    ahead = f"/v1/payments/{written['subscriptionId']}.2/refund"
    # the clock of the API is that of the purchase: the renewal was paid ahead
    assert driver.client.post(ahead, json={"reason": "goodwill"}).status_code == 200
    found = subscription(driver, written)
    assert (found["status"], datetime.fromisoformat(found["endsAt"])) == ("active", date)
    assert found["canResume"] is False
    assert state(driver, written)[2] == "active"
    facts = f"/v1/subscriptions/{written['subscriptionId']}/facts"
    scheduled = [
        each["reason"]
        for each in driver.client.get(facts).json()["items"]
        if each["event"] == "subscription.cancellation_scheduled"
    ]
    assert scheduled == ["refunded"]
    resume = f"/v1/subscriptions/{written['subscriptionId']}/resume"
    assert refused(driver, "POST", resume) == (409, "subscription.money_returned")
    begun = len(stripe.intents)
    follow_at(driver, date + SECOND)
    assert subscription(driver, written)["status"] == "canceled"
    assert state(driver, written)[2] == "cancelled"
    assert len(stripe.intents) == begun
    assert charged(stripe) == ["pi_1"]
