"""Corrections of a lesson in the studio: nothing typed is lost, and one press makes one workout."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web import test_studio_page
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lessons import analyze_lesson, publish_lesson
from tests.web.server import PlatformServer
from tests.web.test_athletes_page import lost_after_writing
from tests.web.test_unsaved_work import reload_asks

studio = test_studio_page.studio


@pytest.fixture
def page(studio: PlatformServer, new_page: NewPage, tmp_path: Path) -> Page:
    """The page of a video in which squats and a plank were found."""
    key = publish_lesson(studio.platform, tmp_path, "Lesson", key=f"lesson-{uuid4()}")
    analyze_lesson(studio.platform, key)
    page = new_page(studio.url, **PHONE)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#lesson-list > li")).to_have_count(2)
    return page


def correct_squat(page: Page) -> None:
    """Open the correction of the squats, and type into it."""
    page.get_by_role("button", name="Correct Squat").click()
    page.get_by_label("Repetitions").fill("7")


def expect_question(page: Page) -> None:
    """Expect a question before the open correction is discarded."""
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(page.get_by_label("Repetitions")).to_have_value("7")


@pytest.mark.parametrize(
    "button", ["All are right", "Make a workout of it", "Add a set", "Correct Plank"]
)
def test_a_button_asks_before_it_discards_an_open_correction(page: Page, button: str) -> None:
    """R-CON-04, R-UIX-08"""
    correct_squat(page)
    page.get_by_role("button", name=button).click()
    expect_question(page)
    assert problems(page) == {}
    page.get_by_role("button", name="Discard changes").click()
    expected = {
        "All are right": ("#lesson-state", "Confirmed by you"),
        "Make a workout of it": ("#lesson-workouts", "Open the workout made of it"),
        "Add a set": ("#lesson-list .is-chosen", "New set"),
        "Correct Plank": ("#lesson-list .is-chosen", "Plank"),
    }
    place, words = expected[button]
    expect(page.locator(place)).to_contain_text(words)
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 3 repetitions")


def test_undo_asks_before_it_discards_an_open_correction(page: Page) -> None:
    """R-CON-04, R-UIX-08: and can still be pressed after the correction was opened."""
    page.get_by_role("button", name="Correct Plank").click()
    page.get_by_role("button", name="Remove", exact=True).first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    correct_squat(page)
    page.get_by_role("button", name="Undo").click()
    expect_question(page)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 7 repetitions")


def test_a_bar_of_the_timeline_asks_before_it_discards_an_open_correction(page: Page) -> None:
    """R-CON-04, R-UIX-08"""
    correct_squat(page)
    page.locator(".lesson-bar", has_text="2").click()
    expect_question(page)


def test_a_correction_that_is_opened_while_sets_are_confirmed_stays(page: Page) -> None:
    """R-CON-04, R-UIX-08"""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/lesson/confirm", hold)
    with page.expect_request("**/lesson/confirm"):
        page.get_by_role("button", name="All are right").click()
    correct_squat(page)
    held.pop().continue_()
    expect(page.locator("#lesson-state")).to_contain_text("Confirmed by you")
    expect(page.get_by_label("Repetitions")).to_have_value("7")


def test_the_page_asks_before_it_is_left_with_an_open_correction(page: Page) -> None:
    """R-UIX-08: not after it was cancelled or saved."""
    page.get_by_role("button", name="Correct Squat").click()
    page.get_by_label("Start", exact=True).press("Enter")
    expect(page.locator("#status")).to_have_text("Saved.")
    correct_squat(page)
    page.get_by_role("button", name="Cancel").first.click()
    assert not reload_asks(page)
    correct_squat(page)
    assert reload_asks(page)


def test_a_double_click_makes_one_workout_of_a_lesson(page: Page) -> None:
    """R-CON-04"""
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if "/workout" in each.url else None)
    page.get_by_role("button", name="Make a workout of it").dblclick()
    expect(page.locator("#lesson-workouts li")).to_have_count(1)
    assert len(sent) == 1


def test_a_workout_of_a_lesson_whose_answer_was_lost_is_made_once(page: Page) -> None:
    """R-CON-04: and another one can be made afterwards."""
    page.route("**/lesson/workout", lost_after_writing, times=1)
    make = page.get_by_role("button", name="Make a workout of it")
    make.click()
    expect(page.locator("#banner .banner")).to_be_visible()
    make.click()
    expect(page.locator("#lesson-workouts li")).to_have_count(1)
    make.click()
    expect(page.locator("#lesson-workouts li")).to_have_count(2)
