"""A guided workout in a browser without speech synthesis: the server speaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.peers.read_aloud import ReadAloudPeer, read_aloud_peer
from tests.web.conftest import NewPage
from tests.web.player import PHONE, SHORTEN, counted_down, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

EARS = """
globalThis.heard = [];
globalThis.isQuiet = true;
const sounds = new Map();
const { fetch } = globalThis;
globalThis.fetch = async (path, ...rest) => {
  const answer = await fetch(path, ...rest);
  const say = new URL(path, location.href).searchParams.get("text");
  if (!say || !answer.ok) return answer;
  const blob = await answer.blob();
  sounds.set(blob, say);
  return Object.assign(new Response(blob), { blob: async () => blob });
};
const addresses = new Map();
const { createObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  addresses.set(address, sounds.get(blob));
  return address;
};
const { play } = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () {
  const said = addresses.get(this.src);
  if (said) {
    heard.push(said);
    isQuiet = false;
    this.addEventListener("ended", () => { isQuiet = true; }, { once: true });
  }
  return play.call(this);
};
"""
"""Records the played sentences in order, and whether the last one has ended."""

SQUAT = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 2, "restS": 90}


@pytest.fixture
def peer() -> Iterator[ReadAloudPeer]:
    with read_aloud_peer() as listening:
        yield listening


@pytest.fixture
def server(tmp_path: Path, peer: ReadAloudPeer) -> Iterator[PlatformServer]:
    with opened(tmp_path / "home", tmp_path, speech_endpoint=peer.endpoint) as found:
        yield found


def cached(page: Page, *sentences: str) -> None:
    """Wait until sentences are fetched; one that is not in time is never spoken."""
    fetched = "performance.getEntriesByType('resource').map(({ name }) => new URL(name))"
    texts = f"{fetched}.map(({{ searchParams }}) => searchParams.get('text'))"
    until(page, f"(sentences) => sentences.every((each) => {texts}.includes(each))", sentences)


@pytest.mark.slow
def test_a_workout_is_guided_by_the_servers_voice(
    server: PlatformServer, peer: ReadAloudPeer, new_page: NewPage
) -> None:
    """R-LIV-16, R-WKT-02, R-WKT-12: sentence by sentence, without the browser's own speech."""
    page = new_page(server.url, **PHONE)
    page.add_init_script(EARS)
    page.goto(prescribed(page, SQUAT, real_time=True))
    assert page.evaluate("speechSynthesis.getVoices().length") == 0
    started(page, "Manually")
    ready = ["Get ready.", "Squat.", "Set 1 of 2.", "2 repetitions."]
    rest = ["Rest.", "90 seconds.", "Next: Squat."]
    cached(page, *ready, *rest, "Set done.", "The rest is over.", "1", "2")
    press(page, "Start set")
    counted_down(page)
    until(page, "(said) => isQuiet && heard.join() === said.join()", ready)
    page.get_by_role("button", name="+1 repetition").click()
    until(page, "(said) => heard.join() === said.join()", [*ready, "1"])
    press(page, "Finished")
    until(page, "(said) => heard.join() === said.join()", [*ready, "1", *rest])
    cached(page, "Set 2 of 2.")
    until(page, f"heard.at(-1) === '2 repetitions.' || {SHORTEN}")
    assert page.evaluate("heard.at(-2)") == "Set 2 of 2."
    expect(page.locator("#banner")).to_be_empty()
    assert {*ready, *rest, "1", "Set done.", "The rest is over."} <= set(peer.words)
    assert len(peer.words) == len(set(peer.words))


@pytest.mark.slow
def test_muted_speech_stays_silent(
    server: PlatformServer, peer: ReadAloudPeer, new_page: NewPage
) -> None:
    """R-LIV-16"""
    page = new_page(server.url, **PHONE)
    page.add_init_script(EARS)
    page.goto(prescribed(page, SQUAT, real_time=True))
    page.get_by_text("Voice and notifications").click()
    page.get_by_label("Voice guidance").uncheck()
    started(page, "Manually")
    press(page, "Start set")
    counted_down(page)
    page.get_by_role("button", name="+1 repetition").click()
    expect(page.locator("#status")).to_have_text("1 repetition")
    assert (page.evaluate("heard"), peer.words) == ([], [])
