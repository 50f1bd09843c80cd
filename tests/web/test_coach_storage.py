"""Training in browsers that cannot store anything: private windows, and full devices."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

NO_STORAGE: Final = """Object.defineProperty(globalThis, "indexedDB", {
  get() { throw new DOMException("Denied.", "SecurityError"); },
})"""
FULL_STORAGE: Final = """for (const name of ["add", "put"]) {
  IDBObjectStore.prototype[name] = () => { throw new DOMException("Full.", "QuotaExceededError"); };
}"""
FULL_SETTINGS: Final = """Storage.prototype.setItem = () => {
  throw new DOMException("Full.", "QuotaExceededError");
}"""
WITHOUT_ROOM_AT_FIRST: Final = """async () => {
  const { LiveSession } = await import("/static/src/live/live-session.js");
  const begun = { sessionId: crypto.randomUUID(), workoutId: "legs", athleteId: "athlete",
    exercise: "squat", startedAt: Date.now(), set: 0, isSetOpen: false,
    start: { path: "/v1/workouts/legs/start", body: {} } };
  const { add } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = () => { throw new DOMException("Full.", "QuotaExceededError"); };
  (await LiveSession.adopt(begun)).close();
  IDBObjectStore.prototype.add = add;
  await LiveSession.adopt({ ...begun, takeOver: true });
}"""
"""Adopts a workout that began offline: first without room for its start, and then again."""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("script", [NO_STORAGE, FULL_STORAGE], ids=["none", "full"])
def test_a_training_that_cannot_be_stored_says_so_and_is_sent(
    empty_server: PlatformServer, new_page: NewPage, script: str
) -> None:
    """R-LIV-10, R-UIX-06: the athlete knows at once that the page has to stay open."""
    page = new_page(empty_server.url)
    page.add_init_script(script)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    press(page, "Count manually")
    press(page, "Start set")
    banner = page.locator("#banner")
    expect(banner).to_contain_text("This browser cannot store data.")
    expect(banner).to_contain_text("Leave this page open until everything is sent.")
    press(page, "+1 repetition")
    press(page, "+1 repetition")
    press(page, "Stop set")
    press(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("2 repetitions")


def test_a_set_starts_without_room_for_its_settings(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06: they are not offered the next time, but nothing else depends on them."""
    page = new_page(empty_server.url)
    page.add_init_script(FULL_SETTINGS)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    press(page, "Count manually")
    press(page, "Start set")
    press(page, "+1 repetition")
    expect(page.locator(".count-number")).to_have_text("1")


def test_the_start_of_a_workout_that_could_not_be_stored_is_sent_later(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-10: the server would know nothing of the workout, and its sets would be lost."""
    page = new_page(empty_server.url)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    with page.expect_request("**/v1/workouts/legs/start"):
        page.evaluate(WITHOUT_ROOM_AT_FIRST)
