"""A guided workout by camera: counted, reviewed, recorded, and of other exercises."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.coaching import does, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.player import COUNTS_IN, PHONE, begun, executed, fits, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

SENSORS = """globalThis.DeviceMotionEvent = {
  requestPermission: async () => { globalThis.sensed = true; return "granted"; },
};"""
"""A browser that remembers in `sensed` whether the page has asked for the motion sensors."""

LOSE_CAMERA = """() => {
  const [track] = document.querySelector("camera-stage video").srcObject.getTracks();
  track.dispatchEvent(new Event("ended"));
}"""

SQUATS_SEEN = 40
"""Three squats of the sample athlete take at least this many frames."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


@pytest.mark.slow
def test_a_set_ends_by_itself_when_the_camera_has_counted_it(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-WKT-03, R-RPL-01, R-UIX-04, C-49: recorded, reviewed, and of another exercise."""
    page = new_page(server.url, **PHONE, permissions=["camera"])
    page.add_init_script(SENSORS)
    stub_pose_model(page)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3, "restS": 60}
    page.goto(prescribed(page, {**squat, "exerciseId": "lunge"}, {**squat, "exerciseId": "sit_up"}))
    expect(page.get_by_label("Keep my movement")).to_be_checked()
    fits(page)
    started(page, "By camera")
    page.get_by_label("Do another exercise instead").select_option("squat")
    expect(page.locator("exercise-brief")).to_contain_text("Squat")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    expect(page.locator("#camera-now select")).to_be_visible()
    fits(page)
    does(page, 0)
    press(page, "Start set")
    begun(page)
    expect(page.locator("#elapsed")).to_contain_text(re.compile(r"\d:\d\d"))
    does(page)
    expect(page.locator(".rest-time")).to_contain_text(":")
    expect(page.locator("#latest input")).to_have_value("3")
    expect(page.locator("recording-controls")).to_have_attribute("data-status", "recording")
    page.get_by_role("button", name="Show all 3 reps").click()
    fits(page)
    page.locator("rep-review li button").first.click()
    expect(page.locator("#latest input")).to_have_value("2")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End workout").click()
    page.get_by_role("button", name="Press again to end").click()
    results = page.locator("workout-results")
    expect(results).to_contain_text("counted by the camera")
    expect(results).to_contain_text("You removed it.")
    (only,) = executed(server, page)["sets"]
    assert (only["source"], only["repetitions"]) == ("server", 2)
    assert (only["exerciseId"], only["line"]) == ("squat", 1)
    assert page.evaluate("sensed")
    (recording,) = page.request.get("/v1/recordings").json()["items"]
    assert (recording["status"], recording["name"]) == ("completed", "Legs")
    assert recording["frame_count"] > SQUATS_SEEN


@pytest.mark.slow
def test_a_recording_goes_on_after_the_page_is_reloaded(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-RPL-02, R-LIV-10: one recording has the sets before and after it."""
    page = new_page(server.url, **PHONE, permissions=["camera"])
    stub_pose_model(page)
    squat = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 2, "restS": 600}
    page.goto(prescribed(page, squat))
    started(page, "By camera")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    press(page, "Start set")
    begun(page)
    expect(page.locator(".rest-time")).to_contain_text(":")
    page.reload()
    press(page, "Turn on the camera")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    assert page.request.get("/v1/recordings").json()["items"][0]["status"] == "recording"
    press(page, "Start next set")
    begun(page)
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("2. Squat")
    (recording,) = page.request.get("/v1/recordings").json()["items"]
    assert recording["status"] == "completed"
    sets = executed(server, page)["sets"]
    assert [each["repetitions"] for each in sets] == [2, 2]
    assert 1000 * recording["duration"] > sets[1]["movements"][-1]["startMs"]


@pytest.mark.slow
def test_losing_the_camera_before_a_set_starts_no_set(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03, R-LIV-11: the countdown ends, and the set can be counted by hand."""
    page = new_page(server.url, permissions=["camera"])
    stub_pose_model(page)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3, "restS": 60}
    page.goto(prescribed(page, squat))
    started(page, "By camera")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    press(page, "Start set")
    until(page, COUNTS_IN)
    page.evaluate(LOSE_CAMERA)
    expect(page.locator("#banner")).to_contain_text("The camera was switched off.")
    expect(page.locator("#countdown")).to_be_empty()
    expect(page.locator("#main-action")).not_to_have_text("Cancel")
    page.locator("#banner").get_by_role("button", name="Count manually").click()
    press(page, "Start set")
    with page.expect_response("**/next") as answer:
        begun(page)
    assert answer.value.status == 201
    assert '"source":"manual"' in (answer.value.request.post_data or "")
