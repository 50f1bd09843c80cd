"""Signing up, signing in, training, exporting data and leaving, through the pages."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.mails import link_of
from tests.web.people import PASSWORD, join, sign_in, sign_up
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests, until

UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-")

ANOTHER = "seven loud narwhals 1872"


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, and its folder of messages."""

    server: PlatformServer
    mail: Path

    def join(self, page: Page, address: str) -> None:
        """Create an account."""
        sign_up(page, self.mail, address)


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    home = tmp_path_factory.mktemp("club")
    with opened(home, video, sign_in="required") as server:
        yield Club(server, home / "mail")


@pytest.mark.slow
def test_an_account_from_sign_up_to_erasure(club: Club, new_page: NewPage, tmp_path: Path) -> None:
    """R-IDN-01, R-IDN-03, R-IDN-07, R-IDN-09, R-TEN-12, R-UIX-08."""
    page = new_page(club.server.url)
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    secret = join(page, club.mail, "ada@example.org")
    assert page.evaluate("location.hash") == ""
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("Ready when you are")
    expect(page.get_by_role("link", name="Account")).to_be_visible()

    page.set_input_files("#video", club.server.video)
    page.get_by_role("button", name="Analyze video").click()
    page.get_by_role("button", name="Read and agree").click()
    expect(page.get_by_role("dialog")).to_contain_text("Videos of me leave my device")
    page.get_by_role("button", name="I agree").click()
    expect(page.locator("h1")).to_contain_text("squats")
    expect(page.locator(".reps tbody tr")).to_have_count(4)
    page.locator(".session-player").scroll_into_view_if_needed()
    page.wait_for_selector(".player video")
    until(page, "document.querySelector('video').readyState >= 2")

    page.get_by_role("link", name="Account").click()
    expect(page.locator("#profile")).to_contain_text("ada@example.org")
    download_exports(page, tmp_path)
    expect(page.locator("#access tbody tr").first).to_contain_text("You")
    expect(page.locator("#access")).not_to_contain_text(UUID)

    page.locator("#erasure-password").fill("not my password")
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Delete account", exact=True).click()
    expect(page.locator("#banner")).to_contain_text("This is not your password.")
    page.locator("#erasure-password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_role("button", name="Delete account", exact=True).click()
    expect(page.locator("#erasure-state")).to_contain_text("will be deleted on")
    expect(page.locator("#banner")).to_be_empty()
    page.get_by_role("button", name="Keep my account").click()
    expect(page.locator("#erasure-state")).to_have_text("Your account will not be deleted.")

    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert not any(word in kept for word in (secret, "eyJ", PASSWORD))
    assert not any(word in url for url in urls for word in (secret, "token=", "eyJ"))
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.goto("/account.html")
    expect(page).to_have_url(f"{club.server.url}/sign_in.html?return_to=%2Faccount.html")
    sign_in(page, "ada@example.org", PASSWORD)
    expect(page.locator("h1")).to_have_text("Account")


def begun_only(route: Route) -> None:
    """Answer with the list of exports as it was before they were ready."""
    listed = route.fetch().json()
    listed["items"] = [{**each, "state": "running"} for each in listed["items"]]
    route.fulfill(json=listed)


def download_exports(page: Page, folder: Path) -> None:
    """Make two files on the account page; after a reload, it lists them once they are ready."""
    files = page.locator("#exports li")
    expect(files).to_have_count(0)
    for name, beginning in (("kinelog.zip", b"PK"), ("kinelog-report.pdf", b"%PDF-")):
        if name.endswith(".pdf"):
            page.get_by_label("Format").select_option(label="A report on your training (PDF)")
            page.get_by_label("From", exact=True).fill("2026-01-31")
        page.get_by_role("button", name="Request", exact=True).click()
        expect(page.locator("#export-state")).to_contain_text("The file is ready")
        with page.expect_download() as download:
            files.first.get_by_role("button").click()
        assert download.value.suggested_filename == name
        download.value.save_as(folder / name)
        assert (folder / name).read_bytes().startswith(beginning)
    expect(files.first).to_contain_text(re.compile("Since .*31.* 2026"))
    assert zipfile.ZipFile(folder / "kinelog.zip").testzip() is None
    page.route("**/v1/me/exports?first=100", begun_only, times=1)
    page.reload()
    expect(files).to_have_count(2)
    expect(files.last).to_contain_text("All data, as an archive (ZIP)")
    with page.expect_download() as download:
        files.last.get_by_role("button", name="Download: All data").click()
    assert download.value.suggested_filename == "kinelog.zip"


def test_a_stranger_sees_nothing_and_returns_to_the_page_after_sign_in(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-06: an unknown address and a wrong password look the same."""
    club.join(new_page(club.server.url), "bob@example.org")
    page = new_page(club.server.url)
    page.goto("/#t=3")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("#main")).to_contain_text("Kinelog counts your reps through the camera")
    messages = []
    for address in ("bob@example.org", "nobody@example.org"):
        page.locator("#banner").evaluate("each => each.replaceChildren()")
        sign_in(page, address, ANOTHER)
        page.wait_for_selector("#banner .banner")
        messages.append(page.locator("#banner").inner_text())
    assert messages[0] == messages[1]
    assert violations(page) == []
    sign_in(page, "bob@example.org", PASSWORD)
    expect(page.locator("h1")).to_contain_text("Ready when you are")
    assert page.evaluate("location.hash") == "#t=3"


@pytest.mark.parametrize("where", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
def test_redirects_stay_on_the_site(club: Club, new_page: NewPage, where: str) -> None:
    page = new_page(club.server.url)
    page.goto("/sign_in.html")
    script = (
        "where => import('/static/src/api/credentials.js').then((own) => own.safeReturn(where))"
    )
    assert page.evaluate(script, where) == f"{club.server.url}/"


def test_configured_providers_are_offered_and_their_refusals_shown(
    club: Club, new_page: NewPage
) -> None:
    """R-IDN-01, R-IDN-02."""
    page = new_page(club.server.url)
    config = [{"name": each, "signInPath": f"/v1/auth/oauth/{each}"} for each in ("google", "acme")]
    page.route("**/v1/auth/providers", lambda route: route.fulfill(json={"providers": config}))
    page.goto("/sign_in.html?return_to=%2Faccount.html&signInProblem=auth.sign_in_cancelled")
    expect(page.locator("#banner")).to_contain_text("canceled at")
    back = "%2Fsign_in.html%3Freturn_to%3D%252Faccount.html"
    google = page.get_by_role("link", name="Continue with Google")
    expect(google).to_have_attribute("href", f"/v1/auth/oauth/google?returnTo={back}")
    expect(page.get_by_role("link", name="Continue with Acme")).to_be_visible()
    assert violations(page) == []
    page.reload()
    expect(page.locator("#banner")).to_be_empty()


def test_a_password_is_judged_while_it_is_typed(club: Club, new_page: NewPage) -> None:
    """R-IDN-03: with the server's own messages, which would reject it, too."""
    page = new_page(club.server.url)
    page.goto("/sign_up.html")
    field = page.get_by_label("Password", exact=True)
    field.press_sequentially("password1")
    expect(page.locator("#strength")).to_contain_text("Too weak")
    weak = page.locator("#strength").inner_text().removeprefix("Too weak. ")
    page.get_by_label("E-mail address").fill("carol@example.org")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("#banner")).to_contain_text(weak)
    field.fill(PASSWORD)
    expect(page.locator("#strength")).to_contain_text("Strong")
    assert violations(page) == []


def test_a_forgotten_password_can_be_replaced_by_keyboard(club: Club, new_page: NewPage) -> None:
    """R-UIX-07: keyboard navigation."""
    page = new_page(club.server.url)
    club.join(page, "dora@example.org")
    page.context.clear_cookies()
    page.goto("/reset.html")
    expect(page.locator("#ask")).to_be_enabled()
    page.locator("#email").focus()
    page.keyboard.type("dora@example.org")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("we have sent a link")
    page.goto(link_of(club.mail, "dora@example.org", "Choose a new password"))
    expect(page.locator("#choosing")).to_be_visible()
    expect(page.locator("#choose")).to_be_enabled()
    page.locator("#password").focus()
    page.keyboard.type(ANOTHER)
    page.keyboard.press("Tab")
    expect(page.locator("#show")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Your password is changed")
    expect(page.locator("#title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("#submit")).to_be_enabled()
    page.locator("#email").focus()
    page.keyboard.type("dora@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(ANOTHER)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Ready when you are")


def test_a_form_takes_no_input_before_its_values_are_loaded(club: Club, new_page: NewPage) -> None:
    """R-IDN-17: they would overwrite it."""
    page = new_page(club.server.url)
    club.join(page, "gus@example.org")
    held = hold_requests(page, "**/v1/me/profile")
    with page.expect_request("**/v1/me/profile"):
        page.goto("/account.html")
    name = page.get_by_label("Name", exact=True)
    page.evaluate("document.querySelector('#username').focus()")
    page.keyboard.type("Gus")
    expect(name).to_have_value("")
    page.route("**/v1/me/profile", lambda route: route.continue_())
    for route in held:
        route.continue_()
    expect(page.locator("#profile-form")).not_to_have_attribute("inert", "")
    name.click()
    page.keyboard.type("Gus")
    expect(name).to_have_value("Gus")


UNDER_THE_POINTER = """(button) => {
  const { x, y, width, height } = button.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === button;
}"""


def test_buttons_take_no_press_until_lists_above_them_are_loaded(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08: they would move between press and release, and the click would be lost."""
    page = new_page(club.server.url)
    club.join(page, "hal@example.org")
    held = hold_requests(page, "**/v1/auth/sign-ins")
    with page.expect_request("**/v1/auth/sign-ins"):
        page.goto("/account.html")
    button = page.get_by_role("button", name="Sign out on this device")
    button.scroll_into_view_if_needed()
    assert not button.evaluate(UNDER_THE_POINTER)
    for route in held:
        route.continue_()
    button.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_account_that_is_not_loaded_can_be_signed_out(club: Club, new_page: NewPage) -> None:
    """R-UIX-06, R-UIX-08."""
    page = new_page(club.server.url)
    club.join(page, "ida@example.org")
    page.route("**/v1/auth/identities", lambda route: route.fulfill(status=503, body="busy"))
    page.goto("/account.html")
    expect(page.locator("#banner")).to_contain_text("Try again")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_profile_is_saved_unless_another_device_changed_it(club: Club, new_page: NewPage) -> None:
    """R-IDN-17, R-UIX-08, R-UIX-06."""
    page = new_page(club.server.url)
    club.join(page, "fay@example.org")
    page.goto("/account.html")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    expect(page.get_by_label("Language and region")).to_have_value("en-GB")
    other = page.context.new_page()
    other.goto("/account.html")
    expect(other.get_by_role("button", name="Save profile")).to_be_enabled()
    expect(other.get_by_label("Time zone")).to_have_value("Europe/Berlin")

    page.get_by_label("Name", exact=True).fill(" Fay ")
    page.get_by_label("Units").select_option("imperial")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    expect(page.locator("#zone-hint")).to_contain_text("This device uses Europe/Berlin.")

    page.get_by_label("Body weight").fill("7")
    page.get_by_role("button", name="Save training settings").click()
    expect(page.locator("#mass-wrong")).to_have_text(
        "Enter a number from 20 to 400, with at most 2 decimals."
    )
    page.get_by_label("Body weight").fill("71.53")  # as a scale or a phone shows it
    expect(page.locator("#mass-wrong")).to_have_count(0)
    page.get_by_label("Apple Health").check()
    page.get_by_role("button", name="Save training settings").click()
    expect(page.locator("#training-status")).to_contain_text("Saved.")

    other.get_by_label("Name", exact=True).fill("Faye")
    other.get_by_role("button", name="Save profile").click()
    expect(other.locator("#banner")).to_contain_text("The profile has changed")
    other.get_by_role("button", name="Show current values").click()
    expect(other.get_by_label("Name", exact=True)).to_have_value("Fay")
    expect(other.get_by_label("Units")).to_have_value("imperial")
    expect(other.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_another_link_and_coaching_settings_on_a_phone(club: Club, new_page: NewPage) -> None:
    """R-UIX-07: axe-core finds nothing, including pages with a missing input."""
    page = new_page(club.server.url, width=390, height=844, has_touch=True)
    page.goto("/verify.html")
    page.get_by_role("button", name="Send another link").click()
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email-wrong")).to_contain_text("Enter an e-mail address")
    assert violations(page) == []
    club.join(page, "eve@example.org")
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    sections = page.get_by_role("navigation", name="Sections of this page")
    assert sections.get_by_role("link").all_inner_texts() == page.locator("h2").all_inner_texts()
    sections.get_by_role("link", name="Coaching").click()
    expect(page.get_by_role("heading", name="Coaching")).to_be_in_viewport()
    page.get_by_label("Feedback frequency").select_option("often")
    page.get_by_role("button", name="Save coaching settings", exact=True).click()
    expect(page.locator("#cues-status")).to_contain_text("Saved.")
    page.reload()
    expect(page.get_by_label("Feedback frequency")).to_have_value("often")


PAINTED = """() => {
  const { dataset } = document.documentElement;
  return [dataset.theme, getComputedStyle(document.body).backgroundColor];
}"""
SHOWN = """() => import("/static/src/i18n/display-settings.js").then(
  (own) => [own.firstDayOfWeek(), own.dateLanguage()])"""


def test_display_settings_apply_before_the_first_paint(club: Club, new_page: NewPage) -> None:
    """R-UIX-03, R-UIX-07: theme, contrast, first day of the week and order of dates."""
    page = new_page(club.server.url)
    club.join(page, "ursula@example.org")
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("First day of the week").select_option("sunday")
    page.get_by_label("Dates").select_option("month_first")
    page.get_by_role("button", name="Save display settings").click()
    expect(page.locator("#display-status")).to_contain_text("on all your devices")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert violations(page) == []
    page.route(
        "**/assets/account-*.js",
        lambda route: route.fulfill(body="", content_type="text/javascript"),
    )
    page.reload(wait_until="domcontentloaded")
    assert page.evaluate(PAINTED) == ["dark", "rgb(11, 14, 13)"]

    other = new_page(club.server.url)
    other.goto("/sign_in.html")
    expect(other.locator("html")).to_have_attribute("data-theme", "light")
    sign_in(other, "ursula@example.org", PASSWORD)
    expect(other.locator("h1")).to_contain_text("Ready when you are")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    assert other.evaluate(SHOWN) == [0, "en-US"]
    other.goto("/account.html")
    other.wait_for_selector("#account:not([aria-busy])")
    other.get_by_role("button", name="High contrast").click()
    expect(other.locator("html")).to_have_attribute("data-contrast", "high")
    other.get_by_label("Contrast", exact=True).select_option("normal")
    other.get_by_role("button", name="Save display settings").click()
    expect(other.locator("html")).to_have_attribute("data-contrast", "normal")
    other.get_by_role("button", name="Sign out on this device").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    expect(other.locator("html")).to_have_attribute("data-theme", "light")
