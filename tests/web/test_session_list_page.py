"""The page of sessions and recordings: search, order, rename, delete and restore."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.server import BY_HAND, PlatformServer, opened

ROWS = ".session-item"
BERLIN = ZoneInfo("Europe/Berlin")

INDENT = """(it) => {
  const text = document.createRange();
  text.selectNodeContents(it);
  return text.getBoundingClientRect().left - it.getBoundingClientRect().left;
}"""
"""Distance of a text from the left edge of its line."""


IS_PARTIAL = "document.querySelector('#since').validity.badInput"

DIGIT_MS = 150
"""Time between two digits that are typed."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A separate server, because sessions are renamed and deleted."""
    with opened(tmp_path_factory.mktemp("history"), video) as found:
        for number in range(1, BY_HAND + 1):
            found.log_by_hand(number)
        found.analyze()
        yield found


def shown(page: Page, count: int) -> None:
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    expect(page.locator(ROWS)).to_have_count(count)


def test_sessions_are_filtered_and_the_url_has_the_filters(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    assert violations(page) == []
    expect(page.locator("#storage")).to_contain_text("1 recording, ")
    expect(page.locator("#zone")).to_have_text("Times shown in Europe/Berlin.")

    page.locator("#recorded").select_option("yes")
    shown(page, 1)
    replay = page.get_by_role("link", name="Replay")
    assert (replay.get_attribute("href") or "").startswith("/session_replay.html?session=")
    assert "recorded=yes" in page.url
    page.locator("#form").select_option("poor")
    shown(page, 0)
    expect(page.locator("#empty")).to_contain_text("No matching sessions")
    assert violations(page) == []

    page.go_back()
    shown(page, 1)
    expect(page.locator("#form")).to_have_value("")
    page.get_by_role("button", name="Clear filters").click()
    shown(page, 20)
    page.locator("#exercise").select_option("push_up")
    page.locator("#order").select_option("started_at ascending")
    page.reload()
    shown(page, 20)
    expect(page.locator(ROWS).first).to_have_attribute("data-session", f"by-hand-{BY_HAND}")


def test_a_day_can_be_typed(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: digit by digit, while the list follows."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    page.locator("#since").focus()
    page.keyboard.type("11112025", delay=DIGIT_MS)
    expect(page.locator("#since")).to_have_value("2025-11-11")
    page.wait_for_url("**since=2025-11-11*")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    page.locator("#since").focus()
    page.keyboard.press("Delete")
    assert page.evaluate(IS_PARTIAL)
    page.locator("#recorded").select_option("yes")
    page.wait_for_url(lambda url: "since=2025-11-11" in url and "recorded=yes" in url)
    page.locator("#clear").click()
    shown(page, 20)
    assert not page.evaluate(IS_PARTIAL)


def test_a_day_can_be_deleted_by_keyboard(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: part by part."""
    page = new_page(history.url)
    page.goto("/session_list.html?since=2001-02-03&recorded=yes")
    shown(page, 1)
    page.locator("#since").focus()
    for part in range(3):
        page.keyboard.press("Backspace")
        if part < 2:
            page.keyboard.press("ArrowRight")
    page.locator("#recorded").focus()
    page.wait_for_url(lambda url: "since" not in url and "recorded=yes" in url)
    shown(page, 1)


def test_last_week_is_selected_at_once(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-03: other days are entered one by one."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    page.get_by_label("Period").select_option("Last week")
    page.wait_for_url("**since=**until=**")
    since, until = (
        date.fromisoformat(page.get_by_label(day, exact=True).input_value())
        for day in ("From", "To")
    )
    assert since.weekday() == 0
    assert until - since == timedelta(days=6)
    assert timedelta() < datetime.now(BERLIN).date() - until <= timedelta(days=7)
    page.reload()
    expect(page.get_by_label("Period")).to_have_value("last-week")
    page.get_by_label("From", exact=True).fill("2026-01-01")
    expect(page.get_by_label("Period")).to_have_value("days")
    page.get_by_label("Period").select_option("All")
    shown(page, 20)
    expect(page.get_by_label("From", exact=True)).to_have_value("")


def test_filters_are_folded_away_on_phones(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-03: so that sessions are visible at once, unless the URL has filters."""
    page = new_page(history.url, width=390, height=844)
    page.goto("/session_list.html")
    shown(page, 20)
    expect(page.locator(ROWS).first).to_be_in_viewport()
    expect(page.locator("#recorded")).to_be_hidden()
    toggle = page.get_by_role("button", name="Filter, sort and export")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.locator("#recorded").select_option("yes")
    shown(page, 1)
    page.reload()
    expect(page.locator("#recorded")).to_be_visible()


def test_lists_page_in_both_directions(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-03."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    first = page.locator(ROWS).first.get_attribute("data-session")
    expect(page.get_by_role("link", name="Previous page")).to_be_hidden()
    page.get_by_role("link", name="Next page").click()
    shown(page, 3)
    expect(page.locator("#title")).to_be_focused()
    page.get_by_role("link", name="Previous page").click()
    shown(page, 20)
    expect(page.locator(ROWS).first).to_have_attribute("data-session", first or "")


def test_a_recording_can_be_renamed_in_the_list(history: PlatformServer, new_page: NewPage) -> None:
    """R-RPL-13."""
    page = new_page(history.url)
    page.goto("/session_list.html?recorded=yes")
    shown(page, 1)
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("Name of the recording")
    expect(name).to_be_focused()
    assert violations(page) == []
    name.fill("Before breakfast")
    name.press("Enter")
    expect(page.get_by_role("heading", name="Before breakfast")).to_be_visible()
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    page.keyboard.press("Enter")
    name.fill("Never")
    name.press("Escape")
    expect(page.get_by_role("heading", name="Before breakfast")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Before breakfast")).to_be_visible()


def test_a_session_can_be_tagged_in_the_list_and_found_by_its_tag(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03."""
    page = new_page(history.url)
    page.goto("/session_list.html?exercise=push_up")
    shown(page, 20)
    row = page.locator(ROWS).first
    row.get_by_role("button", name="Tags of").click()
    line = page.get_by_label("Tags, separated by commas")
    expect(line).to_be_focused()
    assert violations(page) == []
    line.fill("Legs, before breakfast, legs, ")
    line.press("Enter")
    expect(row.locator(".tag")).to_have_text(["Legs", "before breakfast"])
    expect(row.get_by_role("button", name="Tags of")).to_be_focused()
    assert violations(page) == []

    page.keyboard.press("Enter")
    line.fill("x" * 31)
    line.press("Enter")
    expect(page.locator("#banner")).to_contain_text("The tags are unchanged.")
    expect(line).to_have_value("x" * 31)
    line.press("Escape")
    expect(row.locator(".tag")).to_have_text(["Legs", "before breakfast"])

    row.get_by_role("link", name="Legs").click()
    shown(page, 1)
    assert "exercise=push_up&tag=Legs" in page.url
    expect(page.locator("#tag")).to_have_value("Legs")
    page.reload()
    shown(page, 1)
    page.locator("#tag").fill("BEFORE breakfast")
    page.locator("#tag").press("Enter")
    shown(page, 1)
    page.locator("#tag").fill("arms")
    page.locator("#tag").press("Enter")
    shown(page, 0)
    assert violations(page) == []
    page.get_by_role("button", name="Clear filters").click()
    shown(page, 20)


def test_tags_that_are_changed_elsewhere_at_the_same_moment_are_kept(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03: such as by a second click on the button that saves them."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    row = page.locator(ROWS).nth(3)
    row.get_by_role("button", name="Tags of").click()
    page.get_by_label("Tags, separated by commas").fill("here")
    changes: list[str] = []

    def change_before(route: Route) -> None:
        if route.request.method == "PUT" and not changes:
            changes.append("elsewhere")
            page.request.put(route.request.url, data={"tags": changes})
        route.continue_()

    page.route("**/tags", change_before)
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".tag")).to_have_text(["elsewhere", "here"])
    expect(page.locator("#banner")).to_be_empty()


def test_tags_from_two_tabs_are_kept(history: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-03: each changes the tags that the session has by then."""
    tabs = [new_page(history.url) for _ in range(2)]
    for page in tabs:
        page.goto("/session_list.html?exercise=push_up")
        shown(page, 20)
    for page, tags in zip(tabs, ("phone", "desk"), strict=True):
        row = page.locator(ROWS).last
        row.get_by_role("button", name="Tags of").click()
        line = page.get_by_label("Tags, separated by commas")
        line.fill(tags)
        line.press("Enter")
        expect(row.locator(".tag").last).to_have_text(tags)
    expect(tabs[1].locator(ROWS).last.locator(".tag")).to_have_text(["phone", "desk"])


def test_several_sessions_are_deleted_and_restored_together(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, R-RPL-13."""
    page = new_page(history.url, width=390, height=844)
    page.goto("/session_list.html")
    shown(page, 20)
    rows = page.locator(ROWS)
    for place in (0, 2):
        rows.nth(place).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete 2 sessions").click()
    expect(page.locator("#notice")).to_contain_text("2 sessions deleted.")
    shown(page, 18)
    assert violations(page) == []
    expect(page.locator("#storage")).to_contain_text("0 recordings, ")

    page.get_by_role("button", name="Filter, sort and export").click()
    page.locator("#recorded").select_option("yes")
    shown(page, 0)
    page.get_by_role("button", name="Undo").click()
    shown(page, 1)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#notice")).to_have_text("2 sessions restored.")
    shown(page, 20)
    page.get_by_label("Select all shown").check()
    expect(page.get_by_role("button", name="Delete 20 sessions")).to_be_visible()
    page.reload()
    shown(page, 20)
    expect(page.locator("#storage")).to_contain_text("1 recording, ")


def test_deleting_all_shown_sessions_shows_the_next_ones(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03: the list does not claim to be empty, and the deletion can be undone."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    page.get_by_label("Select all shown").check()
    page.get_by_role("button", name="Delete 20 sessions").click()
    expect(page.locator("#notice")).to_contain_text("20 sessions deleted.")
    shown(page, 3)
    expect(page.locator("#empty")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_have_text("20 sessions restored.")
    expect(page.locator("#title")).to_be_focused()
    page.goto("/session_list.html")
    shown(page, 20)


def test_a_failed_deletion_keeps_the_undo_of_the_others(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, R-UIX-06: the banner disappears, and Undo stays."""
    page = new_page(history.url)
    page.goto("/session_list.html")
    shown(page, 20)
    kept = page.locator(ROWS).first.get_attribute("data-session")
    page.route(
        f"**/v1/sessions/{kept}",
        lambda route: route.fulfill(
            status=503, json={"status": 503, "code": "away", "title": "Come again."}
        ),
    )
    for place in (0, 1):
        page.locator(ROWS).nth(place).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete 2 sessions").click()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("1 session could not be deleted.")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_be_empty()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_have_text("1 session restored.")
    shown(page, 20)


def test_a_right_to_left_name_keeps_its_direction(
    history: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, R-UIX-07: the text around it keeps its place."""
    page = new_page(history.url)
    page.goto("/session_list.html?recorded=yes")
    shown(page, 1)
    name = "\u0633\u0643\u0648\u0627\u062a 3"
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the recording").fill(name)
    page.get_by_role("button", name="Save").click()
    link = page.get_by_role("link", name=name, exact=True)
    assert link.evaluate("(it) => getComputedStyle(it).direction") == "rtl"
    page.get_by_role("link", name="Replay").click()
    title = page.locator("#title")
    expect(title).to_have_text(name)
    assert title.evaluate(INDENT) == 0
    page.goto("/session_list.html?recorded=yes")
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the recording").fill("")
    page.get_by_role("button", name="Save").click()
    shown(page, 1)
