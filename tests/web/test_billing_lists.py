"""Billing: subscriptions, payments and invoices are listed to the oldest one, page by page."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.till import Till, till

__all__ = ["till"]

LISTS: Final = re.compile(r"/v1/(subscriptions|payments|invoices)\?")

ROWS: Final = {
    "subscriptions": "#subscriptions > li",
    "payments": "#payments tbody tr",
    "invoices": "#invoices tbody tr",
}


def two_at_a_time(route: Route) -> None:
    """Ask for pages of two rows."""
    route.continue_(url=re.sub(r"first=\d+", "first=2", route.request.url))


@pytest.fixture
def page(till: Till, new_page: NewPage) -> Page:
    """The billing page of a user with three subscriptions, payments and invoices."""
    for _ in range(3):
        till.buy()
    opened = new_page(till.server.url, **PHONE)
    opened.route(LISTS, two_at_a_time)
    opened.goto("/billing.html")
    for rows in ROWS.values():
        expect(opened.locator(rows)).to_have_count(2)
    return opened


def test_every_list_shows_its_next_page_once(page: Page) -> None:
    """R-UIX-08, R-PAY-08: the first new row has the keyboard focus, as the button is gone."""
    assert problems(page) == {}
    for name, rows in ROWS.items():
        more = page.locator(f"#{name}-more")
        expect(more).to_have_text("Show more")
        more.dblclick()
        expect(more).to_be_hidden()
        page.wait_for_load_state("networkidle")
        expect(page.locator(rows)).to_have_count(3)
        expect(page.locator(rows).last).to_be_focused()
    assert problems(page) == {}


def test_a_change_of_an_older_subscription_keeps_the_list(page: Page) -> None:
    """R-UIX-07, R-PAY-14"""
    page.locator("#subscriptions-more").click()
    oldest = page.locator(".billing-card").nth(2)
    oldest.get_by_role("button", name="Cancel subscription").click()
    oldest.get_by_role("button", name="Yes, cancel").click()
    expect(oldest).to_contain_text("Canceled. You keep access until")
    expect(oldest.locator("h3")).to_be_focused()
    expect(page.locator(".billing-card")).to_have_count(3)
    expect(page.locator("#subscriptions-more")).to_be_hidden()
