"""Settings, consents, exports and the deletion of an account while answers are lost."""

from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.personal import Personal
from domain.users.commands import ChangeProfile
from tests.privacy.erasing import erase
from tests.web.account import open_account
from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems

__all__ = ["club"]

LONG_NAME: Final = "Oberschenkelvorderseitenmuskul"
"""As long as names of users may be."""


def account_of(club: Club, new_page: NewPage, address: str) -> Page:
    """Return the account page of a new member."""
    page = new_page(club.server.url)
    club.member(page, address)
    open_account(page)
    return page


def lose_the_first_answer(page: Page, path: str, method: str) -> None:
    """Let the server carry out the first request to the path, and the page get no answer."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != method or lost:
            route.continue_()
            return
        lost.append(route.request.url)
        assert route.fetch().ok
        route.fulfill(status=503, body="busy")

    page.route(path, lose)


def test_a_consent_whose_answer_is_lost_is_shown_as_it_is_stored(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "consent@example.org")
    lose_the_first_answer(page, "**/v1/me/consents", "PUT")
    box = page.get_by_label("My training data, without my name")
    box.click()  # it changes back until the page has asked again
    expect(page.locator("#banner")).to_contain_text("Your change may have been saved.")
    expect(page.locator("#banner")).not_to_contain_text("unchanged")
    expect(box).to_be_checked()
    expect(page.locator("#since-research")).to_contain_text("Agreed on")


def test_a_consent_whose_state_cannot_be_loaded_is_not_said_to_be_unchanged(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "unknown@example.org")
    page.route("**/v1/me/consents", lambda route: route.fulfill(status=503, body="busy"))
    page.get_by_label("My training data, without my name").click()  # and it changes back at once
    expect(page.locator("#banner")).to_contain_text("It is not known whether your change was saved")


def test_a_deletion_whose_answer_is_lost_is_shown(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "gone@example.org")
    lose_the_first_answer(page, "**/v1/me/erasure", "POST")
    page.get_by_role("button", name="Delete my account").click()
    page.locator("#confirm-erasure button.danger").click()
    expect(page.locator("#erasure-state")).to_contain_text("Your account will be deleted on")
    expect(page.locator("#banner")).to_contain_text("may have been saved")
    expect(page.locator("#banner")).not_to_contain_text("Nothing was deleted.")

    lose_the_first_answer(page, "**/v1/me/erasure", "DELETE")
    page.get_by_role("button", name="Keep my account").click()
    expect(page.get_by_role("button", name="Delete my account")).to_be_visible()


def test_an_export_goes_on_after_a_moment_without_the_server(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "file@example.org")
    page.route("**/v1/me/exports/*", lambda route: route.fulfill(status=503, body="busy"), times=1)
    page.locator("#export").click()
    expect(page.locator("#export-state")).to_contain_text("The file is ready")


def test_an_export_whose_answer_is_lost_is_not_made_twice(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "twice@example.org")
    lose_the_first_answer(page, "**/v1/me/exports", "POST")
    page.locator("#export").click()
    expect(page.locator("#banner")).to_contain_text("Kinelog is not available right now.")
    page.locator("#export").click()
    expect(page.locator("#export-state")).to_contain_text("The file is ready")
    expect(page.locator("#exports li")).to_have_count(1)


def test_a_file_that_becomes_ready_keeps_the_focus_in_the_list(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-07"""
    page = account_of(club, new_page, "focus@example.org")
    page.locator("#export").click()
    expect(page.locator("#export-state")).to_contain_text("The file is ready")
    download = page.locator("#exports button").last
    ready = page.locator("#exports button")
    page.locator("#export-format").select_option("csv")
    page.locator("#export").press("Enter")
    download.focus()
    expect(ready).to_have_count(2)
    expect(download).to_be_focused()


def test_a_change_whose_answer_is_lost_can_be_saved_again(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "lost@example.org")
    lose_the_first_answer(page, "**/v1/me/profile", "PUT")
    page.get_by_label("Name", exact=True).fill("Ada")
    save = page.get_by_role("button", name="Save profile")
    save.click()
    expect(page.locator("#banner")).to_contain_text("What you typed is still here.")
    save.click()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")


def test_what_is_typed_during_a_save_stays_and_can_be_saved(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "during@example.org")
    waiting: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method != "PUT" or waiting:
            route.continue_()
            return
        waiting.append(route)

    page.route("**/v1/me/profile", hold_the_first)
    name = page.get_by_label("Name", exact=True)
    save = page.get_by_role("button", name="Save profile")
    name.fill("Ada")
    with page.expect_request("**/v1/me/profile"):
        save.click()
    name.fill("Ada Lovelace")
    waiting[0].continue_()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    expect(name).to_have_value("Ada Lovelace")
    save.click()
    expect(save).not_to_have_attribute("aria-disabled", "true")
    page.reload()
    expect(name).to_have_value("Ada Lovelace")


