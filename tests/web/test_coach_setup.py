"""Set-up of the coach page: the camera, its position and the goal are remembered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.web.axe import violations
from tests.web.browser import CAMERA, camera_browser
from tests.web.coaching import coached, does
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

TWO_CAMERAS = f"{CAMERA},device-count=2"
TRACK = "document.querySelector('video').srcObject.getTracks()[0]"
LOOKING = "document.querySelector('video').srcObject?.getVideoTracks()[0].label"

SILENT = """navigator.mediaDevices.getUserMedia = () => {
  globalThis.isAsked = true;
  return new Promise(() => {});
}"""
"""A browser with a camera prompt that is never answered."""
SILENT_EAR = """globalThis.SpeechRecognition = class { start() {} abort() {} };
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (what) => what.audio ? new Promise(() => {}) : ask(what);"""
"""A browser with a microphone prompt that is never answered."""
IN_SIGHT = """() => {
  const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return document.activeElement.contains(there);
}"""


@pytest.fixture(scope="module")
def devices(playwright: Playwright) -> Iterator[Browser]:
    """A browser with two cameras."""
    with camera_browser(playwright, TWO_CAMERAS) as browser:
        yield browser


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("setup")
    with opened(home, home / "no-video") as found:
        yield found


def turned_on(page: Page) -> None:
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)


def expect_athlete(page: Page) -> None:
    """Wait for the person check only, because the picture of the second fake camera is dark."""
    expect(page.locator("[data-light=people]")).to_have_attribute("data-state", "green")


def test_on_a_phone_the_start_is_visible_without_scrolling(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01, R-UIX-07: and it does not cover the focused element (WCAG 2.2, 2.4.11)."""
    page = coached(new_page, coach, width=390, height=844)
    begin = page.get_by_role("button", name="Turn on the camera", exact=True)
    expect(begin).to_be_in_viewport(ratio=1)
    page.locator("#exercise :checked").focus()
    while not begin.evaluate("button => button === document.activeElement"):
        assert page.evaluate(IN_SIGHT)
        page.keyboard.press("Tab")


@pytest.mark.slow
def test_another_camera_can_be_chosen_and_is_remembered(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: as soon as the browser reveals the names of the cameras."""
    page = coached(new_page, coach, permissions=["camera"])
    turned_on(page)
    cameras = page.locator("#camera-now").get_by_label("Camera")
    expect(cameras.locator("option")).to_have_count(2)
    assert violations(page) == []
    first = page.evaluate(LOOKING)
    assert cameras.evaluate("list => list.selectedOptions[0].textContent") == first
    other = cameras.evaluate("list => [...list.options].find((each) => !each.selected).textContent")
    cameras.select_option(label=other)
    until(page, f"{LOOKING} === '{other}'")
    expect_athlete(page)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    expect(page.locator("#camera-before select")).to_have_value(
        page.evaluate("localStorage.getItem('kinelog.camera')")
    )
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    expect_athlete(page)
    assert page.evaluate(LOOKING) == other


@pytest.mark.slow
@pytest.mark.parametrize(
    ("taken", "message"),
    [
        (
            "permission.state = 'denied'; permission.dispatchEvent(new Event('change'))",
            "revoked",
        ),
        ("devices = []; track.stop(); track.dispatchEvent(new Event('ended'))", "was disconnected"),
        ("Object.defineProperty(track, 'muted', { value: true })", "sends no picture"),
    ],
    ids=["permission", "cable", "another-app"],
)
def test_losing_the_camera_within_a_set_is_explained(
    coach: PlatformServer, new_page: NewPage, taken: str, message: str
) -> None:
    """R-UIX-01, R-LIV-11: the set pauses, the light goes out, and the count is kept."""
    script = """
    globalThis.permission = Object.assign(new EventTarget(), { state: "granted" });
    navigator.permissions.query = async () => permission;
    const enumerate = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    navigator.mediaDevices.enumerateDevices = async () => globalThis.devices ?? enumerate();"""
    page = coached(new_page, coach, script=script, permissions=["camera"])
    turned_on(page)
    does(page, 1)
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator(".count-number")).to_have_text("1")
    page.evaluate("globalThis.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.evaluate(f"globalThis.devices = undefined; {taken}")
    expect(page.locator("#banner")).to_contain_text(message)
    expect(page.locator("#banner")).to_contain_text("Your counted repetitions are kept.")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("track.readyState") == "ended"
    assert violations(page) == []
    page.evaluate("permission.state = 'granted'; globalThis.devices = undefined")
    page.locator("#banner").get_by_role("button", name="Turn on the camera").click()
    until(page, "document.querySelector('video').srcObject !== null")


@pytest.mark.slow
def test_losing_the_camera_before_a_set_starts_no_set(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01, R-LIV-11: the countdown ends, and the set can be started again."""
    page = coached(new_page, coach, permissions=["camera"])
    turned_on(page)
    ended = f"{TRACK}.dispatchEvent(new Event('ended'))"
    page.evaluate(f"document.querySelector('#start').click(); setTimeout(() => {ended}, 1000)")
    expect(page.locator("#banner")).to_contain_text("The camera was switched off.")
    expect(page.locator("#start")).to_have_text("Start set")
    expect(page.locator("#countdown")).to_be_empty()
    page.locator("#banner").get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator("#start")).to_have_text("Stop set")


