"""The health page: a day in figures, trends, recovery, goals and sources."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.health_records import measured
from tests.web.inspection import PHONE, problems
from tests.web.lost_answers import answer_lost
from tests.web.server import PlatformServer, opened

PATH = "/health.html"
DAYS = 40


def records() -> list[dict[str, Any]]:
    """Return six weeks of records, and a run yesterday."""
    now = datetime.now(UTC).replace(microsecond=0)
    made = [measured("floors", 12, "count", now)]
    for ago in range(DAYS):
        at = now - timedelta(days=ago)
        made += [
            measured("steps", 6000 + 40 * ago, "count", at),
            measured("resting_heart_rate", 60 if ago < 4 else 50, "bpm", at),
            measured("weight", 70 + ago / 10, "kg", at),
        ]
    run = (now - timedelta(days=1)).replace(hour=12)
    beats = (110, 130, 150, 168, 172, 140)
    return made + [
        measured("heart_rate", beat, "bpm", run + timedelta(minutes=minute))
        for minute, beat in enumerate(beats)
    ]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with health records; only one test changes goals."""
    with opened(tmp_path_factory.mktemp("recorded"), video) as server:
        metrics = ["steps", "resting_heart_rate", "weight", "heart_rate", "floors"]
        source = f"{server.url}/v1/me/health/sources/apple_health"
        key = {"Idempotency-Key": uuid4().hex}
        httpx2.put(source, json={"metrics": metrics}, headers=key, timeout=60).raise_for_status()
        body = {"timeZone": "UTC", "records": records()}
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        sent = httpx2.post(
            f"{source}/records", content=json.dumps(body), headers=headers, timeout=60
        )
        sent.raise_for_status()
        yield server


def opened_page(page: Page, search: str = "") -> Page:
    page.goto(PATH + search)
    for panel in ("day", "trend", "recovery", "goals", "sources"):
        expect(page.locator(f"#{panel}-body")).to_have_attribute("aria-busy", "false")
    return page


def test_a_day_can_be_typed(recorded: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: digit by digit, while the panel follows."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"))
    page.locator("#date").focus()
    page.keyboard.type("11112025", delay=150)
    expect(page.locator("#date")).to_have_value("2025-11-11")
    page.wait_for_url("**day=2025-11-11*")
    expect(page.locator("#day-body")).to_contain_text("11 November 2025")


def test_a_trend_is_read_by_keyboard_and_as_a_table(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-06, R-UIX-07"""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"))
    expect(page.locator("#trend .trend-plot canvas")).to_be_visible()
    point = page.locator("#trend .trend-point")
    expect(point).to_contain_text("6,000")
    page.locator("#trend .trend-plot").focus()
    page.keyboard.press("ArrowLeft")
    expect(point).to_contain_text("6,040")
    page.keyboard.press("Home")
    expect(point).to_contain_text("7,160")
    page.locator("#trend").get_by_role("button", name="Show as table").click()
    expect(page.locator("#trend tbody tr")).to_have_count(30)
    expect(page.locator("#trend tbody tr").first).to_contain_text("6,000")
    page.locator("#trend").get_by_label("Metric").select_option("weight")
    expect(point).to_contain_text("70 kg")
    assert page.url.endswith("?metric=weight")
    page.go_back()
    expect(point).to_contain_text("6,000")


def test_a_day_has_figures_and_heart_rate_zones(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-05, R-HLT-06"""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"))
    figures = page.locator(".health-figures")
    expect(figures).to_contain_text("6,000")
    expect(figures).to_contain_text("Apple Health: Watch")
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%F}"
    page.goto(f"{PATH}?day={yesterday}")
    expect(page.locator(".zones tbody tr")).to_have_count(5)
    expect(page.locator(".zones caption")).to_contain_text("172")
    expect(page.locator("#recovery")).to_contain_text("worse than usual")


def test_a_proposal_becomes_a_goal_and_is_removed(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-06: what is typed for another goal stays."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"))
    goals = page.locator("#goals")
    goals.get_by_text("Set another goal").click()
    goals.get_by_label("Metric").select_option("weight")
    goals.get_by_label("Target in kg").fill("72")
    page.get_by_role("button", name="Set this goal: Steps").click()
    expect(goals).to_contain_text("At least 7,500 a day")
    expect(page.locator("#goals-title")).to_be_focused()
    expect(goals.get_by_label("Target in kg")).to_have_value("72")
    page.get_by_role("button", name="Remove the goal: Steps").click()
    expect(page.get_by_role("button", name="Set this goal: Steps")).to_be_visible()


