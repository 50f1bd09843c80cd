"""Pages whose sign-in changes in another tab or on another device."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.people import PASSWORD, SIGN_IN, sign_in, sign_in_in_another_tab, sign_up
from tests.web.server import PlatformServer, opened
from tests.web.training import completed
from tests.web.waiting import until

ADD_APP: Final = """async () => {
  const { send } = await import("/static/src/api/client.js");
  return send("POST", "/v1/auth/second-factors/app");
}"""
CONFIRM_APP: Final = """async ([id, code]) => {
  const { send } = await import("/static/src/api/client.js");
  const path = `/v1/auth/second-factors/app/${id}/confirmation`;
  await send("POST", path, { code }, { "Idempotency-Key": crypto.randomUUID() });
}"""
RENEW: Final = """async () => {
  const { renew } = await import("/static/src/api/credentials.js");
  return renew();
}"""
END_SIGN_IN: Final = """async () => {
  const { send } = await import("/static/src/api/client.js");
  await send("POST", "/v1/auth/logout-everywhere");
}"""
USERNAME: Final = """async () => {
  const { request } = await import("/static/src/api/client.js");
  return (await request("/v1/me/profile")).username;
}"""

Club = tuple[PlatformServer, Path]


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    """A server that requires sign-in, and its folder of messages."""
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as server:
        yield server, tmp_path / "mail"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def count_two_by_hand(page: Page) -> None:
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    press(page, "Count manually")
    press(page, "Start set")
    press(page, "+1 repetition")
    press(page, "+1 repetition")
    expect(page.locator(".count-number")).to_have_text("2")


def test_a_second_factor_of_another_device_loses_no_repetition(
    club: Club, new_page: NewPage
) -> None:
    """R-LIV-10: the page keeps everything until the sign-in is confirmed in another tab."""
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, "ada@example.org")
    count_two_by_hand(page)
    laptop = new_page(server.url)
    laptop.goto("/healthz")
    laptop.evaluate(SIGN_IN, ["ada@example.org", PASSWORD])
    app = laptop.evaluate(ADD_APP)
    secret = pyotp.TOTP(app["secret"])
    laptop.evaluate(CONFIRM_APP, [app["id"], secret.now()])
    until(page, RENEW)  # as when the access token expires

    press(page, "+1 repetition")
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Your counted repetitions are kept.")
    expect(banner).to_contain_text("Confirm your sign-in in another tab, then continue here.")
    press(page, "+1 repetition")
    with page.expect_popup() as opening:
        banner.get_by_role("link", name="Confirm your sign-in").click()
    tab = opening.value
    tab.get_by_label("Code", exact=True).fill(secret.at(int(_now(tab)) + 30))
    tab.get_by_role("button", name="Confirm", exact=True).click()
    tab.wait_for_url(server.url + "/")
    press(page, "Continue")
    press(page, "Stop set")
    press(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("4 repetitions")
    assert [each.repetitions for each in completed(server)] == [4]


def test_a_training_goes_on_after_signing_in_again(club: Club, new_page: NewPage) -> None:
    """R-LIV-10: by the link of the banner, because an installed app has no other tabs."""
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, "eve@example.org")
    count_two_by_hand(page)
    page.evaluate(END_SIGN_IN)

    press(page, "+1 repetition")
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Sign in again in another tab, then continue here.")
    with page.expect_popup() as opening:
        banner.get_by_role("link", name="Sign in").click()
    sign_in(opening.value, "eve@example.org")
    opening.value.wait_for_url(server.url + "/")
    press(page, "Continue")
    press(page, "Stop set")
    press(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("3 repetitions")
    assert [each.repetitions for each in completed(server)] == [3]


def test_a_finished_workout_is_kept_while_another_user_is_signed_in(
    club: Club, new_page: NewPage
) -> None:
    """R-LIV-10: it is sent once the athlete has signed in again."""
    server, mail = club
    sign_up(new_page(server.url), mail, "bob@example.org")
    page = new_page(server.url)
    sign_up(page, mail, "ada@example.org")
    count_two_by_hand(page)
    sign_in_in_another_tab(page, server.url, "bob@example.org")
    let_token_expire(page)
    banner = page.locator("#banner")
    press(page, "Stop set")
    press(page, "Dismiss")  # of the banner about the set
    press(page, "Finish session")
    expect(banner).to_contain_text("Somebody else is signed in here now.")
    expect(banner).to_contain_text("Your counted repetitions are kept.")
    assert completed(server) == []

    sign_in_in_another_tab(page, server.url, "ada@example.org")
    press(page, "Continue")
    press(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("2 repetitions")
    assert [each.repetitions for each in completed(server)] == [2]


def test_a_page_does_not_write_into_the_account_of_another_user(
    club: Club, new_page: NewPage
) -> None:
    """R-TEN-01: who signs in in another tab is not the user of the pages that are open."""
    server, mail = club
    bob = new_page(server.url)
    sign_up(bob, mail, "bob@example.org")
    page = new_page(server.url)
    sign_up(page, mail, "ada@example.org")
    page.goto("/account.html")
    expect(page.locator("#account")).not_to_have_attribute("aria-busy", "true")
    sign_in_in_another_tab(page, server.url, "bob@example.org")
    let_token_expire(page)

    page.locator("#username").fill("Ada Lovelace")
    page.locator("#profile-form button[type=submit]").click()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Somebody else is signed in here now.")
    expect(banner).to_contain_text("Reload this page to go on with that account")
    expect(page.locator("#username")).to_have_value("Ada Lovelace")
    assert bob.evaluate(USERNAME) != "Ada Lovelace"

    sign_in_in_another_tab(page, server.url, "ada@example.org")
    page.locator("#profile-form button[type=submit]").click()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    assert page.evaluate(USERNAME) == "Ada Lovelace"
    assert bob.evaluate(USERNAME) != "Ada Lovelace"


def let_token_expire(page: Page) -> None:
    """Refuse the token of the page from now on, as after ten minutes."""
    refusal = {"code": "auth.token_refused", "title": "Sign in."}
    expired: list[str] = []

    def answer(route: Route) -> None:
        token = route.request.headers.get("authorization", "")
        expired.extend([token] if token and not expired else [])
        if token in expired:
            route.fulfill(status=401, json=refusal)
        else:
            route.continue_()

    page.route("**/v1/**", answer)


def _now(page: Page) -> float:
    found: Any = page.evaluate("Date.now() / 1000")
    return float(found)