def test_an_unanswered_microphone_prompt_does_not_block_the_camera(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01, R-LIV-16"""
    page = coached(new_page, coach, SILENT_EAR, permissions=["camera"])
    page.get_by_label("Voice commands").check()
    turned_on(page)


@pytest.mark.slow
def test_the_goal_of_an_exercise_is_remembered(coach: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01: the counter shows it, and says when it is reached."""
    page = coached(new_page, coach)
    page.get_by_label("Repetitions per set").fill("2")
    page.get_by_label("Rest between sets").select_option("90")
    page.get_by_text("Connection", exact=True).click()
    page.get_by_label("Send data by").select_option("webrtc")
    page.get_by_role("button", name="Count manually").first.click()
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#count")).to_be_visible()
    expect(page.locator(".count-unit")).to_have_text("of 2")
    for _ in range(2):
        page.locator("#count").click()
    expect(page.locator(".count-unit")).to_have_text("of 2 ✓")
    expect(page.locator("#status")).to_have_text("2 repetitions, your goal")
    page.keyboard.press("s")
    page.get_by_label("Next exercise").select_option("lunge")
    expect(page.get_by_label("Goal of the next set")).to_have_value("")
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    expect(page.get_by_label("Repetitions per set")).to_have_value("2")
    expect(page.get_by_label("Rest between sets")).to_have_value("90")
    expect(page.locator("#transport")).to_have_value("webrtc")
    page.get_by_role("radio", name="Plank").check()
    expect(page.get_by_label("Seconds per set")).to_have_value("")


def test_two_steps_begin_a_training(coach: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01: choose a tile, whose figure shows the exercise, and start.

    A line beside the start says which data is stored; the settings change it.
    """
    page = new_page(coach.url, width=390, height=844)
    page.goto("/pose_realtime.html")
    tiles = page.locator("#exercise .tile")
    expect(tiles).to_have_count(14)
    expect(tiles.first).to_have_text("Squat")
    drawn = """tile => [...tile.querySelector("canvas").getContext("2d")
      .getImageData(0, 0, 192, 192).data].some((each) => each > 0)"""
    assert tiles.first.evaluate(drawn)
    expect(page.locator("#settings")).not_to_have_attribute("open", "")
    page.get_by_role("radio", name="Squat").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chosen-name")).to_have_text("Bench press")
    expect(page.locator("#kept-note")).to_contain_text("no pictures")
    page.locator("#change-kept").click()
    page.get_by_label("Keep my movement").uncheck()
    expect(page.locator("#kept-note")).to_have_text("Only your counts are kept.")
    page.get_by_role("button", name="Count manually", exact=True).click()
    expect(page.locator("#start")).to_be_visible()
    page.goto("/pose_realtime.html")
    expect(tiles.first).to_have_text("Bench press")
    expect(page.get_by_role("radio", name="Bench press")).to_be_checked()


def test_the_camera_position_of_an_exercise_is_shown(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: one camera is drawn for each position that the exercise allows."""
    page = coached(new_page, coach)
    place = page.locator("#place")
    expect(place).to_contain_text("from any side")
    expect(place.locator(".placement-camera")).to_have_count(8)
    page.get_by_role("radio", name="Plank").check()
    expect(place).to_contain_text("from the side")
    assert place.locator(".placement-camera").count() < 8
    assert violations(page) == []


def test_a_video_of_the_chosen_exercise_can_be_uploaded_instead(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01"""
    page = coached(new_page, coach)
    page.get_by_role("radio", name="Lunge").check()
    expect(page.locator("#upload")).to_have_attribute("href", "/#upload=lunge")
    page.locator("#upload").click()
    expect(page.locator("#upload-exercise")).to_have_value("lunge")
    expect(page.locator("#upload-start")).to_be_in_viewport()


def test_an_unanswered_camera_prompt_shows_where_to_answer(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: visibly and audibly, for as long as the prompt is open."""
    page = coached(new_page, coach, SILENT)
    page.clock.install()
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    until(page, "globalThis.isAsked")
    expect(page.locator("#notice[role=status]")).to_be_empty()
    page.clock.fast_forward(10_000)
    expect(page.locator("#notice")).to_contain_text("Look for the prompt near the address bar")
    page.get_by_role("button", name="Count manually").click()
    expect(page.locator("#notice")).to_be_empty()
