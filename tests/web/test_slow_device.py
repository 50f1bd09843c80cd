"""A device that finds few poses per second: it counts, and says that it does not judge form."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.coaching import SQUATS, coached, counts, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.player import PHONE, begun, executed, fits, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

SLOW: Final = replace(SQUATS, fps=5)
"""The squats, of which the device sees five poses per second."""

TOO_SLOW: Final = "This device is too slow to judge your form. Your reps still count."

ABOVE_THE_BUTTONS: Final = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const [slow, counter, controls] = [box("#slow"), box("#counter"), box(".training .controls")];
  return slow.height > 0 && slow.top >= counter.bottom && slow.bottom <= controls.top;
}"""
"""Whether the message lies between the counter and the buttons, without scrolling."""

OPACITY: Final = "Number(document.querySelector('.stage-pose').style.opacity)"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def test_the_skeleton_fades_when_its_pose_is_old(server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01: the body has moved on."""
    page = coached(new_page, server, permissions=["camera"])
    page.get_by_role("button", name="Turn on the camera").click()
    until(page, f"{OPACITY} === 1")
    page.evaluate("globalThis.stalled = true")
    until(page, f"{OPACITY} < 1")
    page.evaluate("globalThis.stalled = false")
    until(page, f"{OPACITY} === 1")


@pytest.mark.slow
def test_a_slow_device_counts_without_judging_form(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-06, R-POS-05: the page says so while the camera counts, beside the counter."""
    page = coached(new_page, server, **PHONE, permissions=["camera"])
    stub_pose_model(page, SLOW)
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    expect(page.locator("#slow")).to_be_empty()
    page.get_by_role("button", name="Start set").click()
    counts(page, 2)
    expect(page.locator("#slow")).to_have_text(TOO_SLOW)
    assert page.evaluate(ABOVE_THE_BUTTONS)
    expect(page.locator("#form")).to_have_attribute("data-form", "none")
    counts(page, 4)
    expect(page.locator("#form")).to_have_attribute("data-form", "none")


@pytest.mark.slow
def test_a_guided_workout_says_that_the_device_is_too_slow(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03, R-POS-05: its repetitions count."""
    page = new_page(server.url, **PHONE, permissions=["camera"])
    stub_pose_model(page, SLOW)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 4, "restS": 60}
    page.goto(prescribed(page, squat))
    started(page, "By camera")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    press(page, "Start set")
    begun(page)
    expect(page.locator("#slow")).to_have_text(TOO_SLOW)
    assert page.evaluate(ABOVE_THE_BUTTONS)
    expect(page.locator("#form")).to_have_attribute("data-form", "none")
    fits(page)
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("1. Squat")
    assert [each["repetitions"] for each in executed(server, page)["sets"]] == [4]
