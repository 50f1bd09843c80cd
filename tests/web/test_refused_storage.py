"""Pages in browsers that let them store nothing: all cookies are blocked, or there is no room."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.full_storage import FULL
from tests.web.people import sign_in, sign_up
from tests.web.player import prescribed, started
from tests.web.server import PlatformServer, opened

REFUSED: Final = """for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(globalThis, name, {
    configurable: true, get() { throw new DOMException("Denied.", "SecurityError"); },
  });
}
const denied = () => Promise.reject(new DOMException("The request was denied.", "SecurityError"));
Object.assign(LockManager.prototype, { request: denied, query: denied });
Object.assign(CacheStorage.prototype, { open: denied, match: denied, delete: denied });
Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });"""

PAGES: Final = {
    "/": ".session-row a",
    "/session_list.html": ".session-item",
    "/workout_player.html": "#builder select option",
    "/pose_realtime.html": "#exercise input[value=squat]",
    "/plans.html": "#plans[aria-busy=false]",
}
"""An element of a page that exists when it is ready."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_without_storage(server: PlatformServer, new_page: NewPage, path: str) -> None:
    """R-UIX-08"""
    page = new_page(server.url)
    page.add_init_script(REFUSED)
    page.goto(path)
    page.wait_for_selector(PAGES[path], state="attached", timeout=15_000)


def test_a_choice_lasts_as_long_as_a_page_without_storage(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = new_page(server.url)
    page.add_init_script(REFUSED)
    page.goto("/session_list.html")
    page.get_by_role("button", name="High contrast").click()
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")


def test_a_workout_begins_without_storage(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-08: its lock was refused, as if another tab counted it."""
    page = new_page(empty_server.url)
    page.goto(prescribed(page, {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5}))
    page.add_init_script(REFUSED)
    page.reload()
    started(page, "Manually")


def test_a_page_without_storage_is_not_loaded_again_and_again(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06: what it notes about that lasts as long as the page."""
    opened: list[str] = []
    page = new_page(server.url)
    page.add_init_script(REFUSED)
    page.route(re.compile(r"/static/assets/index-.*\.js"), lambda route: route.fulfill(status=404))
    page.on(
        "request", lambda each: opened.append(each.url) if each.is_navigation_request() else None
    )
    with page.expect_request("**/v1/client-errors"):
        page.goto("/", wait_until="commit")
    page.wait_for_timeout(1000)
    assert len(opened) == 1


@pytest.fixture
def club(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server that requires sign-in."""
    with opened(tmp_path / "home", tmp_path / "none.mp4", sign_in="required") as server:
        yield server


def test_a_user_signs_in_without_room_for_settings(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-08"""
    sign_up(new_page(club.url), tmp_path / "home" / "mail", "ada@example.org")
    page = new_page(club.url)
    page.add_init_script(FULL)
    page.goto("/sign_in.html")
    sign_in(page, "ada@example.org")
    expect(page).to_have_url(f"{club.url}/")
    page.goto("/account.html")
    expect(page.locator("#profile")).to_contain_text("ada@example.org")


def test_the_sign_in_page_says_that_cookies_are_blocked(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-08: the next page asked to sign in again, and said nothing."""
    sign_up(new_page(club.url), tmp_path / "home" / "mail", "ada@example.org")
    page = new_page(club.url)
    page.add_init_script(REFUSED)
    page.goto("/sign_in.html")
    sign_in(page, "ada@example.org")
    expect(page.locator("#banner")).to_contain_text("Your browser blocks the cookies of this site.")
    expect(page).to_have_url(f"{club.url}/sign_in.html")


def test_a_video_is_analyzed_without_room_for_its_analysis(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: the progress of the upload stayed for ever."""
    page = new_page(empty_server.url)
    page.add_init_script(FULL)
    page.goto("/")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    page.set_input_files("#video", empty_server.video)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("h1")).to_contain_text("squats")


@pytest.mark.parametrize("script", [FULL, REFUSED], ids=["full", "refused"])
def test_a_language_that_cannot_be_stored_is_explained(
    server: PlatformServer, new_page: NewPage, script: str
) -> None:
    """R-UIX-07, R-UIX-06: the page was loaded again in its old language, without a word."""
    page = new_page(server.url)
    page.add_init_script(script)
    page.goto("/reset.html")
    page.get_by_label("Language").select_option("es")
    page.get_by_role("button", name="Change the language").click()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Your browser could not store the language.")
    expect(banner).to_contain_text("Allow this site to store data")


def test_the_account_page_is_loaded_once_without_room_for_its_language(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-07: it was loaded again and again, because the account has another language."""
    sign_up(new_page(club.url, locale="es-ES"), tmp_path / "home" / "mail", "eva@example.org")
    page = new_page(club.url)
    page.add_init_script(FULL)
    page.goto("/sign_in.html")
    sign_in(page, "eva@example.org")
    expect(page).to_have_url(f"{club.url}/")
    opened: list[str] = []
    page.on(
        "request", lambda each: opened.append(each.url) if each.is_navigation_request() else None
    )
    page.goto("/account.html")
    expect(page.locator("#banner")).to_contain_text("Your browser could not store the language.")
    page.wait_for_timeout(1000)
    assert opened == [f"{club.url}/account.html"]
