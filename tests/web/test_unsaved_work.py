"""Forms keep unsaved work: leaving, signing in again and showing something else ask first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.inspection import PHONE, problems
from tests.web.leaving import reload_asks
from tests.web.people import sign_in
from tests.web.plans import SQUATS, call, prescribe
from tests.web.server import PlatformServer, opened

__all__ = ["club"]

PLANS: Final = "**/v1/trainers/athlete/plans**"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "none.mp4") as server:
        prescribe(server, "Legs", SQUATS, author="athlete")
        yield server


def save_plan(page: Page, title: str = "Strong legs") -> None:
    """Write a plan with one workout."""
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add a workout").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_have_text(f"{title} saved.")


def test_a_plan_with_changes_is_not_replaced_without_a_question(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = new_page(studio.url, **PHONE)
    page.goto("/plan_editor.html")
    save_plan(page)
    page.get_by_role("button", name="New plan").click()
    expect(page.get_by_label("Title")).to_have_value("")

    page.get_by_label("Description").fill("An hour of work")
    page.get_by_role("button", name="Edit: Strong legs").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(page.get_by_label("Description")).to_have_value("An hour of work")
    assert problems(page) == {}
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_label("Title")).to_have_value("Strong legs")
    page.get_by_role("button", name="New plan").click()
    expect(page.get_by_label("Title")).to_have_value("")


def test_a_plan_with_changes_asks_before_its_page_is_left(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page = new_page(studio.url)
    page.goto("/plan_editor.html")
    page.get_by_label("Title").fill("Strong legs")
    assert reload_asks(page)
    save_plan(page)
    assert not reload_asks(page)
    expect(page.locator(".editor-plan")).to_contain_text("Strong legs")
    page.get_by_role("button", name="Edit: Strong legs").click()
    page.get_by_role("button", name="Remove Week 1, session 1").click()
    assert reload_asks(page)


@pytest.fixture
def plan_being_saved(studio: PlatformServer, new_page: NewPage) -> tuple[Page, Held]:
    """The form of one of two plans, and the request that saves it."""
    page = new_page(studio.url)
    page.goto("/plan_editor.html")
    for title in ("Long runs", "Strong legs"):
        page.get_by_role("button", name="New plan").click()
        save_plan(page, title)
    page.get_by_label("Description").fill("An hour of work")
    held = Held(page, "**/v1/plans/*", "PUT")
    page.get_by_role("button", name="Save draft").click()
    return page, held


def drafts(server: PlatformServer) -> dict[str, str]:
    """Return the descriptions of all plans by their titles."""
    plans = call(server, "GET", "/v1/trainers/athlete/plans")["items"]
    return {each["draft"]["title"]: each["draft"]["description"] for each in plans}


@pytest.mark.parametrize("title", ["Long runs", "Strong legs"])
def test_a_plan_is_opened_when_the_one_before_is_saved(
    studio: PlatformServer, plan_being_saved: tuple[Page, Held], title: str
) -> None:
    """R-UIX-08: each is saved as itself, also if it is the same plan."""
    page, held = plan_being_saved
    page.get_by_role("button", name=f"Edit: {title}").click()
    held.release(PLANS)
    expect(page.locator("#form-title")).to_be_focused()
    expect(page.locator("#form-title")).to_have_text(f"Edit {title}")
    stored = {"Strong legs": "An hour of work", "Long runs": ""}
    expect(page.get_by_label("Description")).to_have_value(stored[title])
    page.get_by_label("Description").fill("Calm")
    with page.expect_response(PLANS):
        page.get_by_role("button", name="Save draft").click()
    assert drafts(studio) == {**stored, title: "Calm"}


def test_a_plan_whose_saving_is_refused_is_not_replaced(
    studio: PlatformServer, plan_being_saved: tuple[Page, Held]
) -> None:
    """R-UIX-08: another plan was chosen while it was sent."""
    page, held = plan_being_saved
    page.get_by_role("button", name="Edit: Long runs").click()
    refusal = {"status": 503, "code": "server.busy", "title": "Busy."}
    held.routes.pop().fulfill(status=503, json=refusal)
    page.unroute(held.pattern)
    expect(page.locator("#banner")).to_contain_text("Busy.")
    expect(page.get_by_label("Description")).to_have_value("An hour of work")
    with page.expect_response(PLANS):
        page.get_by_role("button", name="Save draft").click()
    assert drafts(studio) == {"Strong legs": "An hour of work", "Long runs": ""}


def test_a_template_does_not_replace_a_workout_with_changes(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-01, R-UIX-08"""
    page = new_page(studio.url, **PHONE)
    page.goto("/workout_player.html")
    page.locator("#program-name").fill("My Monday")
    page.get_by_role("button", name="Full body").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(page.locator("#program-name")).to_have_value("My Monday")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#program-name")).to_have_value("Full body")
    assert not reload_asks(page)
    page.locator("#program-name").fill("My Monday")
    assert reload_asks(page)


