"""Video and skeleton stay in step, and missing parts are reported."""

import itertools
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from adapters.media.keys import prefix_of
from domain.ids import DEFAULT_TENANT
from domain.recordings.events import FramesAppended
from tests.web.axe import violations
from tests.web.coaching import performance
from tests.web.conftest import NewPage
from tests.web.replays import DRAWN, RECORD, TIME, replayed
from tests.web.server import PlatformServer
from tests.web.waiting import until

pytestmark = pytest.mark.slow

WATCH = """async () => {
  const { Frames } = await import("/static/src/session/pose-frames.js");
  const { at } = Frames.prototype;
  window.together = [];
  let drawn = NaN;
  const shown = [];
  Frames.prototype.at = function (time) { drawn = time; return at.call(this, time); };
  const video = document.querySelector(".recorded video");
  const watch = () => video.requestVideoFrameCallback((_now, { mediaTime }) => {
    shown.push(mediaTime);
    watch();
  });
  const look = () => { together.push([drawn, ...shown.slice(-3)]); requestAnimationFrame(look); };
  watch();
  look();
}"""
"""Records, at each repaint, the time of the skeleton and of the video's last pictures."""

APART = """() => {
  const apart = ([drawn, ...shown]) => Math.min(...shown.map((time) => Math.abs(drawn - time)));
  return Math.max(...together.splice(0).map(apart));
}"""
"""Seconds from the skeleton to the nearest picture; a repaint may be a picture or two late."""

FRAME_S = 1 / 30

SAME_S = 1e-3
"""Times closer than this belong to one picture."""

IS_SHOWN = f"""([drawn, ...shown]) =>
  drawn !== before && shown.length > 0 && Math.abs(drawn - shown.at(-1)) < {SAME_S}"""
"""Whether the skeleton has moved on from `before`, and the video, too."""

LOOKS = 10
"""Number of repaints to check."""


def watched(new_page: NewPage, server: PlatformServer, session: str) -> Page:
    page = replayed(new_page, server, f"session={session}&t=2")
    until(page, DRAWN)
    until(page, "document.querySelector('.recorded video').readyState >= 3")
    page.evaluate(WATCH)
    return page


def test_the_skeleton_matches_the_shown_picture(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-RPL-05, R-UIX-02: during playback at any speed; a video begins later than its replay."""
    page = watched(new_page, server, filmed_session)
    for speed in ("0.25", "1", "4"):
        page.keyboard.press("1")
        page.get_by_label("Speed").select_option(speed)
        page.locator("h1").focus()
        page.keyboard.press("k")
        until(page, f"({TIME})() > 2.4")
        page.evaluate(APART)
        until(page, f"together.length >= {LOOKS}")
        apart_s = page.evaluate(APART)
        page.keyboard.press("k")
        assert apart_s < SAME_S, speed


def test_video_and_skeleton_show_the_same_frame(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-02: a step is one frame of both."""
    page = watched(new_page, server, filmed_session)
    shown: list[float] = []
    for key in "3....":
        page.evaluate("window.before = together.at(-1)[0]")
        page.keyboard.press(key)
        until(page, f"({IS_SHOWN})(together.at(-1))")
        shown.append(page.evaluate("together.at(-1).at(-1)"))
    steps = [later - earlier for earlier, later in itertools.pairwise(shown)]
    assert all(abs(step - FRAME_S) < 2e-3 for step in steps), steps


def test_a_damaged_part_is_reported_with_its_times_and_the_rest_is_replayed(
    empty_server: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-UIX-06, C-29: a wrong checksum is detected, and nothing else is lost."""
    page = new_page(empty_server.url)
    recording = empty_server.analyze()
    damage(empty_server, tmp_path, recording, 1)
    page.goto(f"/session_replay.html?session={recording}")
    until(page, DRAWN)
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Part of this recording is lost.")
    expect(banner).to_contain_text(re.compile(r"from 0:\d\d\.\d to 0:\d\d\.\d"))
    assert violations(page) == []
    banner.get_by_role("button", name="Dismiss").click()
    page.keyboard.press("k")
    expect(page.locator("#status")).to_have_text("End of the recording.")
    expect(banner).to_be_empty()
    until(page, DRAWN)


def damage(server: PlatformServer, home: Path, recording: str, number: int) -> None:
    """Invert a byte in a chunk of landmarks."""
    facts = server.platform.log.load(DEFAULT_TENANT, f"recording-{recording}")
    digests = [each.event.digest for each in facts if isinstance(each.event, FramesAppended)]
    (file,) = home.rglob(f"{prefix_of(DEFAULT_TENANT, recording)}/{digests[number]}")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_an_empty_or_single_frame_recording_is_explained(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06, R-RPL-09: a recording may have no frames."""
    page = new_page(empty_server.url)
    page.goto("/session_replay.html?session=nothing")
    recorded = json.loads(performance())
    none = page.evaluate(RECORD, recorded | {"times": [], "landmarks": []})
    one = page.evaluate(
        RECORD, recorded | {key: recorded[key][:1] for key in ("times", "landmarks")}
    )

    page.goto(f"/session_replay.html?session={none}")
    expect(page.locator("#banner")).to_contain_text("This recording has no frames yet")
    expect(page.locator("#player")).to_be_hidden()
    assert violations(page) == []

    page.goto(f"/session_replay.html?session={one}")
    until(page, DRAWN)
    for key in ("k", ".", ",", "l", "5", "End", "Home"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator("#banner")).to_be_empty()
    assert violations(page) == []
