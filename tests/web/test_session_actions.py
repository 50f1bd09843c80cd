"""Changes of a session on its page: finishing, correcting, renaming and deleting it."""

import re
from typing import Final

from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, SessionId
from domain.sessions.events import SessionCompleted, SetCompleted, SetStarted
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.states import refused


def facts(server: PlatformServer, session: str) -> list[object]:
    return list(server.platform.history.events(DEFAULT_TENANT, SessionId(session)))


def shown(page: Page, session: str) -> None:
    """Open the page of a session."""
    page.goto(f"/#session={session}")
    expect(page.locator("#title")).to_be_visible()


def test_an_abandoned_session_is_finished_from_its_page(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-11: its open set ends with its last repetition."""
    session = empty_server.log_by_hand(1, repetitions=3, completed=False)
    page = new_page(empty_server.url)
    shown(page, session)
    page.get_by_role("button", name="Finish session").click()
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Finish session")).to_have_count(0)
    written = facts(empty_server, session)
    (ended,) = (each for each in written if isinstance(each, SetCompleted))
    assert ended.span.end_ms == 6000
    (completed,) = (each for each in written if isinstance(each, SessionCompleted))
    assert completed.repetitions == 3


LOOKS_LIKE: Final = re.compile(r"Your movement looks like: Squat \((9\d|100) %\)")


def test_a_session_is_counted_again_as_another_exercise(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-POS-02: the page says what the movement looks like, and goes on to the replacement.

    R-UIX-07: after a failure, the button keeps the focus.
    """
    wrong = empty_server.analyze()
    page = new_page(empty_server.url)
    shown(page, wrong)
    expect(page.locator("h1")).to_contain_text("4 squats")
    page.get_by_text("Wrong exercise?").click()
    expect(page.locator(".correction")).to_contain_text(LOOKS_LIKE)
    page.get_by_label("Exercise", exact=True).select_option("lunge")
    assert violations(page) == []
    again = page.get_by_role("button", name="Count again")
    page.route("**:correct-exercise", refused, times=1)
    again.press("Enter")
    expect(page.locator(".correction")).to_contain_text("Come again.")
    expect(again).to_be_focused()
    again.press("Enter")
    expect(page.locator("h1")).not_to_contain_text("squats")
    right = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('session')")
    assert right != wrong
    (started,) = (each for each in facts(empty_server, right) if isinstance(each, SetStarted))
    assert started.exercise_id == "lunge"
    assert page.request.get(f"/v1/sessions/{wrong}").status == 404
    page.reload()
    page.get_by_text("Wrong exercise?").click()
    expect(page.get_by_label("Exercise", exact=True)).to_have_value("squat")
    expect(page.get_by_label("Exercise", exact=True).locator("[value=lunge]")).to_have_count(0)


def test_a_session_is_renamed_deleted_and_restored_on_its_page(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-RPL-13, R-UIX-07: the name is that of the recording; Home offers to undo the deletion.

    The keyboard focus goes on to the notice that has replaced the button.
    """
    session = empty_server.analyze()
    page = new_page(empty_server.url)
    shown(page, session)
    page.get_by_role("button", name="Rename").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the session").fill("Before breakfast")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text(re.compile("Before breakfast"))
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    assert page.request.get(f"/v1/recordings/{session}").json()["name"] == "Before breakfast"
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("Session deleted")
    expect(page).to_have_url(f"{empty_server.url}/")
    assert page.request.get(f"/v1/sessions/{session}").status == 404
    page.locator("#notice").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#notice p")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open the session")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("4 squats")
    assert page.request.get(f"/v1/recordings/{session}").json()["name"] == "Before breakfast"
