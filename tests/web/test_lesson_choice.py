"""The set that an athlete chose in a lesson is trained, also with a slow network."""

import time
from pathlib import Path

from playwright.sync_api import Route, expect

from domain.content.lesson_events import LessonExercise
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId
from domain.sessions import events
from domain.values import Span
from tests.web.conftest import NewPage
from tests.web.lessons import analyze_lesson, publish_lesson
from tests.web.server import opened

FOUND = (
    LessonExercise(ExerciseId("squat"), Span(500, 3600), 3),
    LessonExercise(ExerciseId("plank"), Span(4000, 6000), None, held_s=2.0),
    LessonExercise(ExerciseId("lunge"), Span(6500, 9500), 4),
)


def load_slowly(route: Route) -> None:
    time.sleep(1.2)
    route.continue_()


def test_a_set_that_is_chosen_during_another_one_is_trained_next(
    tmp_path: Path, new_page: NewPage
) -> None:
    """R-CON-04: and not the one that would follow, whose definition loads slowly."""
    with opened(tmp_path / "home", tmp_path / "none.mp4") as server:
        publish_lesson(server.platform, "Three sets")
        analyze_lesson(server.platform, found=FOUND)
        page = new_page(server.url)
        page.route("**/v1/exercises/plank", load_slowly)
        page.goto("/lesson.html?content=lesson")
        page.get_by_role("button", name="Turn on the camera").click()
        page.get_by_role("button", name="Count manually").click()
        page.get_by_role("button", name="Start set").click()
        page.get_by_role("button", name="Count one").click()
        page.locator("#sets > li").nth(2).get_by_role("button").click()
        page.get_by_role("button", name="Start set").click()
        page.get_by_role("button", name="Count one").click()
        expect(page.locator("#now-title")).to_have_text("Lunge · 4 repetitions")
        page.get_by_role("button", name="Stop set").click()
        page.get_by_role("button", name="Finish").click()
        expect(page.locator("#summary-words")).to_have_text(
            "You trained 2 of 3 sets of this video."
        )
        session = SessionId((page.locator("#open").get_attribute("href") or "").partition("=")[2])
        history = server.platform.log.load(DEFAULT_TENANT, f"session-{session}")
        started = [each.event for each in history if isinstance(each.event, events.SetStarted)]
        assert [each.exercise_id for each in started] == ["squat", "lunge"]
