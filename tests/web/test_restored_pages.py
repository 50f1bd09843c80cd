"""Pages that the Back button restores, in a browser in which users sign in and out."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.account import open_account
from tests.web.browser import SharedBrowsers, restoring_browser
from tests.web.conftest import NewPage
from tests.web.people import sign_in, sign_up
from tests.web.player import planned
from tests.web.server import PlatformServer, opened


@pytest.fixture(scope="module")
def browser(browsers: SharedBrowsers) -> Browser:
    return browsers.get(restoring_browser)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PlatformServer, Path]]:
    """A server that requires sign-in, and its folder of messages."""
    home = tmp_path_factory.mktemp("club")
    with opened(home, home / "no-video", sign_in="required") as server:
        yield server, home / "mail"


def member(club: tuple[PlatformServer, Path], new_page: NewPage, address: str) -> Page:
    """Return a page of a new user, who is signed in."""
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, address)
    return page


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")


def go_back(page: Page, pages: int = 1) -> None:
    page.evaluate("(pages) => history.go(-pages)", pages)


def test_a_page_of_the_same_user_is_restored_as_it_was(
    club: tuple[PlatformServer, Path], new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = member(club, new_page, "same@example.org")
    open_account(page)
    page.evaluate("globalThis.wasHere = true")
    page.goto("/history.html")
    go_back(page)
    expect(page.locator("h1")).to_have_text("Account")
    assert page.evaluate("globalThis.wasHere")


def test_the_back_button_shows_what_was_changed_on_another_page(
    club: tuple[PlatformServer, Path], new_page: NewPage
) -> None:
    """R-UIX-08: after a workout, the home page had none of it."""
    page = member(club, new_page, "ida@example.org")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).not_to_contain_text("Legs")
    page.goto("/history.html")
    planned(page, {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5})
    go_back(page)
    expect(page).to_have_url(f"{club[0].url}/")
    expect(page.locator("main")).to_contain_text("Legs")


@pytest.mark.parametrize(("left", "pages"), [("/account.html", 1), ("/history.html", 2)])
def test_the_back_button_shows_nothing_of_a_user_who_signed_out(
    club: tuple[PlatformServer, Path], new_page: NewPage, left: str, pages: int
) -> None:
    """R-IDN-18"""
    page = member(club, new_page, f"ada{pages}@example.org")
    page.goto("/history.html")
    page.wait_for_load_state("networkidle")
    open_account(page)
    sign_out(page)
    go_back(page, pages)
    expect(page).to_have_url(re.compile(f"sign_in.html.*{quote(left, safe='')}"))


def test_the_back_button_shows_the_next_user_their_own_data(
    club: tuple[PlatformServer, Path], new_page: NewPage
) -> None:
    """R-IDN-18"""
    member(club, new_page, "bob@example.org")
    page = member(club, new_page, "cleo@example.org")
    open_account(page)
    sign_out(page)
    sign_in(page, "bob@example.org")
    expect(page).to_have_url(f"{club[0].url}/")
    go_back(page)
    expect(page.locator("#profile")).to_contain_text("bob@example.org")
