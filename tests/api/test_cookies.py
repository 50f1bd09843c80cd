"""Refresh tokens of web pages are kept in cookies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.browsing import (
    ADDRESS,
    HERE,
    REFRESH,
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
    assert page.get("/v1/auth/session").json()["user"]["id"] == ada.id
    assert page.get("/v1/auth/session").json()["user"]["id"] == ada.id, "it is not used up"
    renewed = page.post("/v1/auth/refresh?mode=cookie", headers=HERE)
    assert (renewed.status_code, renewed.json()["user"]["id"]) == (200, ada.id)
    assert page.cookies[REFRESH] != first
    mine = {"Authorization": f"Bearer {renewed.json()['accessToken']}"}
    assert page.post("/v1/auth/logout", headers=mine).status_code == 204
    assert REFRESH not in page.cookies
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
    assert REFRESH not in page.cookies, "a cookie that is worth nothing is not kept"


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
