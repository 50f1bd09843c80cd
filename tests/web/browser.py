"""Headless Chromium with a fake camera."""

import asyncio
import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright, sync_playwright

SHELL: Final = "chromium-headless-shell"
"""Chromium without windows: a page costs half of the processor time. It refuses all permissions."""

WHOLE: Final = ("chromium", "chromium-browser", "google-chrome")
"""Names of Chromium with permissions, and so with a camera and a microphone."""

FEATURES_OFF: Final = (
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    # Playwright's own list, because Chromium takes only the last `--disable-features`:
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""The pop-ups of the address bar are pages, and cost half of the CPU time of a new window."""

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
)
"""A browser that sends no requests of its own, so that each request is the page's."""

CAMERA: Final = "--use-fake-device-for-media-stream=fps=5"
"""A camera that shows a moving test picture, slowly: each of its frames costs processor time."""


class SharedBrowsers(ExitStack):
    """Browsers that all test files of a process use, each file with contexts of its own.

    To start Playwright and a browser takes as much processor time as to open three pages. Between
    its calls, Playwright leaves its event loop marked as running, and `asyncio.run` would fail in
    files without a browser: `suspend` takes the mark away, and `resume` sets it again.
    """

    def __init__(self, playwright: Playwright) -> None:
        super().__init__()
        self.playwright = playwright
        self._loop = asyncio.get_running_loop()
        self._running: dict[Launch, Browser] = {}

    def get(self, launch: "Launch") -> Browser:
        """Return the browser that a function launches; one that crashed is launched again."""
        browser = self._running.get(launch)
        if browser is None or not browser.is_connected():
            browser = self._running[launch] = self.enter_context(launch(self.playwright))
        return browser

    def suspend(self) -> None:
        """Let other event loops run in this thread."""
        asyncio._set_running_loop(None)

    def resume(self) -> None:
        """Make Playwright usable again."""
        asyncio._set_running_loop(self._loop)

    def close_contexts(self) -> None:
        """Close all pages that are still open."""
        for browser in self._running.values():
            for context in browser.contexts:
                context.close()


Launch = Callable[[Playwright], AbstractContextManager[Browser]]
"""A function that launches a browser, and closes it when the block ends."""


@contextmanager
def launched(*arguments: str) -> Generator[Browser]:
    """Launch a browser with a camera, for a test without the fixture `playwright`."""
    with sync_playwright() as playwright, camera_browser(playwright, *arguments) as browser:
        yield browser


@contextmanager
def camera_browser(playwright: Playwright, *arguments: str) -> Generator[Browser]:
    """Launch Chromium with a camera."""
    with _running(playwright, WHOLE, CAMERA, *arguments) as browser:
        yield browser


@contextmanager
def page_browser(playwright: Playwright) -> Generator[Browser]:
    """Launch a browser for pages that use no device: the headless shell, or else Chromium."""
    with _running(playwright, (SHELL, *WHOLE)) as browser:
        yield browser


@contextmanager
def restoring_browser(playwright: Playwright) -> Generator[Browser]:
    """Launch Chromium whose Back button restores pages, which Playwright turns off elsewhere."""
    with _running(playwright, WHOLE, without=("--disable-back-forward-cache",)) as browser:
        yield browser


@contextmanager
def _running(
    playwright: Playwright, names: tuple[str, ...], *arguments: str, without: tuple[str, ...] = ()
) -> Generator[Browser]:
    """Launch the first program that is installed, or else what Playwright has installed.

    `without` are arguments of Playwright itself.
    """
    path = next(filter(None, map(shutil.which, names)), None)
    with playwright.chromium.launch(
        executable_path=path, args=[*ARGUMENTS, *arguments], ignore_default_args=list(without)
    ) as browser:
        yield browser


def camera_video(path: Path) -> str:
    """Return the browser argument that makes the camera play a video repeatedly."""
    return f"--use-file-for-fake-video-capture={path}"
