"""An athlete before the coach page, filmed or simulated, whose repetitions are known."""

import re
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect

from adapters.sample_athlete.performance import Performance
from domain.values import Tempo
from tests.live.site import PATIENCE_S
from tests.web.browser import camera_video, launched
from tests.web.cameras import shown_by_camera
from tests.web.coaching import COUNTED, stub_pose_model
from tests.web.server import BUILT
from tests.web.training import MODEL
from tests.web.waiting import until

SQUATS: Final = Performance(
    exercise="squat",
    repetitions=3,
    tempo=Tempo(2.0, 0.3, 1.7, 0.5),
    width=320,
    height=240,
    fps=15,
    idle_before_s=11.0,
    idle_after_s=3.0,
)
"""Slow enough to be counted at one frame per second, which is what a busy machine analyzes."""
COUNTDOWN_S: Final = 4.0
"""The page counts down from three before a set; a busy machine takes a little longer."""
STANDS: Final = """
([lengthS, latestS]) => document.querySelector("camera-stage video").currentTime % lengthS < latestS
"""
"""True while the repeated video of the camera is before a certain time."""
KEPT: Final = """
async () => {
  const { LiveSession } = await import("/static/src/live/live-session.js");
  const begin = LiveSession.begin;
  LiveSession.begin = async (wish) => (globalThis.session = await begin.call(LiveSession, wish));
}
"""
"""Gives a test the session that the page is about to start."""


PAGES: Final = re.compile(r"^http://[^/]+/(pose_realtime\.html(\?.*)?|static/.+\.(js|css))$")

PERMISSIONS: Final = ["camera", "local-network-access"]
"""A page that a test fulfills has no address, so Chromium asks before it calls this machine."""


def fulfill_by_test_build(route: Route) -> None:
    """Answer with a file of the pages that are built for tests: a `kinelog serve` has others.

    Large files, such as WebAssembly, are the same in both, and come from the server.
    """
    path = urlsplit(route.request.url).path.removeprefix("/static").removeprefix("/")
    route.fulfill(path=BUILT / path)


@contextmanager
def camera_browser(folder: Path) -> Generator[Browser]:
    """Run a browser whose camera plays the squats from the start each time it is turned on."""
    video = shown_by_camera(SQUATS, folder)
    with launched(camera_video(video)) as browser:
        yield browser


@contextmanager
def coached(
    browser: Browser, url: str, simulated: Performance | None = None
) -> Generator["Coached"]:
    """Open the coach page, which may log no errors and send requests only to its server.

    A simulated athlete loses no frame on a slow machine, and does as many repetitions as the test
    says; otherwise the page sees what the browser's camera shows.
    """
    complaints: list[str] = []
    called: list[str] = []
    with closing(browser.new_context(base_url=url, permissions=PERMISSIONS)) as context:
        context.route("**/models/*.task", lambda route: route.fulfill(path=MODEL.resolve().path))
        context.route(PAGES, fulfill_by_test_build)
        context.on("request", lambda request: called.append(request.url))
        context.set_default_timeout(1000 * PATIENCE_S)
        page = context.new_page()
        if simulated is not None:
            stub_pose_model(page, simulated)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/pose_realtime.html?debug")
        page.wait_for_selector("#exercise input[value=squat]", state="attached")
        page.evaluate(KEPT)
        yield Coached(page, simulated or SQUATS, is_filmed=simulated is None)
    assert complaints == []
    assert [each for each in called if not each.startswith((url, "blob:"))] == []


class Coached:
    """The coach page with an athlete who performs a set."""

    def __init__(self, page: Page, performed: Performance, *, is_filmed: bool) -> None:
        self.page = page
        self._repetitions = performed.repetitions
        self._is_filmed = is_filmed

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def begin(self) -> None:
        """Start a set, in a video in time for its first repetition."""
        self.press("Turn on the camera")
        green = self.page.locator("[data-light][data-state=green]")
        expect(green).to_have_count(5, timeout=1000 * PATIENCE_S)  # it first loads the model
        if self._is_filmed:
            until(self.page, STANDS, [SQUATS.duration_s, SQUATS.idle_before_s - COUNTDOWN_S])
        self.press("Start set")

    def counts(self, repetitions: int) -> None:
        """Wait until the page shows at least this count; a slow machine may be ahead of it."""
        until(self.page, COUNTED, repetitions)

    def expect_banner(self, words: str) -> None:
        """Wait until the page shows this state of its connection."""
        expect(self.page.locator("#link")).to_contain_text(words)

    def end(self) -> None:
        """End the set after its last repetition, before a video is repeated."""
        self.counts(self._repetitions)
        self.press("Stop set")

    def finish(self) -> str:
        """Finish the session, check that the connection is fine again; return the session's id."""
        self.press("Finish session")
        summary = self.page.locator("session-summary")
        all_of_it = f"1 set, {self._repetitions} repetitions"
        expect(summary).to_contain_text(all_of_it, timeout=1000 * PATIENCE_S)
        expect(self.page.locator("#link")).to_be_empty()
        return str(summary.get_attribute("data-session"))

    def sends_requests(self) -> None:
        """Send the next chunks by HTTP requests."""
        self.page.evaluate(
            """async () => {
              const { HttpTransport } = await import("/static/src/live/http-transport.js");
              session.transport = new HttpTransport();
            }"""
        )
