"""Refresh tokens of web pages are kept in cookies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.browsing import (
    ADDRESS,
    DEVICE,
    HERE,
    PROOF,
    REFRESH,
    SIGNED_IN,
    other_browser,
    problem,
    settings_of,
    site,
)
from tests.api.people import PASSWORD, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with site(settings_of(tmp_path / "home", {})) as opened:
        yield opened


def test_a_page_signs_in_without_holding_a_refresh_token(town: Town) -> None:
    """C-22, R-IDN-08, R-IDN-09: the page holds a short-lived access token, its browser the rest."""
    ada = town.citizen(ADDRESS)
    page, body = other_browser(town), {"email": ADDRESS, "password": PASSWORD}
    answer = page.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    assert (answer.status_code, answer.json()["refreshToken"]) == (200, None)
    first = page.cookies[REFRESH]
    (readable,) = [each for each in answer.headers.get_list("set-cookie") if SIGNED_IN in each]
    assert "HttpOnly" not in readable
    assert first not in readable
    assert page.get("/v1/auth/session").json()["user"]["id"] == ada.id
    assert page.get("/v1/auth/session").json()["user"]["id"] == ada.id, "it is not used up"
    renewed = page.post("/v1/auth/refresh?mode=cookie", headers=HERE)
    assert (renewed.status_code, renewed.json()["user"]["id"]) == (200, ada.id)
    assert page.cookies[REFRESH] != first
    mine = {"Authorization": f"Bearer {renewed.json()['accessToken']}"}
    assert page.cookies[SIGNED_IN] == "yes"
    assert page.post("/v1/auth/logout", headers=mine).status_code == 204
    assert not {REFRESH, SIGNED_IN} & set(page.cookies)
    assert page.get("/v1/auth/session").json() == {"user": None}


def test_two_tabs_that_ask_together_both_get_on(town: Town) -> None:
    """C-22: a later copy of the token ends the sign-in, as elsewhere."""
    town.citizen(ADDRESS)
    page, body = other_browser(town), {"email": ADDRESS, "password": PASSWORD}
    page.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    shared = page.cookies[REFRESH]
    for _ in range(2):
        page.cookies.set(REFRESH, shared, domain="kinelog.example")
        assert page.post("/v1/auth/refresh?mode=cookie", headers=HERE).status_code == 200
    stolen = {"refreshToken": shared}
    assert page.post("/v1/auth/refresh", json=stolen).status_code == 401
    ended = page.post("/v1/auth/refresh?mode=cookie", headers=HERE)
    assert problem(ended) == (401, "auth.sign_in_ended")
    gone = {REFRESH, SIGNED_IN} & set(page.cookies)
    assert not gone, "a cookie that is worth nothing is not kept"


def test_pages_of_other_sites_get_no_cookie_and_use_none(town: Town) -> None:
    """C-22: protection from cross-site requests."""
    town.citizen(ADDRESS)
    page, body = other_browser(town), {"email": ADDRESS, "password": PASSWORD}
    page.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    before = page.cookies[REFRESH]
    bodies = {
        "login": body,
        "refresh": None,
        "verify-email": {"token": "x"},
        "exchange": {"provider": "google", "idToken": "x"},
    }
    for origin in ("https://eve.example", "http://kinelog.example", "null", None):
        headers = {} if origin is None else {"Origin": origin}
        for path, sent in bodies.items():
            refused = page.post(f"/v1/auth/{path}?mode=cookie", json=sent, headers=headers)
            assert problem(refused) == (403, "auth.cross_site"), (path, origin)
    assert page.cookies[REFRESH] == before
    assert page.post("/v1/auth/refresh?mode=cookie", headers=HERE).status_code == 200


def registered(town: Town, address: str, browser: TestClient, **headers: str) -> dict[str, Any]:
    """Register an address in a browser; gives the body that verifies it."""
    body = {"email": address, "password": PASSWORD}
    assert browser.post("/v1/auth/register", json=body, headers=headers).status_code == 202
    return {"token": town.token(address)}


def test_the_browser_that_registered_verifies_without_the_password(town: Town) -> None:
    """R-IDN-07, R-IDN-18"""
    page = other_browser(town)
    link = registered(town, ADDRESS, page, **HERE)
    elsewhere = other_browser(town).post("/v1/auth/verify-email", json=link, headers=HERE)
    assert problem(elsewhere) == (403, "auth.password_needed")
    seen = page.post("/v1/auth/verification-link", json=link, headers=HERE).json()
    assert seen == {"email": ADDRESS, "needsPassword": False, "signedInAs": None}
    answer = page.post("/v1/auth/verify-email?mode=cookie", json=link, headers=HERE)
    assert answer.status_code == 200
    assert PROOF not in page.cookies


@pytest.mark.parametrize("origin", [None, "https://evil.example"])
def test_a_registration_by_another_site_gives_the_browser_no_proof(
    town: Town, origin: str | None
) -> None:
    """R-IDN-18: somebody else chose the password."""
    page = other_browser(town)
    link = registered(town, ADDRESS, page, **({} if origin is None else {"Origin": origin}))
    assert PROOF not in page.cookies
    answer = page.post("/v1/auth/verify-email", json=link, headers=HERE)
    assert problem(answer) == (403, "auth.password_needed")


def test_a_link_replaces_no_other_sign_in_silently(town: Town) -> None:
    """R-IDN-18: somebody could otherwise sign a victim in to an account of their own."""
    town.citizen("bob@example.org")
    page = other_browser(town)
    bob = {"email": "bob@example.org", "password": PASSWORD}
    page.post("/v1/auth/login?mode=cookie", json=bob, headers=HERE)
    link = registered(town, ADDRESS, other_browser(town)) | {"password": PASSWORD}
    before = page.cookies[REFRESH]
    seen = page.post("/v1/auth/verification-link", json={"token": link["token"]}, headers=HERE)
    assert seen.json()["signedInAs"] == "bob@example.org"
    answer = page.post("/v1/auth/verify-email?mode=cookie", json=link, headers=HERE)
    assert problem(answer) == (409, "auth.signed_in_as_another")
    assert page.cookies[REFRESH] == before
    wanted = link | {"replaceSignIn": True}
    answer = page.post("/v1/auth/verify-email?mode=cookie", json=wanted, headers=HERE)
    assert answer.json()["user"]["email"] == ADDRESS


def test_a_browser_that_signed_in_before_is_not_delayed_by_others(town: Town) -> None:
    """R-IDN-18: behind the same network address."""
    town.citizen(ADDRESS)
    body, page = {"email": ADDRESS, "password": PASSWORD}, other_browser(town)
    page.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    assert DEVICE in page.cookies
    other = other_browser(town)
    wrong = body | {"password": "seven loud narwhals 1872"}
    statuses = [other.post("/v1/auth/login", json=wrong).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert problem(other.post("/v1/auth/login", json=body)) == (429, "auth.too_many_attempts")
    assert page.post("/v1/auth/login?mode=cookie", json=body, headers=HERE).status_code == 200


def test_e_mails_to_one_address_are_limited(tmp_path: Path) -> None:
    """R-API-08: the response does not reveal whether an e-mail was sent."""
    settings = settings_of(tmp_path / "limited", {}).model_copy(update={"emails_per_hour": 2})
    with site(settings) as town:
        body = {"email": ADDRESS, "password": PASSWORD}
        for _ in range(4):
            assert town.post("/v1/auth/register", body).status_code == 202
            assert town.post("/v1/auth/verification", {"email": ADDRESS}).status_code == 202
        assert len(town.emails(ADDRESS)) == 2
        for _ in range(4):
            assert town.post("/v1/auth/forgot-password", {"email": ADDRESS}).status_code == 202
        assert len(town.emails(ADDRESS)) == 4
