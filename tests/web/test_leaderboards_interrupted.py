"""The leaderboards page: pages that fail, double clicks, and buttons that disappear."""

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.league import PATH, ROWS, League, league, shown, take_part, wait_for_report

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


def test_a_change_whose_answer_breaks_off_is_repeated_under_its_key(
    league: League, new_page: NewPage
) -> None:
    """R-PRG-04: the server carries it out once."""
    page = opened_board(league, new_page)
    keys: list[str] = []

    def answered(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        keys.append(route.request.headers["idempotency-key"])
        response = route.fetch()
        body = response.text()
        route.fulfill(response=response, body=body if len(keys) > 1 else body[:9])

    page.route("**/v1/me/leaderboards", answered)
    page.get_by_label("Pseudonym").fill("Calm Plover")
    page.get_by_role("button", name="Agree and join").click()
    expect(page.locator("#banner")).not_to_be_empty()
    take_part(page, "Calm Plover")
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_the_report_names_exercises_in_the_language_of_the_page(
    league: League, new_page: NewPage
) -> None:
    """R-UIX-07."""
    page = new_page(league.server.url, locale="es-ES")
    league.member(page)
    wait_for_report(league.server.platform)
    page.goto(PATH)
    exercises = page.locator("#pose-report table").nth(1).locator("tbody th")
    expect(exercises).to_have_text(["Sentadilla"])
