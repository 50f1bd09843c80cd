"""Corrections of a lesson in the studio: nothing typed is lost, and one press makes one workout."""

from dataclasses import replace
from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from domain.content.lesson_events import LessonExercise, Targets
from domain.ids import ExerciseId
from domain.values import Span
from tests.web.club import lost_after_writing
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.leaving import reload_asks
from tests.web.lessons import TEMPO, analyze_lesson, publish_lesson, publish_version
from tests.web.server import PlatformServer
from tests.web.studio import studio
from tests.web.waiting import hold_requests, until

__all__ = ["studio"]


PRECISE: Final = replace(TEMPO, eccentric_s=1.234)
ADJACENT: Final = (
    LessonExercise(ExerciseId("squat"), Span(1037, 4683), 3, targets=Targets(PRECISE, 100.4, 2.0)),
    LessonExercise(ExerciseId("plank"), Span(4690, 8637), None, held_s=3.9),
)
"""Two sets less than a tenth of a second apart, with values that the form rounds."""


@pytest.fixture
def page(studio: PlatformServer, new_page: NewPage) -> Page:
    """The page of a video in which squats and a plank were found."""
    key = publish_lesson(studio.platform, "Lesson", key=f"lesson-{uuid4()}")
    analyze_lesson(studio.platform, key)
    page = new_page(studio.url, **PHONE)
    hold_requests(page, "**/v1/playback/**")  # its failure would replace other banners
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


def test_the_focus_stays_at_the_exercises_that_are_confirmed(page: Page) -> None:
    """R-UIX-07: the button goes away."""
    page.get_by_role("button", name="All are right").press("Enter")
    expect(page.locator("#lesson-state")).to_contain_text("Confirmed by you")
    expect(page.locator("#lesson-title")).to_be_focused()


def test_a_correction_that_is_opened_while_sets_are_confirmed_stays(page: Page) -> None:
    """R-CON-04, R-UIX-08"""
    held = hold_requests(page, "**/lesson/confirm")
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


@pytest.fixture
def adjacent(studio: PlatformServer, new_page: NewPage) -> Page:
    """The page of a video with adjacent sets."""
    key = publish_lesson(studio.platform, "Lesson", key=f"lesson-{uuid4()}")
    analyze_lesson(studio.platform, key, found=ADJACENT)
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#lesson-list > li")).to_have_count(2)
    return page


def save(page: Page) -> list[dict[str, object]]:
    """Save the form, and return the segments that the server has then."""
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#status")).to_have_text("Saved.")
    key = page.url.partition("content=")[2]
    segments: list[dict[str, object]] = page.request.get(f"/v1/content/{key}/lesson").json()[
        "segments"
    ]
    return segments


def test_a_correction_of_the_repetitions_keeps_the_exact_times_and_targets(adjacent: Page) -> None:
    """R-CON-04: the form shows them rounded."""
    adjacent.get_by_role("button", name="Correct Squat").click()
    expect(adjacent.get_by_label("Start", exact=True)).to_have_value("0:01.0")
    adjacent.get_by_label("Repetitions").fill("2")
    squat = save(adjacent)[0]
    assert (squat["repetitions"], squat["startMs"], squat["endMs"]) == (2, 1037, 4683)
    assert (squat["rangeOfMotionDeg"], squat["rangeSpreadDeg"]) == (100.4, 2.0)
    assert squat["tempo"]["eccentricS"] == 1.234  # type: ignore[index]


def test_an_edge_of_a_set_right_after_another_one_can_be_corrected(adjacent: Page) -> None:
    """R-CON-04: the other edge and the held seconds stay exact."""
    adjacent.get_by_role("button", name="Correct Plank").click()
    adjacent.get_by_label("End", exact=True).fill("0:08.0")
    plank = save(adjacent)[1]
    assert (plank["startMs"], plank["endMs"], plank["heldS"]) == (4690, 8000, 3.9)


def test_the_suggested_times_of_a_new_set_are_accepted(adjacent: Page) -> None:
    """R-CON-04: it begins exactly where the set at the position of the video ends."""
    adjacent.get_by_role("button", name="Show Plank in the video").click()
    until(adjacent, "document.querySelector('#preview').currentTime > 4.6")
    adjacent.get_by_role("button", name="Add a set").click()
    adjacent.get_by_label("Exercise", exact=True).select_option("Lunge")
    adjacent.get_by_label("Repetitions").fill("5")
    added = save(adjacent)[2]
    assert (added["startMs"], added["endMs"]) == (8637, 12_000)


