"""The plan editor of a trainer: profile, workouts, prices, publishing and withdrawing."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from application.kernel.pagination import LARGEST_PAGE
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lost_answers import answer_lost
from tests.web.plans import SQUATS, call, offer, prescribe
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "none.mp4") as server:
        prescribe(server, "Squats of somebody else", SQUATS)
        prescribe(server, "Legs", SQUATS, author="athlete")
        yield server


def editor(server: PlatformServer, new_page: NewPage, **options: object) -> Page:
    page = new_page(server.url, **options)
    page.goto("/plans.html")
    page.get_by_role("link", name="Write a plan").click()
    expect(page.locator("#editor")).to_be_visible()
    return page


def offered(server: PlatformServer) -> list[dict[str, object]]:
    found: list[dict[str, object]] = httpx2.get(f"{server.url}/v1/plans", timeout=60).json()[
        "items"
    ]
    return found


def write(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add a workout").click()


def test_a_trainer_writes_publishes_revises_and_withdraws_a_plan(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-01"""
    page = editor(studio, new_page)
    write(page, "Strong legs")
    page.get_by_label("Sessions a week").fill("1")
    page.get_by_role("button", name="Add a workout").click()
    expect(page.locator(".editor-session span")).to_have_text(
        ["Week 1, session 1", "Week 2, session 1"]
    )
    page.get_by_role("button", name="Remove Week 2, session 1").click()
    page.get_by_label("Barbell").check()
    page.get_by_label("Preview that everybody may read").select_option("Legs")
    page.get_by_label("Price, European Union").fill("19,99")
    page.get_by_label("Tax in %, European Union").fill("19")
    page.get_by_role("button", name="Save draft").dblclick()
    row = page.locator(".editor-plan")
    expect(row).to_contain_text("Draft, seen by you alone")
    expect(row).to_have_count(1)
    assert offered(studio) == []

    page.get_by_role("button", name="Publish: Strong legs").click()
    expect(row).to_contain_text("Published, version 1")
    expect(page.locator("#plans-title")).to_be_focused()
    (plan,) = offered(studio)
    content = plan["offered"]
    assert isinstance(content, dict)
    (price,) = content["prices"]
    assert (price["region"], price["amountMinor"], price["currency"]) == ("EU", 1999, "EUR")
    assert (price["taxBasisPoints"], content["equipment"]) == (1900, ["barbell"])

    page.reload()
    page.get_by_role("button", name="Edit: Strong legs").click()
    expect(page.locator("#form-title")).to_have_text("Edit Strong legs")
    expect(page.get_by_label("Price, European Union")).to_have_value("19.99")
    expect(page.get_by_label("Preview that everybody may read")).not_to_have_value("")
    page.get_by_label("Title").fill("Stronger legs")
    page.get_by_role("button", name="Save draft").click()
    expect(row).to_contain_text("your draft has changes")
    page.get_by_role("button", name="Publish: Stronger legs").click()
    expect(row).to_contain_text("Published, version 2")
    page.get_by_role("button", name="Withdraw: Stronger legs").click()
    expect(row).to_contain_text("Draft, seen by you alone")
    assert offered(studio) == []


def test_a_trial_is_offered_changed_and_taken_back(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-01: by saving, without another version of the plan."""
    page = editor(studio, new_page, **PHONE)
    write(page, "Strong legs")
    page.get_by_label("Price, European Union").fill("19.99")
    days = page.get_by_label("Free trial, in days")
    expect(days).to_have_value("0")
    for wrong in ("2", "61"):
        days.fill(wrong)
        page.get_by_role("button", name="Save draft").click()
        expect(days).to_be_focused()
        expect(page.locator("#trial-days-wrong")).to_contain_text("60")
    expect(page.locator(".editor-plan")).to_have_count(0)
    assert problems(page) == {}
    days.fill("14")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Publish: Strong legs").click()
    expect(page.locator(".editor-plan")).to_contain_text("Published, version 1")
    assert [plan["trialDays"] for plan in offered(studio)] == [14]
    page.reload()
    page.get_by_role("button", name="Edit: Strong legs").click()
    expect(days).to_have_value("14")
    days.fill("0")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_have_text("Strong legs saved.")
    expect(page.get_by_role("button", name="Edit: Strong legs")).to_be_in_viewport()
    assert [plan["trialDays"] for plan in offered(studio)] == [0]
    expect(page.locator(".editor-plan")).to_contain_text("Published, version 1")


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        ("19.999", "EUR", "at most 2 decimals"),
        ("abc", "EUR", "Enter an amount such as 19.99"),
        ("0", "EUR", "Enter an amount such as 19.99"),
        ("19.5", "JPY", "Enter a whole amount"),
    ],
)
def test_a_wrong_price_is_explained_and_nothing_is_sent(
    studio: PlatformServer, new_page: NewPage, amount: str, currency: str, message: str
) -> None:
    """R-CAT-01: minor units are hidden, and never rounded."""
    page = editor(studio, new_page)
    write(page, "Wrong")
    page.get_by_label("Price, European Union").fill(amount)
    page.get_by_label("Currency, European Union").select_option(currency)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#amount-EU-wrong")).to_contain_text(message)
    expect(page.get_by_label("Price, European Union")).to_be_focused()
    expect(page.locator(".editor-plan")).to_have_count(0)


def test_a_workout_is_written_from_the_list_of_exercises(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-01"""
    page = editor(studio, new_page, **PHONE)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Home")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#sessions-wrong")).to_have_text("Add at least one workout.")
    workouts = page.get_by_role("group", name="Workouts")
    expect(workouts).to_have_accessible_description("⚠ Add at least one workout.")
    page.locator("#program-name").fill("Push")
    page.get_by_role("button", name="Save workout").click()
    expect(page.locator(".editor-session select")).to_be_focused()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Home")
    assert problems(page) == {}