def test_a_profile_outlasts_a_sign_out_in_another_tab(club: Club, new_page: NewPage) -> None:
    """R-UIX-08: its trainer signs in again in another tab, and saves it."""
    page = new_page(club.server.url)
    club.trainer(page, "mara@example.org")
    page.goto("/plan_editor.html")
    page.get_by_label("About you").fill("Half an hour of text.")
    page.locator("#trainer-name").fill("Mara Lind")
    page.get_by_label("English").check()
    other = page.context.new_page()
    other.goto("/account.html")
    other.locator("#sign-out").click()
    other.wait_for_url("**/sign_in.html**")

    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    with page.context.expect_page() as opening:
        page.locator("#banner").get_by_role("link", name="Sign in").click()
    sign_in(opening.value, "mara@example.org")
    opening.value.wait_for_url(f"{club.server.url}/")
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#profile-status")).to_have_text("Your profile is public.")
    expect(page.locator("#banner")).to_be_empty()
    page.reload()
    expect(page.get_by_label("About you")).to_have_value("Half an hour of text.")


@pytest.fixture
def comment(club: Club, new_page: NewPage) -> Page:
    """The page of an athlete's session, on which the trainer has typed a comment."""
    page = new_page(club.server.url)
    name = uuid4().hex[:8]
    coach = club.trainer(page, f"coach-{name}@example.org")
    ada = club.member(new_page(club.server.url), f"ada-{name}@example.org")
    session = club.session(ada)
    club.allow(ada, coach)
    page.goto("/")
    page.goto(f"/#session={session}")
    page.locator("#comment").fill("Half an hour of text.")
    return page


def test_a_comment_asks_before_its_page_is_left(comment: Page) -> None:
    """R-UIX-08: not while there is nothing to lose."""
    assert reload_asks(comment)
    text = comment.locator("#comment")
    text.fill("Chest up.")
    text.fill("")
    assert not reload_asks(comment)
    text.fill("Chest up.")
    comment.get_by_role("button", name="Comment", exact=True).click()
    expect(text).to_have_value("")
    assert not reload_asks(comment)


@pytest.mark.parametrize("way", ["Back", "link"])
def test_a_comment_is_not_lost_on_the_way_back_to_home(comment: Page, way: str) -> None:
    """R-UIX-08: the home page is no other page for the browser, which does not ask."""
    back = comment.get_by_role("link", name="← Home")
    if way == "Back":
        comment.go_back()
    else:
        back.click()
    expect(comment.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(comment.locator("#comment")).to_have_value("Half an hour of text.")
    comment.get_by_role("button", name="Discard changes").click()
    expect(comment.locator("#list-view")).to_be_visible()
    expect(comment.locator("#comment")).to_have_count(0)
    assert not reload_asks(comment)


def test_a_comment_can_be_sent_after_the_question_of_the_page(comment: Page) -> None:
    """R-UIX-08"""
    comment.go_back()
    expect(comment.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    comment.get_by_role("button", name="Comment", exact=True).click()
    expect(comment.locator(".comments")).to_contain_text("Half an hour of text.")
    comment.get_by_role("link", name="← Home").click()
    expect(comment.locator("#list-view")).to_be_visible()


def test_leaving_the_page_waits_for_a_comment_that_is_being_sent(comment: Page) -> None:
    """R-UIX-08: there is nothing to ask; what is refused stays."""
    held = Held(comment, "**/comments", "POST")
    button = comment.get_by_role("button", name="Comment", exact=True)
    button.click()
    while not held.routes:
        comment.wait_for_timeout(10)
    comment.go_back()
    held.routes.pop().fulfill(status=503, json={"code": "server.busy", "title": "Busy."})
    expect(comment.locator("#banner")).to_contain_text("Busy.")
    expect(comment.locator("#comment")).to_have_value("Half an hour of text.")
    button.click()
    while not held.routes:
        comment.wait_for_timeout(10)
    comment.get_by_role("link", name="← Home").click()
    held.release("**/comments")
    expect(comment.locator("#list-view")).to_be_visible()
    expect(comment.locator("#banner")).to_be_empty()