def test_any_metric_can_have_a_goal_of_ones_own(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-03, R-HLT-06: an impossible target is refused at its field."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC", **PHONE))
    goals = page.locator("#goals")
    goals.get_by_text("Set another goal").click()
    goals.get_by_label("Metric").select_option("weight")
    goals.get_by_label("Each day").select_option("at_most")
    target = goals.get_by_label("Target in kg")
    target.fill("7000")
    goals.get_by_role("button", name="Set the goal").click()
    expect(target).to_be_focused()
    expect(goals).to_contain_text("1 to 700")
    assert problems(page) == {}
    target.fill("72,5")
    goals.get_by_role("button", name="Set the goal").click()
    expect(goals).to_contain_text("At most 72.5 kg a day")
    expect(goals).to_contain_text("Reached today: 70 kg.")
    expect(goals.locator("#goal-target")).to_have_value("")
    remove = page.get_by_role("button", name="Remove the goal: Weight")
    with answer_lost(page, "**/v1/me/health/goals/weight"):
        remove.click()
    expect(page.locator("#banner")).to_contain_text("may have been saved")
    remove.click()
    expect(goals).not_to_contain_text("72.5")
    expect(page.locator("#banner")).to_be_empty()


def test_training_is_shown_beside_a_signal_of_recovery(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-06, R-UIX-07: by day, with the source; by keyboard or as a table."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"))
    recovery = page.locator("#recovery")
    expect(recovery.locator("canvas")).to_be_visible()
    expect(recovery).to_contain_text("From Apple Health: Watch.")
    point = recovery.locator(".trend-point")
    expect(point).to_contain_text("Resting heart rate 60 bpm")
    recovery.locator(".trend-plot").focus()
    page.keyboard.press("Home")
    expect(point).to_contain_text("Resting heart rate 50 bpm")
    recovery.get_by_role("button", name="Show as table").click()
    table = recovery.get_by_role("table").filter(has_text="Newest first")
    expect(table.locator("tbody tr")).to_have_count(28)
    recovery.get_by_label("Metric").select_option("sleep")
    expect(recovery).to_contain_text("no records and no training in these four weeks")


def test_records_of_a_metric_are_deleted_after_a_question(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-HLT-03: of a metric that no other test needs; a double click deletes nothing."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC"), "?metric=floors")
    expect(page.locator("#trend .trend-point")).to_contain_text("12")
    deletion = page.locator("#deletion")
    deletion.get_by_label("Metric").select_option("floors")
    deletion.get_by_role("button", name="Delete").dblclick()
    expect(deletion.get_by_role("button", name="Keep them")).to_be_visible()
    expect(deletion.get_by_role("status")).to_be_empty()
    expect(page.locator("#trend .trend-point")).to_contain_text("12")
    deletion.get_by_role("button", name="Delete the records").click()
    expect(deletion).to_contain_text("Deleted records: 1.")
    expect(page.locator("#trend-body")).to_contain_text("no records in this range")
    deletion.get_by_role("button", name="Delete").click()
    deletion.get_by_role("button", name="Delete the records").click()
    expect(deletion).to_contain_text("There are no such records.")


def test_the_profile_is_deleted_after_a_question(
    recorded: PlatformServer, new_page: NewPage
) -> None:
    """R-TEN-16: the records stay; by keyboard, which keeps the focus; no double click deletes."""
    page = opened_page(new_page(recorded.url, timezone_id="UTC", **PHONE))
    panel = page.locator("#profile-deletion")
    panel.get_by_role("button", name="Delete the profile").dblclick()
    keep = panel.get_by_role("button", name="Keep the profile")
    expect(keep).to_be_visible()
    expect(panel.get_by_role("status")).to_be_empty()
    keep.click()
    for outcome in ("were deleted", "You have no health profile."):
        panel.get_by_role("button", name="Delete the profile").focus()
        page.keyboard.press("Enter")
        expect(keep).to_be_focused()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(panel.get_by_role("status")).to_contain_text(outcome)
        expect(panel.get_by_role("button", name="Delete the profile")).to_be_focused()
    page.reload()
    expect(page.locator(".health-figures")).to_contain_text("6,000")
    assert problems(page) == {}


def test_without_records_the_page_says_how_they_come(
    bare_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07"""
    page = opened_page(new_page(bare_server.url, **PHONE))
    expect(page.locator("#day-body")).to_contain_text("Nothing was recorded")
    expect(page.locator("#trend-body")).to_contain_text("no records in this range")
    expect(page.locator("#sources-body")).to_contain_text("Apple Health or Health Connect")
    assert problems(page) == {}


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en-US", "ru-RU", "es-ES"])
def test_the_page_fits_a_phone_in_every_theme(
    recorded: PlatformServer, new_page: NewPage, locale: str
) -> None:
    """R-UIX-07: with charts, tables and goals."""
    page = opened_page(new_page(recorded.url, locale=locale, timezone_id="UTC", **PHONE))
    expect(page.locator("#trend .trend-plot canvas")).to_be_visible()
    assert problems(page) == {}


def test_a_failed_part_can_be_loaded_again(recorded: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06"""
    page = new_page(recorded.url, timezone_id="UTC")
    title = {"title": "The read models are away.", "code": "storage.unavailable"}
    page.route(
        "**/v1/me/health/trends/**",
        lambda route: route.fulfill(status=503, json={**title, "correlationId": "1234"}),
    )
    opened_page(page)
    expect(page.locator("#banner")).to_contain_text("Your health data is safe.")
    page.unroute("**/v1/me/health/trends/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#trend .trend-plot canvas")).to_be_visible()
