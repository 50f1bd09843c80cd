"""The coach with a real image: the fake camera feeds the pose model itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from domain.ids import DEFAULT_TENANT, SessionId
from domain.sessions.events import RepetitionCounted
from tests.live.coached import SQUATS, camera_browser, coached
from tests.web.server import PlatformServer, opened

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows the squats."""
    with camera_browser(tmp_path_factory.mktemp("camera")) as running:
        yield running


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def test_squats_before_the_camera_are_counted(coach: PlatformServer, browser: Browser) -> None:
    """R-UIX-01, R-LIV-01, R-LIV-13, R-LIV-14, R-LIV-15, C-01, C-31

    The video, the page and the log agree, at the browser's real speed, over the chosen data
    channel.
    """
    with coached(browser, coach.url) as athlete:
        athlete.page.locator("#settings > summary").click()
        athlete.page.get_by_text("Connection", exact=True).click()
        athlete.page.select_option("#transport", "webrtc")
        athlete.begin()
        expect(athlete.page.locator("#debug")).to_contain_text("device")
        athlete.counts(2)
        expect(athlete.page.locator("#debug")).to_contain_text("by data channel")
        athlete.end()
        session = athlete.finish()
    facts = coach.platform.history.events(DEFAULT_TENANT, SessionId(session))
    counted = [fact.number for fact in facts if isinstance(fact, RepetitionCounted)]
    assert counted == list(range(1, SQUATS.repetitions + 1))
