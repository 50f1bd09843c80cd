"""Billing: pauses and trials, what is said about them before and after, and the way back."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import call, date_of
from tests.web.till import Till, till

__all__ = ["till"]


DAY = timedelta(days=1)


def test_a_pause_says_what_it_does_before_it_is_planned_and_can_be_taken_back(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-14: of 7 to 90 days, from the end of the paid period."""
    key = till.buy()
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    page.get_by_role("button", name="Pause subscription").click()
    days = page.get_by_label("Days of the pause, 7 to 90")
    expect(days).to_be_focused()
    end = datetime.fromisoformat(till.subscription(key)["renewsAt"])
    for length in (30, 10):
        days.fill(str(length))
        expect(card).to_contain_text(f"You keep access until {date_of(end.isoformat())}")
        back = date_of((end + length * DAY).isoformat())
        expect(card).to_contain_text(f"On {back}")
    expect(card).to_contain_text("€19.99 is charged and your access is back.")
    assert problems(page) == {}
    days.fill("91")
    page.get_by_role("button", name="Pause subscription").click()
    expect(card).to_contain_text("Enter a number from 7 to 90.")
    assert till.subscription(key)["pausesAt"] is None
    days.fill("10")
    page.get_by_role("button", name="Pause subscription").click()
    expect(page.locator("#status")).to_have_text("The pause is planned.")
    expect(card.locator("h3")).to_be_focused()
    expect(card).to_contain_text(f"Pauses from {date_of(end.isoformat())}")
    expect(card).to_contain_text("Nothing is charged in between.")
    expect(page.get_by_role("button", name="Pause subscription")).to_have_count(0)
    assert datetime.fromisoformat(till.subscription(key)["resumesAt"]) == end + 10 * DAY
    page.get_by_role("button", name="Take back the pause").click()
    expect(page.locator("#status")).to_have_text("The pause is taken back.")
    expect(card).to_contain_text("Renews on")
    assert till.subscription(key)["pausesAt"] is None


@pytest.mark.slow
def test_a_paused_subscription_is_ended_early_by_a_payment(till: Till, new_page: NewPage) -> None:
    """R-PAY-14: its card says until when it is paused, and what ending the pause costs."""
    key = till.buy()
    till.pause(key)
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    expect(card).to_contain_text("Paused · €19.99 a month")
    back = date_of(till.subscription(key)["resumesAt"])
    expect(card).to_contain_text(f"Paused until {back}")
    expect(card).to_contain_text("Then €19.99 is charged, and your access is back.")
    page.get_by_text("Do I have access?").click()
    expect(page.locator(".billing-why")).to_contain_text("No. The subscription is paused.")
    expect(page.locator(".billing-why")).to_contain_text("The pause began")
    assert problems(page) == {}
    page.get_by_role("button", name="End the pause now").click()
    expect(card).to_contain_text("€19.99 is charged now")
    page.get_by_role("button", name="Stay paused").click()
    page.get_by_role("button", name="End the pause now").click()
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.locator("#status")).to_contain_text("The pause is over.")
    while till.subscription(key)["status"] == "paused":
        assert till.subscription(key)["renewalPaymentId"]
    assert len(till.stripe.simulator.charges) == 2
    page.reload()
    expect(card).to_contain_text("Active · €19.99 a month")


def test_a_paused_subscription_is_cancelled_at_once(till: Till, new_page: NewPage) -> None:
    """R-PAY-12"""
    till.pause(till.buy())
    page = till.billing(new_page)
    page.get_by_role("button", name="Cancel subscription").click()
    card = page.locator(".billing-card")
    expect(card).to_contain_text("The subscription ends now, and nothing more is charged.")
    page.get_by_role("button", name="Yes, cancel").click()
    expect(card).to_contain_text("because you canceled")


def test_a_pause_that_is_over_is_paid_by_hand_without_a_stored_method(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-14: the trial ended with a payment that was never made, so nothing is charged."""
    key = till.subscribe(trial=True)
    till.pause(key)
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    expect(card).to_contain_text("You can pay €19.99 then, and your access is back.")
    page.get_by_role("button", name="End the pause now").click()
    expect(card).to_contain_text("You can then pay €19.99")
    page.get_by_role("button", name="Yes, end it").click()
    expect(card).to_contain_text("Your access is back as soon as €19.99 is paid.")
    expect(card.get_by_role("link", name="Pay now")).to_be_visible()
    expect(page.get_by_role("button", name="End the pause now")).to_have_count(0)
    assert problems(page) == {}


def test_a_refused_pause_says_why(till: Till, new_page: NewPage) -> None:
    key = till.buy()
    page = till.billing(new_page)
    page.get_by_role("button", name="Pause subscription").click()
    till.pause(key)
    page.get_by_role("button", name="Pause subscription").click()
    expect(page.locator("#banner")).to_contain_text("This subscription is paused.")


def test_a_trial_says_until_when_it_is_free_and_asks_for_a_method(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-08, R-PAY-14"""
    key = till.subscribe(trial=True)
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    end = date_of(till.subscription(key)["renewsAt"])
    expect(card).to_contain_text("Free trial · €19.99 a month")
    expect(card).to_contain_text(f"Free until {end}")
    expect(card).to_contain_text("Add a payment method to continue for €19.99.")
    method = card.get_by_role("link", name="Add payment method")
    expect(method).to_have_attribute("href", f"/checkout.html?subscription={key}")
    page.get_by_text("Why do I have access?").click()
    why = page.locator(".billing-why")
    expect(why).to_contain_text("You are trying it for free.")
    expect(why).to_contain_text("Your free trial began")
    assert problems(page) == {}
    setup = call(till.server, "GET", f"/v1/subscriptions/{key}/method-setup")
    till.stripe.simulator.set_up(setup["reference"], "pm_card_visa")
    while not till.subscription(key)["chargedBy"]:
        assert till.subscription(key)["isTrial"]
    page.reload()
    expect(card).to_contain_text("Then €19.99 is charged.")
    expect(card.get_by_role("link", name="Change payment method")).to_be_visible()


def test_a_trial_can_be_paid_by_hand_before_its_end(till: Till, new_page: NewPage) -> None:
    """R-PAY-14: in its last two days."""
    key = till.subscribe(trial=True)
    end = datetime.fromisoformat(till.subscription(key)["renewsAt"])
    till.follow(key, end - DAY)
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    expect(card).to_contain_text("Pay €19.99 by then to continue.")
    expect(card.get_by_role("link", name="Pay now")).to_be_visible()
    assert problems(page) == {}


def test_the_payment_after_a_trial_begins_no_subscription(till: Till, new_page: NewPage) -> None:
    """R-PAY-14: so the checkout page offers no button that would cancel the whole subscription."""
    key = till.subscribe(trial=True)
    end = datetime.fromisoformat(till.subscription(key)["renewsAt"])
    till.follow(key, end - DAY)
    page = new_page(till.server.url, also=(till.stripe.url,), **PHONE)
    page.goto("/billing.html")
    page.get_by_role("link", name="Pay now").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    expect(page.get_by_role("button", name="Pay €19.99")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel payment")).to_be_hidden()
    assert problems(page) == {}
    page.frame_locator("iframe[title=Card]").get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €19.99").click()
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("The renewal is paid")
    expect(outcome).not_to_contain_text("Your first workout is ready.")
