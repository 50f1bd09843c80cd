"""Custom exercises on the pages: recorded before the camera, renamed, trained and deleted."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from adapters.sample_athlete.athlete import landmarks
from tests.live.chunks import as_json, command
from tests.web.axe import violations
from tests.web.coach_page import recorded
from tests.web.coaching import SQUATS, counts, does, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.lost_answers import answer_lost
from tests.web.player import PHONE, begun, executed, fits, prescribed, press, started
from tests.web.recording_exercises import SQUATTED, record, stubbed_page
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

DELAYED_CAMERA = """() => {
  const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
  globalThis.prompts = [];
  globalThis.cameras = [];
  devices.getUserMedia = async (wanted) => {
    await new Promise((allow) => prompts.push(allow));
    const stream = await open(wanted);
    cameras.push(...stream.getTracks());
    return stream;
  };
}"""
"""A browser that asks for the camera until a test calls the functions in `prompts`."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server of each test's own: each expects only its exercises."""
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def library(new_page: NewPage, server: PlatformServer, **options: object) -> Page:
    page = stubbed_page(new_page, server, **options)
    page.goto("/exercises.html")
    return page


@pytest.mark.slow
def test_a_movement_is_recorded_renamed_and_deleted(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-UIX-04: a wrong number is refused, and can be corrected."""
    page = library(new_page, server, **PHONE)
    page.get_by_role("button", name="Record a new exercise").click()
    expect(page.get_by_label("Name")).to_be_focused()
    assert violations(page) == []
    fits(page)
    page.get_by_role("button", name="Cancel").click()
    record(page, SQUATTED - 1)
    expect(page.get_by_role("alert").filter(has_text="We counted")).to_have_text(
        f"We counted {SQUATTED} of {SQUATTED - 1}. Correct the number, or record it again with"
        " your whole body in view."
    )
    page.get_by_label("Repetitions").fill(str(SQUATTED))
    with answer_lost(page, "**/v1/custom-exercises"):
        page.get_by_role("button", name="Use this recording").click()
    page.get_by_role("button", name="Use this recording").click()
    kick = page.locator(".custom-exercise")
    expect(kick).to_contain_text("High kick")
    expect(kick.get_by_role("heading")).to_be_focused()
    expect(page.locator("#status")).to_have_text("High kick is ready to train.")
    assert violations(page) == []
    fits(page)

    kick.get_by_role("button", name="Rename").click()
    expect(page.get_by_label("Name").first).to_be_focused()
    page.keyboard.type("Low kick")
    page.get_by_role("button", name="Save").click()
    expect(kick).to_contain_text("Low kick")

    kick.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(kick).to_have_count(0)
    expect(page.get_by_role("button", name="Record a new exercise")).to_be_focused()


def test_a_camera_that_is_allowed_after_the_dialog_was_closed_is_turned_off(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-LIV-11: nothing is recorded, and the next recording is not disturbed."""
    page = library(new_page, server)
    page.evaluate(DELAYED_CAMERA)
    dialog = page.locator("dialog.example")
    for _ in range(2):
        page.get_by_role("button", name="Record a new exercise").click()
        page.get_by_label("Name").fill("High kick")
        page.get_by_role("button", name="Turn on camera and record").click()
        until(page, "() => prompts.length === 1")
        page.get_by_role("button", name="Cancel").click()
        expect(dialog).to_be_hidden()
        page.evaluate("() => { prompts.pop()(); }")
        until(page, "() => cameras.at(-1)?.readyState === 'ended'")
    page.get_by_role("button", name="Record a new exercise").click()
    page.get_by_label("Name").fill("High kick")
    for prompts in (1, 2):
        page.get_by_role("button", name="Turn on camera and record").click()
        until(page, "(count) => prompts.length === count", prompts)
    page.evaluate("() => { for (const allow of prompts) allow(); }")
    expect(page.locator(".example-left")).to_contain_text("s left", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    until(page, "() => cameras.every(({ readyState }) => readyState === 'ended')")


def test_a_camera_is_turned_off_if_the_dialog_is_closed_while_the_pose_model_loads(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-LIV-11: at once, however slow the connection is."""
    page, held = library(new_page, server), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.evaluate(DELAYED_CAMERA)
    page.route("**/static/src/live/pose-source.js", hold)
    page.get_by_role("button", name="Record a new exercise").click()
    page.get_by_label("Name").fill("High kick")
    page.get_by_role("button", name="Turn on camera and record").click()
    until(page, "() => prompts.length === 1")
    with page.expect_request("**/static/src/live/pose-source.js"):
        page.evaluate("() => { prompts.pop()(); }")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.example")).to_be_hidden()
    until(page, "() => cameras.at(-1)?.readyState === 'ended'")
    held[0].fallback()


@pytest.mark.slow
def test_a_custom_exercise_is_trained_and_put_into_a_workout(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-LIV-08: the device counts it by its definition."""
    page = library(new_page, server)
    record(page, SQUATTED)
    add = page.locator(".custom-exercise").get_by_role("link", name="Add to a workout")
    add.click()
    chosen = page.locator(".program-line [name=exercise]")
    expect(chosen.locator("option:checked")).to_have_text("High kick")
    page.locator("#program-name").fill("Kicks")
    page.get_by_role("button", name="Save workout").click()
    expect(page.locator(".workout-card")).to_contain_text("High kick: 3")

    page.unroute_all()
    stub_pose_model(page)
    page.goto("/exercises.html")
    page.locator(".custom-exercise").get_by_role("link", name="Train").click()
    tile = page.locator("#exercise input:checked")
    expect(tile).to_have_value(re.compile("custom_"))
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    page.get_by_role("button", name="Start set", exact=True).click()
    counts(page, 2)
    does(page, 2)
    page.get_by_role("button", name="Stop set", exact=True).click()
    page.get_by_role("button", name="Finish session", exact=True).click()
    expect(page.locator("session-summary")).to_contain_text("High kick")


@pytest.mark.slow
def test_the_player_counts_a_set_of_a_custom_exercise(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-WKT-03: by camera, until its target is reached."""
    page = new_page(server.url, permissions=["camera"])
    frames = as_json(command("unused", 1, landmarks(SQUATS)))["frames"]
    example = {"name": "High kick", "repetitions": SQUATS.repetitions, "aspectRatio": 4 / 3}
    recorded = page.request.post("/v1/custom-exercises", data={**example, "frames": frames})
    assert recorded.status == 201
    custom = recorded.json()["exerciseId"]
    stub_pose_model(page)
    line = {"exerciseId": custom, "sets": 1, "targetRepetitions": 3, "restS": 60}
    page.goto(prescribed(page, line, {**line, "exerciseId": "sit_up"}))
    started(page, "By camera")
    expect(page.locator("exercise-brief")).to_contain_text("High kick")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    press(page, "Start set")
    begun(page)
    expect(page.locator("#latest input")).to_have_value("3")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End workout").click()
    page.get_by_role("button", name="Press again to end").click()
    expect(page.locator("workout-results")).to_contain_text("1. High kick")
    (only,) = executed(server, page)["sets"]
    assert (only["source"], only["repetitions"], only["exerciseId"]) == ("server", 3, custom)


def test_a_deletion_whose_answer_was_lost_can_be_repeated(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-API-04: and what is typed for another exercise stays."""
    page = new_page(server.url)
    for name in ("Arm swing", "High kick"):
        recorded(page, name)
    page.goto("/exercises.html")
    swing, kick = (
        page.locator(".custom-exercise", has=page.get_by_role("heading", name=name))
        for name in ("Arm swing", "High kick")
    )
    swing.get_by_role("button", name="Rename").click()
    field = page.locator(".custom-exercise input")
    expect(field).to_be_focused()
    field.fill("Half-typed")
    delete, confirm = kick.get_by_role("button", name="Delete"), page.get_by_role("dialog")
    with answer_lost(page, "**/v1/custom-exercises/*"):
        delete.click()
        confirm.get_by_role("button", name="Delete").click()
    delete.click()
    confirm.get_by_role("button", name="Delete").click()
    expect(kick).to_have_count(0)
    expect(page.locator("#status")).to_have_text("High kick was deleted.")
    expect(field).to_have_value("Half-typed")
    field.press("Escape")
    expect(swing.get_by_role("button", name="Rename")).to_be_focused()
    expect(swing.get_by_role("heading")).to_have_text("Arm swing")


def test_a_name_is_sent_once_and_again_after_a_lost_answer(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-API-04"""
    page = new_page(server.url)
    recorded(page, "Arm swing")
    page.goto("/exercises.html")
    row = page.locator(".custom-exercise")
    row.get_by_role("button", name="Rename").click()
    field = row.locator("input")
    expect(field).to_be_focused()
    field.fill("Wide swing")
    keys: list[str | None] = []

    def lose_first(route: Route) -> None:
        keys.append(route.request.header_value("Idempotency-Key"))
        if len(keys) > 1:
            route.continue_()
        else:
            route.fetch()
            route.abort("internetdisconnected")

    page.route("**/v1/custom-exercises/*", lose_first)
    page.evaluate(TWO_SUBMISSIONS)
    expect(page.get_by_text("Cannot reach Kinelog.")).to_be_visible()
    field.press("Enter")
    expect(row.get_by_role("heading")).to_have_text("Wide swing")
    expect(row.get_by_role("heading")).to_be_focused()
    assert len(keys) == 2
    assert len(set(keys)) == 1


TWO_SUBMISSIONS = """() => {
  const form = document.querySelector(".custom-exercise form");
  form.requestSubmit();
  form.requestSubmit();
}"""
