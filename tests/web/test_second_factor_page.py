"""Second factors on the pages: staff have to add one, and then sign in with it."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.second_factors import ADDRESS, Club, appoint, sign_in, sign_out
from tests.web.server import opened


@pytest.fixture
def club(tmp_path: Path, video: Path) -> Iterator[Club]:
    with opened(tmp_path, video, sign_in="required") as server:
        yield Club(server, tmp_path / "mail")


def lose_answer(route: Route) -> None:
    """Let the server process a request whose answer does not arrive."""
    route.fetch()
    route.abort("internetdisconnected")


def remove_the_app_while_codes_are_replaced(page: Page) -> None:
    """The list that was loaded before the removal arrives last, and is not shown."""
    delayed: list[tuple[Route, APIResponse]] = []
    page.route("**/second-factors", lambda route: delayed.append((route, route.fetch())), times=1)
    replaced: list[str] = []
    page.on(
        "request",
        lambda sent: replaced.append(sent.method) if "/recovery-codes" in sent.url else None,
    )
    page.get_by_role("button", name="Replace the recovery codes").dblclick()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    assert replaced == ["POST"], "a second press voids the codes that are shown"
    page.get_by_role("button", name="Remove authenticator app").click()
    expect(page.locator("#factors li")).to_have_count(0)
    ((route, with_the_app),) = delayed
    with page.expect_event("requestfinished"):
        route.fulfill(response=with_the_app)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#factors li")).to_have_count(0)


def test_an_administrator_adds_an_app_and_signs_in_with_it(club: Club, new_page: NewPage) -> None:
    """R-IDN-18, R-TEN-06: from the first sign-in to recovery codes, on a phone."""
    page = new_page(club.server.url)
    page.set_viewport_size({"width": 390, "height": 844})
    sign_up(page, club.mail, ADDRESS)
    sign_out(page)
    appoint(club.server)

    sign_in(page)
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_focused()
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("#secret")).not_to_be_empty()
    assert page.evaluate("document.getElementById('qr').naturalWidth") > 0
    assert violations(page) == []
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code of the app").fill("000000x")
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator("#banner")).to_contain_text("This code is wrong")
    page.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
    page.route("**/confirmation", lose_answer, times=1)
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator("#banner")).to_contain_text("Try again")
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_be_focused()
    codes = page.locator("#codes li").all_inner_texts()
    assert len(codes) == 10
    assert violations(page) == []
    page.get_by_role("link", name="I have saved them").click()
    expect(page.locator("#profile")).to_contain_text("administrator")
    expect(page.locator("#factors")).to_contain_text("Authenticator app")
    assert violations(page) == []

    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_focused()
    assert violations(page) == []
    page.goto("/history.html")  # no other page opens before
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/history.html")
    page.goto("/account.html")
    expect(page.locator("#codes-left")).to_have_text("9 recovery codes left")
    remove_the_app_while_codes_are_replaced(page)
