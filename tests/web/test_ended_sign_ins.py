"""Forms and uploads of a user whom another device signs out: the page keeps what they hold."""

from typing import Final

import pyotp
import pytest
from playwright.sync_api import Page, Route, expect

from domain.ids import DEFAULT_TENANT, UserId
from tests.web.account import AGREE
from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.people import sign_in, sign_in_by_the_banner
from tests.web.recording_exercises import SQUATTED, record, stubbed_page

__all__ = ["club"]

RECORDS: Final = b"metric,start,end,value,unit\nsteps,2026-11-01T08:00:00Z,,5000,count\n"


RENEW: Final = """async () => {
  const { renew } = await import("/static/src/api/credentials.js");
  await renew();
}"""
"""Get a new access token, as pages do every ten minutes."""


def end_sign_ins(club: Club, user: UserId) -> None:
    """Sign the user out everywhere, as another device can."""
    club.server.platform.accounts().sign_in_service.sign_out_everywhere(DEFAULT_TENANT, user)


def test_a_selected_video_is_sent_after_signing_in_again(club: Club, new_page: NewPage) -> None:
    """R-UIX-08: in another tab; the page has the video."""
    page = new_page(club.server.url)
    user = club.member(page, "video@example.org")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#video", club.server.video)
    end_sign_ins(club, user)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#banner")).to_contain_text("Your video is still selected.")
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    sign_in_by_the_banner(page, "video@example.org")
    page.locator("#banner").get_by_role("button", name="Try again").click()
    expect(page.locator("#banner")).to_contain_text("Please agree before you upload a video.")


def test_a_video_is_sent_with_a_new_token_if_the_old_one_is_refused(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08: the user is still signed in, and notices nothing."""
    page = new_page(club.server.url)
    club.member(page, "token@example.org")
    page.goto("/")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        refused.append(route.request.headers["authorization"])
        if len(refused) == 1:
            route.fulfill(status=401, json={"code": "auth.token_refused", "title": "Refused."})
        else:
            route.continue_()

    page.route("**/v1/sessions:analyze", refuse_once)
    page.set_input_files("#video", club.server.video)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#banner")).to_contain_text("Please agree before you upload a video.")
    assert len(set(refused)) == 2


def sign_in_as(page: Page, address: str) -> None:
    """Sign out, and sign in as somebody else in the same tab."""
    page.goto("/account.html")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page, address)
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")


def test_an_analysis_is_followed_by_its_user_alone(club: Club, new_page: NewPage) -> None:
    """R-IDN-18: the next user of the tab has nothing to do with it, unlike its own user."""
    page = new_page(club.server.url)
    club.member(new_page(club.server.url), "next@example.org")
    club.member(page, "first@example.org")
    page.evaluate(AGREE, "images_leave_device")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    club.server.estimator.curtain.clear()
    page.set_input_files("#video", club.server.video)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#upload-step")).to_have_text("Analyzing")
    sign_in_as(page, "next@example.org")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#banner")).to_be_empty()
    sign_in_as(page, "first@example.org")
    expect(page.locator("#upload-step")).to_have_text("Analyzing")
    club.server.estimator.curtain.set()
    expect(page.locator("h1")).to_contain_text("squats")


def test_a_health_file_is_imported_after_signing_in_again(club: Club, new_page: NewPage) -> None:
    """R-UIX-08"""
    page = new_page(club.server.url)
    user = club.member(page, "records@example.org")
    page.goto("/health.html")
    page.wait_for_load_state("networkidle")
    page.set_input_files(
        "#import-file", {"name": "steps.csv", "mimeType": "text/csv", "buffer": RECORDS}
    )
    end_sign_ins(club, user)
    button = page.locator("#import-body [type=submit]")
    button.click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    sign_in_by_the_banner(page, "records@example.org")
    button.click()
    expect(page.get_by_role("dialog")).to_contain_text("health")


def test_a_comment_is_kept_until_its_trainer_has_signed_in_again(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page, athlete = new_page(club.server.url), new_page(club.server.url)
    coach = club.trainer(page, "coach@example.org")
    ada = club.member(athlete, "ada@example.org")
    session = club.session(ada)
    club.allow(ada, coach)
    page.goto(f"/#session={session}")
    page.locator("#comment").fill("Half an hour of text.")
    page.wait_for_load_state("networkidle")
    end_sign_ins(club, coach)
    button = page.get_by_role("button", name="Comment", exact=True)
    button.click()
    expect(page.locator("#banner")).to_contain_text("What you typed is still here.")
    sign_in_by_the_banner(page, "coach@example.org")
    expect(page.locator("#comment")).to_have_value("Half an hour of text.")
    button.click()
    expect(page.locator(".comments")).to_contain_text("Half an hour of text.")


def test_a_goal_is_kept_until_its_user_has_signed_in_again(club: Club, new_page: NewPage) -> None:
    """R-UIX-08: as other forms do."""
    page = new_page(club.server.url)
    user = club.member(page, "goal@example.org")
    page.goto("/health.html")
    page.wait_for_load_state("networkidle")
    page.locator(".own-goal-part summary").click()
    page.locator("#goal-target").fill("50")
    end_sign_ins(club, user)
    button = page.locator(".own-goal [type=submit]")
    button.click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    sign_in_by_the_banner(page, "goal@example.org")
    expect(page.locator("#goal-target")).to_have_value("50")
    button.click()
    expect(page.locator("#goals-body")).to_contain_text("At least 50")


def test_a_name_in_the_list_is_kept_until_its_user_has_signed_in_again(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-03, R-UIX-08: as on the page of the session."""
    page = new_page(club.server.url)
    user = club.member(page, "name@example.org")
    club.session(user)
    page.goto("/session_list.html")
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("Name of the recording")
    name.fill("Before breakfast")
    end_sign_ins(club, user)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    sign_in_by_the_banner(page, "name@example.org")
    expect(name).to_have_value("Before breakfast")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".session-item h2")).to_have_text("Before breakfast")


