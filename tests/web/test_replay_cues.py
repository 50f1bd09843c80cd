"""Cues of a set on the replay page."""

import re

from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.replays import DRAWN, replayed, stands_at
from tests.web.server import PlatformServer
from tests.web.waiting import until

MARKED = """() => {
  const canvas = document.querySelector(".recorded canvas");
  const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return data.some((red, at) => at % 4 === 0 && red === 255 && data[at + 1] === 90
    && data[at + 2] === 77);
}"""
"""Whether the recorded body has the color of a fault."""


def test_cues_are_listed_and_lead_to_their_moments(
    leaning_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: each dot on the timeline has a text and a button in the list, and marks a joint."""
    replay = replayed(new_page, leaning_server, f"session={leaning_server.analyze()}")
    until(replay, DRAWN)
    replay.locator(".timeline-cues summary").click()
    cues = replay.locator(".replay-events button")
    assert cues.count() == replay.locator(".mark-cue").count() > 0
    minutes, seconds = cues.last.locator("b").inner_text().split(":")
    cues.last.click()
    stands_at(replay, 60 * int(minutes) + int(seconds) + 0.5, tolerance=0.5)
    expect(replay.locator(".recorded .caption")).to_be_visible()
    until(replay, MARKED)
    expect(replay.locator(".recorded .joint-angle")).to_have_text(re.compile(r"^\d+°$"))
    replay.keyboard.press("Home")
    expect(replay.locator(".recorded .caption")).to_be_hidden()
    until(replay, f"!({MARKED})()")
