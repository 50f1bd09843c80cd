"""Billing: subscriptions, cancelling and resuming, why there is access, payments, invoices."""

from datetime import UTC, datetime

import httpx2
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.paid_subscription import ACTIVE, paid
from tests.web.plans import call, stock
from tests.web.server import PlatformServer
from tests.web.waiting import until

__all__ = ["paid"]


def billing(server: PlatformServer, new_page: NewPage) -> Page:
    page = new_page(server.url, **PHONE)
    page.goto("/billing.html")
    until(page, ACTIVE)
    page.goto("/plans.html")
    page.get_by_role("link", name="Your subscriptions and payments").click()
    expect(page.locator(".billing-card")).to_contain_text("Active · €19.99 a month")
    return page


def test_cancelling_is_one_click_and_a_question_and_can_be_taken_back(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-14: access stays until the end of the paid period."""
    page = billing(paid, new_page)
    subscription = page.locator(".billing-card")
    expect(subscription).to_contain_text("Renews on")
    page.get_by_role("button", name="Cancel subscription").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Cancel subscription")).to_be_focused()
    page.get_by_role("button", name="Cancel subscription").click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(subscription).to_contain_text("Canceled. You keep access until")
    expect(subscription.locator("h3")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Canceled. Nothing more is charged.")
    page.get_by_role("button", name="Resume subscription").click()
    expect(subscription).to_contain_text("Renews on")
    (found,) = httpx2.get(f"{paid.url}/v1/subscriptions", timeout=60).json()["items"]
    assert (found["status"], found["endsAt"]) == ("active", None)


def test_the_page_says_why_there_is_access_and_lists_payments_and_invoices(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-08, R-PAY-12: and what has happened to the subscription."""
    page = billing(paid, new_page)
    page.get_by_text("Why do I have access?").click()
    why = page.locator(".billing-why")
    expect(why).to_contain_text("You have paid for it.")
    expect(why).to_contain_text("A payment was confirmed")
    page.get_by_text("What has happened").click()
    facts = page.locator(".billing-timeline").get_by_role("listitem")
    expect(facts).to_have_count(3)
    expect(facts.nth(0)).to_contain_text("You subscribed")
    expect(facts.nth(1)).to_contain_text("The subscription started · paid until ")
    expect(facts.nth(2)).to_contain_text("A payment method was stored")
    expect(page.locator("#payments tbody tr")).to_contain_text("€19.99")
    expect(page.locator("#payments tbody tr")).to_contain_text("Paid")
    expect(page.locator("#invoices")).not_to_be_empty()
    assert problems(page) == {}


def test_the_timeline_does_not_say_that_who_got_a_refund_has_cancelled(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-12: the payment of a period that was paid ahead was returned."""
    page = billing(paid, new_page)
    fact = {"event": "subscription.cancellation_scheduled", "reason": "refunded", "paymentId": None}
    fact |= {"at": "2030-01-01T10:00:00Z", "nextAt": "2030-02-01T10:00:00Z"}
    fact |= dict.fromkeys(("amountMinor", "amount", "currency"))
    page.route("**/facts", lambda route: route.fulfill(json={"items": [fact]}))
    page.get_by_text("What has happened").click()
    timeline = page.locator(".billing-timeline")
    expect(timeline).to_contain_text("The payment for the next period was returned · until")
    expect(timeline).not_to_contain_text("You canceled")


def test_the_file_of_an_invoice_stays_until_a_slow_browser_has_saved_it(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-12"""
    page = billing(paid, new_page)
    page.evaluate("URL.revokeObjectURL = (address) => { window.withdrawn = address; }")
    with page.expect_download() as download:
        page.locator("#invoices").get_by_role("button").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert page.evaluate("window.withdrawn") is None


def test_a_plan_that_is_not_paid_leads_back_to_its_checkout(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-05"""
    page = billing(paid, new_page)
    _, plan = stock(paid)
    today = f"{datetime.now(UTC):%F}"
    choice = {"userId": "athlete", "planId": plan, "startOn": today, "region": "US"}
    call(paid, "POST", "/v1/enrollments", **choice)
    page.reload()
    open_one = page.locator(".billing-card", has_text="Waiting for the first payment")
    expect(open_one.get_by_role("link", name="Continue to payment")).to_be_visible()
    open_one.get_by_role("button", name="Cancel subscription").click()
    open_one.get_by_role("button", name="Yes, cancel").click()
    expect(page.locator(".billing-card", has_text="Ended on")).to_be_visible()
    expect(page.locator("#payments")).to_contain_text("Failed: canceled")


def test_the_focus_stays_at_the_answer_that_there_is_no_other_plan(
    paid: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07"""
    page = billing(paid, new_page)
    page.get_by_role("button", name="Change plan").press("Enter")
    expect(page.locator(".billing-card")).to_contain_text("There is no other plan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change plan")).to_be_focused()
