"""The screen stays on during training, and may turn off after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.coaching import coached
from tests.web.conftest import NewPage
from tests.web.player import PHONE, begun, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

WAKE_LOCK: Final = """globalThis.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (type) => {
  const lock = { type, isHeld: true, release: async () => { lock.isHeld = false; } };
  locks.push(lock);
  return lock;
} } });"""
"""A browser that remembers in `locks` the wake locks that the page has requested."""

TYPES_HELD: Final = "locks.filter(({ isHeld }) => isHeld).map(({ type }) => type)"
HELD: Final = f"{TYPES_HELD}.join() === 'screen'"
RELEASED: Final = f"locks.length === 1 && {TYPES_HELD}.length === 0"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def test_the_screen_stays_on_from_the_first_set_to_the_end_of_a_session(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: also during the rest."""
    page = coached(new_page, server, WAKE_LOCK)
    page.get_by_role("button", name="Count manually").click()
    assert page.evaluate("locks") == []
    page.get_by_role("button", name="Start set").click()
    until(page, HELD)
    page.get_by_role("button", name="+1 repetition").click()
    page.get_by_role("button", name="Stop set").click()
    expect(page.locator("rest-timer")).to_be_visible()
    assert page.evaluate(HELD)
    page.get_by_role("button", name="Finish session").click()
    expect(page.locator("session-summary")).to_contain_text("1 set")
    until(page, RELEASED)


def test_the_screen_stays_on_during_a_guided_workout(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03: it may turn off once the results are shown."""
    page = new_page(server.url, **PHONE)
    page.add_init_script(WAKE_LOCK)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3, "restS": 60}
    page.goto(prescribed(page, squat))
    started(page, "Manually")
    assert page.evaluate("locks") == []
    press(page, "Start set")
    begun(page)
    until(page, HELD)
    page.get_by_role("button", name="+1 repetition").click()
    press(page, "Finished")
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("1. Squat")
    until(page, RELEASED)
