"""Headless Chromium with a fake camera."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
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
def _running(playwright: Playwright, names: tuple[str, ...], *arguments: str) -> Generator[Browser]:
    """Launch the first program that is installed, or else what Playwright has installed."""
    path = next(filter(None, map(shutil.which, names)), None)
    with playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments]) as browser:
        yield browser


def camera_film(path: Path) -> str:
    """Return the browser argument that makes the camera play a film repeatedly."""
    return f"--use-file-for-fake-video-capture={path}"
