"""Programs are created, arranged by drag and by keyboard, and changed by their rule on the page."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.account import POUNDS
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import sign_up
from tests.web.program_page import PATH, line, lines, page, performed, stored
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests

__all__ = ["page"]


def exercises_of(program: Any) -> list[list[str]]:
    (week,) = program["weeks"]
    return [[each["exerciseId"] for each in day["exercises"]] for day in week["days"]]


def test_a_program_is_created_for_a_goal(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-02: without weeks of one's own, they are planned."""
    page = new_page(empty_server.url)
    page.goto(PATH)
    expect(page.locator("#none")).to_be_visible()
    page.get_by_role("button", name="Create the program").click()
    expect(page.locator("#name-wrong")).to_be_visible()
    page.get_by_label("Name").fill("Summer")
    page.get_by_label("Goal").select_option(label="Muscle")
    page.get_by_label("Weeks", exact=True).fill("2")
    page.get_by_label("Barbell").check()
    page.get_by_role("button", name="Create the program").click()
    expect(page.locator("#program-title")).to_have_text("Summer")
    expect(page.locator(".program-week")).to_have_count(2)
    expect(page.get_by_role("link", name="Summer")).to_be_visible()
    program = stored(page)
    assert (program["goal"], program["equipment"]) == ("muscle", ["barbell"])


