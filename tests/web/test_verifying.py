"""The page that confirms an e-mail address."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE
from tests.web.mails import link_of
from tests.web.people import CONFIRM, PASSWORD, REGISTER, sign_up
from tests.web.server import opened
from tests.web.states import AWAY

ANOTHER = "seven loud narwhals 1872"


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, and its folder of messages."""

    url: str
    mail: Path


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    home = tmp_path_factory.mktemp("club")
    with opened(home, video, sign_in="required") as server:
        yield Club(server.url, home / "mail")


def registered(club: Club, page: Page, address: str) -> str:
    """Register an address in a browser, and return the link to confirm it."""
    page.goto("/healthz")
    page.evaluate(REGISTER, [address, PASSWORD])
    return link_of(club.mail, address, CONFIRM)


def test_another_browser_confirms_with_the_password(club: Club, new_page: NewPage) -> None:
    """R-IDN-07, R-IDN-18: opening the link changes nothing; a stranger's password is no use."""
    link = registered(club, new_page(club.url), "ada@example.org")
    page = new_page(club.url, width=390, height=844, has_touch=True)
    page.goto(link)
    expect(page.locator("#address")).to_have_text("ada@example.org")
    confirm = page.get_by_role("button", name="Confirm this address")
    confirm.click()
    expect(page.locator("#password-wrong")).to_contain_text("Enter your password")
    page.get_by_label("Password", exact=True).fill(ANOTHER)
    confirm.click()
    expect(page.locator("#banner")).to_contain_text("not the password")
    assert violations(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    confirm.click()
    expect(page.locator("#message")).to_contain_text("you are signed in")
    page.goto("/healthz")
    page.goto(link)
    expect(page.locator("#message")).to_have_text("This address is already confirmed.")
    expect(page.locator("#sign-in")).to_be_visible()
    assert violations(page) == []


def test_switching_accounts_by_a_link_is_a_choice(club: Club, new_page: NewPage) -> None:
    """R-IDN-18: no link signs a person in to somebody else's account unnoticed."""
    page = new_page(club.url)
    sign_up(page, club.mail, "bob@example.org")
    link = registered(club, new_page(club.url), "eve@example.org")
    page.goto(link)
    expect(page.locator("#other")).to_contain_text("you are signed in as bob@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm and switch account").click()
    expect(page.locator("#message")).to_contain_text("you are signed in")
    page.goto("/account.html")
    expect(page.get_by_text("eve@example.org").first).to_be_visible()


def test_a_link_that_could_not_be_read_is_tried_again(club: Club, new_page: NewPage) -> None:
    """R-IDN-07: a reload does not help, because the link is no longer in the address."""
    page = new_page(club.url, **PHONE)
    attempts: list[str] = []

    def refuse_the_first(route: Route) -> None:
        attempts.append(route.request.url)
        if len(attempts) == 1:
            route.fulfill(**AWAY)
        else:
            route.continue_()

    page.route("**/v1/auth/verification-link", refuse_the_first)
    page.goto("/verify.html#token=default.abc.def")
    expect(page.locator("#banner")).to_contain_text("Come again.")
    expect(page.locator("#banner")).not_to_contain_text("What you typed")
    expect(page.locator("#message")).to_be_empty()
    assert violations(page) == []
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#message")).to_have_text("This link is not valid, or it has expired.")
    expect(page.locator("#banner")).to_be_empty()


def test_a_link_of_an_unknown_tenant_is_not_valid(club: Club, new_page: NewPage) -> None:
    """R-IDN-07: another one can be requested."""
    page = new_page(club.url)
    page.goto("/verify.html#token=nowhere.abc.def")
    expect(page.locator("#message")).to_have_text("This link is not valid, or it has expired.")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send another link").click()
    expect(page.locator("#message")).to_contain_text("If this address is waiting")
