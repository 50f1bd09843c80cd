"""Headless Chromium with a fake camera."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")

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

CAMERA: Final = "--use-fake-device-for-media-stream"
"""A camera that shows a moving test picture."""


@contextmanager
def launched(*arguments: str) -> Generator[Browser]:
    """Launch Debian's Chromium, or else the one that Playwright has installed."""
    with sync_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, CAMERA, *arguments]
        )
        yield browser
        browser.close()


def camera_film(path: Path) -> str:
    """Return the browser argument that makes the camera play a film repeatedly."""
    return f"--use-file-for-fake-video-capture={path}"
