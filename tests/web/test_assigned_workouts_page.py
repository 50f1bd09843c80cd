"""Trainers assign workouts on the page of an athlete, who begins or declines them."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.inspection import PHONE, problems
from tests.web.mails import LINK, mail_of

__all__ = ["club"]


def assign(coach: Page, name: str, load: str) -> None:
    """Assign one set of three squats."""
    coach.get_by_role("button", name="Assign a workout").click()
    form = coach.locator("#assign-form")
    expect(form.get_by_role("heading")).to_be_focused()
    form.get_by_label("Name").fill(name)
    form.get_by_label("Note to the athlete").fill("Slowly, please.")
    form.locator("[name=exercise]").select_option("squat")
    form.locator("[name=sets]").fill("1")
    form.get_by_label("Repetitions").fill("3")
    form.get_by_label("Weight (kg)").fill(load)
    form.get_by_role("button", name="Save workout").click()


def change_consent(athlete: Page) -> None:
    """Allow the only trainer to assign workouts, or withdraw that."""
    athlete.goto("/account.html#trainers")
    athlete.get_by_label("May assign workouts to me").click()
    expect(athlete.locator("#status")).to_have_text("Changed.")


def decline(card: Locator) -> None:
    """Decline an assigned workout by keyboard, after Escape has answered the question with no."""
    button, keep = card.get_by_role("button", name="Decline"), card.get_by_role("button").first
    button.press("Enter")
    expect(keep).to_have_text("Keep it")
    expect(keep).to_be_focused()
    keep.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(keep).to_be_focused()
    button.press("Enter")


@pytest.mark.slow
def test_a_trainer_assigns_a_workout_that_the_athlete_performs(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06: after a consent of its own; both see what becomes of it."""
    coach, ada = new_page(club.server.url), new_page(club.server.url, **PHONE)
    trainer = club.trainer(coach, "coach-of-strength@example.org")
    athlete = club.member(ada, "strong@example.org")
    club.allow(athlete, trainer)
    coach.goto(f"/athletes.html?athlete={athlete}")
    expect(coach.locator("#content:not([aria-busy])")).to_be_visible()
    expect(coach.locator("#assign-box")).to_be_hidden()

    change_consent(ada)

    coach.reload()
    expect(coach.locator("#assigned")).to_contain_text("Nothing assigned yet.")
    assign(coach, "Legs", "62.5")
    row = coach.locator("#assigned .athlete-row")
    expect(row).to_contain_text("not started")
    expect(row).to_contain_text("1 × 3 repetitions · 62.5 kg")  # noqa: RUF001  as the page says it
    row.get_by_role("button", name="Change").click()
    form = coach.locator("#assign-form")
    expect(form.get_by_label("Weight (kg)")).to_have_value("62.5")
    assert problems(coach) == {}
    form.get_by_label("Weight (kg)").fill("70")
    form.get_by_role("button", name="Save workout").click()
    expect(row).to_contain_text("70 kg")
    assign(coach, "Arms", "")
    expect(row).to_have_count(2)

    ada.goto("/")
    ada.get_by_role("link", name="2 workouts from your trainer").click()
    cards = ada.locator("#assigned .assigned-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("Slowly, please.")
    decline(cards.filter(has_text="Arms"))
    expect(cards).to_have_count(1)
    expect(ada.locator("#ended .assigned-card")).to_contain_text("declined")
    assert problems(ada) == {}
    cards.get_by_role("link", name="Select").click()
    expect(ada.locator("#title")).to_have_text("Legs")
    ada.get_by_label("Manually").check()
    ada.get_by_role("button", name="Start workout").click()
    expect(ada.get_by_label("Weight (kg)")).to_have_value("70")
    ada.reload()
    expect(ada.get_by_label("Weight (kg)")).to_have_value("70")

    coach.reload()
    expect(row.filter(has_text="Legs")).to_contain_text("started")
    expect(row.filter(has_text="Arms")).to_contain_text("declined")
    change_consent(ada)
    coach.reload()
    expect(coach.locator("#content:not([aria-busy])")).to_be_visible()
    expect(coach.locator("#assign-box")).to_be_hidden()


def test_an_athlete_unsubscribes_by_the_link_in_the_email(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: without signing in; the account page turns the e-mails on again."""
    coach, ada = new_page(club.server.url), new_page(club.server.url, **PHONE)
    trainer = club.trainer(coach, "coach-of-mail@example.org")
    athlete = club.member(ada, "mailed@example.org")
    club.allow(athlete, trainer)
    change_consent(ada)
    coach.goto(f"/athletes.html?athlete={athlete}")
    assign(coach, "Legs", "")
    expect(coach.locator("#assigned .athlete-row")).to_have_count(1)
    found = LINK.findall(mail_of(club.mail, "mailed@example.org", "New workout: Legs"))
    stranger = new_page(club.server.url)
    stranger.goto(found[-1])
    assert problems(stranger) == {}
    stranger.get_by_role("button", name="Unsubscribe").click()
    expect(stranger.locator("#message")).to_contain_text("You will get no more e-mails")
    ada.goto("/account.html")
    expect(ada.locator("#account:not([aria-busy])")).to_be_visible()
    box = ada.get_by_label("A trainer has assigned a workout to me")
    expect(box).not_to_be_checked()
    box.check()
    ada.get_by_role("button", name="Save e-mail settings").click()
    expect(ada.locator("#emails-status")).to_have_text("Saved.")
    ada.reload()
    expect(ada.locator("#account:not([aria-busy])")).to_be_visible()
    expect(box).to_be_checked()


def coach_of(club: Club, new_page: NewPage, name: str) -> Page:
    """Return the page of an athlete to whom the trainer assigns workouts."""
    coach, athlete_page = new_page(club.server.url), new_page(club.server.url)
    trainer = club.trainer(coach, f"coach-of-{name}@example.org")
    athlete = club.member(athlete_page, f"{name}@example.org")
    club.allow(athlete, trainer)
    change_consent(athlete_page)
    coach.goto(f"/athletes.html?athlete={athlete}")
    expect(coach.locator("#assigned")).to_contain_text("Nothing assigned yet.")
    return coach


def refuse_to_read(route: Route) -> None:
    """Answer that nothing can be read now."""
    if route.request.method == "GET":
        route.fulfill(status=503, json={"status": 503, "code": "away", "title": "Come again."})
    else:
        route.fallback()


def test_a_workout_is_assigned_once_although_the_list_cannot_be_read(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06, R-UIX-08: the page says that it was assigned, and reads the list again."""
    coach = coach_of(club, new_page, "bea")
    coach.route("**/assignments", refuse_to_read)
    assign(coach, "Legs", "")
    banner = coach.locator("#banner")
    expect(banner).to_contain_text("Come again.")
    expect(banner).to_contain_text("Legs was assigned.")
    expect(coach.locator("#assign-form")).to_be_hidden()
    coach.unroute("**/assignments")
    banner.get_by_role("button", name="Try again").click()
    expect(coach.locator("#assigned h3")).to_have_text(["Legs"])


def test_another_workout_stays_that_is_begun_while_one_is_assigned(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06, R-UIX-08"""
    coach = coach_of(club, new_page, "cleo")
    held = Held(coach, "**/assignments", "POST")
    assign(coach, "Legs", "")
    coach.get_by_role("button", name="Cancel").click()
    coach.get_by_role("button", name="Assign a workout").click()
    name = coach.locator("#assign-form").get_by_label("Name")
    name.fill("Arms")
    held.release("**/assignments")
    expect(coach.locator("#assigned h3")).to_have_text(["Legs"])
    expect(name).to_have_value("Arms")
    expect(name).to_be_focused()
    coach.get_by_role("button", name="Save workout").click()
    expect(coach.locator("#assigned h3")).to_have_text(["Legs", "Arms"])
    expect(coach.locator("#assign-form")).to_be_hidden()


def test_a_workout_is_changed_that_is_typed_into_while_it_is_assigned(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06, R-UIX-08: what was typed is kept, and no second workout is assigned."""
    coach = coach_of(club, new_page, "dora")
    held = Held(coach, "**/assignments", "POST")
    assign(coach, "Legs", "")
    form = coach.locator("#assign-form")
    form.get_by_label("Name").fill("Legs and arms")
    held.release("**/assignments")
    expect(form.get_by_role("heading")).to_have_text("Change the workout")
    expect(form.get_by_label("Name")).to_have_value("Legs and arms")
    for name in ("Legs and arms", "Arms"):
        form.get_by_label("Name").fill(name)
        held = Held(coach, "**/assignments/*", "PUT")
        form.get_by_role("button", name="Save workout").click()
        form.get_by_label("Note to the athlete").fill(f"Enjoy {name}.")
        held.release("**/assignments")
        expect(coach.locator("#assigned h3")).to_have_text([name])
    form.get_by_role("button", name="Save workout").click()
    expect(form).to_be_hidden()
    expect(coach.locator("#assigned .athlete-row")).to_contain_text("Enjoy Arms.")
