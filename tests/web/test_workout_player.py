"""A guided workout: set by set, by hand or camera, and resumed after leaving."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from domain.ids import DEFAULT_TENANT
from tests.web.axe import violations
from tests.web.coaching import EAR
from tests.web.conftest import NewPage
from tests.web.player import (
    AWAY,
    PHONE,
    STANDS,
    begun,
    counted_down,
    executed,
    fits,
    prescribed,
    press,
    started,
)
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

PICTURE = """() => document.querySelector("exercise-figure canvas").toDataURL()"""
NOTHING = """() => Object.assign(document.createElement("canvas"),
  (({ width, height }) => ({ width, height }))(document.querySelector("exercise-figure canvas")))
  .toDataURL()"""
"""The figure's canvas with nothing drawn on it, as a data URL."""

EARNED = re.compile("You earned 1 achievement.*First workout", re.DOTALL)

MOTION = "(medal) => getComputedStyle(medal).animationName"

GOES_ON = "['Cancel', 'Finished'].includes(document.querySelector('#main-action').textContent)"
"""The countdown to the set is running, or the set is in progress."""

REST_S = """(() => {
  const text = document.querySelector(".rest-time").textContent;
  const [, minutes, seconds] = text.match(/(\\d+):(\\d\\d)/);
  return 60 * minutes + Number(seconds);
})()"""

FORGOTTEN = """async () => {
  const { LiveSession } = await import("/static/src/live/live-session.js");
  return (await LiveSession.unfinished()).length === 0;
}"""
"""The browser has no unfinished session."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def shows_what_was_earned(page: Page) -> None:
    """Assert that a new badge is shown, in motion unless the user prefers reduced motion."""
    expect(page.locator("workout-results new-achievements")).to_contain_text(EARNED)
    medal = page.locator("new-achievements .medal").first
    for preference, motion in {"no-preference": "earned", "reduce": "none"}.items():
        page.emulate_media(reduced_motion=preference)  # type: ignore[arg-type]  # one of its words
        assert medal.evaluate(MOTION) == motion


def test_the_player_fills_the_screen(server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-04: and its button says whether it does."""
    page = new_page(server.url, **PHONE)
    page.goto(prescribed(page, {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3}))
    started(page, "Manually")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Full screen", exact=True).click()
    until(page, "document.fullscreenElement === document.documentElement")
    button = page.get_by_role("button", name="Leave full screen")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    until(page, "document.fullscreenElement === null")
    fits(page)


