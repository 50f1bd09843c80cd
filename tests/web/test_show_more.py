"""Lists whose next page is asked for twice, by a double click."""

from playwright.sync_api import Page, expect

from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.plans import SQUATS, prescribe
from tests.web.server import PlatformServer
from tests.web.studio import begun, execute, studio

__all__ = ["club", "studio"]


def goes_on_once(page: Page, rows: str, first: int, count: int) -> None:
    """Press the button twice: each row is shown once, and the first new one has the focus."""
    items = page.locator(rows)
    expect(items).to_have_count(first)
    page.locator("#more").dblclick()
    expect(page.locator("#more")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    expect(items).to_have_count(count)
    expect(items.nth(first)).to_be_focused()


def test_sessions_of_an_athlete_are_shown_once(club: Club, new_page: NewPage) -> None:
    """R-TEN-03"""
    page = new_page(club.server.url)
    athlete = club.member(new_page(club.server.url), "ida@example.org")
    club.allow(athlete, club.trainer(page, "coach-of-ida@example.org"))
    for _ in range(30):
        club.session(athlete)
    page.goto(f"/athletes.html?athlete={athlete}")
    goes_on_once(page, "#list > li", 25, 30)


def test_videos_are_shown_once(studio: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-08"""
    for number in range(25):
        execute(studio, f"video-{number:02}", begun(f"Video {number:02}"))
    page = new_page(studio.url)
    page.goto("/studio.html")
    goes_on_once(page, ".studio-row-item", 20, 25)


def test_workouts_are_shown_once(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-08"""
    for number in range(25):
        prescribe(empty_server, f"Workout {number:02}", SQUATS, author="athlete")
    page = new_page(empty_server.url)
    page.goto("/workout_player.html")
    goes_on_once(page, "#workouts > li", 20, 25)