def test_exercises_are_moved_by_keyboard_and_saved(page: Page) -> None:
    """R-PRG-02: past the end of a day into the next one; the focus stays with the exercise."""
    down = page.get_by_role("button", name="Move Squat down")
    down.focus()
    page.keyboard.press("Enter")
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])
    expect(page.get_by_role("button", name="Move Squat down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines(page, 2)).to_have_text(["Squat", "Push-up"])
    expect(page.locator("#status")).to_have_text("Squat is now on day 2, at place 1.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert exercises_of(stored(page)) == [["lunge"], ["squat", "push_up"]]


@pytest.mark.parametrize("locale", ["en-US", "es-ES", "ru-RU"])
def test_labels_of_numbers_do_not_overlap(
    empty_server: PlatformServer, new_page: NewPage, locale: str
) -> None:
    """In narrow days of a wide window, too."""
    days = [{"exercises": [line("squat")]}] * 3
    program = {"name": "Legs", "goal": "strength", "weeks": [{"days": days}]}
    sent = httpx2.post(f"{empty_server.url}/v1/programs", json=program, timeout=60)
    assert sent.status_code == 201, sent.text
    page = new_page(empty_server.url, locale=locale)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(PATH)
    page.get_by_role("link", name="Legs").click()
    texts = page.locator(".program-line").first.locator(".program-numbers > label > span")
    expect(texts).to_have_count(3)
    measure = "all => all.map(each => [each.getBoundingClientRect().left, each.scrollWidth])"
    places = texts.evaluate_all(measure)
    for (left, width), (following, _) in pairwise(places):
        assert left + width < following
    sets, repetitions, _ = texts.evaluate_all("all => all.map(each => each.offsetHeight)")
    assert sets == repetitions, "no word is broken"


def test_weeks_are_added(page: Page) -> None:
    """R-PRG-01, R-PRG-02: as many as a program still has room for, and not to unsaved changes."""
    page.get_by_role("button", name="Add 4 weeks").click()
    expect(page.locator("#status")).to_have_text(
        "4 weeks are added, with the targets that you have reached."
    )
    expect(page.locator(".program-week")).to_have_count(5)
    assert [each["isDeload"] for each in stored(page)["weeks"]] == [False] * 3 + [True, False]
    page.get_by_role("button", name="Move Squat down").first.click()
    expect(page.get_by_role("button", name="Add 4 weeks")).to_be_hidden()
    page.get_by_role("button", name="Save the changes").click()
    for count in (4, 4, 3):
        page.get_by_role("button", name=f"Add {count} weeks").click()
        expect(page.locator("#status")).to_contain_text(f"{count} weeks are added")
        page.reload()
    expect(page.locator(".program-week")).to_have_count(16)
    expect(page.get_by_role("button", name="Start day 1")).to_be_visible()
    assert page.get_by_role("button", name="Add").filter(has_text="week").count() == 0


def test_exercises_are_moved_by_drag(page: Page) -> None:
    """R-PRG-02"""
    target = page.locator("[data-day='2'] .program-line")
    page.locator("[data-day='1'] .program-line").first.drag_to(
        target, target_position={"x": 40, "y": 4}
    )
    expect(lines(page, 2)).to_have_text(["Squat", "Push-up"])
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert exercises_of(stored(page)) == [["lunge"], ["squat", "push_up"]]


def test_what_is_typed_while_a_program_is_created_stays(page: Page) -> None:
    """R-UIX-08: it is the next program."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/programs", hold)
    name = page.get_by_label("Name")
    name.fill("Summer")
    with page.expect_request("**/v1/programs"):
        page.get_by_role("button", name="Create the program").click()
    name.fill("Autumn")
    held.pop().continue_()
    expect(page.locator("#program-title")).to_have_text("Summer")
    expect(name).to_have_value("Autumn")


def test_numbers_and_exercises_are_changed(page: Page) -> None:
    """R-PRG-02: a number outside the limits is not taken."""
    sets = page.locator("[data-day='1'] input[name=sets]").first
    sets.fill("99")
    sets.blur()
    expect(page.get_by_role("button", name="Save the changes")).to_be_hidden()
    sets.fill("4")
    sets.blur()
    page.get_by_label("Effort (RPE)").first.select_option("9")
    page.get_by_label("Add an exercise to day 2").select_option(label="Plank")
    page.get_by_role("button", name="Add to day 2").click()
    page.get_by_role("button", name="Remove Lunge").click()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    program = stored(page)
    assert exercises_of(program) == [["squat"], ["push_up", "plank"]]
    first, plank = (program["weeks"][0]["days"][day]["exercises"][-1] for day in (0, 1))
    assert (first["sets"], plank["holdS"], plank["repetitions"]) == (4, 30, None)
    assert (first["targetRpe"], plank["targetRpe"]) == (9, None)


def test_what_is_typed_while_the_program_is_saved_stays(page: Page) -> None:
    """R-UIX-08: and is saved next, as a change of what was saved."""
    sets = page.locator("[data-day='1'] input[name=sets]").first
    repetitions = page.locator("[data-day='1'] input[name=repetitions]").first
    save = page.get_by_role("button", name="Save the changes")
    held = hold_requests(page, "**/v1/programs/*")
    for typed in ("12", "15"):
        sets.fill("4")
        sets.blur()
        with page.expect_request("**/v1/programs/*"):
            save.click()
        repetitions.fill(typed)
        with page.expect_response("**/v1/programs"):
            held.pop().continue_()
        expect(save).not_to_have_attribute("aria-disabled", "true")
        expect(repetitions).to_have_value(typed)
        expect(page.locator("#status")).not_to_have_text("The program is saved.")
    page.unroute("**/v1/programs/*")
    repetitions.blur()
    save.click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    expect(save).to_be_hidden()
    line = stored(page)["weeks"][0]["days"][0]["exercises"][0]
    assert (line["sets"], line["repetitions"]) == (4, 15)


@pytest.mark.parametrize(
    ("dragged", "target", "half", "expected"),
    [
        (0, 1, "upper", ["Squat", "Lunge"]),
        (0, 1, "lower", ["Lunge", "Squat"]),
        (1, 0, "upper", ["Lunge", "Squat"]),
        (1, 0, "lower", ["Squat", "Lunge"]),
    ],
)
def test_a_drag_within_a_day_ends_where_it_is_dropped(
    page: Page, dragged: int, target: int, half: str, expected: list[str]
) -> None:
    """R-PRG-02: before the exercise on whose upper half it is dropped, or after it."""
    page.set_viewport_size({"width": 1280, "height": 1400})  # both ends of the drag are seen
    first = page.locator("[data-day='1'] .program-line")
    box = first.nth(target).bounding_box()
    assert box is not None
    y = 4 if half == "upper" else box["height"] - 4
    first.nth(dragged).drag_to(
        first.nth(target), source_position={"x": 20, "y": 8}, target_position={"x": 20, "y": y}
    )
    expect(lines(page, 1)).to_have_text(expected)
    expect(page.get_by_role("button", name="Save the changes")).to_be_visible()


def test_a_rule_is_tested_before_it_is_switched_on(page: Page) -> None:
    """R-PRG-01, R-PRG-02: each time another one is chosen."""
    on = page.get_by_role("button", name="Switch it on")
    rule = page.get_by_label("Progression")
    rule.select_option(label="More repetitions, then more load")
    expect(on).to_be_hidden()
    page.get_by_role("button", name="Show what it would have done").click()
    expect(page.locator("#back-test")).to_contain_text("You have not performed this exercise yet.")
    rule.select_option(label="A share of your estimated maximum")
    expect(page.locator("#back-test")).to_be_empty()
    expect(on).to_be_hidden()
    page.get_by_role("button", name="Show what it would have done").click()
    on.click()
    expect(page.locator("#status")).to_contain_text("It is switched on")
    found = stored(page)["rule"]
    assert (found["kind"], found["stepKg"], found["minForm"]) == ("percentage", 5, 0.8)


def test_a_day_starts_as_it_was_saved(page: Page) -> None:
    """R-PRG-02: changes are saved first, so that none is lost."""
    begin = page.get_by_role("button", name="Start day 1")
    page.get_by_role("button", name="Remove Lunge").click()
    expect(begin).to_be_hidden()
    page.get_by_role("button", name="Save the changes").click()
    expect(begin).to_be_visible()
    assert exercises_of(stored(page)) == [["squat"], ["push_up"]]


def test_a_change_shows_its_reason(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-01, R-PRG-02: after a day on which all sets reached their target."""
    exercise = {**line("squat"), "sets": 1}
    weeks = [{"days": [{"exercises": [exercise]}] * 2}]
    program = {"name": "Short", "goal": "strength", "weeks": weeks, "rule": {"kind": "linear"}}
    key = performed(empty_server, program)
    page = new_page(empty_server.url)
    page.goto(f"{PATH}?program={key}")
    expect(page.locator("#changes")).to_contain_text("20 kg → 22.5 kg")
    expect(page.locator("#changes")).to_contain_text("The set reached the target of 8.")


def test_a_program_starts_from_a_template(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-02: which fills the form, and fixes the days."""
    page = new_page(empty_server.url)
    page.goto(PATH)
    page.get_by_label("Start from").select_option(label="Strength: the basics")
    expect(page.get_by_label("Name")).to_have_value("Strength: the basics")
    expect(page.get_by_label("Barbell")).to_be_checked()
    expect(page.get_by_label("Days a week")).to_be_disabled()
    page.get_by_label("Weeks", exact=True).fill("2")
    page.get_by_role("button", name="Create the program").click()
    expect(lines(page, 1)).to_have_text(["Squat", "Bench press", "Plank"])
    rule = stored(page)["rule"]
    assert (rule["kind"], rule["stepKg"], rule["loadStepKg"]) == ("linear", 2.5, 2.5)
    expect(page.get_by_label("Days a week")).to_be_enabled()


@pytest.mark.slow
def test_loads_are_in_pounds_and_stored_exactly(
    tmp_path: Path, video: Path, new_page: NewPage
) -> None:
    """R-PRG-02: rules add and round to a pair of plates; an effort changes later days."""
    with opened(tmp_path, video, sign_in="required") as server:
        page = new_page(server.url, **PHONE)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.evaluate(POUNDS)
        page.goto(PATH)
        page.get_by_label("Start from").select_option(label="Skill: more pull-ups")
        page.get_by_role("button", name="Create the program").click()
        load = page.get_by_label("Load, lb").first
        load.fill("105")
        load.press("Tab")
        page.get_by_role("button", name="Save the changes").click()
        expect(page.locator("#status")).to_have_text("The program is saved.")
        (program,) = page.evaluate(OWN_PROGRAMS)
        line = program["weeks"][0]["days"][0]["exercises"][0]
        assert line["loadKg"] == pytest.approx(105 * 0.45359237, abs=1e-8)
        assert program["rule"]["stepKg"] == pytest.approx(5 * 0.45359237, abs=1e-8)
        expect(page.get_by_label("Load, lb").first).to_have_value("105")
        assert problems(page) == {}
        page.close()  # its requests would outlast the server


OWN_PROGRAMS: Final = """async () => {
  const { request } = await import("/static/src/api/client.js");
  return (await request("/v1/programs")).items;
}"""


def test_a_reported_effort_changes_later_days(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-PRG-01, R-PRG-02: repetitions in reserve, of the latest day, once; nothing is lost."""
    exercise = {**line("squat"), "sets": 1, "targetRpe": 7}
    weeks = [{"days": [{"exercises": [exercise]}] * 2}]
    rule = {"kind": "effort", "reserve": 2, "stepKg": 2.5}
    program = {"name": "Hard", "goal": "strength", "weeks": weeks, "rule": rule}
    key = performed(empty_server, program)
    page = new_page(empty_server.url)
    page.goto(f"{PATH}?program={key}")
    expect(page.locator("#efforts")).to_contain_text("How hard was day 1?")
    sets = page.locator("[data-day='2'] input[name=sets]")
    sets.fill("4")
    sets.blur()
    for part in ("#efforts", "#rule"):  # an answer would show the program as it is saved
        expect(page.locator(part)).to_be_hidden()
    page.get_by_role("button", name="Save the changes").click()
    choice = page.locator("#efforts").get_by_label("Squat", exact=True)
    expect(choice).to_be_visible()
    choice.focus()
    page.keyboard.press("ArrowDown")  # changes the choice of a closed list, as reading it does
    expect(choice).to_have_value("0")
    choice.select_option(label="5 or more")
    page.get_by_role("button", name="Save the answer for Squat").click()
    expect(page.locator("#changes")).to_contain_text("20 kg → 22.5 kg You had 5 repetitions")
    expect(page.locator("#efforts")).to_have_count(0)
    expect(page.locator("#program-title")).to_be_focused()
    done = page.locator("[data-day='1'] .program-line .muted")
    expect(done).to_contain_text("RPE 7 · felt like RPE 5 or less")


def test_a_note_to_an_exercise_is_saved_and_shown_in_the_player(page: Page) -> None:
    """R-PRG-02, R-WKT-02: on each day that has the exercise."""
    page.locator("#notes").get_by_label("Squat").fill("Heels down.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert stored(page)["notes"] == [{"exerciseId": "squat", "text": "Heels down."}]
    assert problems(page) == {}
    page.get_by_role("button", name="Start day 1").click()
    expect(page.locator("exercise-brief .brief-note")).to_contain_text("Heels down.")


def test_a_started_day_opens_the_player(page: Page) -> None:
    """R-PRG-02: with the exercises of the day."""
    page.get_by_role("button", name="Start day 1").click()
    page.wait_for_url("**/workout_player.html**")
    expect(page.locator("main")).to_contain_text("Squat")
