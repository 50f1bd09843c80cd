"""Training with the camera: the page shows what the log contains."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT
from domain.sessions.events import HoldMeasured, RepetitionCounted, SessionCompleted, SetStarted
from tests.web.axe import violations
from tests.web.coach_page import all_green, button, counted
from tests.web.coaching import EAR, SQUATS, coached, counts, does
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

SIZES = ((390, 844), (844, 390), (768, 1024), (1280, 800))

COVERED = """(cue) => {
  document.querySelector("#toast").show({ cue });
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const meet = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const pairs = [["#toast", "#stage"], ["#toast", ".controls"], ["#counter", "#mode"],
    ["#counter", ".controls"], ["#counter", "#toast"]];
  const { scrollWidth, clientWidth } = document.querySelector("#counter");
  return [...pairs.filter(([a, b]) => meet(box(a), box(b))),
    ...(scrollWidth > clientWidth ? ["the count is clipped"] : [])];
}"""
"""Parts of the stage that cover each other while a long cue is shown."""


@pytest.fixture(scope="module")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("coach")
    with opened(home, home / "no-video") as found:
        yield found


def places_of_controls(page: Page) -> list[object]:
    """Return the place of the buttons on a phone, a tablet and a desktop."""
    sizes = [(390, 844), (768, 1024), (1280, 800)]
    places: list[object] = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        places.append(page.locator(".controls").bounding_box())
    return places


@pytest.mark.slow
def test_the_count_that_is_shown_is_the_one_in_the_log(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01, R-UIX-04, R-UIX-05, R-UIX-09, R-LIV-01, R-LIV-02, R-LIV-06, R-LIV-11, R-LIV-13,
    R-RPL-01, C-13: the network is lost and restored in between.
    """
    page = coached(new_page, coach, permissions=["camera"])
    assert violations(page) == []
    button(page, "Turn on the camera")
    all_green(page)
    assert violations(page) == []
    button(page, "Start set")
    expect(page.locator("#start")).to_have_text("Stop set")
    stage, counter = page.locator("#stage").bounding_box(), page.locator("#counter").bounding_box()
    assert stage is not None
    assert counter is not None
    assert counter["height"] >= 0.2 * stage["height"]
    counts(page, 2)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(COVERED, "Keep your chest up and push through your heels") == []
        expect(page.locator("#stage")).to_be_in_viewport(ratio=0.95)
        expect(page.get_by_role("button", name="Stop set")).to_be_in_viewport(ratio=0.95)
        shown = page.locator("#stage").bounding_box() or {"height": 0}
        assert shown["height"] >= (0.7 if min(width, height) < 400 else 0.5) * height
    expect(page.locator("#toast")).to_be_empty()
    expect(page.locator("#recorder")).to_have_attribute("data-status", "recording")
    page.context.set_offline(True)
    expect(page.locator("#link")).to_have_text(
        re.compile(r"Connection lost: \d+ s buffered, you can continue\.")
    )
    expect(page.get_by_role("status").filter(has_text="Connection")).to_have_text(
        "Connection lost: you can continue."
    )  # without the value that grows each second, which is not announced again
    assert violations(page) == []
    page.context.set_offline(False)
    expect(page.locator("#link")).to_be_empty()
    expect(page.locator(".count-number")).to_have_text(str(SQUATS.repetitions))
    button(page, "Stop set")
    expect(page.locator("rest-timer")).to_be_visible()
    assert violations(page) == []
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("5 repetitions")
    assert violations(page) == []
    facts = counted(coach, page)
    assert sum(isinstance(fact, RepetitionCounted) for fact in facts) == SQUATS.repetitions
    assert isinstance(facts[-1], SessionCompleted)
    session = page.locator("session-summary").get_attribute("data-session")
    recorded = page.request.get(f"/v1/recordings/{session}").json()
    assert (recorded["status"], recorded["name"]) == ("completed", "Squat")
    assert recorded["frame_count"] > 0


