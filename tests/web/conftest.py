"""Browser fixtures: servers with and without sessions, and pages that must not fail."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.web.browser import launched
from tests.web.server import BY_HAND, PlatformServer, filmed, opened
from tests.web.waiting import PATIENCE_MS, until

REFUSED = re.compile(
    r"the server responded with a status of (4\d\d|503)|net::ERR_INTERNET_DISCONNECTED"
)
"""Chromium's own console message for a failed request, which the page shows in a banner."""

CHATTER = re.compile(r"GPU stall due to ReadPixels|^[IW]\d{4} |^INFO: ")
"""Chromium's messages about WebGL without a graphics card, and MediaPipe's own messages."""

NewPage = Callable[..., Page]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One per file: while it is open, an event loop runs and `asyncio.run` fails."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filmed(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with sessions; tests that add some use `empty_server`."""
    with opened(tmp_path_factory.mktemp("server"), video) as found:
        for number in range(1, BY_HAND + 1):
            found.log_by_hand(number)
        yield found


@pytest.fixture(scope="session")
def filmed_session(server: PlatformServer) -> str:
    return server.analyze()


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
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Return a function that opens pages of a given size; they may log no errors.

    They may send requests only to their server and to the sites in `also`.
    """
    complaints: list[str] = []
    called: list[str] = []
    origins: set[str] = set()

    def complain(message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or CHATTER.search(message.text):
            return
        if not REFUSED.search(message.text):
            complaints.append(message.text)

    def watch(request: Request) -> None:
        called.append(request.url)

    def make(
        url: str,
        width: int = 1280,
        height: int = 900,
        also: tuple[str, ...] = (),
        **options: object,
    ) -> Page:
        origins.update({url, *also})
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **options,  # type: ignore[arg-type]  # what the test asks of a browser
        )
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", watch)
        return page

    yield make
    for context in browser.contexts:
        context.close()
    assert not complaints
    assert [url for url in called if not url.startswith((*origins, "blob:"))] == []


@pytest.fixture
def session_page(server: PlatformServer, new_page: NewPage, filmed_session: str) -> Page:
    """The page of the filmed session, with film, skeleton and curve loaded."""
    page = new_page(server.url)
    page.goto(f"/#session={filmed_session}")
    page.wait_for_selector(".curve svg")
    until(page, "document.querySelector('video').readyState >= 3")
    until(page, "document.querySelector('.loading').textContent === ''")
    return page