def test_what_is_typed_while_a_correction_is_saved_stays(page: Page) -> None:
    """R-CON-04, R-UIX-08: as unsaved work, with the focus where it was."""
    correct_squat(page)
    held = hold_requests(page, "**/lesson/segments")
    with page.expect_request("**/lesson/segments"):
        page.get_by_label("Repetitions").press("Enter")
    page.get_by_label("Repetitions").fill("8")
    held.pop().continue_()
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 7 repetitions")
    expect(page.get_by_label("Repetitions")).to_have_value("8")
    expect(page.get_by_label("Repetitions")).to_be_focused()
    page.unroute("**/lesson/segments")
    page.get_by_role("button", name="Add a set").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 8 repetitions")
    expect(page.locator(".lesson-form")).to_have_count(0)
    assert not reload_asks(page)


def test_what_is_typed_while_a_new_set_is_added_corrects_that_set(page: Page) -> None:
    """R-CON-04, R-UIX-08"""
    page.get_by_role("button", name="Correct Squat").click()
    page.get_by_role("button", name="Remove", exact=True).first.click()
    page.get_by_role("button", name="Add a set").click()
    page.get_by_label("Exercise", exact=True).select_option("Lunge")
    page.get_by_label("Repetitions").fill("5")
    held = hold_requests(page, "**/lesson/segments")
    with page.expect_request("**/lesson/segments"):
        page.get_by_label("Repetitions").press("Enter")
    page.get_by_label("Repetitions").fill("6")
    held.pop().continue_()
    expect(page.locator("#lesson-list > li")).to_have_count(2)
    page.unroute("**/lesson/segments")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#lesson-list")).to_contain_text("6 repetitions")
    expect(page.locator("#lesson-list > li")).to_have_count(2)


def test_a_correction_of_a_set_that_was_removed_elsewhere_can_be_added(page: Page) -> None:
    """R-CON-04, R-UIX-08"""
    correct_squat(page)
    address = f"/v1/content/{page.url.partition('content=')[2]}/lesson"
    revision = page.request.get(address).json()["revision"]
    removal = {"revision": revision, "segment": 1}
    assert page.request.post(f"{address}/segments/remove", data=removal).ok
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#banner")).to_contain_text("The lesson has changed since you read it.")
    expect(page.locator("#lesson-list .is-chosen")).to_contain_text("New set")
    expect(page.get_by_label("Repetitions")).to_have_value("7")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 7 repetitions")


@pytest.mark.parametrize("learned", ["by saving", "by itself"])
def test_a_correction_that_is_open_when_a_new_version_goes_live_stays_and_says_so(
    page: Page, studio: PlatformServer, learned: str
) -> None:
    """R-CON-04, R-UIX-08: it cannot be saved to a set of the new version."""
    key = page.url.partition("content=")[2]
    correct_squat(page)
    publish_version(studio.platform, key, 2)
    analyze_lesson(studio.platform, key, number=2)
    if learned == "by itself":
        page.locator("#video-name").fill("Lesson again")
        page.locator("#video-name").press("Enter")
    else:
        page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#banner")).to_contain_text("A new version of the video is live.")
    expect(page.get_by_label("Repetitions")).to_have_value("7")
    assert problems(page) == {}
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#banner")).to_contain_text("can no longer be saved")
    page.get_by_role("button", name="All are right").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#lesson-list")).to_contain_text("Squat · 3 repetitions")
    expect(page.locator(".lesson-form")).to_have_count(0)
    lesson = page.request.get(f"/v1/content/{key}/lesson").json()
    assert (lesson["number"], lesson["confirmed"]) == (2, False)
    assert [each["repetitions"] for each in lesson["segments"]] == [3, None]
    assert not reload_asks(page)


@pytest.mark.slow
def test_a_trainer_adds_what_the_analysis_did_not_find(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-04: after a failed analysis; and a change elsewhere is not overwritten."""
    key = publish_lesson(studio.platform, "Unknown", key="unknown")
    analyze_lesson(studio.platform, key, found=())
    pages = new_page(studio.url), new_page(studio.url)
    for page in pages:
        hold_requests(page, "**/v1/playback/**")  # its failure would replace other banners
        page.goto(f"/studio.html?content={key}")
        expect(page.locator("#lesson-state")).to_contain_text("No exercise was recognized.")
        page.get_by_role("button", name="Add a set").click()
        page.get_by_label("Exercise", exact=True).select_option("Lunge")
        page.get_by_label("Repetitions").fill("4")
    for page in pages:
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator("#lesson-list")).to_contain_text("Lunge · 4 repetitions")
    expect(pages[1].locator("#banner")).to_contain_text("The lesson has changed")
    expect(pages[1].get_by_label("Repetitions")).to_have_value("4")
