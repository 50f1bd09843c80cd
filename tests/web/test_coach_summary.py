"""The summary of a session on the coach page, and starts after an exercise has gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.exercise_examples import PATH
from tests.web.coach_page import button, recorded
from tests.web.coaching import coached
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

HELD = "Number(document.querySelector('.count-number').textContent) >= 1"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def perform_once(page: Page) -> None:
    """Do a set of one repetition."""
    button(page, "Start set")
    page.get_by_role("button", name="+1 repetition").click(timeout=60_000)
    button(page, "Stop set")


def test_the_summary_says_how_long_a_position_was_held(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-11: of the session and of each set, beside the repetitions of other exercises."""
    page = coached(new_page, server)
    page.get_by_role("radio", name="Plank").check()
    button(page, "Count manually")
    button(page, "Start set")
    until(page, HELD)
    button(page, "Stop set")
    page.get_by_label("Next exercise").select_option("squat")
    perform_once(page)
    button(page, "Finish session")

    summary = page.locator("session-summary")
    expect(summary.locator(".summary-line")).to_be_visible()
    session = summary.get_attribute("data-session")
    held, squats = page.request.get(f"/v1/workouts/{session}").json()["sets"]
    assert (held["repetitions"], squats["repetitions"]) == (0, 1)
    seconds = (held["heldMs"] + 500) // 1000
    expect(summary.locator(".summary-line")).to_contain_text(
        f"2 sets, 1 repetition, held for {seconds} s in "
    )
    rows = summary.locator("tbody tr")
    expect(rows.nth(0).locator("td").first).to_have_text(f"{seconds} s")
    expect(rows.nth(1).locator("td").first).to_have_text("1")


def test_the_summary_names_a_custom_exercise_that_was_not_the_last(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02: and not its ID."""
    page = new_page(server.url)
    custom = recorded(page, "Knee lift")
    page.goto(f"/pose_realtime.html?exercise={custom}")
    page.locator(f"#exercise input[value={custom}]").wait_for(state="attached")
    button(page, "Count manually")
    perform_once(page)
    page.get_by_label("Next exercise").select_option("squat")
    perform_once(page)
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("Knee lift, version")
    expect(page.locator("session-summary")).not_to_contain_text("custom_")


def test_training_starts_after_the_last_exercise_was_deleted(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02: another exercise is chosen in its place."""
    page = new_page(server.url)
    custom = recorded(page, "Arm swing")
    page.goto(f"/pose_realtime.html?exercise={custom}")
    page.locator(f"#exercise input[value={custom}]").wait_for(state="attached")
    button(page, "Count manually")
    expect(page.locator("#start")).to_be_focused()
    page.request.delete(f"{PATH}/{custom}", headers={"Idempotency-Key": "deletion"})

    page.goto("/pose_realtime.html")
    expect(page.locator("#exercise input:checked")).to_have_value("squat")
    button(page, "Count manually")
    expect(page.locator("#start")).to_be_focused()


def test_training_starts_although_the_exercises_could_not_be_listed_before(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: once the server is back, the start button lists them."""
    page = new_page(server.url)
    page.route("**/v1/exercises", lambda route: route.fulfill(status=503))
    page.goto("/pose_realtime.html")
    expect(page.locator("#banner")).to_be_visible()
    page.unroute("**/v1/exercises")
    page.locator("#keep").evaluate("(each) => { each.checked = false; }")
    page.locator("#target").fill("7")
    button(page, "Count manually")
    expect(page.locator("#exercise input:checked")).to_have_value("squat")
    expect(page.locator("#start")).to_be_focused()
    expect(page.locator("#keep")).not_to_be_checked()
    expect(page.locator("#target")).to_have_value("7")
