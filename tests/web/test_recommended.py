"""Recommendations on the home page (R-REC-01, R-REC-09)."""

from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import sign_up
from tests.web.server import opened


def test_the_home_page_recommends_and_omits_what_is_not_wanted(
    tmp_path: Path, video: Path, new_page: NewPage
) -> None:
    """R-REC-01, R-REC-09, R-UIX-08: at once, and a click leads to the item."""
    in_order = {"exploration": 0.0}
    with opened(tmp_path, video, sign_in="required", more=in_order) as server:
        page = new_page(server.url, **PHONE)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        _recommended(page)


def _recommended(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda each: requested.append(each.url))

    page.goto("/")

    cards = page.locator("#recommended .recommended")
    expect(cards).to_have_count(4)
    expect(cards.first).to_contain_text("You have not done it yet.")
    assert any("/v1/recommend?userId=" in each for each in requested)
    assert problems(page) == {}
    more = cards.nth(2).get_by_role("button", name="More of this")
    title = cards.nth(2).get_by_role("link").inner_text()
    more.click()
    expect(page.locator("#dismissed")).to_contain_text(f"You will see more like “{title}”.")
    expect(cards.first.get_by_role("link")).to_have_text(title)
    expect(cards.first).to_contain_text("You asked for more of this.")
    expect(cards.first.get_by_role("button", name="More of this")).to_be_focused()
    cards.first.get_by_role("button", name="More of this").click()
    expect(page.locator("#dismissed")).to_contain_text("no longer counts as wanted")
    expect(cards.first).to_contain_text("You have not done it yet.")
    unwanted = cards.first.get_by_role("link").inner_text()
    cards.first.get_by_role("button", name="Not for me").click()
    expect(page.locator("#dismissed")).to_contain_text(unwanted)
    expect(cards).to_have_count(4)
    expect(page.locator("#recommended")).not_to_contain_text(unwanted)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#recommended")).to_contain_text(unwanted)
    expect(cards).to_have_count(4)
    wanted = cards.first.get_by_role("link")
    name = wanted.inner_text()
    with page.expect_request("**/clicks"):
        wanted.click()
    expect(page.locator("#exercise .tile:has(:checked)")).to_have_text(name)
    page.close()  # its requests would outlast the server


@pytest.mark.parametrize("before", ["a choice", "the way back from a session"])
def test_a_delayed_list_does_not_bring_back_what_is_not_wanted(
    tmp_path: Path, video: Path, new_page: NewPage, before: str
) -> None:
    """R-UIX-06: a list that was requested before the choice arrives after that of the choice."""
    lists, held = "**/v1/recommend?*", list[tuple[Route, APIResponse]]()
    with opened(tmp_path, video, sign_in="required", more={"exploration": 0.0}) as server:
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.goto("/")
        cards = page.locator("#recommended .recommended")
        expect(cards).to_have_count(4)
        second = cards.nth(1).get_by_role("link").inner_text()
        if before != "a choice":
            page.evaluate("location.hash = 'session=none'")
            expect(page.locator("#list-view")).to_be_hidden()
        page.route(lists, lambda route: held.append((route, route.fetch())), times=1)
        if before == "a choice":
            cards.nth(0).get_by_role("button", name="Not for me").click()
        else:
            page.go_back()
        while not held:
            page.wait_for_timeout(10)
        cards.nth(1).get_by_role("button", name="Not for me").click()
        expect(page.locator("#dismissed")).to_contain_text(second)
        (route, response) = held.pop()
        with page.expect_response(lists):
            route.fulfill(response=response)
        page.wait_for_load_state("networkidle")
        expect(page.locator("#dismissed")).to_contain_text(second)
        expect(page.locator("#recommended")).not_to_contain_text(second)
        page.close()  # its requests would outlast the server


def test_a_choice_that_fails_says_so(tmp_path: Path, video: Path, new_page: NewPage) -> None:
    """R-UIX-06: "Not for me", "More of this" and "Undo"."""
    with opened(tmp_path, video, sign_in="required", more={"exploration": 0.0}) as server:
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.goto("/")
        first = page.locator("#recommended .recommended").first
        first.get_by_role("button", name="Not for me").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        page.route(
            "**/v1/me/*-recommendations/**",
            lambda route: route.fulfill(status=503, json={"title": "Come again.", "code": "away"}),
        )
        banner = page.locator("#banner")
        for name in ("Undo", "Not for me", "More of this"):
            page.locator("#recommendations").get_by_role("button", name=name).first.click()
            expect(banner).to_contain_text("Come again.")
            banner.get_by_role("button", name="Dismiss").click()
        page.close()  # its requests would outlast the server
