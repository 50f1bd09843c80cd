"""The second click of a double click and a held Enter key change nothing more (R-UIX-07)."""

from playwright.sync_api import Locator, Page, Request, expect

from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.lost_answers import answer_lost
from tests.web.people import PASSWORD, sign_in
from tests.web.server import PlatformServer

__all__ = ["club"]


def click(page: Page, button: Locator, clicks: int) -> None:
    """Press the mouse on a button, as the given click of a row of clicks."""
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down(click_count=clicks)
    page.mouse.up(click_count=clicks)


def count_requests(page: Page, method: str, path: str) -> list[str]:
    """Return the list to which the URL of each such request is added."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == method and path in request.url:
            sent.append(request.url)

    page.on("request", note)
    return sent


def test_a_double_click_makes_one_invitation(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: also if the link is shown before the second click; a later press makes another."""
    page = new_page(club.server.url)
    club.trainer(page, "twice@example.org")
    page.goto("/athletes.html")
    expect(page.locator("#content:not([aria-busy])")).to_be_visible()
    sent = count_requests(page, "POST", "/v1/athlete-invitations")
    make = page.get_by_role("button", name="Make a link")
    click(page, make, 1)
    shown = page.locator("#invited .link")
    first = shown.inner_text()
    click(page, make, 2)
    page.wait_for_timeout(300)
    assert len(sent) == 1
    make.click()
    expect(shown).not_to_have_text(first)
    assert len(sent) == 2


def test_a_double_click_signs_out_one_device(club: Club, new_page: NewPage) -> None:
    """Not the next one, which takes its place in the list."""
    page = new_page(club.server.url)
    club.member(page, "devices@example.org")
    for _ in range(3):
        device = new_page(club.server.url)
        device.goto("/sign_in.html")
        with device.expect_response("**/v1/auth/login*") as signed_in:
            sign_in(device, "devices@example.org")
        assert signed_in.value.ok
    page.goto("/account.html")
    buttons = page.locator("#sign-ins button")
    expect(buttons).to_have_count(3)
    buttons.first.scroll_into_view_if_needed()
    sent = count_requests(page, "DELETE", "/v1/auth/sign-ins/")
    click(page, buttons.first, 1)
    expect(buttons).to_have_count(2)
    click(page, buttons.first, 2)
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_device_is_signed_out_again_after_a_lost_answer(club: Club, new_page: NewPage) -> None:
    """R-API-04"""
    page, device = new_page(club.server.url), new_page(club.server.url)
    club.member(page, "lost@example.org")
    device.goto("/sign_in.html")
    with device.expect_response("**/v1/auth/login*"):
        sign_in(device, "lost@example.org")
    page.goto("/account.html")
    button = page.locator("#sign-ins button")
    with answer_lost(page, "**/v1/auth/sign-ins/*"):
        button.click()
    button.click()
    expect(button).to_have_count(0)
    expect(page.locator("#banner")).to_be_empty()


def test_a_password_that_may_be_changed_is_said_to_be(club: Club, new_page: NewPage) -> None:
    """R-UIX-06: the change ends all sign-ins, so the page cannot send it again."""
    page = new_page(club.server.url)
    club.member(page, "password@example.org")
    page.goto("/account.html")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("four quiet walruses 1872")
    change, banner = page.get_by_role("button", name="Change password"), page.locator("#banner")
    with answer_lost(page, "**/v1/auth/change-password"):
        change.click()
        expect(banner).to_contain_text("Your password may have been changed.")
    change.click()
    expect(banner.get_by_role("link", name="Sign in")).to_be_visible()
    expect(banner).to_contain_text("Your password may have been changed.")
    expect(banner).not_to_contain_text("save again")


def test_a_held_enter_key_presses_a_button_once(server: PlatformServer, new_page: NewPage) -> None:
    page = new_page(server.url)
    page.goto("/session_list.html")
    export = page.get_by_role("button", name="CSV")
    export.focus()
    sent = count_requests(page, "GET", "sessions")
    with page.expect_download():
        page.keyboard.down("Enter")
    before = len(sent)
    page.keyboard.down("Enter")
    page.wait_for_timeout(300)
    page.keyboard.up("Enter")
    assert len(sent) == before
