"""Browser fixtures: servers with and without sessions, and pages that must not fail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from domain.sessions.events import SessionStarted
from domain.workouts.events import WorkoutPrescribed
from tests.web.browser import SharedBrowsers, camera_browser, page_browser
from tests.web.server import BY_HAND, PERFORMANCE, PlatformServer, filmed, opened
from tests.web.waiting import PATIENCE_MS, until, with_its_scripts

EXPECTED = re.compile(
    r"the server responded with a status of (4\d\d|503)|net::ERR_INTERNET_DISCONNECTED"
    r"|net::ERR_UPLOAD_FILE_CHANGED|net::ERR_FILE_NOT_FOUND"
    r"|WebSocket is closed before the connection is established"
)
"""Chromium's own console messages: for a failed request, which the page shows in a banner, and for
a socket that the page closes while it is opening, because the network is gone or slow. The page
sends requests instead."""

CHATTER = re.compile(r"GPU stall due to ReadPixels|^[IW]\d{4} |^INFO: ")
"""Chromium's messages about WebGL without a graphics card, and MediaPipe's own messages."""

ADDITIONS: Final = (SessionStarted, WorkoutPrescribed)
"""Events that add to the lists of sessions and workouts."""

NewPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def shared_browsers() -> Iterator[SharedBrowsers]:
    with sync_playwright() as playwright, SharedBrowsers(playwright) as browsers:
        browsers.suspend()
        yield browsers
        browsers.resume()


@pytest.fixture(scope="module")
def browsers(shared_browsers: SharedBrowsers) -> Iterator[SharedBrowsers]:
    """The browsers, without the contexts of a file when it ends."""
    shared_browsers.resume()
    yield shared_browsers
    shared_browsers.close_contexts()
    shared_browsers.suspend()


@pytest.fixture(scope="module")
def playwright(browsers: SharedBrowsers) -> Playwright:
    """Playwright, for files that launch a browser with arguments of its own."""
    return browsers.playwright


@pytest.fixture(scope="module")
def browser(browsers: SharedBrowsers) -> Browser:
    """A browser without devices, the cheapest that is installed."""
    return browsers.get(page_browser)


@pytest.fixture(scope="module")
def devices(browsers: SharedBrowsers) -> Browser:
    """A browser with a camera and a microphone, for pages that have or lack permissions."""
    return browsers.get(camera_browser)


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filmed(tmp_path_factory.mktemp("video"))


@pytest.fixture(scope="session")
def shared_server(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[PlatformServer]:
    with opened(tmp_path_factory.mktemp("server"), video) as found:
        for number in range(1, BY_HAND + 1):
            found.log_by_hand(number)
        yield found


@pytest.fixture(scope="session")
def filmed_session(shared_server: PlatformServer) -> str:
    return shared_server.analyze()


@pytest.fixture
def server(shared_server: PlatformServer) -> Iterator[PlatformServer]:
    """A server with sessions, for many files; tests that add sessions or workouts use their own."""
    log = shared_server.platform.log
    before = log.head()
    yield shared_server
    added = log.scan(after=before, limit=log.head() - before)
    begun = [each.event for each in added if isinstance(each.event, ADDITIONS)]
    assert begun == [], "use `empty_server`: other tests list what this server has"


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server without sessions, to which no test adds any."""
    with opened(tmp_path_factory.mktemp("bare"), video) as found:
        yield found


@pytest.fixture
def empty_server(tmp_path: Path, video: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path / "home", video) as found:
        yield found


@pytest.fixture
def leaning_server(video: Path, tmp_path: Path) -> Iterator[PlatformServer]:
    """A server whose athlete has the same fault twice, which the coach corrects."""
    leaning = replace(PERFORMANCE, faulty_repetitions=(3, 4))
    with opened(tmp_path / "home", video, performance=leaning) as found:
        yield found


@pytest.fixture
def new_page(request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Return a function that opens pages of a given size; they may log no errors.

    They may send requests only to their server and to the sites in `also`. A page that is given
    `permissions` has the browser of `devices`. Pages reduce motion, because animations cost half of
    a page's processor time; tests of motion set `reduced_motion` to "no-preference".
    """
    browsers: set[Browser] = set()
    complaints: list[str] = []
    called: list[str] = []
    origins: set[str] = set()

    def complain(message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or CHATTER.search(message.text):
            return
        if not EXPECTED.search(message.text):
            complaints.append(message.text)

    def watch(sent: Request) -> None:
        called.append(sent.url)

    def make(
        url: str,
        width: int = 1280,
        height: int = 900,
        also: tuple[str, ...] = (),
        **options: object,
    ) -> Page:
        origins.update({url, *also})
        name = "devices" if "permissions" in options else "browser"
        browser: Browser = request.getfixturevalue(name)
        browsers.add(browser)
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            **{  # type: ignore[arg-type]  # what the test asks of a browser
                "locale": "en-GB",
                "timezone_id": "Europe/Berlin",
                "reduced_motion": "reduce",
                **options,
            },
        )
        context.set_default_timeout(PATIENCE_MS)
        page = with_its_scripts(context.new_page())
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", watch)
        return page

    yield make
    for context in [each for browser in browsers for each in browser.contexts]:
        context.close()
    assert not complaints
    assert [url for url in called if not url.startswith((*origins, "blob:"))] == []


@pytest.fixture
def session_page(server: PlatformServer, new_page: NewPage, filmed_session: str) -> Page:
    """The page of the filmed session, with video, skeleton and curve loaded."""
    return open_session(new_page(server.url), filmed_session)


def open_session(page: Page, session: str) -> Page:
    """Open the page of a filmed session, and return it with video, skeleton and curve."""
    page.goto(f"/#session={session}")
    page.wait_for_selector(".curve svg")
    page.locator(".session-player").scroll_into_view_if_needed()
    page.wait_for_selector(".player video")
    until(page, "document.querySelector('video').readyState >= 3")
    until(page, "document.querySelector('.loading').textContent === ''")
    return page
