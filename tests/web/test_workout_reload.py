"""Taps just before a workout's page is reloaded."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.player import PHONE, begun, prescribed, press, started
from tests.web.server import opened

RELOAD_AFTER = "(button) => { button.click(); location.reload(); }"

SLOWER = "Emulation.setCPUThrottlingRate"


@pytest.mark.slow
def test_a_tap_just_before_a_reload_is_kept(tmp_path: Path, new_page: NewPage) -> None:
    """R-WKT-12: also on a slow phone, whose page ends before its storage answers."""
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    with opened(tmp_path, tmp_path / "no-film") as server:
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
