"""Unsaved changes of a program: leaving it asks first, and no response discards them."""

from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.inspection import problems
from tests.web.leaving import reload_asks
from tests.web.lost_answers import answer_lost
from tests.web.program_page import PATH, WEEKS, line, lines, page, performed, stored
from tests.web.server import PlatformServer

__all__ = ["page"]

QUESTION: Final = "The form has changes that are not saved."


@pytest.fixture
def two_programs(page: Page, empty_server: PlatformServer) -> Page:
    """The page of one of two programs, with an exercise that was moved."""
    rule = {"kind": "none", "stepKg": 5, "minForm": 0.8}
    program = {"name": "Arms", "goal": "strength", "weeks": WEEKS, "rule": rule}
    sent = httpx2.post(f"{empty_server.url}/v1/programs", json=program, timeout=60)
    assert sent.status_code == 201, sent.text
    page.goto(PATH)
    page.get_by_role("link", name="Arms").click()
    expect(page.locator("#program-title")).to_have_text("Arms")
    page.get_by_role("link", name="Legs first").click()
    expect(page.locator("#program-title")).to_have_text("Legs first")
    page.get_by_role("button", name="Move Squat down").click()
    return page


def expect_question(page: Page) -> None:
    """Expect a question, beside the program with its change."""
    expect(page.locator("#banner")).to_contain_text(QUESTION)
    expect(page.locator("#program-title")).to_have_text("Legs first")
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])


def test_the_page_asks_before_it_is_left_with_unsaved_changes(page: Page) -> None:
    """R-PRG-02, R-UIX-08: also while a number is typed; not after the program was saved."""
    sets = page.locator("[data-day='1'] input[name=sets]").first
    assert not reload_asks(page)
    sets.fill("4")
    assert reload_asks(page)
    page.get_by_role("button", name="Move Squat down").click()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    assert not reload_asks(page)


def test_a_change_that_may_be_saved_is_said_to_be(page: Page) -> None:
    """R-PRG-02, R-UIX-08: its answer was lost. Saving again is harmless."""
    page.get_by_role("button", name="Move Squat down").click()
    save = page.get_by_role("button", name="Save the changes")
    with answer_lost(page, "**/v1/programs/*"):
        save.click()
    expect(page.locator("#banner")).to_contain_text("may have been saved")
    save.click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])


def test_the_page_asks_before_it_is_left_with_a_new_program(page: Page) -> None:
    """R-PRG-02, R-UIX-08: not after the program was created."""
    page.get_by_label("Name", exact=True).fill("Arms")
    assert reload_asks(page)
    page.get_by_label("Name", exact=True).fill("Arms")
    page.get_by_role("button", name="Create the program").click()
    expect(page.locator("#program-title")).to_have_text("Arms")
    assert not reload_asks(page)


def test_another_program_is_opened_when_unsaved_changes_are_discarded(two_programs: Page) -> None:
    """R-PRG-02, R-UIX-08"""
    page = two_programs
    page.get_by_role("link", name="Arms").click()
    expect_question(page)
    assert problems(page) == {}
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#program-title")).to_have_text("Arms")
    assert not reload_asks(page)


def test_going_back_asks_before_unsaved_changes_are_discarded(two_programs: Page) -> None:
    """R-PRG-02, R-UIX-08: until then the URL stays at the program, which can be saved."""
    page = two_programs
    page.go_back()
    expect_question(page)
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    expect(page.locator("#program-title")).to_have_text("Legs first")
    page.get_by_role("link", name="Arms").click()
    expect(page.locator("#program-title")).to_have_text("Arms")
    page.go_back()
    expect(page.locator("#program-title")).to_have_text("Legs first")


def test_a_new_program_does_not_replace_unsaved_changes(two_programs: Page) -> None:
    """R-PRG-02, R-UIX-08: it is in the list."""
    page = two_programs
    page.get_by_label("Name").fill("Summer")
    page.get_by_role("button", name="Create the program").click()
    expect(page.get_by_role("link", name="Summer")).to_be_visible()
    expect_question(page)
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#program-title")).to_have_text("Summer")


def test_changes_whose_saving_is_refused_are_not_discarded(two_programs: Page) -> None:
    """R-PRG-02, R-UIX-08: another program was chosen while they were sent."""
    page = two_programs
    held = Held(page, "**/v1/programs/*")
    page.get_by_role("button", name="Save the changes").click()
    page.get_by_role("link", name="Arms").click()
    refusal = {"status": 503, "code": "server.busy", "title": "Busy."}
    held.routes.pop().fulfill(status=503, json=refusal)
    page.unroute(held.pattern)
    expect(page.locator("#banner")).to_contain_text("Busy.")
    expect(page.locator("#program-title")).to_have_text("Legs first")
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")


