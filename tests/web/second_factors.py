"""Staff who sign in with a second factor."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from tests.web.people import PASSWORD
from tests.web.server import PlatformServer

ADDRESS = "ada@example.org"


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, and its folder of messages."""

    server: PlatformServer
    mail: Path


def appoint(server: PlatformServer) -> None:
    """Make the registered user the administrator of the tenant."""
    services = server.platform.accounts()
    user_id = services.identities.find(DEFAULT_TENANT, "email", ADDRESS)
    assert user_id is not None
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    services.administration.create_tenant("Club", user_id, origin=origin, command_id=uuid4())


def sign_in(page: Page) -> None:
    page.goto("/sign_in.html?return_to=/account.html")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/account.html")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
