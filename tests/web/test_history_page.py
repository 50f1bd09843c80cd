"""The history page: totals, days, exercises, progress and records.

Each number links to its sessions, and all of them can be exported to a file.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from application.analytics import training_queries
from tests.api.rivals import squat
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.logged_training import BERLIN, train
from tests.web.server import PlatformServer, opened

PANELS = ("totals", "exercises", "days", "progress", "records")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with three days of training in a row and two more days; tests add none."""
    with opened(tmp_path_factory.mktemp("trained"), video) as found:
        train_often(found)
        yield found


def train_often(server: PlatformServer) -> None:
    for ago, repetitions in ((0, 12), (1, 11), (2, 10), (30, 8), (400, 5)):
        train(server, ago, ("squat", repetitions, 40.0 + repetitions), ("push_up", 3, None))


def opened_page(page: Page, search: str = "") -> Page:
    page.goto(f"/history.html{search}")
    settled(page)
    return page


def settled(page: Page) -> None:
    for panel in PANELS:
        page.wait_for_selector(f"#{panel}-body[aria-busy=false]", state="attached")


def sessions_at(page: Page, link: Any) -> int:
    """Follow a link to the list; return its number of sessions."""
    link.click()
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    return page.locator(".session-item").count()


def test_every_number_leads_to_the_sessions_that_it_counts(
    trained: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08, R-WKT-06."""
    page = opened_page(new_page(trained.url), "?period=YEAR")
    expect(page.locator("#zone")).to_contain_text(BERLIN)
    whole = page.locator("#totals-body").get_by_role("link", name="5 sessions")
    assert sessions_at(page, whole) == 5
    opened_page(page, "?period=DAY")
    today = page.locator("#totals .totals-now dd").first
    expect(today).to_contain_text("15")
    expect(today.locator("small")).to_have_text("▲ 7 % · the day before: 14")
    assert sessions_at(page, today.locator("a")) == 1
    expect(page.locator("#completed")).to_have_value("yes")
    expect(page.locator("#zone")).to_contain_text("days in the time zone of each session")
    opened_page(page)
    row = page.locator("#exercises tbody tr").filter(has_text="Squat")
    expect(row.locator("td").nth(3)).to_have_text("0")  # verified repetitions: all were logged
    counted = int(row.locator("a").inner_text())
    assert counted == 4
    assert sessions_at(page, row.locator("a")) == counted
    opened_page(page)
    streak = page.locator(".streaks dd").first
    expect(streak).to_contain_text("3 days")
    assert sessions_at(page, streak.locator("a")) == 3


def test_the_url_holds_the_current_view(trained: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-08."""
    page = opened_page(new_page(trained.url))
    page.get_by_label("Month", exact=True).check(force=True)
    settled(page)
    page.locator("#measure").select_option("time")
    settled(page)
    expect(page.locator("#totals figcaption")).to_have_text("Time, minutes, by month")
    page.get_by_role("button", name="Earlier").click()
    settled(page)
    expect(page.locator("#totals .bars a")).to_have_count(1)
    assert "period=MONTH" in page.url
    assert "measure=time" in page.url
    page.reload()
    settled(page)
    expect(page.locator("#totals .bars a")).to_have_count(1)
    page.get_by_role("button", name="Later").click()
    settled(page)
    expect(page.get_by_role("button", name="Later")).to_have_attribute("aria-disabled", "true")
    page.go_back()
    settled(page)
    expect(page.locator("#totals .bars a")).to_have_count(1)
    for panel in ("totals", "days", "progress"):
        place = page.locator(f"#{panel}")
        place.get_by_role("button", name="Show as table").click()
        expect(place.locator("table")).to_be_visible()
    assert violations(page) == []


def test_the_calendar_is_operable_by_keyboard_and_describes_each_day(
    trained: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07, R-UIX-08: one tab stop, and arrow keys between days."""
    page = opened_page(new_page(trained.url))
    days = page.locator(".heatmap-scroll [data-day]")
    assert page.locator(".heatmap-scroll [tabindex='0']").count() == 1
    today = days.last
    today.focus()
    day = today.get_attribute("data-day") or ""

    def at(ago: int) -> str:
        return (datetime.fromisoformat(day) - timedelta(days=ago)).date().isoformat()

    for key, ago in (
        ("ArrowUp", 1),
        ("ArrowLeft", 8),
        ("ArrowRight", 1),
        ("ArrowDown", 0),
        ("ArrowDown", 0),
        ("PageUp", 28),
        ("PageDown", 0),
        ("ArrowUp", 1),
    ):
        page.keyboard.press(key)
        expect(page.locator(f"[data-day='{at(ago)}']")).to_be_focused()
        assert page.locator(".heatmap-scroll [tabindex='0']").count() == 1
    expect(page.locator(".heatmap-detail")).to_contain_text("1 session, 14 repetitions, 3 min")
    page.keyboard.press("Home")
    expect(days.first).to_be_focused()
    page.keyboard.press("End")
    expect(today).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    expect(page.locator(".session-item")).to_have_count(1)
    year = at(400)[:4]
    opened_page(page, f"?year={year}")
    expect(page.locator("#year")).to_have_value(year)
    expect(page.locator(f"a[data-day='{at(400)}']")).to_have_count(1)


def test_progress_and_records_match_their_sessions(
    trained: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-05, R-UIX-08."""
    page = opened_page(new_page(trained.url), "?exercise=squat&best=load")
    points = page.locator(".line-chart a")
    expect(points).to_have_count(5)
    names = [point.get_attribute("aria-label") or "" for point in points.all()]
    loads = ["45 kg", "48 kg", "50 kg", "51 kg", "52 kg"]
    assert [name.rpartition(": ")[2] for name in names] == loads
    points.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(points.nth(3)).to_be_focused()
    page.keyboard.press("Home")
    expect(points.first).to_be_focused()
    card = page.locator(".records li").filter(has_text="Squat")
    expect(card).to_contain_text("Most reps in a set")
    expect(card).to_contain_text("logged, not verified")  # every set of these days was logged
    best = card.get_by_role("link", name="52 kg")
    best.click()
    expect(page.locator("h1")).to_have_text("Squat and 1 other exercise: 15 reps in 2 sets.")
    opened_page(page, "?exercise=squat")
    page.locator("#exercise").select_option("push_up")
    settled(page)
    expect(page.locator("#best option")).to_have_count(1)
    expect(page.locator(".line-chart a").first).to_have_attribute(
        "aria-label", re.compile(": 3 repetitions$")
    )


def test_the_shown_sessions_are_exported_as_csv_and_json(
    trained: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08, R-UIX-03."""
    page = opened_page(new_page(trained.url))
    with page.expect_download() as got:
        page.get_by_role("button", name="Export as CSV").click()
    assert got.value.suggested_filename == "kinelog-sessions.csv"
    text = got.value.path().read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len({row["Session"] for row in rows}) == 4
    assert [row["Exercise Name"] for row in rows[:2]] == ["Squat", "Push-up"]
    page.goto("/session_list.html?exercise=push_up&order=ascending")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    with page.expect_download() as got:
        page.get_by_role("button", name="Export as JSON").click()
    exported = json.loads(got.value.path().read_text(encoding="utf-8"))
    listed = page.locator(".session-item").all()
    assert [each["id"] for each in exported] == [
        row.get_attribute("data-session") for row in listed
    ]
    assert len(exported) == 5


STATES = ("empty", "one", "many", "capped", "error")


def brought(
    state: str, servers: dict[str, PlatformServer], new_page: NewPage, **options: Any
) -> Page:
    """Bring the page into one of its states."""
    page = new_page(servers.get(state, servers["many"]).url, **options)
    if state == "error":
        page.route("**/graphql", _refuse)
    return opened_page(page)


def _refuse(route: Route) -> None:
    problem = {
        "title": "The read models cannot be read.",
        "code": "storage",
        "correlationId": "r-1",
    }
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))


@pytest.fixture(scope="module")
def servers(
    trained: PlatformServer,
    bare_server: PlatformServer,
    tmp_path_factory: pytest.TempPathFactory,
    video: Path,
) -> Iterator[dict[str, PlatformServer]]:
    """A server for each state; capped results need their own, because responses are cached."""
    new = tmp_path_factory.mktemp
    with opened(new("one"), video) as once, opened(new("capped"), video) as capped:
        train(once, 0, ("push_up", 3, None))
        train_often(capped)
        yield {"empty": bare_server, "one": once, "many": trained, "capped": capped}


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_readable_and_operable(
    servers: dict[str, PlatformServer],
    new_page: NewPage,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
) -> None:
    """R-UIX-07, R-UIX-08: in all color schemes, by touch, in a narrow window."""
    monkeypatch.setattr(training_queries, "MOST_SESSIONS", 2 if state == "capped" else 1000)
    page = brought(state, servers, new_page, **PHONE)
    assert (page.locator("svg text").count() > 0) == (state != "error")
    small = {"small", "small for a finger"}
    wrong = {
        look: [each for each in found if look not in small or "aria-label" not in str(each)]
        for look, found in problems(page).items()
    }  # parts of the charts have a table beside them
    assert [wrong[look] for look in wrong if wrong[look]] == []


def test_statistics_that_are_capped_say_how_many_sessions_they_used(
    servers: dict[str, PlatformServer], new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-WKT-06."""
    monkeypatch.setattr(training_queries, "MOST_SESSIONS", 2)
    page = opened_page(new_page(servers["capped"].url))
    expect(page.locator("#exercises .capped")).to_have_text(
        "For speed, this uses the latest 2 of 4 sessions."
    )


def test_one_button_reloads_every_failed_part(
    servers: dict[str, PlatformServer], new_page: NewPage
) -> None:
    """R-UIX-06, R-UIX-08."""
    page = new_page(servers["many"].url)
    page.route("**/graphql", _refuse)
    opened_page(page)
    banner = page.locator("#banner")
    expect(banner).to_contain_text("We could not load part of your history.")
    expect(banner).to_contain_text("Your sessions are safe")
    expect(banner).to_contain_text("r-1")
    expect(page.get_by_text("This could not be loaded.")).to_have_count(len(PANELS))
    page.unroute("**/graphql")
    banner.get_by_role("button", name="Try again").click()
    settled(page)
    expect(page.locator(".line-chart a")).to_have_count(5)
    expect(page.get_by_text("This could not be loaded.")).to_have_count(0)
    expect(banner).to_be_empty()


def test_the_history_of_a_held_position_says_that_there_are_no_repetitions(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: and not that there was no training."""
    page = opened_page(new_page(empty_server.url))
    expect(page.locator("#totals .empty-state")).to_contain_text("No training from")
    empty_server.log_hold(60_000)
    page.reload()
    for label in ("Repetitions", "Verified repetitions"):
        page.locator("#measure").select_option(label=label)
        expect(page.locator("#totals .empty-state")).to_contain_text(f"{label}: 0 from")
    page.locator("#measure").select_option(label="Sessions")
    expect(page.locator("#totals .bars")).to_be_visible()


def test_weeks_begin_on_the_day_that_the_user_chose(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03, C-16, C-52: as on the home page; its form is the mean of repetitions."""
    for day, repetitions, form in (("03", 9, 0.5), ("04", 3, 0.5), ("08", 9, 0.9), ("11", 5, 0.5)):
        at = datetime.fromisoformat(f"2026-10-{day}T09:00Z")
        squat(empty_server.platform, "athlete", repetitions, at=at, form=form)
    page = new_page(empty_server.url)
    page.clock.set_fixed_time(datetime(2026, 10, 10, 12, tzinfo=UTC))
    page.goto("/")
    page.evaluate("localStorage.setItem('kinelog.display', '{\"firstDay\": \"sunday\"}')")
    opened_page(page)
    newest = page.locator("#totals .totals-now").first
    expect(newest).to_contain_text(re.compile(r"Repetitions\s*12▲ 33 % · the week before: 9"))
    expect(newest).to_contain_text(re.compile(r"Form\s*80 %"))
    expect(page.locator("#totals .bars a")).to_have_count(2)
    assert sessions_at(page, newest.locator("a").first) == 2
    assert "since=2026-10-04&until=2026-10-10" in page.url
