"""The leaderboards page: joining, browsing, changing the period, leaving."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from application.leaderboards.rankings import last_month
from domain.ids import UserId
from tests.api.rivals import settle, squat
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, TOO_WIDE, problems
from tests.web.league import (
    NOON,
    PATH,
    ROWS,
    League,
    coached,
    league,
    shown,
    take_part,
    wait_for_report,
)
from tests.web.server import opened

__all__ = ["league"]


@pytest.fixture(scope="module")
def empty_league(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[League]:
    home = tmp_path_factory.mktemp("empty-league")
    with opened(home, video, sign_in="required") as server:
        yield League(server, home / "mail")


def test_an_athlete_joins_appears_on_the_board_and_leaves(
    league: League, new_page: NewPage
) -> None:
    """R-UIX-04, R-PRG-04, C-41"""
    page = league.open(new_page)
    squat(league.server.platform, league.member(page), 10, at=NOON)
    page.goto("/account.html")
    page.get_by_role("link", name="Open leaderboards").click()
    shown(page, 20)
    said = page.locator(".board-status")
    expect(said).to_have_text("You are not on this leaderboard.")
    expect(page.locator("#joining")).to_contain_text("They do not see your name")
    assert violations(page) == []

    take_part(page, "Quiet Otter")
    expect(page.locator("#membership-title")).to_be_focused()
    expect(said).to_have_text("You are 14th of 25, with 10 repetitions.")
    mine = page.locator(f"{ROWS}.mine")
    expect(mine).to_have_count(1)
    expect(mine.locator("th")).to_have_text("Quiet OtterYou")
    assert violations(page) == []

    page.get_by_role("button", name="Show more").click()
    shown(page, 25)
    expect(page.locator(ROWS).nth(20).locator("th")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    ranks = page.locator(f"{ROWS} .rank").all_inner_texts()
    assert ranks[-4:] == ["22", "23", "23", "23"]

    page.get_by_role("button", name="Around me").click()
    shown(page, 9)
    expect(page.locator(ROWS).nth(4).locator("th")).to_contain_text("Quiet Otter")
    assert page.url.endswith("?around=me")

    page.get_by_role("button", name="Leave").click()
    expect(page.locator("#status")).to_have_text("You have left the leaderboards.")
    expect(page.locator("#membership-title")).to_be_focused()
    expect(page.locator(".empty h2")).to_have_text("You are not on this leaderboard")
    assert violations(page) == []


def test_a_report_shows_own_figures_beside_those_of_many(league: League, new_page: NewPage) -> None:
    """R-PCH-22, R-UIX-04: on a desktop and a phone."""
    page = new_page(league.server.url)
    platform = league.server.platform
    month = last_month(platform.clock())
    who = league.member(page)
    coached(
        platform, UserId(who), platform.clock().replace(year=month.year, month=month.month, day=15)
    )
    wait_for_report(platform)
    page.goto(PATH)
    report = page.locator("#pose-report")
    rows = report.locator("table").first.locator("tbody tr")
    expect(rows).to_have_text(
        ["Sessions1111", "Repetitions12101010", re.compile("^Accuracy80"), re.compile("^Time")]
    )
    expect(report.locator("table").nth(1).locator("tbody tr")).to_have_text(["Squat201080 %"])
    expect(report).to_contain_text("You have 1 session ")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_filters_are_in_the_url_and_in_the_browser_history(
    league: League, new_page: NewPage
) -> None:
    """R-UIX-04, R-PRG-04"""
    page = league.open(new_page)
    league.member(page)
    page.goto(PATH)
    shown(page, 20)
    page.get_by_label("Ranked by").select_option("form")
    expect(page.locator(".board thead")).to_contain_text("Best form")
    expect(page.locator(f"{ROWS} .figure").first).to_have_text("80 %")
    page.get_by_label("Period").select_option("month")
    page.get_by_role("button", name="Earlier").click()
    expect(page.locator(".board-days")).to_have_text("May 2026")
    page.get_by_label("Exercise").select_option("lunge")
    expect(page.locator(".empty h2")).to_have_text("No results yet")
    assert page.url.endswith("?measure=form&period=month&exercise=lunge&on=2026-05-01")
    page.reload()
    expect(page.locator(".board-days")).to_have_text("May 2026")
    expect(page.get_by_label("Exercise")).to_have_value("lunge")
    page.go_back()
    shown(page, 20)
    expect(page.get_by_label("Exercise")).to_have_value("")
    page.get_by_role("button", name="Later").click()
    expect(page.get_by_role("button", name="Later")).to_be_hidden()


def test_a_leaderboard_keeps_its_day_across_midnight(league: League, new_page: NewPage) -> None:
    """R-PRG-04: the rows below are of the same day."""
    page = league.open(new_page)
    league.member(page)
    page.goto(f"{PATH}?period=day")
    shown(page, 20)
    page.clock.set_fixed_time(NOON + timedelta(days=1))
    page.get_by_role("button", name="Show more").click()
    shown(page, 24)


def test_the_reason_of_a_refused_pseudonym_is_shown_below_it(
    league: League, new_page: NewPage
) -> None:
    """C-41"""
    page = league.open(new_page)
    league.member(page)
    page.goto(PATH)
    shown(page, 20)
    field = page.get_by_label("Pseudonym")
    for pseudonym, words in [
        ("rival-01", "used by another member"),
        ("a@b.example", "3 to 30 letters and digits"),
        (f"Member{league.people}", "must not reveal your name"),
        ("", "Fill in"),
    ]:
        field.fill(pseudonym)
        field.press("Enter")
        expect(page.locator("#pseudonym-wrong")).to_contain_text(words)
        expect(field).to_be_focused()
    assert violations(page) == []
    expect(page.locator("#banner")).to_be_empty()


def test_a_change_on_another_device_shows_the_current_value(
    league: League, new_page: NewPage
) -> None:
    """RFC 9110, section 13.1.1."""
    page = league.open(new_page)
    league.member(page)
    page.goto(PATH)
    shown(page, 20)
    other = page.context.new_page()
    other.goto(PATH)
    take_part(other, "Sly Marten")
    page.get_by_label("Pseudonym").fill("Other Marten")
    page.get_by_role("button", name="Agree and join").click()
    page.get_by_role("button", name="Show current values").click()
    expect(page.locator("#pseudonym-shown")).to_have_text("Sly Marten")
    other.get_by_role("button", name="Leave").click()
    expect(other.locator("#shown-name")).to_be_hidden()


def test_a_month_is_compared_with_all_consenting_athletes(
    league: League, new_page: NewPage
) -> None:
    """C-41"""
    page = league.open(new_page)
    who = league.member(page)
    month = last_month(league.server.platform.clock())
    then = league.server.platform.clock().replace(year=month.year, month=month.month, day=15)
    squat(league.server.platform, who, 4, at=then, form=0.9)
    page.goto(PATH)
    comparison = page.locator("#comparison")
    expect(comparison).to_contain_text("4 verified repetitions: less than three quarters of them.")
    expect(comparison.locator("tbody tr").first).to_have_text("You490 %")
    expect(comparison.locator("tbody tr").last).to_have_text("Three quarters did at most2080 %")


def test_the_first_member_of_a_tenant_sees_a_notice(
    empty_league: League, new_page: NewPage
) -> None:
    """C-41: fewer than twenty are not compared, and ranks of few members come with a warning."""
    page = empty_league.open(new_page)
    platform, who = empty_league.server.platform, empty_league.member(page)
    page.goto(PATH)
    expect(page.locator(".empty h2")).to_have_text("No results yet")
    expect(page.locator("#comparison")).to_contain_text("fewer than 20")
    assert violations(page) == []
    take_part(page, "Lone Heron")
    expect(page.locator(".empty")).to_contain_text("Be the first")
    squat(platform, who, 3, at=NOON)
    page.reload()
    shown(page, 1)
    expect(page.locator(".board-status")).to_have_text("You are the only one so far.")
    squat(platform, settle(platform, "Rival"), 3, at=NOON)
    page.reload()
    shown(page, 2)
    expect(page.locator(".board-status")).to_have_text(
        "You are 1st of 2, with 3 repetitions. With so few members, ranks mean little."
    )


def test_the_keyboard_alone_is_enough(league: League, new_page: NewPage) -> None:
    """R-UIX-07"""
    page = league.open(new_page)
    squat(league.server.platform, league.member(page), 7, at=NOON)
    page.goto(PATH)
    shown(page, 20)
    page.locator("#skip, .skip").first.focus()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(9):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("(document.activeElement.id || document.activeElement.textContent)")
        )
    ids = [name.rpartition("-")[2] for name in seen[:3]]
    assert ids == ["measure", "exercise", "period"]
    assert seen[3:8] == ["Earlier", "Around me", "Show more", "pseudonym", "join"]
    page.get_by_label("Pseudonym").focus()
    page.keyboard.type("Deft Stoat")
    page.keyboard.press("Enter")
    expect(page.locator("#membership-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#shown-name")).to_be_hidden()


def test_the_page_fits_a_phone_in_every_theme(league: League, new_page: NewPage) -> None:
    """R-UIX-07"""
    page = league.open(new_page, **PHONE)
    squat(league.server.platform, league.member(page), 9, at=NOON)
    page.goto(PATH)
    shown(page, 20)
    take_part(page, "Bright Hare")
    expect(page.locator(f"{ROWS}.mine")).to_have_count(1)
    assert problems(page) == {}
    page.get_by_role("button", name="Leave").click()
    expect(page.locator("#status")).to_have_text("You have left the leaderboards.")


def test_a_failed_board_can_be_loaded_again(league: League, new_page: NewPage) -> None:
    """R-UIX-06"""
    page = league.open(new_page)
    league.member(page)
    broken = [True]

    def answer(route: Route) -> None:
        if broken[0] and "leaderboard(" in (route.request.post_data or ""):
            title = {"title": "The read models are away.", "code": "storage.unavailable"}
            route.fulfill(status=503, json={**title, "correlationId": "1234"})
        else:
            route.continue_()

    page.route("**/graphql", answer)
    page.goto(PATH)
    expect(page.locator(".empty h2")).to_have_text("The read models are away.")
    expect(page.locator(".empty")).to_contain_text("Reference: 1234")
    assert violations(page) == []
    broken[0] = False
    page.get_by_role("button", name="Try again").click()
    shown(page, 20)


def test_signing_in_returns_to_the_leaderboards(league: League, new_page: NewPage) -> None:
    page = league.open(new_page)
    page.goto(PATH)
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.url.endswith("?return_to=%2Fleaderboards.html")


@pytest.mark.parametrize("width", [390, 320])
def test_the_comparison_fits_a_phone_in_russian(
    league: League, new_page: NewPage, width: int
) -> None:
    """R-UIX-07: its headings are long words."""
    page = league.open(new_page, width=width, height=844, locale="ru-RU")
    league.member(page)
    page.goto(PATH)
    expect(page.locator("#comparison table")).to_be_visible()
    expect(page.locator(ROWS)).not_to_have_count(0)
    assert page.evaluate(TOO_WIDE) == []
