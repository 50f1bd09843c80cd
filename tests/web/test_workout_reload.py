"""What a workout's page keeps when it is reloaded: taps, and the time of a hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.player import PHONE, begun, executed, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

HELD = "(seconds) => Number(document.querySelector('.count-number').textContent) >= seconds"

RELOAD_AFTER = "(button) => { button.click(); location.reload(); }"

SLOWER = "Emulation.setCPUThrottlingRate"

WATCH_READS = """
const get = IDBIndex.prototype.get;
IDBIndex.prototype.get = function (...of) {
  const request = get.apply(this, of);
  const { duringRead } = globalThis;
  if (duringRead) queueMicrotask(duringRead);
  globalThis.duringRead = null;
  return request;
};
"""
"""Calls `duringRead` once, before the next read of the queue has answered."""

RELOAD_DURING_READ = """([first, second]) => {
  globalThis.duringRead = () => {
    second.click();
    location.reload();
    for (const until = performance.now() + 300; performance.now() < until;) {}
  };
  first.click();
}"""
"""Clicks the second button while the page reads its queue after the first, and reloads at once."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


@pytest.mark.slow
def test_a_tap_just_before_a_reload_is_kept(server: PlatformServer, new_page: NewPage) -> None:
    """R-WKT-12: also on a slow phone, whose page ends before its storage answers."""
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    page = new_page(server.url, **PHONE)
    page.goto(prescribed(page, squat))
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    for _ in range(3):
        page.get_by_role("button", name="+1 repetition").click()
    devtools = page.context.new_cdp_session(page)
    for name, count in [("Undo", "2"), ("+1 repetition", "3")] * 3:
        devtools.send(SLOWER, {"rate": 8})
        with page.expect_event("domcontentloaded"):
            page.get_by_role("button", name=name).evaluate(RELOAD_AFTER)
        devtools.send(SLOWER, {"rate": 1})
        press(page, "Resume set")
        begun(page)
        expect(page.locator(".count-number")).to_have_text(count)


def test_a_tap_during_a_read_of_the_queue_is_kept(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-12: a read that the page does not end would hold up the write until it is too late."""
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    page = new_page(server.url, **PHONE)
    page.add_init_script(WATCH_READS)
    page.goto(prescribed(page, squat))
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    add = page.get_by_role("button", name="+1 repetition")
    for _ in range(3):
        add.click()
    undo = page.get_by_role("button", name="Undo")
    with page.expect_event("domcontentloaded"):
        page.evaluate(RELOAD_DURING_READ, [add.element_handle(), undo.element_handle()])
    press(page, "Resume set")
    begun(page)
    expect(page.locator(".count-number")).to_have_text("3")


def test_a_hold_that_is_timed_by_hand_goes_on_after_a_reload(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-12: the server gets the time before the reload, too."""
    plank = {"exerciseId": "plank", "sets": 1, "targetHoldS": 300, "restS": 60}
    page = new_page(server.url, **PHONE)
    page.goto(prescribed(page, plank))
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    page.clock.run_for(200_000)
    until(page, HELD, 200)
    page.reload()
    press(page, "Resume set")
    begun(page)
    until(page, HELD, 200)
    page.clock.run_for(5000)
    until(page, HELD, 205)
    press(page, "Finished")
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_be_visible()
    (only,) = executed(server, page)["sets"]
    assert 205_000 <= only["heldMs"] < 290_000
