"""The leaderboards page: pages that fail, double clicks, and buttons that disappear."""

from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.test_leaderboards_page import PATH, ROWS, League, league, shown, take_part

__all__ = ["league"]


def opened_board(league: League, new_page: NewPage) -> Page:
    """Return the leaderboard of a new member, with its first rows."""
    page = league.open(new_page)
    league.member(page)
    page.goto(PATH)
    shown(page, 20)
    return page


def test_rows_stay_when_the_next_page_fails(league: League, new_page: NewPage) -> None:
    """R-UIX-06: "Show more" goes on where it failed."""
    page = opened_board(league, new_page)
    failure = {"title": "The read models are away.", "code": "storage.unavailable"}
    page.route("**/graphql", lambda route: route.fulfill(status=503, json=failure))
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#banner")).to_contain_text("The read models are away.")
    expect(page.locator(ROWS)).to_have_count(20)
    page.unroute("**/graphql")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(f"{ROWS} .rank").nth(20)).to_have_text("21")
    expect(page.locator("#banner")).to_be_empty()


def test_the_focus_moves_to_earlier_when_later_disappears(
    league: League, new_page: NewPage
) -> None:
    """R-UIX-07"""
    page = opened_board(league, new_page)
    page.get_by_role("button", name="Earlier").click()
    page.get_by_role("button", name="Later").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Later")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Earlier"


def test_a_double_click_leaves_once(league: League, new_page: NewPage) -> None:
    """R-PRG-04"""
    page = opened_board(league, new_page)
    take_part(page, "Calm Heron")
    methods: list[str] = []
    page.on("request", lambda each: methods.append(each.method))
    page.get_by_role("button", name="Leave").dblclick()
    expect(page.locator("#status")).to_have_text("You have left the leaderboards.")
    expect(page.locator("#joining")).to_be_visible()
    assert methods.count("DELETE") == 1
