"""A browser without speech synthesis plays the server's speech.

Headless Chromium has no installed voices.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from domain.coaching.sentences import phrases_for
from tests.peers.read_aloud import ReadAloudPeer, read_aloud_peer
from tests.web.coaching import SQUATS, coached
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import has_said, note, until

pytestmark = pytest.mark.slow

EARS: Final = """
globalThis.heard = [];
globalThis.tones = [];
const { play } = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () {
  this.addEventListener("ended", () => heard.push(this.currentTime), { once: true });
  return play.call(this);
};
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (when) {
  this.addEventListener("ended", () => tones.push(this.frequency.value));
  return start.call(this, when);
};
"""
"""Records the length of each audio file played to its end, and the pitch of each tone."""

CONTEXTS: Final = """
globalThis.contexts = [];
globalThis.AudioContext = class extends AudioContext {
  constructor() { super(); contexts.push(this); }
};
"""
"""Gives access to the audio of the page."""

DING, CHIME = 1320, 440
IN_FRAME = """import("/static/src/stores/workout.js")
  .then(({ useWorkoutStore }) => useWorkoutStore.get().inFrame)"""
SPOKEN = "heard.some((seconds) => seconds > 0.4)"
"""Longer than the silence that unlocks the player."""


@pytest.fixture
def peer() -> Iterator[ReadAloudPeer]:
    with read_aloud_peer() as listening:
        yield listening


@pytest.fixture
def coach(tmp_path: Path, peer: ReadAloudPeer) -> Iterator[PlatformServer]:
    with opened(tmp_path / "home", tmp_path, speech_endpoint=peer.endpoint) as found:
        yield found


def ready(new_page: NewPage, coach: PlatformServer) -> Page:
    """Open the page and turn on the camera."""
    page = coached(new_page, coach, script=EARS, permissions=["camera"])
    assert page.evaluate("speechSynthesis.getVoices().length") == 0
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    return page


def all_at_hand(page: Page) -> None:
    """Wait until all phrases that the set may need are fetched."""
    fetched = (
        "performance.getEntriesByType('resource').filter((each) => each.name.includes('?text='))"
    )
    until(page, f"{fetched}.length >= {len(phrases_for('squat', 'en'))}")


def test_cues_are_heard_where_the_browser_has_no_voice(
    coach: PlatformServer, peer: ReadAloudPeer, new_page: NewPage
) -> None:
    """R-LIV-16: they are cached when the set begins, and cut off no tone."""
    page = ready(new_page, coach)
    all_at_hand(page)
    assert set(peer.words) == set(phrases_for("squat", "en"))
    spoken = len(peer.words)
    for place in (".cue-latest", "#toast"):  # the toast is there for three seconds
        note(page, place)
    page.get_by_role("button", name="Start set", exact=True).click()
    until(page, SPOKEN)
    for place in (".cue-latest", "#toast"):
        has_said(page, place, "Great depth")
    expect(page.locator("cue-dock [role=status]")).to_be_empty()
    expect(page.locator(".count-number")).to_have_text(str(SQUATS.repetitions))
    until(page, f"tones.filter((each) => each === {DING}).length === {SQUATS.repetitions}")
    assert page.evaluate(f"tones.includes({CHIME})") is False
    assert len(peer.words) == spoken


def test_preloaded_speech_plays_without_a_network(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-16, R-LIV-11"""
    page = ready(new_page, coach)
    all_at_hand(page)
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator("#start")).to_have_text("Stop set")
    page.context.set_offline(True)
    before = page.evaluate("heard.length")
    page.evaluate("globalThis.people = 0")
    expect(page.locator("[role=alert].cue-urgent")).to_have_text("Come back into the picture")
    until(page, f"heard.slice({before}).some((seconds) => seconds > 1)")
    page.context.set_offline(False)


def test_without_a_voice_a_sound_announces_the_caption(
    coach: PlatformServer, peer: ReadAloudPeer, new_page: NewPage
) -> None:
    """R-LIV-16"""
    peer.mood = "refuses"
    page = ready(new_page, coach)
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator(".cue-latest")).to_contain_text("Great depth")
    until(page, f"tones.includes({CHIME})")
    assert page.evaluate(SPOKEN) is False


def test_the_browsers_voice_is_preferred_and_replaced_if_it_fails(
    coach: PlatformServer, peer: ReadAloudPeer, new_page: NewPage
) -> None:
    """R-LIV-16"""
    broken = """
    speechSynthesis.getVoices = () => [{}];
    globalThis.tried = 0;
    speechSynthesis.speak = (words) => {
      tried += 1; setTimeout(() => words.onerror({ error: "synthesis-failed" }));
    };"""
    page = coached(new_page, coach, script=EARS + broken, permissions=["camera"])
    page.get_by_role("button", name="Turn on the camera", exact=True).click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    assert peer.words == []
    page.get_by_role("button", name="Start set", exact=True).click()
    expect(page.locator("#start")).to_have_text("Stop set")
    page.evaluate("globalThis.people = 0")
    until(page, "tried === 1")
    all_at_hand(page)
    page.evaluate("globalThis.people = 1")
    until(page, IN_FRAME)
    page.evaluate("globalThis.people = 0")
    until(page, SPOKEN)
    assert page.evaluate("tried") == 1


def test_sounds_go_on_after_an_interruption(coach: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01: such as a call, or a locked screen; the sounds of the next set were missing."""
    page = coached(new_page, coach, script=EARS + CONTEXTS)
    page.get_by_role("button", name="Count manually", exact=True).click()
    page.get_by_role("button", name="Start set", exact=True).click()
    page.wait_for_selector("#count:visible")
    page.evaluate("contexts[0].suspend()")
    page.evaluate("globalThis.tones.length = 0")
    page.get_by_role("button", name="+1 repetition", exact=True).click()
    until(page, f"tones.includes({DING})")
