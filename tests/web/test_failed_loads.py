"""Pages whose first requests fail: they offer to try again, and then show what they have."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened
from tests.web.states import AWAY


def open_once_failed(page: Page, path: str, request: str) -> None:
    """Open a page of which one request fails the first time, and try again."""
    page.route(re.compile(request), lambda route: route.fulfill(**AWAY), times=1)
    page.goto(path)
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Come again.")
    expect(banner).not_to_contain_text("kept")
    expect(banner).not_to_contain_text("typed")
    banner.get_by_role("button", name="Try again").click()


def test_the_exercises_of_the_coach_page_are_loaded_again(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06"""
    page = new_page(server.url)
    open_once_failed(page, "/pose_realtime.html", "/v1/exercises$")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    expect(page.locator("#banner")).to_be_empty()


def test_the_templates_of_programs_are_loaded_again(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06"""
    page = new_page(server.url)
    open_once_failed(page, "/programs.html", "/v1/programs/templates$")
    page.wait_for_selector("#template option:nth-child(2)", state="attached")
    expect(page.locator("#banner")).to_be_empty()


def test_programs_and_their_templates_are_loaded_again(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06: both failed; trying again loaded only what the last banner was about."""
    page = new_page(server.url)
    page.route(re.compile("/v1/programs/templates$"), lambda route: route.fulfill(**AWAY), times=1)
    page.route(re.compile("/v1/programs$"), lambda route: route.fulfill(**AWAY), times=1)
    page.goto("/programs.html")
    again = page.locator("#banner").get_by_role("button", name="Try again")
    again.click()
    expect(page.locator("#none")).to_be_visible()
    again.click()
    page.wait_for_selector("#template option:nth-child(2)", state="attached")
    expect(page.locator("#banner")).to_be_empty()


def test_ended_workouts_of_trainers_are_loaded_again(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06"""
    page = new_page(server.url)
    with page.expect_response(lambda answer: "/ended" in answer.url and answer.ok):
        open_once_failed(page, "/workout_player.html", "/v1/me/assignments/ended")
    expect(page.locator("#banner")).to_be_empty()


def test_workouts_of_trainers_are_loaded_before_those_that_ended(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06: a later failure of those that ended would hide that of the others."""
    page = new_page(server.url)
    requested: list[str] = []
    page.on("request", lambda sent: requested.append(sent.url))
    page.route(
        re.compile("/v1/me/assignments(\\?|$)"), lambda route: route.fulfill(**AWAY), times=1
    )
    page.goto("/workout_player.html")
    again = page.locator("#banner").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    assert not any("/assignments/ended" in url for url in requested)
    with page.expect_response(lambda answer: "/ended" in answer.url and answer.ok):
        again.click()
    expect(page.locator("#banner")).to_be_empty()


def test_the_list_of_videos_is_loaded_again(server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06: the failure is reported to the trainer alone, not as an error of the page."""
    page = new_page(server.url)
    page.route(re.compile("/v1/content/usage"), lambda route: None, times=1)  # it never comes
    page.route(re.compile("/v1/content\\?"), lambda route: route.fulfill(**AWAY), times=1)
    page.goto("/studio.html")
    expect(page.locator("#banner").get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "request_path"),
    [
        ("/billing.html", "/v1/subscriptions"),
        ("/coupons.html", "/v1/coupons"),
        ("/payments.html", r"/v1/webhook-deliveries\?"),
        ("/plan_editor.html", "/v1/workout-plans"),
        ("/studio.html", "/v1/content/usage$"),
    ],
)
def test_a_page_that_is_not_loaded_claims_no_typed_text(
    server: PlatformServer, new_page: NewPage, path: str, request_path: str
) -> None:
    """R-UIX-06: nothing was typed."""
    page = new_page(server.url)
    open_once_failed(page, path, request_path)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#banner")).to_be_empty()


@pytest.fixture
def club(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as found:
        yield found


def test_the_second_factor_page_is_loaded_again(
    club: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-IDN-18, R-UIX-06: it was empty."""
    page = new_page(club.url)
    sign_up(page, tmp_path / "mail", "ada@example.org")
    open_once_failed(page, "/second_factor.html", "/v1/auth/second-factors$")
    expect(page.locator("#adding")).to_be_visible()
