"""The joint at fault and its angle on the drawn body, while a cue is shown."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.coach_page import all_green, button
from tests.web.coaching import SQUATS, coached, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

LEANING: Final = replace(SQUATS, faults=("trunk_lean",), azimuth_deg=90.0)

WATCHING: Final = """() => {
  const canvas = document.querySelector(".stage-marks");
  const [toast, angle] = ["#toast", ".joint-angle"].map((each) => document.querySelector(each));
  globalThis.marks = () => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    let [red, sum] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] < 200 || data[at + 3] < 200) continue;
      red += 1;
      sum += Math.floor(at / 4 / canvas.width) / canvas.height;
    }
    return { cue: toast.textContent, red, height: sum / red, angle: angle.textContent };
  };
  globalThis.seen = [];
  setInterval(() => { if (toast.textContent) seen.push(marks()); }, 100);
}"""
"""`marks` returns what is marked now: red pixels, and their mean height as a part of the stage."""

WHILE_CUED: Final = "seen.some(({ cue, red }) => cue === 'Keep your chest up' && red > 100)"


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("marks")
    with opened(home, home / "no-video") as found:
        yield found


@pytest.mark.slow
def test_the_joint_at_fault_is_colored_while_its_cue_is_shown(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-06: of a trunk that leans, the shoulders; the angle is beside the knee."""
    page = coached(new_page, coach, permissions=["camera"])
    stub_pose_model(page, LEANING)
    button(page, "Turn on the camera")
    all_green(page)
    page.evaluate(WATCHING)
    assert page.evaluate("marks().red") == 0
    expect(page.locator(".joint-angle")).to_be_visible()
    button(page, "Start set")
    until(page, WHILE_CUED)
    cued = page.evaluate("seen.filter(({ red }) => red > 100)")
    angles = {int(each["angle"].removesuffix("°")) for each in cued}
    assert all(40 < angle <= 180 for angle in angles)
    assert all(0 < each["height"] < 0.75 for each in cued), "above the knees"
    button(page, "Stop set")
    until(page, "marks().cue === '' && marks().red === 0")
