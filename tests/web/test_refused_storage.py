"""Pages in browsers that let them store nothing: all cookies are blocked, or there is no room."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.people import sign_in, sign_up
from tests.web.server import PlatformServer, opened

REFUSED: Final = """for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(globalThis, name, {
    configurable: true, get() { throw new DOMException("Denied.", "SecurityError"); },
  });
}"""

FULL: Final = """Storage.prototype.setItem = () => {
  throw new DOMException("Full.", "QuotaExceededError");
}"""

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
