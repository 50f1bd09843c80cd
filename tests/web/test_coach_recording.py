"""Recordings of the coach page outlast the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.coaching import coached, counts, does
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

STORED = """async () => {
  const opening = indexedDB.open("kinelog-recordings", 1);
  const database = await new Promise((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const [recordings, batches] = await Promise.all(["recordings", "batches"].map((name) =>
    new Promise((resolve) => {
      const all = database.transaction(name).objectStore(name).getAll();
      all.onsuccess = () => resolve(all.result);
    })));
  database.close();
  return [recordings.length, batches.reduce((sum, { frames }) => sum + frames.length, 0)];
}"""
"""Number of recordings and of their frames in the browser's storage."""


UNCONNECTED = """globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 3;
  constructor() { setTimeout(() => this.onclose({ code: 1006, reason: "" })); }
  close() {}
};"""
"""WebSockets that are never connected; requests are."""

REFUSED = UNCONNECTED.replace("code: 1006", "code: 4401")
"""WebSockets that the server closes because nobody is signed in."""


LEAVE_RECORDINGS = """async (ages) => {
  const opening = indexedDB.open("kinelog-recordings", 1);
  const database = await new Promise((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const writing = database.transaction(["recordings", "batches"], "readwrite");
  const done = new Promise((resolve) => { writing.oncomplete = resolve; });
  for (const [athleteId, days] of ages) {
    const sessionId = crypto.randomUUID();
    const startedAt = Date.now() - 24 * 3600 * 1000 * days;
    writing.objectStore("recordings").put({ sessionId, athleteId, startedAt, commands: [] });
    writing.objectStore("batches").add({ sessionId, first: 0, frames: [{ timeMs: 0 }] });
  }
  await done;
  database.close();
}"""
"""Leaves recordings of athletes, with their ages in days."""


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def recording_of(page: Page) -> dict[str, Any]:
    """Return the only recording of the server."""
    recordings = page.request.get("/v1/recordings").json()["items"]
    assert len(recordings) == 1
    return dict(recordings[0])


CATCH = """async () => {
  const { Recording } = await import("/static/src/live/recording.js");
  const { push } = Recording.prototype;
  Recording.prototype.push = function (...frame) {
    globalThis.caughtRecording = this;
    return push.apply(this, frame);
  };
}"""
"""Gives tests the recording of the page."""

SAYS = """async ([name, code]) => {
  const { Problem } = await import("/static/src/api/client.js");
  const detail = new Problem({ title: "Out of room.", code });
  globalThis.caughtRecording.dispatchEvent(new CustomEvent(name, { detail }));
}"""


@pytest.mark.slow
def test_the_banner_about_a_missing_connection_goes_when_the_recording_goes_on(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-RPL-02: a banner about something else stays."""
    page = coached(new_page, coach, permissions=["camera"])
    page.evaluate(CATCH)
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set", exact=True).click()
    until(page, "globalThis.caughtRecording !== undefined")
    banner = page.locator("#banner")
    page.evaluate(SAYS, ["full", "recording.no_connection"])
    expect(banner).to_contain_text("Out of room.")
    page.evaluate(SAYS, ["room", ""])
    expect(banner).to_be_empty()

    page.evaluate(SAYS, ["unlogged", "test.out_of_room"])
    page.evaluate(SAYS, ["room", ""])
    expect(banner).to_contain_text("Out of room.")


@pytest.mark.slow
@pytest.mark.parametrize("sockets", [UNCONNECTED, REFUSED], ids=["unconnected", "refused"])
def test_a_recording_outlasts_the_page_that_is_closed_before_it_is_sent(
    coach: PlatformServer, new_page: NewPage, sockets: str
) -> None:
    """R-LIV-10, R-RPL-02: what the athlete did is on the server once a page can reach it."""
    page = coached(new_page, coach, sockets, permissions=["camera"])
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set", exact=True).click()
    does(page, 3)
    counts(page, 3)
    recordings, frames = page.evaluate(STORED)
    assert recordings == 1
    assert frames >= 24
    assert page.request.get("/v1/recordings").json()["items"] == []
    page.close()  # at once, without its handlers, as when the browser is ended

    again = page.context.new_page()
    again.goto("/pose_realtime.html")
    expect(again.locator("#status")).to_have_text("The recording of your last session is saved.")
    until(again, f"({STORED})().then((left) => left.join() === '0,0')")
    recording = recording_of(again)
    assert recording["status"] == "completed"
    assert recording["frame_count"] >= frames
    until(again, "document.querySelector('#notice').textContent.includes('was not finished')")


def test_recordings_that_could_not_be_sent_for_90_days_are_deleted(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-TEN-12: also those of other people who used this browser."""
    page = coached(new_page, coach, UNCONNECTED)
    page.evaluate(LEAVE_RECORDINGS, [["athlete", 91], ["another", 91], ["another", 89]])
    page.reload()
    expect(page.locator("#status")).to_have_text(
        "A recording that could not be sent for 90 days was deleted from this browser."
    )
    assert page.evaluate(STORED) == [1, 1]
