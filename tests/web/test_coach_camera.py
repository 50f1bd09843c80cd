"""The coach before a real picture: the camera shows the sample athlete to the pose model itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from adapters.mannequin.performance import Performance
from domain.ids import DEFAULT_TENANT, SessionId
from domain.sessions.events import RepetitionCounted
from tests.web.cameras import shown_by_camera
from tests.web.coaching import CAMERA
from tests.web.conftest import CHROMIUM, QUIET, NewPage
from tests.web.gym import Gym, opened
from tests.web.training import MODEL
from tests.web.waiting import until

SQUATS = Performance(repetitions=5, width=320, height=240, fps=15, idle_before_s=2.0)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The squats as a camera of Chromium's takes them."""
    return shown_by_camera(SQUATS, tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="module")
def browser(picture: Path) -> Iterator[Browser]:
    """One whose camera shows the squats."""
    with sync_playwright() as playwright:
        own = CHROMIUM if CHROMIUM.exists() else None
        shown = f"--use-file-for-fake-video-capture={picture}"
        running = playwright.chromium.launch(executable_path=own, args=[*QUIET, *CAMERA, shown])
        yield running
        running.close()


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[Gym]:
    with opened(tmp_path, tmp_path / "no-film") as found:
        yield found


def test_squats_before_the_camera_are_counted(coach: Gym, new_page: NewPage) -> None:
    """R-UIX-01, R-LIV-01, C-31: with the model that every browser gets, at its own speed."""
    page = new_page(coach.url, permissions=["camera"])
    page.context.route("**/models/*.task", lambda route: route.fulfill(path=MODEL.resolve().path))
    page.goto("/pose_realtime.html?debug")
    page.wait_for_selector("#exercise option[value=squat]", state="attached")
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set").click()
    until(page, "Number(document.querySelector('.count-number').textContent) >= 2")
    expect(page.locator("#debug")).to_contain_text("device")
    page.get_by_role("button", name="Stop set").click()
    page.get_by_role("button", name="Finish session").click()
    summary = page.locator("session-summary")
    expect(summary).to_contain_text("1 set")
    session = summary.get_attribute("data-session")
    facts = coach.platform.history.events(DEFAULT_TENANT, SessionId(str(session)))
    counted = sum(isinstance(fact, RepetitionCounted) for fact in facts)
    assert f"{counted} repetition" in summary.inner_text()
    assert counted >= 2