def test_a_trainer_without_workouts_learns_to_write_one(tmp_path: Path, new_page: NewPage) -> None:
    """R-CAT-01"""
    with opened(tmp_path, tmp_path / "none.mp4") as server:
        page = editor(server, new_page, **PHONE)
        page.get_by_role("button", name="Add a workout").click()
        expect(page.locator("#sessions-wrong")).to_contain_text("You have no workouts yet.")
        expect(page.locator(".editor-session")).to_have_count(0)
        page.locator("#program-name").fill("Push")
        page.get_by_role("button", name="Save workout").click()
        expect(page.locator(".editor-session select")).to_be_focused()
        expect(page.locator("#sessions-wrong")).to_have_text("")


@pytest.mark.parametrize("more", [25, pytest.param(LARGEST_PAGE, marks=pytest.mark.slow)])
def test_all_workouts_of_the_trainer_can_be_chosen(
    studio: PlatformServer, new_page: NewPage, more: int
) -> None:
    """R-CAT-01: also those beyond the first page of the API; the oldest is the last one."""
    for number in range(more):
        prescribe(studio, f"Day {number:03}", SQUATS, author="athlete")
    page = editor(studio, new_page)
    write(page, "Long")
    workouts = page.locator(".editor-session select option")
    expect(workouts).to_have_count(more + 1)
    expect(workouts.last).to_have_text("Legs")
    page.locator(".editor-session select").select_option("Legs")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Long")


def test_a_profile_is_published(studio: PlatformServer, new_page: NewPage) -> None:
    """R-CAT-01"""
    page = editor(studio, new_page)
    page.get_by_label("Name", exact=True).last.fill("Mara Lind")
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#languages-wrong")).to_have_text("Choose at least one language.")
    languages = page.get_by_role("group", name="Languages")
    expect(languages).to_have_accessible_description("⚠ Choose at least one language.")
    page.get_by_label("German").check()
    page.get_by_label("Strength").check()
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#profile-status")).to_have_text("Your profile is public.")
    found = httpx2.get(f"{studio.url}/v1/trainers/athlete", timeout=60).json()
    assert (found["name"], found["languages"]) == ("Mara Lind", ["de"])


