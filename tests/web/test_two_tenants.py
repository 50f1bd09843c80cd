"""A user with accounts in two tenants opens links of each in the tenant that the link names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from application.users.emails import page_url
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import BY_INVITATION, OPEN
from tests.web.club import Club
from tests.web.conftest import NewPage
from tests.web.people import sign_in, sign_up
from tests.web.server import opened

OTHER_TENANT: Final = TenantId("gym")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    home = tmp_path_factory.mktemp("tenants")
    with opened(home, video, sign_in="required") as running:
        administration = running.platform.accounts().administration
        for tenant, policy in ((OTHER_TENANT, OPEN), (TenantId("guests"), BY_INVITATION)):
            origin = Origin(tenant_id=tenant, actor="test", correlation_id=uuid4())
            administration.create_tenant(
                tenant, UserId("mayor"), join=policy, origin=origin, command_id=uuid4()
            )
        yield Club(running, home / "mail")


def test_a_link_of_another_tenant_asks_to_sign_in_there(site: Club, new_page: NewPage) -> None:
    """R-TEN-02: links in e-mails name their tenant; another tenant has none of their data."""
    other_address, page = "ada@gym.example", new_page(site.server.url)
    sign_up(page, site.mail, other_address, tenant=OTHER_TENANT)
    page.context.clear_cookies()
    sign_up(page, site.mail, "ada@example.org")
    page.goto(page_url(site.server.url, "billing.html", OTHER_TENANT))
    expect(page.locator("#notice")).to_contain_text("You are signed in to the organization default")
    expect(page.locator("#organization")).to_contain_text("You sign in to the organization gym")
    sign_in(page, other_address)
    page.wait_for_url("**/billing.html?tenant=gym")
    expect(page.locator("#main")).to_contain_text("No invoices yet")
    page.goto(page_url(site.server.url, "account.html", OTHER_TENANT))
    expect(page.locator("main")).to_contain_text("gym")
    page.goto(page_url(site.server.url, "account.html", DEFAULT_TENANT))
    expect(page.locator("#notice")).to_contain_text("Sign in to default to continue")
    sign_in(page, "ada@example.org")
    page.wait_for_url("**/account.html?tenant=default")
    expect(page.locator("h1")).to_have_text("Account")


def test_the_sign_up_page_of_another_tenant_has_its_own_policy(
    site: Club, new_page: NewPage
) -> None:
    """R-TEN-02: also for a user who is signed in elsewhere."""
    page = new_page(site.server.url)
    sign_up(page, site.mail, "eve@example.org")
    page.goto("/sign_up.html?tenant=guests")
    expect(page.locator("#joining")).to_contain_text("by invitation only")


def test_a_link_with_an_empty_tenant_opens_the_page(site: Club, new_page: NewPage) -> None:
    """R-TEN-02: nobody could sign in there."""
    page = new_page(site.server.url)
    sign_up(page, site.mail, "kim@example.org")
    page.goto("/account.html?tenant=")
    expect(page.locator("#profile")).to_contain_text("kim@example.org")
