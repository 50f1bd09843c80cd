"""Lists after a change of filters that fails: rows of other filters do not stay."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import stock
from tests.web.server import PlatformServer


def fail(route: Route) -> None:
    route.abort("internetdisconnected")


def test_sessions_of_other_filters_cannot_be_deleted(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, R-UIX-06: nor does a link lead to the next page of them."""
    page = new_page(server.url, **PHONE)
    page.goto("/session_list.html?order=ascending")
    rows = page.locator(".session-item")
    expect(rows).to_have_count(20)
    expect(page.locator("#next")).to_be_visible()
    page.route("**/graphql", fail, times=1)
    page.locator("#exercise").select_option("squat", force=True)
    expect(page.locator("#banner")).to_contain_text("We could not load your sessions.")
    expect(rows).to_have_count(0)
    expect(page.locator("#bulk")).to_be_hidden()
    expect(page.locator("#next")).to_be_hidden()
    expect(page.locator("#empty")).to_be_hidden()
    assert problems(page) == {}
    page.locator("#exercise").select_option("", force=True)
    expect(rows).to_have_count(20)


def test_latest_sessions_of_another_exercise_are_not_shown(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, R-UIX-06: nor could the next page of the chosen one follow them."""
    page = new_page(server.url)
    page.goto("/")
    rows = page.locator("#sessions > li")
    expect(rows).to_have_count(20)
    expect(page.locator("#more")).to_be_visible()
    page.route("**/graphql", fail, times=1)
    page.locator("#filter-exercise").select_option("squat")
    expect(page.locator("#banner")).to_contain_text("We could not load your sessions.")
    expect(rows).to_have_count(0)
    expect(page.locator("#more")).to_be_hidden()
    page.locator("#filter-exercise").select_option("")
    expect(rows).to_have_count(20)


def test_plans_of_other_filters_are_not_shown(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-02, R-UIX-06"""
    stock(empty_server)
    page = new_page(empty_server.url)
    page.goto("/plans.html")
    cards = page.locator("#plans > *")
    expect(cards).to_have_count(2)
    page.route("**/v1/plans?*", fail, times=1)
    page.get_by_label("Level").select_option("intermediate")
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    expect(cards).to_have_count(0)
    assert problems(page) == {}
    page.get_by_role("button", name="Try again").click()
    expect(cards).to_have_count(1)


def deliveries(event: str, *, goes_on: bool) -> dict[str, Any]:
    """Return a page of webhooks with one of them."""
    item = {
        "deliveryId": event,
        "gateway": "stripe",
        "eventId": event,
        "eventType": "charge.refunded",
        "about": None,
        "state": "failed",
        "reason": None,
        "attempts": 1,
        "receivedAt": "2026-11-02T10:00:00Z",
    }
    return {"items": [item], "pageInfo": {"hasNextPage": goes_on, "endCursor": event}}


@pytest.mark.parametrize("arrives_last", [True, False])
def test_more_rows_of_earlier_filters_are_not_shown(
    server: PlatformServer, new_page: NewPage, *, arrives_last: bool
) -> None:
    """R-UIX-06: they arrive after the list of the chosen filter, or before it cannot be loaded."""
    page, held = new_page(server.url), list[Route]()

    def answer(route: Route) -> None:
        if "state=failed" in route.request.url and "after=" not in route.request.url:
            held.append(route)
        elif "after=" not in route.request.url:
            route.fulfill(json=deliveries("first", goes_on=True))
        elif arrives_last:
            held.append(route)
        else:
            route.fulfill(json=deliveries("second", goes_on=False))

    page.route("**/v1/webhook-deliveries?*", answer)
    page.goto("/payments.html")
    rows, more = page.locator("#deliveries > li"), page.locator("#deliveries-more")
    expect(more).to_be_visible()
    page.locator("#state").select_option("failed")
    with page.expect_request("**/v1/webhook-deliveries?*after=first*"):
        more.click()
    if arrives_last:
        held[0].fulfill(json=deliveries("chosen", goes_on=False))
        expect(rows).to_contain_text(["chosen"])
        held[1].fulfill(json=deliveries("second", goes_on=False))
        expect(more).not_to_have_attribute("aria-disabled", "true")
        expect(rows).to_have_count(1)
    else:
        expect(rows).to_have_count(2)
        held[0].abort("internetdisconnected")
        expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
        expect(rows).to_have_count(0)