@pytest.mark.slow
def test_a_workout_is_written_and_done_by_hand_on_a_phone(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-WKT-03, R-WKT-08, R-WKT-11, R-WKT-12, R-UIX-04, R-UIX-08, C-49: by touch."""
    page = new_page(server.url, **PHONE)
    page.add_init_script(AWAY)
    page.goto("/workout_player.html")
    expect(page.locator("#none")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Legs and core")
    page.locator("program-builder [name=exercise]").select_option("squat")
    page.locator("[name=sets]").fill("1")
    page.get_by_label("Repetitions").fill("3")
    page.get_by_role("button", name="Add an exercise").click()
    page.locator("program-builder [name=exercise]").nth(1).select_option("plank")
    page.locator("[name=sets]").nth(1).fill("1")
    page.get_by_label("Seconds").fill("1")
    fits(page)
    page.get_by_role("button", name="Save workout").click()
    page.get_by_role("link", name="Select").click()
    page.get_by_text("Voice and notifications").click()
    for choice in ("Manually", "Notify me"):
        page.get_by_label(choice).check()
    fits(page)
    page.get_by_role("button", name="Start workout").click()
    expect(page.locator("exercise-brief")).to_contain_text("This is your first time")
    fits(page)
    press(page, "Start set")
    counted_down(page)
    for _ in range(3):
        page.get_by_role("button", name="+1 repetition").click()
    server.count(page.evaluate("new URLSearchParams(location.search).get('session')"))
    fits(page)
    assert (page.locator("#main-action").bounding_box() or {"y": 0})["y"] > 844 / 2
    press(page, "Finished")
    expect(page.locator(".rest-time")).to_contain_text(":")
    expect(page.locator("exercise-brief")).to_contain_text("Plank")
    fits(page)
    left_s = page.evaluate(REST_S)
    page.get_by_role("button", name="+15 s").click()
    until(page, f"(before) => {REST_S} > before", left_s)
    page.evaluate("globalThis.away = true")
    page.get_by_role("button", name="−15 s").click()  # noqa: RUF001  as the button says it
    until(page, "notes.length === 1 || void document.querySelector('rest-timer button').click()")
    page.evaluate("globalThis.away = false")
    press(page, "Start set")
    press(page, "Finish workout")  # the plank's second has passed by itself
    results = page.locator("workout-results")
    expect(results).to_contain_text("not sent", ignore_case=True)
    for view in ("1. Squat", "counted manually", "2. Plank", "Repetitions4", "Verified1", "MET"):
        expect(results).to_contain_text(view, use_inner_text=False)
    server.platform.achievements.award_pending(DEFAULT_TENANT)
    shows_what_was_earned(page)
    fits(page)
    assert executed(server, page)["status"] == "completed"
    page.reload()
    expect(results).to_contain_text("1. Squat")


@pytest.mark.slow
def test_an_interrupted_workout_continues(server: PlatformServer, new_page: NewPage) -> None:
    """R-WKT-03, R-WKT-12, R-UIX-05, C-17: repetitions, rest and skipped sets are kept."""
    page = new_page(server.url, **PHONE, permissions=["microphone"])
    page.add_init_script(EAR)
    squat = {"exerciseId": "squat", "sets": 3, "targetRepetitions": 8, "restS": 600}
    curl = {"exerciseId": "biceps_curl", "sets": 2, "targetRepetitions": 8, "restS": 600}
    workout = prescribed(page, squat, curl)
    page.goto(workout)
    page.get_by_text("Voice and notifications").click()
    page.get_by_label("Voice commands").check()
    started(page, "Manually")
    page.get_by_label("Weight (kg)").fill("20")
    press(page, "Start set")
    begun(page)
    for _ in range(3):
        page.get_by_role("button", name="+1 repetition").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".count-number")).to_have_text("2")
    page.reload()
    until(page, "typeof say === 'function'")
    until(page, f"say('go') ?? {GOES_ON}")
    counted_down(page)  # the microphone is heard in real time
    expect(page.locator(".count-number")).to_have_text("2")
    page.get_by_role("button", name="+1 repetition").click()
    page.evaluate("say('finished')")
    page.locator("#latest button").last.click()
    expect(page.locator("#latest input")).to_have_value("4")
    until(page, STANDS, 4)
    page.reload()
    expect(page.locator("#latest input")).to_have_value("4")
    until(page, "/^[89]:/.test(document.querySelector('.rest-time').textContent)")
    page.get_by_role("button", name="Skip set").click()
    expect(page.locator("#place")).to_have_text("Next: Squat · Set 3 of 3")
    press(page, "Start next set")
    begun(page)
    page.keyboard.press("s")
    expect(page.locator("#log input")).to_have_value("8")
    assert violations(page) == []
    press(page, "Save")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Skip exercise").click()
    page.get_by_role("button", name="Press again to skip").click()
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("3 sets")
    view = executed(server, page)
    assert [each["repetitions"] for each in view["sets"]] == [4, 8]
    assert [each["skipped"] for each in view["lines"]] == [1, 2]
    assert view["sets"][0]["loadKg"] == 20

    page.goto(workout)
    expect(page.locator("#lines")).to_contain_text("last time 4, record 8")


def test_a_set_without_taps_offers_its_goal_whatever_was_done_before(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03, R-WKT-11: the earlier set is named beside it."""
    server.log_by_hand(1, repetitions=16)
    page = new_page(server.url, **PHONE)
    push_up = {"exerciseId": "push_up", "sets": 1, "targetRepetitions": 3, "restS": 60}
    page.goto(prescribed(page, push_up))
    started(page, "Manually")
    expect(page.locator("exercise-brief")).to_contain_text("16")
    press(page, "Start set")
    begun(page)
    press(page, "Finished")
    expect(page.locator("#log")).to_contain_text("16")
    expect(page.locator("#log input")).to_have_value("3")
    press(page, "Save")
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("1. Push-up")
    assert [each["repetitions"] for each in executed(server, page)["sets"]] == [3]


def test_a_figure_shows_the_exercise_and_respects_reduced_motion(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-UIX-07: the pommel horse has no figure, and the page has no gap."""
    page = new_page(server.url, **PHONE, reduced_motion="no-preference")
    exercises = ("squat", "pommel_horse")
    line = {"sets": 1, "targetRepetitions": 2, "restS": 60}
    address = prescribed(page, *({**line, "exerciseId": each} for each in exercises))
    page.goto(address)
    started(page, "Manually")
    figure = page.get_by_role("button", name="Squat demonstration")
    expect(figure).to_have_accessible_name("Squat demonstration: pause")
    before = page.evaluate(PICTURE)
    until(page, f"(before) => ({PICTURE})() !== before", before)
    figure.click()
    expect(figure).to_have_accessible_name("Squat demonstration: play")
    press(page, "Start set")
    begun(page)
    expect(figure).to_be_hidden()
    page.get_by_role("button", name="Skip set").click()
    expect(page.locator("exercise-brief h2")).to_have_text("Pommel horse circles")
    expect(page.locator("exercise-figure")).to_be_hidden()
    fits(page)

    still = new_page(server.url, **PHONE, reduced_motion="reduce")
    still.goto(address)
    started(still, "Manually")
    expect(still.locator("exercise-figure button")).to_have_accessible_name(
        "Squat demonstration: play"
    )
    assert still.evaluate(PICTURE) != still.evaluate(NOTHING)


def test_counts_are_announced_at_the_chosen_interval_and_a_bar_fills(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: every fifth repetition is announced; the choice is remembered."""
    page = new_page(server.url, **PHONE)
    squat = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 60}
    address = prescribed(page, squat)
    page.goto(address)
    page.locator(".voice-settings summary").click()
    page.get_by_label("Announce the count").select_option("5")
    fits(page)
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    for _ in range(4):
        page.get_by_role("button", name="+1 repetition").click()
    expect(page.locator(".count-number")).to_have_text("4")
    expect(page.locator("#status")).not_to_contain_text("repetitions")
    page.get_by_role("button", name="+1 repetition").click()
    expect(page.locator("#status")).to_have_text("5 repetitions")
    assert page.evaluate("document.querySelector('#set-bar').position") == 5 / 8
    press(page, "Finished")
    until(page, "document.querySelector('.rest-bar').position < 0.99")
    page.goto(address)
    page.locator(".voice-settings summary").click()
    expect(page.get_by_label("Announce the count")).to_have_value("5")


@pytest.mark.slow
def test_queued_commands_are_sent_before_a_workout_resumes(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03, R-UIX-08: nothing is done twice, and a completed workout is not resumed."""
    page = new_page(server.url, **PHONE)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    page.goto(prescribed(page, squat))
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    page.route("**/repetitions", lambda route: route.fulfill(status=503))
    for _ in range(2):
        page.get_by_role("button", name="+1 repetition").click()
    expect(page.locator(".count-number")).to_have_text("2")
    page.reload()
    expect(page.locator("#banner")).to_contain_text("still being sent")
    expect(page.locator("#guided")).to_be_hidden()
    page.unroute("**/repetitions")
    expect(page.locator("#guided")).to_be_visible()
    expect(page.locator("#banner")).to_be_empty()
    until(page, STANDS, 2)
    press(page, "Resume set")
    begun(page)
    expect(page.locator(".count-number")).to_have_text("2")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/complete", hold)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End workout").click()
    with page.expect_request("**/complete"):
        page.get_by_role("button", name="Press again to end").click()
    expect(page.locator("workout-results")).to_contain_text("Completing your workout")
    expect(page.locator("#guided")).to_be_hidden()
    page.route("**/complete", lambda route: route.fulfill(status=503))
    held[0].fulfill(status=503)
    expect(page.locator("#unsent")).to_contain_text("The server does not answer at the moment.")
    page.unroute("**/complete")
    page.reload()
    expect(page.locator("workout-results")).to_contain_text("1. Squat")
    until(page, FORGOTTEN)


@pytest.mark.slow
def test_a_workout_in_a_second_tab_says_so_and_may_be_taken_over(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03, R-LIV-10, R-UIX-08: one tab counts, and the other says that it does not."""
    first = new_page(server.url, **PHONE)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    first.goto(prescribed(first, squat))
    started(first, "Manually")
    press(first, "Start set")
    begun(first)
    first.get_by_role("button", name="+1 repetition").click()
    until(first, STANDS, 1)
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#banner")).to_contain_text("open in another tab")
    expect(second.locator("#guided")).to_be_hidden()
    fits(second)
    second.get_by_role("button", name="Continue here").click()
    press(second, "Resume set")
    begun(second)
    expect(first.locator("#banner")).to_contain_text("open in another tab")
    expect(first.locator("#guided")).to_be_hidden()
    fits(first)
    second.get_by_role("button", name="+1 repetition").click()
    expect(second.locator(".count-number")).to_have_text("2")
    until(second, STANDS, 2)
    first.get_by_role("button", name="Continue here").click()
    expect(first.locator("#guided")).to_be_visible()
    expect(second.locator("#guided")).to_be_hidden()
    assert executed(server, first)["sets"][0]["repetitions"] == 2


def test_a_workout_ended_elsewhere_does_not_continue(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03: its summary is shown, and it is no longer offered."""
    page = new_page(server.url, **PHONE)
    squat = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 8, "restS": 60}
    page.goto(prescribed(page, squat))
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    page.get_by_role("button", name="+1 repetition").click()
    until(page, STANDS, 1)
    execution = page.evaluate("new URLSearchParams(location.search).get('session')")
    for action, body in (("finish", {"set": 1}), ("complete", {})):
        assert page.request.post(f"/v1/workouts/{execution}/{action}", data=body).ok
    page.goto("/workout_player.html")
    page.get_by_role("link", name="Resume").click()
    expect(page.locator("workout-results")).to_contain_text("1. Squat")
    until(page, FORGOTTEN)
