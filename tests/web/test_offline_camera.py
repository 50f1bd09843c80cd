"""The camera without a connection: it needs the consents that the page knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.account import open_account
from tests.web.coaching import coached
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened
from tests.web.service_worker import installed
from tests.web.waiting import until

POSES = """() => import("/static/src/live/pose-source.js")"""
"""Loads the stub pose source, as an earlier set would have loaded the real one."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def club(home: Path) -> Iterator[PlatformServer]:
    with opened(home, home / "no-video", sign_in="required") as found:
        yield found


def consent(page: Page, purpose: str, *, given: bool = True) -> None:
    """Give a consent on the open account page, or withdraw it again."""
    box = page.locator(f"#consent-list input[aria-describedby=since-{purpose}]")
    box.check()
    expect(page.locator(f"#since-{purpose}")).to_contain_text("Agreed on")
    if not given:
        box.uncheck()
        expect(page.locator("#status")).to_have_text("Withdrawn.")


def open_coach(page: Page) -> None:
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    page.wait_for_load_state("networkidle")


def member(club: PlatformServer, home: Path, new_page: NewPage) -> Page:
    """Return a page of a new user that can be opened without a connection."""
    page = new_page(club.url, permissions=["camera"])
    sign_up(page, home / "mail", "ada@example.org")
    page.goto("/")
    installed(page)
    return page


def turn_on(page: Page) -> None:
    page.get_by_role("button", name="Turn on the camera").click()


def test_the_camera_is_turned_on_without_a_connection_after_consent(
    club: PlatformServer, home: Path, new_page: NewPage
) -> None:
    """R-LIV-10, R-TEN-12: the consents are those that the page saw last."""

    def joined(url: str, **options: object) -> Page:
        page = new_page(url, **options)
        sign_up(page, home / "mail", "ada@example.org")
        open_account(page)
        consent(page, "camera_processing")
        consent(page, "movement_recording")
        return page

    page = coached(joined, club, permissions=["camera"])
    page.wait_for_load_state("networkidle")
    page.evaluate(POSES)
    page.context.set_offline(True)
    turn_on(page)
    expect(page.locator("#preflight")).to_be_visible()
    expect(page.locator("#banner")).to_be_empty()
    expect(page.locator("#notice")).to_be_empty()


def test_a_page_that_is_opened_without_a_connection_uses_no_camera_without_consent(
    club: PlatformServer, home: Path, new_page: NewPage
) -> None:
    """R-TEN-12: it asks for the consent, and cannot record it."""
    page = member(club, home, new_page)
    open_account(page)
    consent(page, "movement_recording", given=False)
    open_coach(page)
    expect(page.locator("#keep")).not_to_be_checked()
    page.context.set_offline(True)
    open_coach(page)
    expect(page.locator("#keep")).not_to_be_checked()
    expect(page.locator("#banner")).to_be_empty()
    turn_on(page)
    question = page.get_by_role("dialog", name="Before the camera is used")
    question.get_by_role("button", name="I agree").click()
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog")
    expect(page.locator("#preflight")).to_be_hidden()


def test_the_camera_needs_consents_that_the_page_has_seen(
    club: PlatformServer, home: Path, new_page: NewPage
) -> None:
    """R-TEN-12: by hand, it counts without them."""
    page = member(club, home, new_page)
    open_coach(page)
    until(page, "caches.delete('kinelog-last-answers')")
    page.context.set_offline(True)
    open_coach(page)
    expect(page.locator("#banner")).to_be_empty()
    turn_on(page)
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog")
    expect(page.locator("#preflight")).to_be_hidden()