def test_a_profile_that_somebody_else_changed_is_not_overwritten(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: what was typed stays until the trainer looks at the profile as it is now."""
    page = editor(studio, new_page)
    elsewhere = {"name": "Mara Lind", "languages": ["de"]}
    assert page.request.put("/v1/trainers/athlete", data=elsewhere).status == 200
    page.get_by_label("English").check()
    page.get_by_label("Name", exact=True).last.fill("M. Lind")
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#banner")).to_contain_text("The profile has changed since you read it.")
    expect(page.get_by_label("Name", exact=True).last).to_have_value("M. Lind")
    page.get_by_role("button", name="Show the profile as it is now").click()
    expect(page.get_by_label("Name", exact=True).last).to_have_value("Mara Lind")
    expect(page.get_by_label("German")).to_be_checked()
    page.get_by_label("Name", exact=True).last.fill("M. Lind")
    page.get_by_role("button", name="Publish profile").click()
    expect(page.locator("#profile-status")).to_have_text("Your profile is public.")


def test_a_draft_that_somebody_else_changed_is_not_overwritten(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: what was typed stays until the trainer looks at the draft as it is now."""
    page, other = editor(studio, new_page), editor(studio, new_page)
    write(page, "Legs")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Legs")
    other.reload()
    other.get_by_role("button", name="Edit: Legs").click()
    for title in ("Strong legs", "Stronger legs"):
        other.get_by_label("Title").fill(title)
        other.get_by_role("button", name="Save draft").click()
        expect(other.locator(".editor-plan")).to_contain_text(title)
    page.get_by_label("Title").fill("Light legs")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#banner")).to_contain_text("The draft has changed since you read it.")
    expect(page.locator("#banner")).to_contain_text("What you typed is still here.")
    expect(page.get_by_label("Title")).to_have_value("Light legs")
    page.get_by_role("button", name="Show the draft as it is now").click()
    expect(page.get_by_label("Title")).to_have_value("Stronger legs")
    page.get_by_label("Title").fill("Light legs")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Light legs")


def test_a_plan_with_a_deleted_workout_can_be_changed(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-01: the deleted workout keeps its place in the plan, and is not offered for others."""
    kept, doomed = (prescribe(studio, name, SQUATS, author="athlete") for name in ("Core", "Arms"))
    offer(studio, "Mixed", [kept, doomed], trainerId="athlete", preview=doomed)
    call(studio, "DELETE", f"/v1/workout-plans/{doomed}")
    page = editor(studio, new_page)
    page.get_by_role("button", name="Edit: Mixed").click()
    sessions = page.locator(".editor-session select")
    expect(sessions.first).to_have_value(kept)
    expect(sessions.last).to_have_value(doomed)
    expect(sessions.last.locator("option:checked")).to_have_text("Arms")
    expect(sessions.first.locator("option", has_text="Arms")).to_have_count(0)
    expect(page.get_by_label("Preview that everybody may read")).to_have_value(doomed)
    page.get_by_label("Description").fill("Another description.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("your draft has changes")
    (plan,) = call(studio, "GET", "/v1/trainers/athlete/plans")["items"]
    assert (plan["draft"]["workouts"], plan["draft"]["preview"]) == ([kept, doomed], doomed)


def test_a_draft_is_shown_with_a_workout_that_another_tab_has_written(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08"""
    page, other = editor(studio, new_page), editor(studio, new_page)
    write(page, "Mixed")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".editor-plan")).to_contain_text("Mixed")
    other.reload()
    other.get_by_role("button", name="Edit: Mixed").click()
    other.locator("#program-name").fill("Push")
    other.get_by_role("button", name="Save workout").click()
    expect(other.locator(".editor-session")).to_have_count(2)
    other.get_by_role("button", name="Save draft").click()
    expect(other.locator("#status")).to_have_text("Mixed saved.")
    page.get_by_label("Description").fill("Another description.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Show the draft as it is now").click()
    expect(page.locator(".editor-session option:checked")).to_have_text(["Legs", "Push"])
    page.get_by_label("Description").fill("Another description.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_have_text("Mixed saved.")


@pytest.mark.parametrize("title", ["Legs", "Strong legs"])
def test_a_new_plan_is_drafted_once_although_the_answer_was_lost(
    studio: PlatformServer, new_page: NewPage, title: str
) -> None:
    """R-UIX-08: as it was, or with another title, which is saved then."""
    page = editor(studio, new_page)
    write(page, "Legs")
    with answer_lost(page, "**/v1/plans"):
        page.get_by_role("button", name="Save draft").click()
    for saved in (title, "Stronger legs"):
        page.get_by_label("Title").fill(saved)
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator("#status")).to_have_text(f"{saved} saved.")
        expect(page.locator(".editor-plan h3")).to_have_text([saved])


def test_a_workout_is_written_once_although_the_answer_was_lost(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08, R-API-04: the same workout can be written again afterwards."""
    page = editor(studio, new_page)
    save = page.get_by_role("button", name="Save workout")
    page.locator("#program-name").fill("Push")
    with answer_lost(page, "**/graphql"):
        save.click()
    for count in (1, 2):
        page.locator("#program-name").fill("Push")
        save.click()
        expect(page.locator(".editor-session")).to_have_count(count)
        written = call(studio, "GET", "/v1/workout-plans?author=athlete")["items"]
        assert [each["name"] for each in written] == ["Push"] * count + ["Legs"]


def test_what_is_typed_while_a_workout_is_written_stays(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: it is the next workout."""
    page = editor(studio, new_page)
    page.locator("#program-name").fill("Push")
    held = hold_requests(page, "**/graphql")
    with page.expect_request("**/graphql"):
        page.get_by_role("button", name="Save workout").click()
    page.locator("#program-name").fill("Pull")
    held.pop().continue_()
    expect(page.locator(".editor-session")).to_have_count(1)
    expect(page.locator("#program-name")).to_have_value("Pull")


def test_a_plan_can_be_saved_again_after_its_trial_could_not_be_changed(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: the draft was saved; it is no change that was made elsewhere."""
    page = editor(studio, new_page)
    write(page, "Legs")
    page.get_by_label("Price, European Union").fill("19.99")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_have_text("Legs saved.")
    page.get_by_label("Free trial, in days").fill("14")
    page.route("**/trial", lambda route: route.abort("internetdisconnected"))
    for title in ("Strong legs", "Stronger legs"):
        page.get_by_label("Title").fill(title)
        page.get_by_role("button", name="Save draft").click()
        expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
        expect(page.locator(".editor-plan")).to_contain_text(title)
    page.unroute("**/trial")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_have_text("Stronger legs saved.")
    expect(page.locator("#banner")).to_be_empty()
    page.get_by_role("button", name="Publish: Stronger legs").click()
    expect(page.locator(".editor-plan")).to_contain_text("Published, version 1")
    assert [plan["trialDays"] for plan in offered(studio)] == [14]
