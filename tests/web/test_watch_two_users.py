"""Videos that two users of one browser watch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, UserId
from tests.web.account import open_account
from tests.web.conftest import NewPage
from tests.web.lessons import publish_lesson
from tests.web.people import PASSWORD, sign_up
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

TITLE = "Squats for beginners"
WATCHED = """Object.keys(localStorage).some((key) => key.startsWith("kinelog.watched"))"""


@pytest.fixture
def club(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server that requires sign-in, and ends after the pages of a test, which go on loading."""
    with opened(tmp_path / "home", tmp_path / "none.mp4", sign_in="required") as served:
        yield served


def watch(page: Page) -> None:
    page.goto("/watch.html?content=lesson")
    expect(page.locator("#title")).to_have_text(TITLE)
    until(page, "document.querySelector('#video').readyState >= 3")


def left_off(club: PlatformServer, page: Page, folder: Path) -> None:
    """Watch a part of a video as a new user, and open the account page."""
    publish_lesson(club.platform, TITLE)
    sign_up(page, folder / "home" / "mail", "ada@example.org")
    watch(page)
    page.locator("#seek").fill("6")
    until(page, "document.querySelector('#video').currentTime > 5")
    open_account(page)


def test_a_user_begins_a_video_that_another_one_has_left_off(
    club: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-CON-06: also of an earlier version, which did not keep whose a position is."""
    page = new_page(club.url)
    left_off(club, page, tmp_path)
    page.evaluate("""localStorage.setItem("kinelog.watched", '{"lesson": {"atS": 6}}')""")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")

    sign_up(page, tmp_path / "home" / "mail", "bob@example.org")
    watch(page)
    expect(page.locator("#resumed-at")).to_be_hidden()
    assert page.evaluate("document.querySelector('#video').currentTime") == 0


def test_a_video_goes_on_after_its_viewer_was_signed_out_on_another_device(
    club: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-CON-06: the report of a position does not leave the page."""
    page = new_page(club.url)
    publish_lesson(club.platform, TITLE)
    sign_up(page, tmp_path / "home" / "mail", "ada@example.org")
    watch(page)
    user = UserId(page.evaluate("localStorage.getItem('kinelog.user')"))
    club.platform.accounts().sign_in_service.sign_out_everywhere(DEFAULT_TENANT, user)
    page.get_by_role("button", name="Mute").click()
    with page.expect_response("**/v1/auth/refresh*"):
        page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('#video').currentTime > 1")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert "/watch.html" in page.url


def test_the_erasure_of_an_account_deletes_the_positions_in_its_browser(
    club: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-TEN-12"""
    page = new_page(club.url)
    left_off(club, page, tmp_path)
    assert page.evaluate(WATCHED)
    page.locator("#erasure-password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Delete account", exact=True).click()
    expect(page.locator("#erasure-state")).to_contain_text("will be deleted on")
    expect(page.locator("#keep-account")).to_be_focused()
    assert not page.evaluate(WATCHED)