def test_a_form_says_where_to_confirm_a_sign_in(club: Club, new_page: NewPage) -> None:
    """R-IDN-18, R-UIX-06: a second factor was added on another device."""
    page = new_page(club.server.url)
    club.member(page, "factor@example.org")
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    refusal = {"code": "auth.second_factor_required", "title": "Confirm."}
    page.route("**/v1/me/profile", lambda route: route.fulfill(status=403, json=refusal))
    page.locator("#username").fill("Ada Lovelace")
    page.locator("#profile-form button[type=submit]").click()
    link = page.locator("#banner").get_by_role("link", name="Confirm your sign-in")
    expect(link).to_have_attribute("href", "/second_factor.html")
    expect(page.locator("#banner")).to_contain_text("Confirm your sign-in in another tab")
    expect(page.locator("#username")).to_have_value("Ada Lovelace")


def test_a_form_is_saved_once_the_sign_in_is_confirmed_in_another_tab(
    club: Club, new_page: NewPage
) -> None:
    """R-IDN-18, R-UIX-06: although the tab still has an access token without the second factor."""
    page, elsewhere = new_page(club.server.url), new_page(club.server.url)
    club.member(page, "app@example.org")
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    code = add_second_factor(elsewhere, "app@example.org")
    page.evaluate(RENEW)
    page.locator("#username").fill("Ada Lovelace")
    save = page.locator("#profile-form button[type=submit]")
    save.click()
    with page.context.expect_page() as opening:
        page.locator("#banner").get_by_role("link", name="Confirm your sign-in").click()
    opening.value.get_by_label("Code", exact=True).fill(code)
    opening.value.get_by_role("button", name="Confirm").click()
    opening.value.wait_for_url(lambda url: "second_factor" not in url)
    save.click()
    expect(page.locator("#profile-form-status")).not_to_be_empty()
    expect(page.locator("#banner")).to_be_empty()


def add_second_factor(page: Page, address: str) -> str:
    """Sign in on another device, and add an authenticator app; return a recovery code."""
    page.goto("/sign_in.html?return_to=/second_factor.html")
    sign_in(page, address)
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.locator("#secret")).not_to_be_empty()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code of the app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator("#codes li")).to_have_count(10)
    return page.locator("#codes li").first.inner_text()


@pytest.mark.slow
def test_a_recorded_exercise_is_kept_until_its_user_has_signed_in_again(
    club: Club, new_page: NewPage
) -> None:
    """R-WKT-02, R-UIX-08: the movement need not be recorded again."""
    page = stubbed_page(new_page, club.server)
    user = club.member(page, "kick@example.org")
    page.evaluate(AGREE, "camera_processing")
    page.goto("/exercises.html")
    page.route("**/v1/custom-exercises", lambda route: ended_first(club, user, route))
    record(page, SQUATTED)
    wrong = page.locator(".example .wrong")
    expect(wrong).to_contain_text("Sign in again in another tab")
    with page.context.expect_page() as opening:
        wrong.get_by_role("link", name="Sign in").click()
    sign_in(opening.value, "kick@example.org")
    opening.value.wait_for_url(lambda url: "sign_in" not in url)
    page.get_by_role("button", name="Use this recording").click()
    expect(page.locator("#custom-list")).to_contain_text("High kick")


def ended_first(club: Club, user: UserId, route: Route) -> None:
    """End the sign-in just before the recording is sent."""
    if route.request.method == "POST":
        route.request.frame.page.unroute("**/v1/custom-exercises")
        end_sign_ins(club, user)
    route.continue_()