@pytest.mark.slow
def test_a_set_in_which_nothing_counted_is_no_result(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-POS-02: the summary gives no count, and the session's page asks for the exercise."""
    page = coached(new_page, coach, permissions=["camera"])
    button(page, "Turn on the camera")
    all_green(page)
    does(page, 0)
    button(page, "Start set")
    expect(page.locator("#recorder")).to_have_attribute("data-status", "recording")
    button(page, "Stop set")
    button(page, "Finish session")
    summary = page.locator("session-summary")
    expect(summary).to_contain_text("No reps counted.")
    expect(summary).to_contain_text("check that the exercise is right")
    expect(summary).not_to_contain_text("0 repetitions")
    assert violations(page) == []
    page.goto(f"/#session={summary.get_attribute('data-session')}")
    expect(page.locator("h1")).to_contain_text("No reps counted.")
    expect(page.locator("#correct-exercise")).to_be_visible()


def test_no_set_begins_before_all_five_checks_are_green(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-01: the page says what is wrong; once it is fixed, the set starts by itself."""
    page = coached(new_page, coach, permissions=["camera"])
    page.evaluate("globalThis.people = 0")
    button(page, "Turn on the camera")
    expect(page.locator("[data-light=people]")).to_have_attribute("data-state", "red")
    expect(page.locator("[data-light=body]")).to_have_attribute("data-state", "red")
    button(page, "Start set")
    expect(page.locator("#start")).to_have_text("Cancel")
    page.evaluate("globalThis.people = 2")
    expect(page.locator("[data-light=people]")).to_contain_text("More than one person")
    assert page.evaluate("document.querySelector('#active-set').hidden")
    page.evaluate("globalThis.people = 1")
    expect(page.locator("#start")).to_have_text("Stop set")


def one_squat_done(coach: PlatformServer, new_page: NewPage) -> Page:
    """Return a page that has counted one squat by its camera, whose track is `track`."""
    page = coached(new_page, coach, permissions=["camera"])
    button(page, "Turn on the camera")
    all_green(page)
    does(page, 1)
    button(page, "Start set")
    expect(page.locator(".count-number")).to_have_text("1")
    page.evaluate("globalThis.track = document.querySelector('video').srcObject.getTracks()[0]")
    return page


@pytest.mark.slow
def test_a_lost_or_unused_camera_is_off(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-01, R-LIV-11: the count is kept when the user returns to the page."""
    page = one_squat_done(coach, new_page)
    page.evaluate("track.dispatchEvent(new Event('ended'))")
    expect(page.locator("#banner")).to_contain_text("The camera was switched off.")
    assert page.evaluate("track.readyState") == "ended"
    page.locator("#banner").get_by_role("button", name="Turn on the camera").click()
    until(page, "document.querySelector('video').srcObject !== null")
    page.evaluate("globalThis.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("track.readyState") == "ended"
    page.goto("/pose_realtime.html")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("1 set, 1 repetition")
    assert sum(isinstance(fact, RepetitionCounted) for fact in counted(coach, page)) == 1


@pytest.mark.slow
def test_a_camera_that_sees_nobody_switches_off(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-01, R-LIV-11: the set is paused, and what was counted is kept."""
    page = one_squat_done(coach, new_page)
    page.evaluate("globalThis.people = 0; globalThis.haste = 3000")
    expect(page.locator("#banner")).to_contain_text("Nobody was in view")
    expect(page.locator("#banner")).to_contain_text("Your counted repetitions are kept.")
    assert page.evaluate("track.readyState") == "ended"
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")


def test_without_a_camera_repetitions_are_counted_by_keyboard(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07, R-UIX-06, R-LIV-11, R-WKT-08, R-WKT-12, R-PRG-07: only the picture is missing."""
    page = coached(new_page, coach, width=390, height=844, permissions=[])
    page.locator("#camera-on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_contain_text("Camera access was denied.")
    assert violations(page) == []
    page.locator("#banner button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#count")).to_be_visible()
    page.locator("#count").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    page.keyboard.press("u")
    expect(page.locator(".count-number")).to_have_text("2")
    assert violations(page) == []
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    expect(page.locator(".count-number")).to_have_text("2")
    page.keyboard.press("p")
    page.keyboard.press("s")
    expect(page.locator(".rest-time")).to_contain_text(":")
    page.locator("#finish").focus()
    page.keyboard.press("Enter")
    expect(page.locator("session-summary")).to_contain_text("1 set, 2 repetitions")
    expect(page.locator("new-achievements")).to_have_attribute("aria-busy", "true")
    coach.platform.achievements.award_pending(DEFAULT_TENANT)
    expect(page.locator("new-achievements")).to_have_attribute("aria-busy", "false")
    assert violations(page) == []
    facts = counted(coach, page)
    (started,) = (fact for fact in facts if isinstance(fact, SetStarted))
    assert started.counted_by.source == "manual"
    (completed,) = (fact for fact in facts if isinstance(fact, SessionCompleted))
    assert completed.repetitions == 2


@pytest.mark.slow
def test_manual_counts_outlast_their_page(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-11: each repetition is stored at once, and another page finishes the session."""
    page = coached(new_page, coach)
    button(page, "Count manually")
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("s")
    button(page, "+1 repetition")
    expect(page.locator(".count-number")).to_have_text("1")
    page.goto("/pose_realtime.html")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("1 set, 1 repetition")


@pytest.mark.slow
def test_a_hold_is_timed_manually_without_a_connection(
    coach: PlatformServer, new_page: NewPage
) -> None:
    """R-LIV-11: neither the start of a session nor its sets need the server."""
    page = coached(new_page, coach)
    with page.expect_response("**/v1/exercises/plank"):
        page.get_by_role("radio", name="Plank").check()
    expect(page.locator("#target-unit")).to_have_text("Seconds")
    page.context.set_offline(True)
    button(page, "Count manually")
    button(page, "Start set")
    until(page, "Number(document.querySelector('.count-number').textContent) >= 1")
    expect(page.locator("#set-time")).to_have_text(re.compile(r"0:0\d"))
    expect(page.locator("#count")).to_be_hidden()
    expect(page.locator("#link")).to_contain_text("Connection lost")
    during = places_of_controls(page)
    button(page, "Stop set")
    after = places_of_controls(page)
    page.context.set_offline(False)
    expect(page.locator("#link")).to_be_hidden()
    assert places_of_controls(page) == after  # nothing moves under the finger
    button(page, "Start set")
    assert places_of_controls(page) == during
    button(page, "Stop set")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("2 sets")
    held, _ = (fact for fact in counted(coach, page) if isinstance(fact, HoldMeasured))
    assert held.source == "manual"
    assert held.span.end_ms - held.span.start_ms >= 1000


@pytest.mark.slow
def test_spoken_commands_are_carried_out(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-16: start, undo, pause, swap and stop."""
    page = coached(new_page, coach, EAR, permissions=["microphone"])
    page.get_by_label("Voice commands").check()
    button(page, "Count manually")
    until(page, "typeof say === 'function'")

    until(page, "say('start') ?? document.querySelector('#start').textContent !== 'Start set'")
    button(page, "+1 repetition")
    button(page, "+1 repetition")
    page.evaluate("say('undo that')")
    expect(page.locator(".count-number")).to_have_text("1")
    page.evaluate("say('pause')")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    page.evaluate("say('stop')")
    expect(page.locator("rest-timer")).to_be_visible()
    page.evaluate("say('swap exercise')")
    expect(page.locator("#status")).to_contain_text("is next")


@pytest.mark.slow
def test_a_russian_page_understands_russian(coach: PlatformServer, new_page: NewPage) -> None:
    """R-LIV-16, R-UIX-07."""
    page = coached(new_page, coach, EAR, permissions=["microphone"], locale="ru-RU")
    page.locator("#listen").check()
    page.locator("#by-hand").click()
    until(page, "typeof say === 'function'")
    assert page.evaluate("listensIn") == "ru-RU"

    label = page.locator("#start").text_content()
    until(
        page,
        "(label) => say('старт') ?? document.querySelector('#start').textContent !== label",
        label,
    )
    page.locator("#count").click()
    page.evaluate("say('Пропустить')")
    expect(page.locator("rest-timer")).to_be_visible()
    page.evaluate("say('дальше')")
    expect(page.locator("rest-timer")).to_be_hidden()
