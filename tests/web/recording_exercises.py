"""A page before whose camera an exercise is recorded."""

from dataclasses import replace
from typing import Final

from playwright.sync_api import Page, expect

from tests.web.coaching import SQUATS, performance
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.waiting import until

POSES: Final = """
const squats = await (await fetch("/static/performance.json")).json();
const { times, landmarks, world, aspectRatio } = squats;
export function openPoseSource(video, { onFrame }) {
  let began = null, next = 0;
  const show = (index, timeMs) => onFrame({ timeMs, people: 1, aspectRatio,
    landmarks: new Float32Array(landmarks[index]), world: new Float32Array(world[index]) });
  const timer = setInterval(() => {
    const now = performance.now();
    if (!globalThis.performs) { show(0, now); return; }
    began ??= now;
    while (next < times.length && began + times[next] <= now) {
      show(next, began + times[next]);
      next += 1;
    }
    globalThis.performed = next === times.length;
  }, 30);
  return { stop: () => clearInterval(timer), stats: { deviceMs: 12, dropped: 0 } };
}"""
"""A pose source that stands until `performs`, and performs the squats once."""

SQUATTED: Final = 3


def stubbed_page(new_page: NewPage, server: PlatformServer, **options: object) -> Page:
    """Return an empty page with a camera, whose pose detection will see squats."""
    page = new_page(server.url, permissions=["camera"], **options)
    page.route(
        "**/static/src/live/pose-source.js",
        lambda route: route.fulfill(body=POSES, content_type="text/javascript"),
    )
    page.route(
        "**/static/performance.json",
        lambda route: route.fulfill(
            body=performance(replace(SQUATS, repetitions=SQUATTED)), content_type="application/json"
        ),
    )
    return page


def record(page: Page, repetitions: int) -> None:
    """Perform the squats before the camera, as so many repetitions."""
    page.get_by_role("button", name="Record a new exercise").click()
    page.get_by_label("Name").fill("High kick")
    page.get_by_label("Repetitions").fill(str(repetitions))
    page.get_by_label("Recording").select_option(label="60 seconds")
    page.get_by_role("button", name="Turn on camera and record").click()
    expect(page.locator(".example-left")).to_contain_text("s left", timeout=20_000)
    page.evaluate("() => { globalThis.performs = true; }")
    until(page, "() => globalThis.performed")
    page.get_by_role("button", name="Stop").click()
