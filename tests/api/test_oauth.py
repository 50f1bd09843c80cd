"""Sign-in at the pages of a real provider."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from pydantic import SecretStr

from application.platform import Platform
from application.privacy import reauthentication
from tests.api.browsing import (
    ADDRESS,
    FLOW,
    REFRESH,
    Browser,
    callback,
    other_browser,
    problem,
    settings_of,
    site,
)
from tests.api.people import PASSWORD, Person, Town
from tests.peers.oidc_provider import Back, OidcPeer, ProviderBrowser, oidc_peer


@pytest.fixture(scope="module")
def peer() -> Iterator[OidcPeer]:
    with oidc_peer(callback("acme"), callback("apple")) as running:
        yield running


@pytest.fixture
def town(tmp_path: Path, peer: OidcPeer) -> Iterator[Town]:
    with site(
        settings_of(tmp_path / "home", {"acme": peer.issuer, "apple": peer.issuer})
    ) as opened_site:
        yield opened_site


@pytest.fixture
def browser(town: Town) -> Iterator[Browser]:
    with closing(ProviderBrowser()) as theirs:
        yield Browser(town.client, theirs)


def events(platform: Platform) -> list[str]:
    return [fact.event.event_name for fact in platform.log.scan(after=0, limit=999)]


def changed(page: str, **fields: str) -> str:
    """Return an authorization URL with changed parameters."""
    parts = urlsplit(page)
    request_body = {**dict(parse_qsl(parts.query)), **fields}
    return parts._replace(query=urlencode(request_body)).geturl()


def test_sign_in_providers_are_listed(browser: Browser) -> None:
    """R-IDN-01: a new user chooses a provider first."""
    view = browser.ours.get("/v1/auth/providers").json()
    assert view["password"] is True
    assert view["providers"][0] == {"name": "acme", "signInPath": "/v1/auth/oauth/acme"}


def test_somebody_new_signs_in_by_way_of_a_provider(town: Town, browser: Browser) -> None:
    """R-IDN-02, R-IDN-05, R-IDN-09, R-IDN-12: account, events and return address in one flow."""
    answer = browser.sign_in("ada", returnTo="/sessions?week=3#chart")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sessions?week=3#chart")
    assert browser.user()["email"] == ADDRESS
    tokens = browser.refresh().json()
    assert (tokens["refreshToken"], tokens["user"]["username"]) == (None, "Ada")
    assert Person(town.client, "default", tokens).get("/v1/auth/me").json() == browser.user()
    browser.ours.cookies.clear()
    assert browser.sign_in("ada").status_code == 303
    assert browser.user()["id"] == tokens["user"]["id"]
    assert events(town.platform).count("user.created") == 1
    assert "user.email_verified" in events(town.platform)


def test_secrets_are_neither_in_urls_nor_readable_by_scripts(browser: Browser) -> None:
    """C-22: the refresh token is HttpOnly, bound to this host, and sent only by our pages."""
    page = browser.leave()
    request_body = dict(parse_qsl(urlsplit(page).query))
    assert (request_body["response_type"], request_body["code_challenge_method"]) == (
        "code",
        "S256",
    )
    kept = browser.ours.cookies[FLOW]
    assert request_body["state"] not in {"", kept}
    back = browser.theirs.sign_in(page, "ada")
    answer = browser.come_back(back)
    cookies = answer.headers.get_list("set-cookie")
    (refresh,) = [each for each in cookies if each.startswith(f"{REFRESH}=")]
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(refresh.split("; "))
    assert any(each.startswith(f'{FLOW}="";') and "Max-Age=0" in each for each in cookies)
    secret = refresh.partition("=")[2].partition(";")[0].partition(".")[2]
    assert secret
    assert secret not in answer.headers["Location"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_flow_state_is_kept_in_a_cookie(browser: Browser) -> None:
    answer = browser.ours.get("/v1/auth/oauth/acme")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    by_form = browser.ours.get("/v1/auth/oauth/apple").headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=none"} <= set(by_form.split("; "))


def test_apple_sends_people_back_by_a_form_and_tells_their_name_once(browser: Browser) -> None:
    """R-IDN-12"""
    back = browser.theirs.sign_in(browser.leave("apple"), "nobody")
    assert back.posted
    back.answer["user"] = '{"name": {"firstName": "Nora", "lastName": "Body"}}'
    answer = browser.come_back(back)
    assert answer.status_code == 303, answer.text
    assert browser.user()["username"] == "Nora Body"
    assert browser.user()["email"] is None


@pytest.mark.parametrize("user", ["[" * 1900, "null", '{"name": 1}', '{"name": {"lastName": 1}}'])
def test_an_unreadable_name_is_left_out(browser: Browser, user: str) -> None:
    """R-IDN-12: signing in does not depend on it."""
    back = browser.theirs.sign_in(browser.leave("apple"), "nobody")
    back.answer["user"] = user
    assert browser.come_back(back).status_code == 303
    assert browser.user()["username"] is None


def test_an_account_with_the_same_verified_address_is_not_linked(
    town: Town, browser: Browser
) -> None:
    """R-IDN-02: its owner links it, and is told."""
    ada = town.citizen(ADDRESS)
    assert problem(browser.sign_in("ada")) == (403, "auth.account_exists")
    assert browser.user() is None
    assert "did not get in" in " ".join(town.emails(ADDRESS)[-1].split())
    assert town.log_in(ada, ADDRESS).id == ada.id


def test_a_provider_is_offered_in_its_tenants_alone(town: Town, browser: Browser) -> None:
    """R-TEN-03, R-IDN-01."""
    town.exists("gym")
    offered = browser.ours.get("/v1/auth/providers", headers={"X-Tenant-ID": "gym"}).json()
    assert [each["name"] for each in offered["providers"]] == ["apple"]
    started = browser.ours.get("/v1/auth/oauth/acme?tenant=gym")
    assert problem(started) == (404, "auth.provider_unknown")


def test_linking_needs_a_recent_sign_in_or_the_password(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: a copied access token cannot add a way to sign in."""
    ada = town.citizen(ADDRESS)
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(seconds=-1))
    link = "/v1/auth/oauth/acme/link"
    token = {"provider": "acme", "idToken": "forged"}
    for path, body in ((link, None), ("/v1/auth/identities", token)):
        assert problem(ada.post(path, json=body)) == (403, "auth.reauthentication_needed"), path
    wrong = ada.post(link, json={"password": "wrong"})
    assert problem(wrong) == (403, "auth.wrong_password")
    assert ada.post(link, json={"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("stored", [ADDRESS, "bob@example.org"])
def test_an_address_that_the_provider_has_not_verified_is_refused(
    town: Town, browser: Browser, stored: str
) -> None:
    """R-IDN-18: the response is the same, whether or not the address has an account."""
    town.citizen(stored)
    before = events(town.platform)
    refused = browser.sign_in("eve")
    assert problem(refused) == (403, "auth.provider_email_unverified")
    assert browser.user() is None
    assert events(town.platform) == before


def test_another_person_of_the_provider_does_not_get_the_account(browser: Browser) -> None:
    browser.sign_in("ada")
    ada = browser.user()["id"]
    browser.ours.cookies.clear()
    with closing(ProviderBrowser()) as another:
        browser.theirs = another
        browser.sign_in("countess")
    assert browser.user()["id"] != ada
    assert browser.user()["email"] is None


def test_a_tenant_is_named_in_the_link(town: Town, browser: Browser) -> None:
    """R-TEN-02: the provider redirects back into the tenant of the flow."""
    town.exists("gym")
    browser.sign_in("ada", "apple", tenant="gym")
    assert browser.user()["tenantId"] == "gym"


def test_an_unknown_state_is_refused(browser: Browser) -> None:
    back = browser.theirs.sign_in(browser.leave(), "ada")
    back.answer["state"] += "x"
    assert problem(browser.come_back(back)) == (422, "auth.flow_refused")
    assert browser.user() is None


def test_a_flow_started_in_another_browser_is_refused(town: Town, browser: Browser) -> None:
    """Login CSRF: an attacker cannot sign a victim's browser in to the attacker's account."""
    back = browser.theirs.sign_in(browser.leave(), "ada")
    for victim in (other_browser(town), other_browser(town)):
        answer = Browser(victim, browser.theirs).come_back(back)
        assert problem(answer) == (422, "auth.flow_refused")
        victim.get("/v1/auth/oauth/acme")  # also while their own flow is open
        assert problem(Browser(victim, browser.theirs).come_back(back))[0] == 422


def test_a_forged_or_foreign_cookie_is_refused(town: Town, browser: Browser) -> None:
    ada = town.citizen()
    back = browser.theirs.sign_in(browser.leave(), "ada")
    for forged in ("", "x", "a.b.c", ada.tokens["accessToken"], browser.ours.cookies[FLOW][:-2]):
        client = other_browser(town)
        client.cookies.set(FLOW, forged)
        answer = Browser(client, browser.theirs).come_back(back)
        assert problem(answer) == (422, "auth.flow_refused"), forged
    bearer = {"Authorization": f"Bearer {browser.ours.cookies[FLOW]}"}
    assert browser.ours.get("/v1/sessions", headers=bearer).status_code == 401


def test_a_flow_of_one_provider_is_refused_by_another(browser: Browser) -> None:
    back = browser.theirs.sign_in(browser.leave(), "ada")
    mixed = Back(callback("apple"), back.answer, posted=False)
    assert problem(browser.come_back(mixed)) == (422, "auth.flow_refused")


def test_an_answer_in_the_name_of_another_issuer_is_refused(browser: Browser) -> None:
    """RFC 9207: a provider that announces its issuer must name it in each response."""
    for issuer in ("https://eve.example", None):
        back = browser.theirs.sign_in(browser.leave(), "ada")
        back.answer.pop("iss")
        if issuer is not None:
            back.answer["iss"] = issuer
        assert problem(browser.come_back(back)) == (401, "auth.code_refused")


def test_an_unknown_nonce_is_refused(browser: Browser) -> None:
    page = changed(browser.leave(), nonce="another")
    refused = browser.come_back(browser.theirs.sign_in(page, "ada"))
    assert problem(refused) == (401, "auth.id_token_refused")


def test_a_code_for_another_pkce_challenge_is_rejected(browser: Browser) -> None:
    """The provider compares our verifier with the challenge (PKCE)."""
    page = changed(browser.leave(), code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    refused = browser.come_back(browser.theirs.sign_in(page, "ada"))
    assert problem(refused) == (401, "auth.code_refused")


def test_a_code_works_once(town: Town, browser: Browser) -> None:
    back = browser.theirs.sign_in(browser.leave(), "ada")
    copied = browser.ours.cookies[FLOW]
    answer = browser.come_back(back)
    assert answer.status_code == 303, answer.text
    thief = other_browser(town)
    thief.cookies.set(FLOW, copied)
    replayed = Browser(thief, browser.theirs).come_back(back)
    assert problem(replayed) == (401, "auth.code_refused")
    assert REFRESH not in thief.cookies


def test_declining_at_the_provider_does_not_sign_in(browser: Browser) -> None:
    back = browser.theirs.cancel(browser.leave(returnTo="/sessions?week=3"))
    assert back.answer["error"] == "access_denied"
    answer = browser.come_back(back, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sessions?week=3&signInProblem=auth.sign_in_cancelled"
    again = browser.theirs.cancel(browser.leave())
    assert problem(browser.come_back(again)) == (403, "auth.sign_in_cancelled")
    assert browser.user() is None


ELSEWHERE = (
    "https://eve.example", "//eve.example", "/\\eve.example", "\\\\eve.example", "eve.example",
    "javascript:alert(1)", "/\t/eve.example", "/\n/eve.example", " //eve.example", "",
    "/é", "/" + "x" * 600,
)  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"tenant": "nowhere"}])
@pytest.mark.parametrize("provider", ["acme", "github"])
def test_redirects_to_other_sites_are_refused(
    browser: Browser, provider: str, more: dict[str, str]
) -> None:
    """Also if the provider or the tenant does not exist."""
    for elsewhere in ELSEWHERE:
        request_body = {"returnTo": elsewhere, **more}
        path = f"/v1/auth/oauth/{provider}"
        answer = browser.ours.get(path, params=request_body)
        assert problem(answer) == (422, "auth.return_path_refused"), elsewhere
        html = {"Accept": "text/html"}
        page = browser.ours.get(path, params=request_body, headers=html)
        assert page.headers["Location"] == "/sign_in.html?signInProblem=auth.return_path_refused"


def test_an_unconfigured_provider_returns_404(browser: Browser) -> None:
    for path in ("github", "google", "email"):
        answer = browser.ours.get(f"/v1/auth/oauth/{path}")
        assert problem(answer) == (404, "auth.provider_unknown")


def test_an_unavailable_provider_is_not_called_for_a_while(tmp_path: Path) -> None:
    """R-EVT-20: other providers and passwords are not delayed."""
    with (
        oidc_peer(callback("acme")) as peer,
        site(settings_of(tmp_path, {"acme": peer.issuer})) as town,
    ):
        with closing(ProviderBrowser()) as theirs:
            browser = Browser(town.client, theirs)
            back = theirs.sign_in(browser.leave(), "ada")
            peer.stop()
            kept = browser.ours.cookies[FLOW]
            for _ in range(5):
                browser.ours.cookies.set(FLOW, kept, domain="kinelog.example")
                down = browser.come_back(back)
                assert problem(down) == (503, "auth.provider_unavailable")
                assert down.headers["Retry-After"]
        providers: Any = town.platform.accounts().oauth.providers
        assert providers._breakers["acme"]().context.state == "opened"
        assert town.citizen().get("/v1/auth/me").status_code == 200


def test_a_misconfigured_provider_signs_in_nobody(tmp_path: Path, peer: OidcPeer) -> None:
    """Its issuer differs from the configured one, or it does not accept our secret."""
    renamed = peer.issuer.replace("127.0.0.1", "localhost")
    settings = settings_of(tmp_path, {"acme": renamed, "apple": peer.issuer})
    settings.oidc["apple"].client_secret = SecretStr("another")
    with site(settings) as town, closing(ProviderBrowser()) as theirs:
        browser = Browser(town.client, theirs)
        answer = browser.ours.get("/v1/auth/oauth/acme")
        assert problem(answer) == (503, "auth.provider_unavailable")
        assert problem(browser.sign_in("ada", "apple")) == (503, "auth.provider_unavailable")
        assert events(town.platform) == []


def test_a_page_links_a_provider_and_unlinks_it(town: Town, browser: Browser) -> None:
    """R-IDN-12: the last sign-in method cannot be removed."""
    eve = town.citizen("eve@example.org")
    request_body = eve.post("/v1/auth/oauth/acme/link?returnTo=/account")
    back = browser.theirs.sign_in(request_body.json()["location"], "ada")
    answer = browser.come_back(back)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert REFRESH not in browser.ours.cookies, "who links has tokens already"
    assert eve.get("/v1/auth/identities").json() == {"password": True, "providers": ["acme"]}
    browser.sign_in("ada")
    assert browser.user()["id"] == eve.id
    assert eve.ask("DELETE", "/v1/auth/identities/acme").status_code == 204
    assert eve.get("/v1/auth/identities").json()["providers"] == []
    nora = Person(town.client, "default", {})
    browser.sign_in("nobody")
    nora.tokens = browser.refresh().json()
    last = nora.ask("DELETE", "/v1/auth/identities/acme")
    assert problem(last) == (409, "user.last_way_to_sign_in")


def test_the_mail_address_cannot_be_unlinked_as_a_provider(town: Town) -> None:
    ada = town.citizen(ADDRESS)
    assert ada.ask("DELETE", "/v1/auth/identities/email").status_code == 422
    assert town.log_in(ada, ADDRESS).id == ada.id


def test_signing_out_cancels_linking(town: Town, browser: Browser) -> None:
    eve = town.citizen("eve@example.org")
    page = eve.post("/v1/auth/oauth/acme/link").json()["location"]
    eve.post("/v1/auth/logout")
    refused = browser.come_back(browser.theirs.sign_in(page, "ada"))
    assert problem(refused) == (401, "auth.sign_in_ended")
    assert "user.identity_linked" not in events(town.platform)
