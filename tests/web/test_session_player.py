"""The player on the page of a session: it is loaded late, and follows strip and table."""

import json
import re

from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.coaching import performance
from tests.web.conftest import NewPage
from tests.web.replays import OVERLAY_DRAWN, RECORD, TIME
from tests.web.server import PlatformServer
from tests.web.waiting import until

POSTER = """() => {
  const canvas = document.querySelector(".session-player canvas");
  const pen = canvas.getContext("2d");
  return pen.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
}"""
"""Whether a pose is drawn before the player is there."""


def test_a_repetition_of_the_strip_is_played(session_page: Page) -> None:
    """R-UIX-02: in a loop, which a second click stops."""
    bars = session_page.locator(".strip-bar")
    bars.nth(2).click()
    expect(session_page.get_by_role("button", name="Loop rep 3")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(session_page.locator(".mark.looped text")).to_have_text("3")
    expect(session_page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    until(session_page, f"({TIME})() > 7 && ({TIME})() < 10.5")
    expect(session_page.locator(".reps tr.now th")).to_contain_text("3")
    bars.nth(2).click()
    expect(session_page.locator(".stop-loop")).to_be_hidden()


def test_the_scrubber_has_repetitions_and_faults(session_page: Page) -> None:
    """R-UIX-02, R-UIX-07: a fault is told by a bar, and by words."""
    marks = session_page.locator(".line .mark-rep")
    expect(marks).to_have_count(4)
    expect(session_page.locator(".line .mark-rep[data-faults]")).to_have_count(1)
    expect(marks.nth(2)).to_have_attribute("title", re.compile("trunk lean"))
    expect(session_page.locator(".rep-chip").first).to_be_hidden()
    assert violations(session_page) == []


def test_a_recording_without_a_video_is_played_as_a_skeleton(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-02: a session whose movement was not kept has no player."""
    page = new_page(empty_server.url)
    page.goto("/session_replay.html?session=nothing")
    session = empty_server.log_by_hand(1)
    page.goto(f"/#session={session}")
    expect(page.locator(".no-video")).to_contain_text("Logged by hand")
    expect(page.locator(".player")).to_have_count(0)
    page.evaluate(RECORD, {**json.loads(performance()), "sessionId": session})
    page.reload()
    expect(page.locator(".video-note")).to_contain_text("No video was kept.")
    page.locator(".session-player").scroll_into_view_if_needed()
    page.wait_for_selector(".player")
    until(page, f"({OVERLAY_DRAWN})() > 500")
    expect(page.get_by_role("button", name="Video", exact=True)).to_be_hidden()
    page.keyboard.press("k")
    until(page, f"({TIME})() > 0.5")
    assert violations(page) == []


def test_the_curve_is_moved_by_keys_before_the_player_was_in_view(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-07: it is a slider for those who see no video as well."""
    page = new_page(server.url, width=390, height=500)
    page.goto(f"/#session={filmed_session}")
    curve = page.locator(".curve")
    expect(curve).to_have_attribute("aria-valuenow", "0.00")
    expect(page.locator(".player")).to_have_count(0)
    curve.evaluate("each => each.focus()")
    expect(page.locator(".player")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(curve).to_have_attribute("aria-valuenow", "1.00")


def test_the_player_is_loaded_when_it_comes_into_view(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-01: or when something is to be played."""
    page = new_page(server.url, width=390, height=500)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"/#session={filmed_session}")
    page.wait_for_selector(".strip-bar")
    page.wait_for_load_state("networkidle")
    assert not any("replay-player" in url for url in loaded)
    expect(page.locator(".player")).to_have_count(0)
    until(page, f"({POSTER})()")
    page.locator(".strip-bar").nth(1).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(page.locator(".stage")).to_be_in_viewport()
    assert any("replay-player" in url for url in loaded)
