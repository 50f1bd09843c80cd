"""Pages of a tenant other than `default`: signing in again, and links of e-mails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from domain.ids import TenantId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from tests.web.conftest import NewPage
from tests.web.mails import link_of
from tests.web.people import PASSWORD, sign_in
from tests.web.server import PlatformServer, opened

ADDRESS: Final = "boss@example.org"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server with the tenant `gym`, whose first administrator is invited."""
    origin = Origin(tenant_id=TenantId("gym"), actor="operator", correlation_id=uuid4())
    video = tmp_path / "none.mp4"
    with opened(tmp_path, video, sign_in="required", second_factor="optional") as found:
        found.platform.accounts().administration.create_tenant_for(
            "The Gym", ADDRESS, join=OPEN, origin=origin, command_id=uuid4()
        )
        yield found


def accept_invitation(page: Page, mail: Path) -> None:
    """Follow the link of the e-mail, and choose a password."""
    page.goto(link_of(mail, ADDRESS, "You are invited to Kinelog"))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.locator("#done")).not_to_be_empty()


def sign_in_here(page: Page) -> None:
    """Sign in on the page that asks for it, and return to the account page."""
    expect(page.locator("#organization")).to_contain_text("gym")
    sign_in(page, ADDRESS)
    expect(page.locator("#profile")).to_contain_text(ADDRESS)  # it has its token


def test_users_of_another_tenant_sign_in_again_on_each_way(
    server: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-TEN-02, R-IDN-17"""
    page = new_page(server.url)
    accept_invitation(page, tmp_path / "mail")
    page.locator("#to-sign-in").click()
    expect(page.locator("#organization")).to_contain_text("gym")
    page.goto("/account.html?tenant=gym")
    sign_in_here(page)
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("#organization")).to_contain_text("gym")
    page.goto("/account.html")
    sign_in_here(page)
    page.context.clear_cookies()
    page.reload()
    sign_in_here(page)


def test_links_of_e_mails_lead_to_the_tenant(
    server: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-TEN-02: in a browser in which nobody has signed in."""
    page = new_page(server.url)
    accept_invitation(page, tmp_path / "mail")
    notice = link_of(tmp_path / "mail", ADDRESS, "Your password has been changed")
    assert urlsplit(notice).query == "tenant=gym"
    page.goto(notice)
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send link").click()
    link_of(tmp_path / "mail", ADDRESS, "Choose a new password")
