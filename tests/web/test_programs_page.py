"""Programs are created, arranged by drag and by keyboard, and changed by their rule on the page."""

from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

PATH: Final = "/programs.html"


def line(exercise: str) -> dict[str, Any]:
    return {"exerciseId": exercise, "sets": 2, "repetitions": 8, "loadKg": 20, "restS": 60}


WEEKS: Final = [
    {"days": [{"exercises": [line("squat"), line("lunge")]}, {"exercises": [line("push_up")]}]}
]


@pytest.fixture
def page(empty_server: PlatformServer, new_page: NewPage) -> Page:
    """The page of somebody with a program of two days."""
    program = {"name": "Legs first", "goal": "strength", "weeks": WEEKS}
    sent = httpx2.post(f"{empty_server.url}/v1/programs", json=program, timeout=60)
    assert sent.status_code == 201, sent.text
    opened = new_page(empty_server.url)
    opened.goto(PATH)
    opened.get_by_role("link", name="Legs first").click()
    expect(opened.locator("#program-title")).to_have_text("Legs first")
    return opened


def lines(page: Page, day: int) -> Locator:
    return page.locator(f"[data-day='{day}'] .program-line b")


def stored(page: Page) -> Any:
    address = urlsplit(page.url)
    (program,) = httpx2.get(f"http://{address.netloc}/v1/programs", timeout=60).json()["items"]
    return program


def exercises_of(program: Any) -> list[list[str]]:
    (week,) = program["weeks"]
    return [[each["exerciseId"] for each in day["exercises"]] for day in week["days"]]


def test_a_program_is_created_for_a_goal(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-02: without weeks of one's own, they are planned."""
    page = new_page(empty_server.url)
    page.goto(PATH)
    expect(page.locator("#none")).to_be_visible()
    page.get_by_role("button", name="Create the program").click()
    expect(page.locator("#name-wrong")).to_be_visible()
    page.get_by_label("Name").fill("Summer")
    page.get_by_label("Goal").select_option(label="Muscle")
    page.get_by_label("Weeks", exact=True).fill("2")
    page.get_by_label("Barbell").check()
    page.get_by_role("button", name="Create the program").click()
    expect(page.locator("#program-title")).to_have_text("Summer")
    expect(page.locator(".program-week")).to_have_count(2)
    expect(page.get_by_role("link", name="Summer")).to_be_visible()
    program = stored(page)
    assert (program["goal"], program["equipment"]) == ("muscle", ["barbell"])


def test_exercises_are_moved_by_keyboard_and_saved(page: Page) -> None:
    """R-PRG-02: past the end of a day into the next one; the focus stays with the exercise."""
    down = page.get_by_role("button", name="Move Squat down")
    down.focus()
    page.keyboard.press("Enter")
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])
    expect(page.get_by_role("button", name="Move Squat down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines(page, 2)).to_have_text(["Squat", "Push-up"])
    expect(page.locator("#status")).to_have_text("Squat is now on day 2, at place 1.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert exercises_of(stored(page)) == [["lunge"], ["squat", "push_up"]]


def test_exercises_are_moved_by_drag(page: Page) -> None:
    """R-PRG-02"""
    target = page.locator("[data-day='2'] .program-line")
    page.locator("[data-day='1'] .program-line").first.drag_to(
        target, target_position={"x": 40, "y": 4}
    )
    expect(lines(page, 2)).to_have_text(["Squat", "Push-up"])
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert exercises_of(stored(page)) == [["lunge"], ["squat", "push_up"]]


def test_numbers_and_exercises_are_changed(page: Page) -> None:
    """R-PRG-02: a number outside the limits is not taken."""
    sets = page.locator("[data-day='1'] input[name=sets]").first
    sets.fill("99")
    sets.blur()
    expect(page.get_by_role("button", name="Save the changes")).to_be_hidden()
    sets.fill("4")
    sets.blur()
    page.get_by_label("Add an exercise to day 2").select_option(label="Plank")
    page.get_by_role("button", name="Remove Lunge").click()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    program = stored(page)
    assert exercises_of(program) == [["squat"], ["push_up", "plank"]]
    first, plank = (program["weeks"][0]["days"][day]["exercises"][-1] for day in (0, 1))
    assert (first["sets"], plank["holdS"], plank["repetitions"]) == (4, 30, None)


def test_a_rule_is_tested_before_it_is_switched_on(page: Page) -> None:
    """R-PRG-01, R-PRG-02"""
    page.get_by_label("Progression").select_option(label="More repetitions, then more load")
    page.get_by_role("button", name="Show what it would have done").click()
    expect(page.locator("#back-test")).to_contain_text("You have not performed this exercise yet.")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("#status")).to_contain_text("It is switched on")
    assert stored(page)["rule"]["kind"] == "double_progression"


def test_a_program_is_ended(page: Page) -> None:
    """R-PRG-02"""
    page.get_by_role("button", name="End the program").click()
    expect(page.locator("#programs")).to_contain_text("Ended")
    expect(page.get_by_role("button", name="Start day 1")).to_have_count(0)
    assert stored(page)["endedAt"] is not None


def test_a_started_day_opens_the_player(page: Page) -> None:
    """R-PRG-02: with the exercises of the day."""
    page.get_by_role("button", name="Start day 1").click()
    page.wait_for_url("**/workout_player.html**")
    expect(page.locator("main")).to_contain_text("Squat")
