"""The replay page plays a recording frame by frame from the server."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.coaching import performance
from tests.web.conftest import NewPage
from tests.web.replays import DRAWN, RECORD, TIME, replayed, stands_at
from tests.web.server import PlatformServer
from tests.web.waiting import has_said, note, until

OFF = f"Math.abs(document.querySelector('.recorded video').currentTime - ({TIME})())"


LOOP = """() => {
  const loop = document.querySelector(".line-loop");
  return loop.hidden ? null : loop.style.left;
}"""

KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); sockets.push(this); }
};
"""

PLAYS_NOTHING = """
window.plays = 0;
window.unheard = [];
addEventListener("unhandledrejection", ({ reason }) => unheard.push(String(reason)));
HTMLMediaElement.prototype.play = function () {
  plays += 1;
  return Promise.reject(new DOMException("no gesture", "NotAllowedError"));
};
"""


TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.checkVisibility() && !each.closest(".rep-list, .line"))
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture
def replay(server: PlatformServer, new_page: NewPage, filmed_session: str) -> Page:
    """The replay page of the filmed session, at its beginning."""
    page = replayed(new_page, server, f"session={filmed_session}")
    until(page, DRAWN)
    return page


def test_video_and_skeleton_follow_the_servers_playback(replay: Page) -> None:
    """R-RPL-06, R-UIX-02, C-32: from the first chunk on, the others on demand."""
    assert violations(replay) == []
    expect(replay.locator("#subtitle")).to_contain_text("4 repetitions")
    replay.get_by_role("button", name="Play", exact=True).click()
    slider = replay.get_by_role("slider", name="Time in the recording")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^repetition 1 of 4, 0:0"))
    until(replay, f"({TIME})() > 2.5 && {OFF} < 0.6")
    expect(replay.locator(".recorded .caption")).to_be_hidden()
    replay.keyboard.press("k")
    expect(replay.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stopped = replay.evaluate(TIME)
    until(
        replay,
        "(at) => Math.abs(document.querySelector('.recorded video').currentTime - at) < 0.1",
        stopped,
    )
    replay.get_by_role("button", name="Video").click()
    expect(replay.locator(".recorded video")).to_be_hidden()
    until(replay, DRAWN)
    replay.get_by_role("button", name="Skeleton").click()
    until(replay, f"!({DRAWN})()")


@pytest.mark.slow
def test_every_replay_control_has_a_key(replay: Page) -> None:
    """R-RPL-06, R-UIX-07: keyboard navigation; the server moves, and reports its position."""
    moves = [
        ("3", 4.31), ("ArrowRight", 5.31), ("ArrowLeft", 4.31), ("l", 6.31), ("j", 4.31),
        (".", 4.34), (",", 4.31), ("End", 14.36), ("Home", 0.0),
    ]  # fmt: skip
    for key, wanted in moves:
        replay.keyboard.press(key)
        stands_at(replay, wanted, tolerance=0.06)
    replay.get_by_role("slider").focus()
    scrolled = replay.evaluate("scrollY")
    for key, wanted in [("ArrowUp", 1.0), ("PageUp", 11.0), ("ArrowDown", 10.0), ("PageDown", 0.0)]:
        replay.keyboard.press(key)
        stands_at(replay, wanted, tolerance=0.06)
    assert replay.evaluate("scrollY") == scrolled
    replay.keyboard.press("m")
    expect(replay.get_by_role("button", name="Mirror")).to_have_attribute("aria-pressed", "true")
    replay.keyboard.press("2")
    stands_at(replay, 2.87, tolerance=0.06)
    replay.keyboard.press("[")
    replay.keyboard.press("4")
    stands_at(replay, 5.74, tolerance=0.06)
    replay.keyboard.press("]")
    expect(replay.get_by_role("button", name="Stop loop")).to_be_visible()
    replay.get_by_label("Speed").select_option("4")
    replay.locator("h1").focus()
    replay.keyboard.press(" ")
    expect(replay.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    until(replay, f"({TIME})() < 4")
    until(replay, f"({TIME})() > 5")
    until(replay, f"({TIME})() < 4")
    assert replay.evaluate(TIME) > 2.8
    replay.get_by_role("button", name="Stop loop").click()
    until(replay, f"({TIME})() > 8")


def test_a_repetition_is_looped_by_click_and_by_enter(replay: Page) -> None:
    """R-UIX-07: on the timeline, in the list beside it, and with the keyboard."""
    third = replay.get_by_role("button", name="Repetition 3")
    replay.locator(".mark-rep[data-number='3']").click()
    expect(third).to_have_attribute("aria-pressed", "true")
    until(replay, f"({TIME})() > 7 && ({TIME})() < 10.5")
    expect(replay.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    third.focus()
    replay.keyboard.press("Enter")
    expect(third).to_have_attribute("aria-pressed", "false")
    assert replay.evaluate(LOOP) is None
    replay.keyboard.press("k")
    replay.keyboard.press("3")
    stands_at(replay, 4.31, tolerance=0.06)
    replay.get_by_role("slider").focus()
    replay.keyboard.press("Enter")
    expect(replay.get_by_role("button", name="Repetition 2")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert violations(replay) == []


def test_a_link_leads_to_the_moment_and_the_repetition(
    server: PlatformServer, new_page: NewPage, filmed_session: str, replay: Page
) -> None:
    replay.get_by_role("button", name="Repetition 2").click()
    expect(replay.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    replay.keyboard.press("k")
    expect(replay.get_by_role("button", name="Play", exact=True)).to_be_visible()
    replay.get_by_role("button", name="Copy link to this moment").click()
    expect(replay.locator(".copied")).not_to_be_empty()
    search = replay.evaluate("location.search")
    assert f"session={filmed_session}" in search
    at = re.search(r"t=([\d.]+)", search)
    assert at is not None
    assert "rep=2" in search
    other = replayed(new_page, server, search.removeprefix("?"))
    stands_at(other, float(at[1]))
    expect(other.get_by_role("button", name="Repetition 2")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_url_follows_the_current_frame(replay: Page) -> None:
    """R-UIX-02: a reloaded page keeps its position."""
    replay.keyboard.press("5")
    until(replay, "location.search.includes('t=7.18')")
    replay.get_by_role("button", name="Repetition 3").click()
    expect(replay.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    replay.keyboard.press("k")
    expect(replay.get_by_role("button", name="Play", exact=True)).to_be_visible()
    until(replay, "location.search.includes('rep=3')")
    stood = replay.evaluate(TIME)
    replay.reload()
    stands_at(replay, stood, tolerance=0.3)
    expect(replay.locator(".stop-loop")).to_be_visible()


@pytest.mark.slow
def test_replay_skips_breaks_on_request(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-02: frames long after the last set are skipped, too."""
    page = new_page(empty_server.url)
    page.goto("/session_replay.html?session=nothing")
    recorded = {**json.loads(performance()), "sessionId": empty_server.log_by_hand(1)}
    recording = page.evaluate(RECORD, recorded)
    page.goto(f"/session_replay.html?session={recording}&t=4.5")
    until(page, DRAWN)
    switch = page.get_by_role("button", name="Skip breaks")
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("b")
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("k")
    expect(page.locator("#status")).to_have_text(re.compile("of break skipped|End of the rec"))
    until(page, f"({TIME})() > 10")
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []


def test_a_session_leads_to_its_replay(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url)
    page.goto(f"/#session={filmed_session}")
    page.get_by_role("link", name="Replay and train with the ghost").click()
    until(page, DRAWN)
    page.get_by_role("link", name="Session", exact=False).first.focus()
    expect(page.locator("#back")).to_have_attribute("href", f"/#session={filmed_session}")


def test_a_share_link_opens_the_recording_until_it_is_revoked(
    server: PlatformServer, new_page: NewPage, replay: Page
) -> None:
    """R-UIX-07: created, listed and revoked in a dialog; current viewers are disconnected."""
    revoked = replay.locator(".share-link[data-state=revoked]")
    with replay.expect_response("**/share-links") as listed:
        replay.get_by_role("button", name="Share").click()
    before = len(listed.value.json()["items"])  # those of other tests, which they have revoked
    expect(revoked).to_have_count(before)
    expect(replay.locator("#sharing-none")).to_be_visible(visible=not before)
    replay.get_by_label("Link expires after").select_option("3600")
    replay.get_by_role("button", name="Create link").click()
    field = replay.locator(".share-link[data-state=active] .share-url")
    address = field.input_value()
    assert violations(replay) == []
    guest = replayed(new_page, server, address.split("?")[1])
    until(guest, DRAWN)
    expect(guest.locator("#subtitle")).to_contain_text("shared with you")
    expect(guest.get_by_role("button", name="Share")).to_be_hidden()
    expect(guest.locator("#back")).to_be_hidden()
    until(guest, "document.querySelector('.recorded video').readyState >= 1")
    replay.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(replay.locator("#sharing-status")).to_contain_text("revoked")
    expect(revoked).to_have_count(before + 1)
    expect(guest.locator("#banner")).to_contain_text("no longer works")
    expect(guest.locator("#banner")).to_contain_text("for a new one")
    expect(guest.locator("#player")).to_be_hidden()
    assert violations(guest) == []


def test_a_double_click_creates_one_share_link(replay: Page) -> None:
    """R-UIX-07: also if the server answers between the two clicks."""
    created: list[str] = []
    replay.on("request", lambda request: created.append(request.method))
    replay.get_by_role("button", name="Share").click()
    create = replay.get_by_role("button", name="Create link")
    create.click()
    active = replay.locator(".share-link[data-state=active]")
    expect(active).to_have_count(1)
    create.dispatch_event("click", {"detail": 2})
    active.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(active).to_have_count(0)
    assert created.count("POST") == 1


def test_a_second_press_of_enter_creates_no_other_share_link(replay: Page) -> None:
    """R-UIX-07: the new link has the focus as soon as it is listed."""
    created: list[str] = []
    replay.on("request", lambda request: created.append(request.method))
    replay.get_by_role("button", name="Share").click()
    replay.get_by_role("button", name="Create link").press("Enter")
    active = replay.locator(".share-link[data-state=active]")
    expect(active.locator(".share-url")).to_be_focused()
    replay.keyboard.press("Enter")
    active.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(active).to_have_count(0)
    expect(replay.get_by_role("button", name="Close")).to_be_focused()
    assert created.count("POST") == 1


def test_a_lost_response_allows_another_share_link(replay: Page) -> None:
    """R-UIX-06: a repeated request gets the same link; one with another duration gets a new one."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.fulfill(status=503, json={"status": 503, "code": "away", "title": "Come again."})

    replay.route("**/share-links", lose)
    replay.get_by_role("button", name="Share").click()
    replay.get_by_label("Link expires after").select_option("3600")
    replay.get_by_role("button", name="Create link").click()
    expect(replay.locator("#sharing-status")).to_contain_text("Come again.")
    assert lost == [201]
    replay.get_by_label("Link expires after").select_option("86400")
    replay.get_by_role("button", name="Create link").click()
    expect(replay.locator("#sharing-status")).to_contain_text(re.compile("copied|Copy the link"))
    active = replay.locator(".share-link[data-state=active]")
    expect(active).to_have_count(2)
    for left in (1, 0):
        active.first.get_by_role("button", name=re.compile("^Revoke")).click()
        expect(active).to_have_count(left)


def test_a_recording_without_a_video_is_replayed_as_a_skeleton(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-02: and without repetitions."""
    page = new_page(server.url)
    page.goto("/session_replay.html?session=nothing")
    recording = page.evaluate(RECORD, json.loads(performance()))
    page.goto(f"/session_replay.html?session={recording}")
    until(page, DRAWN)
    expect(page.locator("h1")).to_have_text("Landmarks")
    expect(page.get_by_role("button", name="Video")).to_be_hidden()
    expect(page.locator(".rep-list")).to_be_hidden()
    page.keyboard.press("k")
    until(page, f"({TIME})() > 0.5")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile("^0:0"))
    assert violations(page) == []


def test_an_unknown_recording_is_reported(server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06."""
    page = replayed(new_page, server, "session=nobody-has-this")
    expect(page.locator("#banner")).to_contain_text("Recording not found")
    assert violations(page) == []


def test_a_url_without_a_session_is_explained(server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06: without repeated attempts."""
    page = replayed(new_page, server, "t=3")
    expect(page.locator("#banner")).to_contain_text("Recording not found")
    expect(page.locator(".link")).to_be_empty()


def test_a_video_that_cannot_play_follows_by_seeking(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06: power-saving phones block autoplay; the page tries it once."""
    page = new_page(server.url)
    page.add_init_script(PLAYS_NOTHING)
    page.goto(f"/session_replay.html?session={filmed_session}")
    until(page, DRAWN)
    until(page, "document.querySelector('.recorded video').readyState >= 1")
    page.keyboard.press("k")
    until(page, f"({TIME})() > 1.5 && {OFF} < 0.6")
    assert page.evaluate("[plays, unheard]") == [1, []]


def test_a_lost_connection_is_reported_and_the_replay_continues(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06: from the same position."""
    page = new_page(server.url)
    page.add_init_script(KEEP_SOCKETS)
    page.goto(f"/session_replay.html?session={filmed_session}&t=7")
    until(page, DRAWN)
    stands_at(page, 7.0)
    note(page, ".link")
    page.evaluate("sockets.at(-1).close()")
    has_said(page, ".link", "Connection lost")
    until(page, "sockets.length === 2")
    expect(page.locator(".link")).to_be_empty()
    stands_at(page, 7.0)
    page.keyboard.press("k")
    until(page, f"({TIME})() > 7.5")


def test_on_a_phone_everything_is_reachable(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = replayed(new_page, server, f"session={filmed_session}&rep=1", width=390, height=844)
    until(page, DRAWN)
    assert page.evaluate(TOO_WIDE) == []
    small = page.evaluate("""() => [...document.querySelectorAll("main :is(button, a, select)")]
      .filter((each) => each.checkVisibility())
      .filter((each) => each.getBoundingClientRect().height < 43.5)
      .map((each) => each.outerHTML.slice(0, 80))""")
    assert small == []
