"""Poses are estimated on the device with served files only (R-POS-11, R-LIV-01, C-02)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.server import BUILT, filmed
from tests.web.training import RestartableServer
from tests.web.waiting import until

WORKER = next((BUILT / "assets").glob("pose-worker-*.js"))
HERE = f"/static/assets/{WORKER.name}"
"""An empty page that may compile WebAssembly."""

LOOK = """
async () => {
  const { openPoseSource } = await import("/static/src/live/pose-source.js");
  const video = document.createElement("video");
  Object.assign(video, { src: "/video.mp4", muted: true, loop: true });
  document.body.append(video);
  await video.play();
  Object.assign(window, { frames: [], problem: null });
  window.source = openPoseSource(video, {
    onFrame: (frame) => frames.push(frame),
    onError: ({ code, status }) => { window.problem = { code, status }; },
  });
}
"""
SEEN = "frames.filter(({ landmarks }) => landmarks).length"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    found = RestartableServer(tmp_path_factory.mktemp("server"))
    yield found
    found.end()


@pytest.fixture(scope="module")
def squats(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filmed(tmp_path_factory.mktemp("video")).read_bytes()


@pytest.fixture
def page(browser: Browser, server: RestartableServer, squats: bytes) -> Iterator[Page]:
    """A page with a video; all requests of its browser are recorded, including the worker's."""
    called: list[str] = []
    context: BrowserContext = browser.new_context(base_url=server.url)
    context.on("request", lambda request: called.append(request.url))
    context.route(
        "**/video.mp4", lambda route: route.fulfill(body=squats, content_type="video/mp4")
    )
    shown = context.new_page()
    shown.goto(HERE)
    yield shown
    context.close()
    assert [url for url in called if not url.startswith((server.url, "blob:"))] == []


def test_poses_are_found_in_a_worker(page: Page) -> None:
    """R-POS-11, C-02: landmarks, meters and the number of people in each analyzed picture."""
    page.evaluate(LOOK)
    until(page, f"problem !== null || {SEEN} > 3")
    assert page.evaluate("problem") is None
    last: dict[str, Any] = page.evaluate(
        "(({ landmarks, world, people, aspectRatio }) =>"
        " ({ points: landmarks.length, metres: world.length, people, aspectRatio }))"
        "(frames.findLast(({ landmarks }) => landmarks))"
    )
    assert (last["points"], last["metres"]) == (132, 99)
    assert last["people"] >= 1
    assert last["aspectRatio"] == pytest.approx(4 / 3)
    times = page.evaluate("frames.map(({ timeMs }) => timeMs)")
    assert times == sorted(set(times))
    assert page.evaluate("source.stats.deviceMs") > 0
    page.evaluate("source.stop()")
    count = page.evaluate("frames.length")
    page.wait_for_timeout(300)
    assert page.evaluate("frames.length") == count


def test_without_a_worker_the_page_finds_poses_itself(page: Page) -> None:
    page.evaluate("void (window.Worker = class { constructor() { throw new Error('no'); } })")
    page.evaluate(LOOK)
    until(page, f"problem !== null || {SEEN} > 0")
    assert page.evaluate("problem") is None
    page.evaluate("source.stop()")


def test_the_library_sends_no_telemetry(page: Page) -> None:
    """R-POS-11: MediaPipe would report to its maker every minute; its request is blocked."""
    status = page.evaluate("""
        async () => {
          const { PoseEngine } = await import("/static/src/live/pose-engine.js");
          await PoseEngine.open("/nowhere", false).catch(() => {});
          return (await fetch("https://odml.pa.googleapis.com/v1/log", { method: "POST" })).status;
        }
    """)
    assert status == 403


def test_a_missing_model_is_reported_to_the_page(page: Page) -> None:
    """R-LIV-11: manual counting still works."""
    body = {"code": "pose_model.unavailable", "title": "The pose model cannot be had."}
    page.context.route("**/models/*", lambda route: route.fulfill(status=503, json=body))
    page.evaluate(LOOK)
    until(page, "problem !== null")
    assert page.evaluate("problem") == {"code": "pose_model.unavailable", "status": 503}


@pytest.mark.parametrize("path", ["**/*.wasm", "**/vision_wasm_*.js"])
def test_a_library_that_cannot_be_loaded_is_no_fault_of_the_device(page: Page, path: str) -> None:
    """R-LIV-11: it finds poses once the connection is back."""
    page.context.route(path, lambda route: route.abort())
    page.evaluate(LOOK)
    until(page, "problem !== null")
    assert page.evaluate("problem") == {"code": "page.part_missing", "status": 0}
    page.context.unroute(path)
    page.evaluate(LOOK)
    until(page, f"problem !== null || {SEEN} > 0")
    assert page.evaluate("problem") is None
    page.evaluate("source.stop()")
