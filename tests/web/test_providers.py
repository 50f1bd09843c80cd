"""Signing in through the page of a real OpenID provider, or cancelling there."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from bootstrap.settings import OidcSettings
from tests.peers.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcPeer, oidc_peer
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.lost_answers import answer_lost
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

FONTS = "https://fonts.googleapis.com/"
"""Fonts of the provider's pages; the test answers these requests."""


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, its folder of messages, and the provider of its members."""

    server: PlatformServer
    mail: Path
    provider: OidcPeer


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    """`acme` is running; `gone` has been stopped."""
    home, started = tmp_path_factory.mktemp("club"), list[OidcPeer]()
    with ExitStack() as stack:

        def providers(url: str) -> Mapping[str, OidcSettings]:
            callbacks = (f"{url}/v1/auth/oauth/{name}/callback" for name in ("acme", "gone"))
            started.extend(stack.enter_context(oidc_peer(callback)) for callback in callbacks)
            started[1].stop()
            return {"acme": client_of(started[0]), "gone": client_of(started[1])}

        server = stack.enter_context(opened(home, video, sign_in="required", providers=providers))
        yield Club(server, home / "mail", started[0])


def client_of(peer: OidcPeer) -> OidcSettings:
    return OidcSettings(
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        issuer=peer.issuer,
        scope="openid email profile",
    )


@pytest.fixture
def page(club: Club, new_page: NewPage) -> Page:
    """A page of a new browser without cookies."""
    fresh = new_page(club.server.url, also=(club.provider.issuer, FONTS))
    fresh.route(f"{FONTS}**", lambda route: route.fulfill(content_type="text/css", body=""))
    return fresh


def sign_in_there(page: Page, club: Club, login: str) -> None:
    """Fill in the provider's forms, and follow its redirect."""
    expect(page.get_by_placeholder("Enter any login")).to_be_visible()
    assert page.url.startswith(club.provider.issuer)
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("x")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_signing_in_with_a_provider_lists_it_in_the_account(club: Club, page: Page) -> None:
    """R-IDN-01, R-IDN-02, R-IDN-12: there and back, to the requested page."""
    page.goto("/account.html")
    page.get_by_role("link", name="Continue with Acme").click()
    sign_in_there(page, club, "ada")
    expect(page.locator("h1")).to_have_text("Account")
    expect(page).to_have_url(f"{club.server.url}/account.html")
    expect(page.locator("#profile")).to_contain_text("ada@example.org")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ada")
    expect(page.locator("#sign-in-methods")).to_contain_text("No password set")
    expect(page.locator("#sign-in-methods")).to_contain_text("Acme: linked")
    page.get_by_role("button", name="Unlink Acme").click()
    expect(page.locator("#banner")).to_contain_text("An account needs a sign-in method")
    assert violations(page) == []


def test_cancelling_at_the_provider_is_reported_and_other_ways_stay_open(
    club: Club, page: Page
) -> None:
    """R-IDN-02, R-UIX-06."""
    page.goto("/account.html")
    page.get_by_role("link", name="Continue with Acme").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#banner")).to_contain_text("canceled at the provider")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page).to_have_url(f"{club.server.url}/sign_in.html?return_to=%2Faccount.html")
    assert page.context.cookies(club.server.url) == []
    page.get_by_role("link", name="Continue with Acme").click()
    sign_in_there(page, club, "ada")
    expect(page.locator("h1")).to_have_text("Account")


def test_an_unverified_provider_account_is_reported(club: Club, page: Page) -> None:
    """R-IDN-02: eve's address is not verified by the provider, so it proves nothing."""
    page.goto("/sign_in.html")
    page.get_by_role("link", name="Continue with Acme").click()
    sign_in_there(page, club, "eve")
    expect(page.locator("#banner")).to_contain_text("has not verified your e-mail address")
    expect(page.get_by_role("button", name="Sign in")).to_be_enabled()


def test_an_unavailable_provider_returns_to_the_page_with_a_message(page: Page) -> None:
    """R-UIX-06: other ways to sign in still work."""
    page.goto("/sign_in.html")
    page.get_by_role("link", name="Continue with Gone").click()
    expect(page.locator("#banner")).to_contain_text("not available at the moment")
    expect(page.get_by_role("link", name="Continue with Acme")).to_be_visible()
    assert violations(page) == []


@pytest.mark.slow
def test_a_user_with_a_password_links_and_unlinks_a_provider(club: Club, page: Page) -> None:
    """R-IDN-12, R-UIX-08, R-API-04: unlinking can be repeated after a lost answer."""
    sign_up(page, club.mail, "bob@example.org")
    page.goto("/account.html")
    page.get_by_role("button", name="Link Acme").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#banner")).to_contain_text("No sign-in method was added.")
    page.get_by_role("button", name="Link Acme").click()
    sign_in_there(page, club, "nobody")
    expect(page.locator("#sign-in-methods")).to_contain_text("Acme: linked")
    unlink = page.get_by_role("button", name="Unlink Acme")
    with answer_lost(page, "**/v1/auth/identities/acme"):
        unlink.click()
    unlink.click()
    expect(page.locator("#sign-in-methods")).to_contain_text("Acme: not linked")
    expect(page.locator("#banner")).to_be_empty()