@pytest.fixture
def felt(empty_server: PlatformServer, new_page: NewPage) -> Page:
    """A page on which it is chosen how hard a day was, for a rule that changes the next one."""
    exercise: dict[str, Any] = {**line("squat"), "sets": 1}
    weeks = [{"days": [{"exercises": [exercise]}] * 2}]
    rule = {"kind": "effort", "reserve": 2, "stepKg": 2.5}
    program = {"name": "Hard", "goal": "strength", "weeks": weeks, "rule": rule}
    page = new_page(empty_server.url)
    page.goto(f"{PATH}?program={performed(empty_server, program)}")
    page.locator("#efforts").get_by_label("Squat", exact=True).select_option(label="5 or more")
    return page


def test_a_rule_that_is_chosen_stays_while_an_effort_is_saved(felt: Page) -> None:
    """R-PRG-02, R-UIX-08: until it is switched on."""
    rule = felt.locator("#rule")
    rule.select_option("linear")
    felt.get_by_role("button", name="Save the answer for Squat").click()
    expect(felt.locator("#efforts")).to_have_count(0)
    expect(rule).to_have_value("linear")
    felt.get_by_role("button", name="Show what it would have done").click()
    felt.get_by_role("button", name="Switch it on").click()
    expect(felt.locator("#status")).to_contain_text("It is switched on: More load")
    expect(rule).to_have_value("linear")
    rule.select_option("none")
    felt.reload()
    expect(rule).to_have_value("linear")


def edit_while_the_effort_is_sent(page: Page) -> tuple[Held, Locator]:
    """Save how hard the day was, and change the sets of the next one; return both."""
    held = Held(page, "**/efforts")
    with page.expect_request("**/efforts"):
        page.get_by_role("button", name="Save the answer for Squat").click()
    sets = page.locator("[data-day='2'] input[name=sets]")
    sets.fill("4")
    return held, sets


def test_changes_stay_that_are_made_while_an_effort_is_sent(felt: Page) -> None:
    """R-PRG-02, R-UIX-08: beside the load that the rule raises; both are saved."""
    page = felt
    held, sets = edit_while_the_effort_is_sent(page)
    repetitions = page.locator("[data-day='2'] input[name=repetitions]")
    repetitions.fill("9")
    held.release("**/v1/programs")
    expect(page.get_by_label("Load, kg")).to_have_value("22.5")
    expect(sets).to_have_value("4")
    expect(repetitions).to_have_value("9")
    expect(repetitions).to_be_focused()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    (first, second) = stored(page)["weeks"][0]["days"]
    (later,) = second["exercises"]
    assert (later["sets"], later["repetitions"], later["loadKg"]) == (4, 9, 22.5)
    assert first["exercises"][0]["loadKg"] == 20


def test_a_program_is_saved_after_an_effort_that_is_being_sent(felt: Page) -> None:
    """R-PRG-02, R-UIX-08: the server would refuse the program as changed meanwhile."""
    page = felt
    held, sets = edit_while_the_effort_is_sent(page)
    sets.blur()
    page.get_by_role("button", name="Save the changes").click()
    held.release("**/v1/programs")
    expect(page.locator("#status")).to_have_text("The program is saved.")
    (later,) = stored(page)["weeks"][0]["days"][1]["exercises"]
    assert (later["sets"], later["loadKg"]) == (4, 22.5)


def test_changes_stay_that_are_made_while_weeks_are_added(page: Page) -> None:
    """R-PRG-02, R-UIX-08"""
    held = Held(page, "**/weeks")
    with page.expect_request("**/weeks"):
        page.get_by_role("button", name="Add 4 weeks").click()
    page.get_by_role("button", name="Move Squat down").click()
    held.release("**/v1/programs")
    expect(page.locator(".program-week")).to_have_count(5)
    expect(lines(page, 1)).to_have_text(["Lunge", "Squat"])
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#status")).to_have_text("The program is saved.")
    program = stored(page)
    assert len(program["weeks"]) == 5
    first = program["weeks"][0]["days"][0]["exercises"]
    assert [each["exerciseId"] for each in first] == ["lunge", "squat"]
