"""The form of a refund, with a slow connection, and beside another tab."""

from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.paid_subscription import ACTIVE, paid
from tests.web.server import PlatformServer
from tests.web.waiting import until

__all__ = ["paid"]


@pytest.fixture
def page(paid: PlatformServer, new_page: NewPage) -> Page:
    """The page of a payment of €19.99."""
    page = new_page(paid.url, **PHONE)
    page.goto("/payments.html")
    until(page, ACTIVE)
    return page


def row_of(page: Page) -> Locator:
    page.goto("/payments.html")
    row = page.locator("#payments > li")
    expect(row).to_contain_text("€19.99 · Paid")
    return row


def form_of(row: Locator, amount: str) -> Locator:
    """Open the form, and return its button."""
    row.get_by_role("button", name="Refund €").click()
    row.get_by_label("Amount in EUR").fill(amount)
    return row.locator("form [type=submit]")


def refunds(server: PlatformServer) -> list[str]:
    """Return the amounts of the refunds that were requested."""
    (item,) = httpx2.get(f"{server.url}/v1/payments?everyone=true", timeout=60).json()["items"]
    path = f"/v1/payments/{item['paymentId']}/facts"
    facts: list[dict[str, Any]] = httpx2.get(f"{server.url}{path}", timeout=60).json()["items"]
    requested = ("payment.refund_requested", "payment.partial_refund_requested")
    return [str(each["amount"]) for each in facts if each["event"] in requested]


def test_a_refund_whose_answer_is_lost_is_not_made_twice(paid: PlatformServer, page: Page) -> None:
    """R-PAY-12: also if the form is closed, and opened again."""
    row = row_of(page)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    page.route("**/refund", lose_answer, times=1)
    form_of(row, "5").click()
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    row.get_by_role("button", name="Do not change anything").click()
    form_of(row, "5").click()
    expect(page.locator("#status")).to_have_text("The refund is requested.")
    assert refunds(paid) == ["5.00"]


def test_a_payment_that_was_refunded_in_another_tab_is_shown_as_it_is(
    paid: PlatformServer, page: Page
) -> None:
    """R-PAY-12, R-UIX-06: with what is left, and why the refund was refused."""
    row = row_of(page)
    other = page.context.new_page()
    form_of(row_of(other), "5").click()
    expect(other.locator("#status")).to_have_text("The refund is requested.")
    until(
        other,
        """async () => (await (await fetch("/v1/payments?everyone=true")).json())
      .items.some(({ returnedMinor }) => returnedMinor === 500)""",
    )
    form_of(row, "19.99").click()
    expect(page.locator("#banner")).to_contain_text("larger than what is left")
    expect(row).to_contain_text("€5.00 returned")
    expect(row.locator("h3")).to_be_focused()
    row.get_by_role("button", name="Refund €").click()
    expect(row).to_contain_text("all that is left: €14.99.")
    assert problems(page) == {}
    assert refunds(paid) == ["5.00"]


def test_a_list_of_another_filter_is_not_shown_if_the_filter_fails(
    paid: PlatformServer, page: Page
) -> None:
    """R-UIX-06: it is loaded again by the button of the banner."""
    row_of(page)
    page.route(
        "**/v1/payments?*attention=true*",
        lambda route: route.abort("internetdisconnected"),
        times=1,
    )
    page.get_by_label("Show").first.select_option("true")
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    expect(page.locator("#payments > li")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#payments")).to_contain_text("No payment needs attention.")
