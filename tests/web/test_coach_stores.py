"""The end of a workout on the coach page, while a store of the pose coach is down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.coaching import SQUATS, coached
from tests.web.conftest import NewPage
from tests.web.inspection import problems
from tests.web.player import PHONE
from tests.web.server import PlatformServer, opened
from tests.web.waiting import note

ALERT = "saved-workout [role=alert]"
STATES = "saved-workout [role=status]"
DOWN = {"title": "Storage unavailable", "detail": "Try again.", "code": "storage.unavailable"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def coach(home: Path) -> Iterator[PlatformServer]:
    with opened(home, home / "no-video") as found:
        yield found


def train(page: Page) -> None:
    """Do all squats, and finish the session."""
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator(".count-number")).to_have_text(str(SQUATS.repetitions))
    page.get_by_role("button", name="Stop set", exact=True).click()
    page.get_by_role("button", name="Finish session", exact=True).click()


@pytest.mark.slow
def test_a_stopped_workout_tells_which_store_does_not_have_it_yet(
    coach: PlatformServer, home: Path, new_page: NewPage
) -> None:
    """R-PCH-01, R-PCH-16, R-PCH-20: the summary waits for both; the user sees the failed one."""
    documents = home / "pose_documents.default.sqlite3"
    documents.mkdir(parents=True)  # the store cannot be opened
    page = coached(new_page, coach, **PHONE, permissions=["camera"])
    train(page)
    expect(page.locator("#completed-dialog")).to_be_visible()
    expect(page.get_by_role("link", name="Open the session")).to_be_in_viewport()
    saved = page.locator("saved-workout")
    expect(saved).to_contain_text("You did 5 repetitions")
    rows = saved.locator(".store-states > div")
    expect(rows).to_have_text(["Historydelayed, retrying", "Analyticssaved"])
    expect(saved.get_by_role("alert")).to_contain_text("Your workout is recorded")
    for place in ALERT, STATES:
        note(page, place)
    for _ in range(2):
        with page.expect_response(lambda answer: "workoutSessions" in answer.text()):
            pass
    assert page.evaluate("Object.values(noted)") == [[], []], "it is announced once"
    assert violations(page) == []
    documents.rmdir()
    expect(rows).to_have_text(["Historysaved", "Analyticssaved"], timeout=60_000)
    expect(saved.get_by_role("alert")).to_be_empty()


@pytest.mark.slow
def test_a_summary_that_cannot_be_sent_is_sent_by_the_next_page(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-PCH-13, R-PCH-16, R-PCH-21: it stays in the browser, and the user is told."""
    page = coached(new_page, coach, permissions=["camera"], width=390, height=844)
    page.route(
        "**/graphql",
        lambda route: (
            route.fulfill(status=503, json=DOWN)
            if "stopWorkout" in (route.request.post_data or "")
            else route.fallback()
        ),
    )
    train(page)
    expect(page.locator("saved-workout").get_by_role("alert")).to_contain_text(
        "kept in this browser"
    )
    assert problems(page) == {}
    page.unroute("**/graphql")
    with page.expect_response(lambda answer: "stopWorkout" in (answer.request.post_data or "")):
        page.goto("/pose_realtime.html")
    stopped = "JSON.stringify({query: '{ workoutStats { totalSessions totalReps } }'})"
    stats = page.evaluate(
        "fetch('/graphql', {method: 'POST', headers: {'Content-Type': 'application/json',"
        f" Accept: 'application/json'}}, body: {stopped}}}).then((answer) => answer.json())"
    )
    assert stats["data"]["workoutStats"] == {"totalSessions": 1, "totalReps": SQUATS.repetitions}
