"""Goals of sets on the coach page: what is no possible goal begins no set, and loses none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from domain.sessions.events import RepetitionCounted, SetStarted
from tests.web.coaching import coached
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

WRONG = "Enter a whole number from 1 to 10,000, or leave it empty."

OLD_GOAL = """localStorage.setItem("kinelog.coach", '{"targets":{"squat":"8","lunge":"12000"}}');"""
"""A goal that an earlier version of the page has stored."""


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("goals")
    with opened(home, home / "no-video") as found:
        yield found


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def counted(server: PlatformServer) -> tuple[list[int | None], int]:
    """Return the goals of the sets that began, and the number of repetitions."""
    events = [each.event for each in server.platform.log.scan(after=0, limit=10_000)]
    goals = [each.target_repetitions for each in events if isinstance(each, SetStarted)]
    return goals, sum(isinstance(each, RepetitionCounted) for each in events)


def test_no_set_begins_with_an_impossible_goal(coach: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-01, R-UIX-06: the field says what is possible, and the next set counts."""
    before = counted(coach)
    page = coached(new_page, coach)
    goal = page.locator("#target")
    goal.fill("12000")
    page.locator("#by-hand").click()
    expect(page.locator("#target-wrong")).to_have_text(WRONG)
    expect(goal).to_be_focused()
    goal.fill("2")
    page.locator("#by-hand").click()
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("s")
    button(page, "+1 repetition")
    button(page, "Stop set")

    goal = page.locator("#next-target")
    goal.fill("12.5")
    button(page, "Start set")
    expect(page.locator("#next-target-wrong")).to_have_text(WRONG)
    expect(goal).to_be_focused()
    goal.fill("3")
    expect(page.locator("#next-target-wrong")).to_have_count(0)
    button(page, "Start set")
    expect(page.locator(".count-unit")).to_have_text("of 3")
    button(page, "+1 repetition")
    button(page, "Stop set")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("2 sets, 2 repetitions")
    goals, repetitions = counted(coach)
    assert goals[len(before[0]) :] == [2, 3]
    assert repetitions == before[1] + 2


def test_an_impossible_goal_that_was_stored_is_none(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: nor does it stay in the field of another exercise."""
    page = coached(new_page, coach, OLD_GOAL)
    page.locator("#by-hand").click()
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("s")
    button(page, "+1 repetition")
    button(page, "Stop set")
    page.locator("#next-target").fill("12.5")
    page.get_by_label("Next exercise").select_option("lunge")
    expect(page.get_by_label("Goal of the next set")).to_have_value("")
    expect(page.locator("#next-target-wrong")).to_have_count(0)
    button(page, "Start set")
    until(page, "document.querySelector('#count').checkVisibility()")
