"""The coach page with a fake camera and a stub pose source."""

import json
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import Page

from adapters.sample_athlete.athlete import landmarks, truth
from adapters.sample_athlete.performance import Performance
from domain.values import Tempo
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.waiting import until

EAR: Final = """globalThis.SpeechRecognition = class {
  start() { globalThis.listensIn = this.lang; globalThis.say = (transcript) => this.onresult(
    {resultIndex: 0, results: [Object.assign([{transcript}], {isFinal: true})]}); }
  abort() {}
};"""
"""Speech recognition that returns the argument of `say`; the fake microphone only beeps."""

COUNTED: Final = """(squats) =>
  Number(document.querySelector(".count-number").textContent) >= squats"""

SQUATS: Final = Performance(
    exercise="squat",
    repetitions=5,
    tempo=Tempo(0.9, 0.1, 0.8, 0.2),
    idle_before_s=0.6,
    idle_after_s=0.8,
    fps=15,
    width=320,
    height=240,
)


def performance(performed: Performance = SQUATS) -> str:
    """Return a set of squats frame by frame, as JSON: times in ms, image and world landmarks.

    `stands` has, for each number of squats, how many frames there are until the next one
    begins.
    """
    chunk = landmarks(performed)
    assert chunk.world is not None
    beginnings = [each.start_s for each in truth(performed).repetitions]
    return json.dumps(
        {
            "times": (1000 * chunk.times_s).tolist(),
            "landmarks": chunk.image.reshape(len(chunk), -1).tolist(),
            "world": chunk.world[..., :3].reshape(len(chunk), -1).tolist(),
            "aspectRatio": chunk.aspect_ratio,
            "stands": np.searchsorted(chunk.times_s, beginnings).tolist(),
        }
    )


def stub_pose_model(page: Page, performed: Performance = SQUATS) -> None:
    """Give a page a pose source that returns a set of squats, whatever its camera shows."""
    page.route(
        "**/static/src/live/pose-source.js",
        lambda route: route.fulfill(path=Path(__file__).with_name("stub_pose_source.js")),
    )
    page.route(
        "**/static/performance.json",
        lambda route: route.fulfill(body=performance(performed), content_type="application/json"),
    )


def counts(page: Page, squats: int) -> None:
    """Wait until the page shows at least this count; a slow machine may be ahead of it."""
    until(page, COUNTED, squats)


def does(page: Page, squats: int | None = None) -> None:
    """Let the athlete do a number of squats and then stand, or all of them.

    The page keeps what it shows until the next call, however slow the machine is.
    """
    page.evaluate("(squats) => { globalThis.squats = squats ?? undefined; }", squats)


def coached(new_page: NewPage, server: PlatformServer, script: str = "", **options: object) -> Page:
    """Open the coach page; `permissions` are the browser's, `script` runs before the page's."""
    page = new_page(server.url, **options)
    page.add_init_script(script)
    stub_pose_model(page)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    page.locator("#settings > summary").click()
    return page
