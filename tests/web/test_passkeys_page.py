"""Passkeys on the pages, with Chromium's virtual authenticator."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from application.privacy import reauthentication
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.lost_answers import answer_lost
from tests.web.people import PASSWORD, sign_up
from tests.web.second_factors import ADDRESS, Club, appoint, sign_in, sign_out
from tests.web.server import opened

pytestmark = pytest.mark.slow


@pytest.fixture
def club(tmp_path: Path, video: Path) -> Iterator[Club]:
    with opened(tmp_path, video, sign_in="required") as server:
        yield Club(server, tmp_path / "mail")


def page_of(club: Club, new_page: NewPage) -> Page:
    """Open a page at `localhost`: browsers have no passkeys for addresses."""
    page = new_page(club.server.url.replace("127.0.0.1", "localhost"))
    page.set_viewport_size({"width": 390, "height": 844})
    return page


class VirtualAuthenticator:
    """A device in the browser that verifies its user, or not."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options: dict[str, Any] = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def verify_users(self, verifies: bool) -> None:  # noqa: FBT001  as in the protocol
        content = {"authenticatorId": self._id, "isUserVerified": verifies}
        self._session.send("WebAuthn.setUserVerified", content)

    def credentials(self) -> list[dict[str, Any]]:
        listed = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(listed["credentials"])


def test_an_administrator_adds_a_passkey_and_signs_in_with_it(
    club: Club, new_page: NewPage
) -> None:
    """R-IDN-18, R-TEN-06: instead of an authenticator app; then without a password."""
    page = page_of(club, new_page)
    device = VirtualAuthenticator(page)
    sign_up(page, club.mail, ADDRESS)
    sign_out(page)
    appoint(club.server)

    sign_in(page)
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Name of the passkey").fill("Ada's phone")
    device.verify_users(False)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#banner")).to_contain_text("No passkey was used")
    device.verify_users(True)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_be_focused()
    expect(page.locator("#codes li")).to_have_count(10)
    (credential,) = device.credentials()
    assert credential["isResidentCredential"]
    assert credential["rpId"] == "localhost"
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#profile")).to_contain_text("administrator")
    expect(page.locator("#factors")).to_contain_text("Passkey “Ada's phone”")
    assert violations(page) == []

    sign_out(page)
    assert violations(page) == []
    page.goto("/sign_in.html?return_to=/account.html")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#profile")).to_contain_text("administrator")
    page.reload()  # the refresh token is a cookie
    expect(page.locator("#profile")).to_contain_text("administrator")

    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_focused()
    expect(page.locator("#code-hint")).to_have_text("One of your recovery codes.")
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#profile")).to_contain_text("administrator")
    page.get_by_role("button", name="Rename passkey “Ada's phone”").click()
    page.get_by_role("textbox", name="Name of the passkey").fill("Ada's laptop")
    assert violations(page) == []
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("#factors")).to_contain_text("Passkey “Ada's laptop”")
    page.get_by_role("button", name="Rename passkey “Ada's laptop”").click()
    page.get_by_role("textbox", name="Name of the passkey").press("Escape")
    expect(page.get_by_role("button", name="Rename passkey “Ada's laptop”")).to_be_focused()
    with answer_lost(page, "**/second-factors/*"):
        page.get_by_role("button", name="Remove passkey “Ada's laptop”").click()
    page.get_by_role("button", name="Remove passkey “Ada's laptop”").click()
    expect(page.locator("#factors li")).to_have_count(0)


def test_another_factor_needs_a_recent_confirmation(
    club: Club, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: the page asks for the passkey, then continues."""
    page = page_of(club, new_page)
    VirtualAuthenticator(page)
    sign_up(page, club.mail, ADDRESS)
    page.goto("/account.html")
    page.get_by_role("link", name="Add a second factor").click()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#factors li")).to_have_count(1)
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(seconds=-1))
    page.get_by_role("link", name="Add a second factor").click()
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_focused()
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(minutes=10))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_focused()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#banner")).to_contain_text("already has a passkey")
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("#secret")).not_to_be_empty()
    assert PASSWORD not in page.content()


def test_a_name_that_is_typed_stays_while_another_factor_is_removed(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08, R-API-04: and the new name can be saved again after a lost answer."""
    page = page_of(club, new_page)
    VirtualAuthenticator(page)
    sign_up(page, club.mail, ADDRESS)
    page.goto("/second_factor.html?return_to=/account.html")
    page.get_by_label("Name of the passkey").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="I have saved them").click()
    add_app(page)
    page.get_by_role("button", name="Rename passkey “Phone”").click()
    name = page.get_by_role("textbox", name="Name of the passkey")
    name.fill("Ada's ph")
    page.get_by_role("button", name="Remove authenticator app").click()
    expect(page.locator("#factors > li")).to_have_count(1)
    expect(page.locator("#factors-title")).to_be_focused()
    expect(name).to_have_value("Ada's ph")
    name.fill("Ada's phone")
    save = page.get_by_role("button", name="Save name")
    with answer_lost(page, "**/second-factors/passkeys/*"):
        save.click()
    save.click()
    expect(page.locator("#factors")).to_contain_text("Passkey “Ada's phone”")
    expect(page.locator("#banner")).to_be_empty()
    page.get_by_role("button", name="Rename passkey “Ada's phone”").click()
    save.click()
    expect(name).to_be_hidden()
    expect(page.locator("#factors-title")).to_be_focused()


def add_app(page: Page) -> None:
    """Add an authenticator app from the account page."""
    page.get_by_role("link", name="Add a second factor").click()
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("#secret")).not_to_be_empty()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Add the app").click()
    page.wait_for_url("**/account.html")
    expect(page.locator("#factors > li")).to_have_count(2)