def test_another_language_discards_no_other_form(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = account_of(club, new_page, "language@example.org")
    page.get_by_label("Body weight").fill("72.5")
    page.get_by_label("Language and region").select_option("es-ES")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    expect(page.locator("#banner")).to_contain_text("other forms of this page")
    expect(page.get_by_label("Body weight")).to_have_value("72.5")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.parametrize(
    ("locale", "viewed"),
    [("en-GB", "Viewed: session"), ("es-ES", "Visto: sesión"), ("ru-RU", "Просмотр: занятие")],
)
def test_the_access_log_names_who_saw_what(
    club: Club, new_page: NewPage, locale: str, viewed: str
) -> None:
    """R-TEN-13, R-UIX-05"""
    trainer = new_page(club.server.url)
    page = new_page(club.server.url, locale=locale)
    athlete = club.member(page, f"log-{locale}@example.org")
    session = club.session(athlete)
    club.allow(athlete, club.trainer(trainer, f"trainer-of-{locale}@example.org"))
    with trainer.expect_response(lambda each: each.ok and session in each.url):
        trainer.goto(f"/#session={session}")
    open_account(page)
    row = page.locator("#access tbody tr").filter(has_text=viewed).first
    expect(row).to_be_visible()
    expect(row.locator("td").nth(1)).not_to_contain_text("-")


@pytest.mark.parametrize("locale", ["en-GB", "es-ES", "ru-RU"])
def test_a_long_name_of_a_trainer_fits_a_phone(club: Club, new_page: NewPage, locale: str) -> None:
    """R-UIX-05, R-UIX-07: in the list of trainers and in the access log."""
    page = new_page(club.server.url, locale=locale, **PHONE)
    athlete = club.member(page, f"phone-{locale}@example.org")
    trainer = club.trainer(new_page(club.server.url), f"long-{locale}@example.org")
    platform = club.server.platform
    by_trainer = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    name = ChangeProfile(username=Personal(trainer, LONG_NAME))
    accounts = platform.accounts().accounts
    accounts.execute(trainer, [name], origin=by_trainer, command_id=uuid4())
    club.allow(athlete, trainer)
    access = platform.privacy().access
    access.note(athlete, "session", "/v1/sessions/1", origin=by_trainer, request_id=uuid4())
    open_account(page)
    expect(page.locator("#trainer-list")).to_contain_text(LONG_NAME)
    expect(page.locator("#access tbody tr").first).to_contain_text(LONG_NAME)
    assert problems(page) == {}


def test_the_access_log_goes_on_to_the_oldest_entry_and_names_former_trainers(
    club: Club, new_page: NewPage
) -> None:
    """R-TEN-13, R-UIX-05, R-UIX-08"""
    page = new_page(club.server.url)
    athlete = club.member(page, "seen@example.org")
    trainer = club.trainer(new_page(club.server.url), "former@example.org")
    platform = club.server.platform
    by_trainer, by_athlete = (
        Origin(tenant_id=DEFAULT_TENANT, actor=actor, correlation_id=uuid4())
        for actor in (trainer, athlete)
    )
    name = ChangeProfile(username=Personal(trainer, "Zoe"))
    accounts = platform.accounts().accounts
    accounts.execute(trainer, [name], origin=by_trainer, command_id=uuid4())
    club.allow(athlete, trainer)
    access = platform.privacy().access
    for kind in ("film", *["session"] * 20):
        path = f"/v1/{kind}s/1"
        access.note(athlete, kind, path, origin=by_trainer, request_id=uuid4())
    supervision = platform.supervision
    supervision.disallow(athlete, trainer, origin=by_athlete, command_id=uuid4())

    open_account(page)
    rows = page.locator("#access tbody tr")
    expect(rows).to_have_count(20)
    page.locator("#access-more").click()
    expect(rows).to_have_count(21)
    expect(rows.last).to_be_focused()
    expect(rows.last).to_contain_text("Zoe")
    expect(rows.last).to_contain_text("Viewed: video")
    expect(page.locator("#access-more")).to_be_hidden()
    assert problems(page) == {}

    assert erase(platform, trainer, by_trainer)
    open_account(page)
    expect(rows.first).to_contain_text("Somebody whose account was deleted")


def test_body_weights_in_pounds_have_limits_that_the_server_accepts(
    club: Club, new_page: NewPage
) -> None:
    page = account_of(club, new_page, "pounds@example.org")
    page.get_by_label("Units").select_option("imperial")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    open_account(page)
    weight, save = page.get_by_label("Body weight"), page.locator("#training button[type=submit]")
    for refused in ("44", "882"):
        weight.fill(refused)
        save.click()
        expect(page.locator("#mass-wrong")).to_contain_text("from 44.1 to 881.8")
    for accepted in ("44.1", "881.8"):
        weight.fill(accepted)
        save.click()
        expect(page.locator("#training-status")).to_contain_text("Saved.")
