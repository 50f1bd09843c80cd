"""Earned achievements appear at the end of a workout and in the history."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from application.kernel.command_handler import Request
from domain.achievements.achievements import ACHIEVEMENTS
from domain.achievements.commands import CheckSessions
from domain.achievements.training_stats import Performed, Training
from domain.ids import ExerciseId, SessionId
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import TOO_WIDE
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

PHONE = {"width": 390, "height": 844, "has_touch": True}
LIST = "achievement-list"
WHO = """async () => {
  const { request } = await import("/static/src/api/client.js");
  return (await request("/v1/auth/me")).id;
}"""


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("club") / "mail"


@pytest.fixture(scope="module")
def club(mail: Path) -> Iterator[PlatformServer]:
    """A server that requires sign-in."""
    with opened(mail.parent, mail.parent / "no-video", sign_in="required") as server:
        yield server


def fits(page: Page) -> None:
    """Assert that the page needs no horizontal scrolling and that axe-core finds no violations."""
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == []


def has_trained(server: PlatformServer, athlete: str, *, days: int, repetitions: int) -> None:
    """Award a user the achievements of that much training."""
    at = datetime(2030, 1, 7, 7, 30, tzinfo=UTC)
    trainings = [
        Training(
            SessionId(f"s{number}"),
            at + timedelta(days=number),
            (at + timedelta(days=number)).date(),
            repetitions + number,
            0.95,
            (
                Performed(ExerciseId("squat"), repetitions + number, 20.0 + number),
                *(Performed(ExerciseId(name), 10) for name in ("lunge", "sit_up")),
                Performed(ExerciseId("plank"), 0, 0.0, 1000 * (50 + number)),
            ),
        )
        for number in range(days)
    ]
    check = CheckSessions(sessions=(), trainings=tuple(trainings), at=at)
    server.platform.commands.execute(
        Request(ACHIEVEMENTS, athlete, [check]),
        origin=server._origin(),
        command_id=server.platform.new_id(),
    )


def test_the_history_shows_earned_and_next_achievements(
    club: PlatformServer, mail: Path, new_page: NewPage
) -> None:
    """R-WKT-08, C-50"""
    page = new_page(club.url, **PHONE)
    sign_up(page, mail, "ada@example.org")
    page.goto("/history.html")
    shown = page.locator(LIST)
    expect(shown).to_contain_text("No achievements yet")
    following = shown.locator(".ahead > li")
    expect(following).to_have_count(11)
    expect(following.filter(has_text="Workouts: bronze")).to_contain_text("0 of 10 workouts")
    expect(shown.get_by_role("button")).to_have_count(0)
    fits(page)

    ada = page.evaluate(WHO)
    has_trained(club, ada, days=60, repetitions=100)
    page.reload()
    won = shown.locator(".medals:not(.ahead) > li")
    expect(won).to_have_count(12)
    fits(page)
    page.get_by_role("button", name="Show more").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("status")).to_contain_text("shown.")
    page.wait_for_load_state("networkidle")
    expect(won.nth(12)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page, "no link was followed").to_have_url(re.compile(r"/history\.html$"))
    assert len(set(won.all_inner_texts())) == won.count(), "the next page is shown once"
    expect(won.filter(has_text="First workout")).to_contain_text("1 workout")
    expect(won.filter(has_text="Days in a row: gold")).to_contain_text("30 days in a row")
    expect(won.filter(has_text="Clean form")).to_contain_text("form of 95 %")
    expect(won.filter(has_text="Long hold: bronze")).to_contain_text("held for 1 min")
    expect(shown.get_by_role("button", name="Show more")).to_be_hidden()
    expect(following.filter(has_text="First workout")).to_have_count(0)
    link = won.last.get_by_role("link")
    assert link.get_attribute("href") == "/#session=s0"
    fits(page)


def test_a_failed_list_can_be_loaded_again(
    club: PlatformServer, mail: Path, new_page: NewPage
) -> None:
    page = new_page(club.url)
    sign_up(page, mail, "bob@example.org")
    problem = '{"title": "The store is away.", "code": "storage.unavailable", "status": 503}'

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=problem)

    page.route("**/v1/me/achievements/next?*", refuse)
    page.goto("/history.html")
    shown = page.locator(LIST)
    expect(shown).to_contain_text("Your achievements could not be loaded: The store is away.")
    fits(page)
    page.unroute("**/v1/me/achievements/next?*")
    shown.get_by_role("button", name="Try again").click()
    expect(shown).to_contain_text("No achievements yet")
