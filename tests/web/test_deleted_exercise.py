"""Workouts with a custom exercise that was deleted, on the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.exercise_examples import PATH
from tests.web.coach_page import recorded
from tests.web.conftest import NewPage
from tests.web.plans import prescribe
from tests.web.server import PlatformServer, opened
from tests.web.workout_list import plans, save


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def with_deleted(server: PlatformServer, page: Page) -> tuple[str, str]:
    """Write a workout, and delete its first exercise; return the ids of both."""
    custom = recorded(page, "Arm swing")
    line = {"exerciseId": custom, "sets": 2, "targetRepetitions": 7, "restS": 60}
    squats = {**line, "exerciseId": "squat"}
    workout = prescribe(server, "Swings", (line, squats), author="athlete")
    page.request.delete(f"{PATH}/{custom}", headers={"Idempotency-Key": "deletion"})
    return workout, custom


def test_a_workout_with_a_deleted_exercise_is_changed(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-01, R-WKT-02: the exercise is kept, and shown without its ID."""
    page = new_page(server.url)
    workout, custom = with_deleted(server, page)
    page.goto("/workout_player.html")
    card = page.locator(".workout-card")
    expect(card).to_contain_text("Custom exercise: 2")
    card.get_by_role("button", name="Edit").click()
    first = page.locator(".program-line").first
    expect(first.locator("[name=exercise] option:checked")).to_have_text("Custom exercise")
    expect(first.get_by_label("Repetitions")).to_have_value("7")
    page.locator("#program-name").fill("Swings and squats")
    save(page)
    assert plans(page) == [("Swings and squats", [custom, "squat"])]

    page.goto(f"/workout_player.html?workout={workout}")
    expect(page.locator("#lines li").first).to_contain_text("Custom exercise")
    expect(page.locator("main")).not_to_contain_text("custom_")
