"""Programs by keyboard: reading a list changes nothing, ending asks, and the focus stays near."""

from playwright.sync_api import Page, expect

from tests.web.inspection import problems
from tests.web.program_page import lines, page, stored

__all__ = ["page"]


def test_an_exercise_is_added_and_removed_by_keyboard(page: Page) -> None:
    """R-PRG-02, R-UIX-07: reading the list adds nothing; the focus stays near the change."""
    choice = page.get_by_label("Add an exercise to day 2")
    choice.focus()
    page.keyboard.press("ArrowDown")
    expect(choice).not_to_have_value("")
    expect(lines(page, 2)).to_have_text(["Push-up"])
    choice.select_option(label="Plank")
    page.get_by_role("button", name="Add to day 2").press("Enter")
    expect(lines(page, 2)).to_have_text(["Push-up", "Plank"])
    expect(page.locator("#status")).to_have_text("Plank is added to day 2.")
    added = page.locator("[data-day='2'] .program-line")
    expect(added.last).to_be_focused()
    page.get_by_role("button", name="Remove Push-up").press("Enter")
    expect(page.locator("#status")).to_have_text("Push-up is removed from day 2.")
    expect(added).to_be_focused()
    page.get_by_role("button", name="Remove Plank").press("Enter")
    expect(choice).to_be_focused()


def test_the_focus_stays_in_a_program_that_is_shown_again(page: Page) -> None:
    """R-UIX-07: after it was saved."""
    page.get_by_role("button", name="Move Squat down").click()
    page.get_by_role("button", name="Save the changes").press("Enter")
    expect(page.locator("#status")).to_have_text("The program is saved.")
    expect(page.locator("#program-title")).to_be_focused()


def test_a_program_is_ended(page: Page) -> None:
    """R-PRG-02: after a question, and only without unsaved changes, which it would lose."""
    end = page.get_by_role("button", name="End the program")
    page.get_by_role("button", name="Move Squat down").click()
    expect(end).to_be_hidden()
    page.get_by_role("button", name="Save the changes").click()
    end.click()
    expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
    assert problems(page) == {}
    page.get_by_role("button", name="No, keep it").click()
    expect(end).to_be_focused()
    assert stored(page)["endedAt"] is None
    end.click()
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.locator("#program-title")).to_be_focused()
    expect(page.locator("#programs")).to_contain_text("Ended")
    expect(page.get_by_role("button", name="Start day 1")).to_have_count(0)
    assert stored(page)["endedAt"] is not None
    expect(page.locator("#program")).not_to_contain_text("false")
