"""The ghost coach with a real image: the fake camera feeds the pose model itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from adapters.sample_athlete.performance import Performance
from domain.values import Tempo
from tests.web.axe import violations
from tests.web.browser import camera_browser, camera_video
from tests.web.cameras import shown_by_camera
from tests.web.conftest import NewPage
from tests.web.server import PERFORMANCE, PlatformServer
from tests.web.training import MODEL
from tests.web.waiting import until

pytestmark = pytest.mark.slow

SLOW_AND_TALL: Performance = replace(
    PERFORMANCE,
    repetitions=3,
    fps=15,
    faults=(),
    faulty_repetitions=None,
    idle_before_s=3.0,
    tempo=Tempo(2.4, 0.3, 2.0, 0.4),
    stature_m=1.9,
)
"""The recorded squats by a taller person at half the tempo."""

GHOST = """() => {
  const canvas = document.querySelector("#ghost-canvas");
  if (!canvas.width) return false;
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return pen.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
}"""

KEEP_TRACK = """() => {
  [window.track] = document.querySelector("#camera video").srcObject.getTracks();
}"""

SEEN = "document.querySelectorAll('.joints [data-degrees]').length"


@pytest.fixture(scope="module")
def devices(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows the slow squats."""
    raw = shown_by_camera(SLOW_AND_TALL, tmp_path_factory.mktemp("camera"))
    with camera_browser(playwright, camera_video(raw)) as browser:
        yield browser


def opened(new_page: NewPage, server: PlatformServer, session: str, **options: object) -> Page:
    page = new_page(server.url, **options)
    page.context.route("**/models/*.task", lambda route: route.fulfill(path=MODEL.resolve().path))
    page.goto(f"/session_replay.html?session={session}")
    expect(page.locator("#player")).to_be_visible()
    return page


def test_the_ghost_follows_the_athlete_and_rates_each_joint(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-RPL-05, R-UIX-02: for a taller, slower athlete, with the model that browsers get."""
    page = opened(new_page, server, filmed_session, permissions=["camera"])
    page.keyboard.press("g")
    expect(page.locator("#status")).to_contain_text("Turn on the live camera")
    page.get_by_role("button", name="Turn on the live camera").click()
    status = page.locator(".ghost-status")
    expect(status).to_contain_text("The ghost follows you")
    until(page, GHOST)
    until(page, f"{SEEN} >= 6")
    expect(page.locator("#lesson")).to_have_value(re.compile(r"\d"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(status).to_contain_text("together")
    assert violations(page) == []
    page.keyboard.press("m")
    expect(page.locator("#mirror")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("g")
    until(page, f"!({GHOST})()")
    page.get_by_label("Follow my tempo").uncheck()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.evaluate(KEEP_TRACK)
    page.get_by_role("button", name="Live camera", exact=True).click()
    assert page.evaluate("track.readyState") == "ended"
    expect(page.get_by_role("button", name="Turn on the live camera")).to_be_visible()


def test_without_a_camera_the_recording_is_still_there(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06, R-UIX-07: a banner shows the error, and the button keeps the focus."""
    page = opened(new_page, server, filmed_session)
    page.evaluate("""void (navigator.mediaDevices.getUserMedia = async () => {
      for (const _ of "12") await new Promise(requestAnimationFrame);
      throw new DOMException("no", "NotAllowedError");
    })""")
    page.get_by_role("button", name="Turn on the live camera").press("Enter")
    expect(page.locator("#banner")).to_contain_text("Camera access was denied")
    expect(page.get_by_role("button", name="Turn on the live camera")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')) > 0")


def test_without_pose_detection_the_page_says_so_and_stops_the_camera(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06: the download of the pose detection failed."""
    page = opened(new_page, server, filmed_session, permissions=["camera"])
    broken = {"content_type": "text/javascript", "body": "throw new Error('cut off');"}
    page.route("**/src/live/pose-source.js", lambda route: route.fulfill(**broken))
    page.get_by_role("button", name="Turn on the live camera").click()
    expect(page.locator("#banner")).to_contain_text("You can watch the recording without")
    expect(page.get_by_role("button", name="Turn on the live camera")).to_be_visible()
    assert page.evaluate("document.querySelector('#camera video').srcObject") is None
