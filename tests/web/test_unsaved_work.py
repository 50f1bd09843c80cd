"""Forms keep unsaved work: leaving, signing in again and showing something else ask first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import sign_in
from tests.web.plans import SQUATS, prescribe
from tests.web.server import PlatformServer, opened
from tests.web.test_athletes_page import Club, club

__all__ = ["club"]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "none.mp4") as server:
        prescribe(server, "Legs", SQUATS, author="athlete")
        yield server


def save_plan(page: Page) -> None:
    """Write a plan with one workout."""
    page.get_by_label("Title").fill("Strong legs")
    page.get_by_role("button", name="Add a workout").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Strong legs")


def reload_asks(page: Page) -> bool:
    """Reload the page; return whether the browser asked first."""
    dialogs: list[str] = []

    def accept(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.reload()
    page.remove_listener("dialog", accept)
    return dialogs == ["beforeunload"]


def test_a_plan_with_changes_is_not_replaced_without_a_question(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = new_page(studio.url, **PHONE)
    page.goto("/plan_editor.html")
    save_plan(page)
    page.get_by_role("button", name="New plan").click()
    expect(page.get_by_label("Title")).to_have_value("")

    page.get_by_label("Description").fill("An hour of work")
    page.get_by_role("button", name="Edit: Strong legs").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(page.get_by_label("Description")).to_have_value("An hour of work")
    assert problems(page) == {}
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_label("Title")).to_have_value("Strong legs")
    page.get_by_role("button", name="New plan").click()
    expect(page.get_by_label("Title")).to_have_value("")


def test_a_plan_with_changes_asks_before_its_page_is_left(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = new_page(studio.url)
    page.goto("/plan_editor.html")
    page.get_by_label("Title").fill("Strong legs")
    assert reload_asks(page)
    save_plan(page)
    assert not reload_asks(page)
    expect(page.locator(".editor-plan")).to_contain_text("Strong legs")
    page.get_by_role("button", name="Edit: Strong legs").click()
    page.get_by_role("button", name="Remove Week 1, session 1").click()
    assert reload_asks(page)


def test_a_template_does_not_replace_a_workout_with_changes(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-01, R-UIX-08"""
    page = new_page(studio.url, **PHONE)
    page.goto("/workout_player.html")
    page.locator("#program-name").fill("My Monday")
    page.get_by_role("button", name="Full body").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(page.locator("#program-name")).to_have_value("My Monday")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#program-name")).to_have_value("Full body")
    assert not reload_asks(page)
    page.locator("#program-name").fill("My Monday")
    assert reload_asks(page)


def test_a_profile_outlasts_a_sign_out_in_another_tab(club: Club, new_page: NewPage) -> None:
    """R-UIX-08: its trainer signs in again in another tab, and saves it."""
    page = new_page(club.server.url)
    club.trainer(page, "mara@example.org")
    page.goto("/plan_editor.html")
    page.get_by_label("About you").fill("Half an hour of text.")
    page.locator("#trainer-name").fill("Mara Lind")
    page.get_by_label("English").check()
    other = page.context.new_page()
    other.goto("/account.html")
    other.locator("#sign-out").click()
    other.wait_for_url("**/sign_in.html**")

    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    with page.context.expect_page() as opening:
        page.locator("#banner").get_by_role("link", name="Sign in").click()
    sign_in(opening.value, "mara@example.org")
    opening.value.wait_for_url(f"{club.server.url}/")
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#profile-status")).to_have_text("Your profile is public.")
    expect(page.locator("#banner")).to_be_empty()
    page.reload()
    expect(page.get_by_label("About you")).to_have_value("Half an hour of text.")
