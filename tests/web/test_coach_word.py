"""The athlete overrides the camera check and the counted repetitions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from domain.sessions.events import ChecksOverridden, RepetitionOverruled
from tests.web.axe import violations
from tests.web.coach_page import button, counted
from tests.web.coaching import SQUATS, coached, does
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("word")
    with opened(home, home / "no-video") as found:
        yield found


@pytest.mark.slow
def test_corrections_of_the_athlete_win(coach: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01, R-LIV-06, C-49: on the page, in the log and in the summary."""
    page = coached(new_page, coach, permissions=["camera"])
    page.evaluate("globalThis.people = 2")
    button(page, "Turn on the camera")
    expect(page.locator("[data-light=people]")).to_have_attribute("data-state", "red")
    expect(page.locator("[data-light=body]")).to_have_attribute("data-state", "green")
    expect(page.locator("#start-anyway")).to_be_hidden()
    button(page, "Start set")
    expect(page.locator("#start-anyway")).to_be_visible()
    assert violations(page) == []
    does(page, 2)
    button(page, "Start anyway")
    expect(page.locator("#start")).to_have_text("Stop set")

    expect(page.locator(".count-number")).to_have_text("2")
    page.keyboard.press("u")
    expect(page.locator("#status")).to_have_text("1 repetition.")
    does(page)
    expect(page.locator(".count-number")).to_have_text(str(SQUATS.repetitions - 1))
    button(page, "Stop set")

    switches = page.locator("rep-review li button")
    expect(page.locator("rep-review .rejected")).to_have_count(1)
    expect(page.locator("rep-review .rejected")).to_contain_text("Removed by you")
    expect(switches).to_have_count(1)  # the only one in doubt
    button(page, f"Show all {SQUATS.repetitions} reps")
    expect(switches).to_have_count(SQUATS.repetitions)
    expect(switches.first).to_be_focused()
    assert violations(page) == []
    switches.nth(4).click()
    expect(page.locator("rep-review .rejected")).to_have_count(2)
    expect(page.locator(".count-number")).to_have_text("3")
    expect(switches.nth(4)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("rep-review .rejected")).to_have_count(1)
    switches.nth(3).click()
    expect(page.locator("rep-review .rejected")).to_have_count(2)

    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("1 set, 3 repetitions")
    expect(page.locator("session-summary")).to_contain_text("You removed it.")
    expect(page.locator("session-summary")).to_contain_text("set 1: one person")
    assert violations(page) == []
    facts = counted(coach, page)
    (overridden,) = (fact for fact in facts if isinstance(fact, ChecksOverridden))
    assert (overridden.set, overridden.checks) == (1, ("people",))
    overruled = [fact.accepted for fact in facts if isinstance(fact, RepetitionOverruled)]
    assert overruled == [False, False, True, False]
