"""Pages that cannot load a file when they need it, such as after an update of the server."""

import re
import time
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.web.player import prescribed, started
from tests.web.server import PlatformServer
from tests.web.waiting import PATIENCE_MS, until, with_its_scripts

CAMERAS: Final = """
globalThis.cameras = [];
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (options) => {
  const stream = await open(options);
  cameras.push(...stream.getVideoTracks());
  return stream;
};"""
"""Remembers the cameras that the page has turned on."""

ALL_OFF: Final = "cameras.length > 0 && cameras.every((each) => each.readyState === 'ended')"


REPORT_TAKEN: Final = """
const replace = history.replaceState.bind(history);
history.replaceState = (...of) => { console.log("taken"); replace(...of); };
"""
"""Says when a page takes the token of a link out of its address."""

TRANSPARENT: Final = "rgba(0, 0, 0, 0)"
"""Background of a page without a style sheet."""


@pytest.fixture
def page(devices: Browser, server: PlatformServer) -> Iterator[Page]:
    """A page with a camera, whose failed imports are reported as unhandled errors."""
    yield from with_camera(devices, server)


@pytest.fixture
def empty_page(devices: Browser, empty_server: PlatformServer) -> Iterator[Page]:
    """The same, of a server for workouts of one test."""
    yield from with_camera(devices, empty_server)


def with_camera(devices: Browser, server: PlatformServer) -> Iterator[Page]:
    """Yield a page of a server, with a camera."""
    context: BrowserContext = devices.new_context(base_url=server.url, permissions=["camera"])
    context.set_default_timeout(PATIENCE_MS)
    yield with_its_scripts(context.new_page())
    context.close()


def remove(page: Page, *names: str) -> None:
    """Answer requests for the scripts of these names with 404, as an updated server does."""
    for name in names:
        page.route(
            re.compile(rf"/static/(assets/{name}-|src/.*/{name}\.js)"),
            lambda route: route.fulfill(status=404, json={"code": "http.404", "title": "Gone."}),
        )


def expect_reload(page: Page) -> None:
    """Expect the banner about a missing script, and press its button, which reloads the page."""
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Part of this page could not be loaded.")
    expect(banner).to_contain_text("Kinelog may have been updated.")
    page.unroute_all()
    with page.expect_navigation():
        banner.get_by_role("button", name="Reload").click()


def is_navigation(request: Request) -> bool:
    """Return whether a request loads a page."""
    return request.is_navigation_request()


def refuse_until_reloaded(page: Page, file: str) -> list[str]:
    """Refuse files of a page until it is loaded again; return the list of its loads so far."""
    navigations: list[str] = []
    page.on("request", lambda each: navigations.append(each.url) if is_navigation(each) else None)

    def answer(route: Route) -> None:
        if len(navigations) < 2:
            route.fulfill(status=404)
        else:
            route.continue_()

    page.route(re.compile(rf"/static/assets/{file}"), answer)
    return navigations


def test_a_part_of_a_page_that_is_gone_offers_to_reload(page: Page, filmed_session: str) -> None:
    """R-UIX-06: the ratings stayed empty, and nothing said why."""
    remove(page, "set-rating")
    page.goto(f"/#session={filmed_session}")
    page.locator("summary", has_text="How hard").click()
    expect_reload(page)
    page.locator("summary", has_text="How hard").click()
    expect(page.locator("set-rating").first).to_be_visible()


def test_a_player_that_is_gone_offers_to_reload(page: Page, filmed_session: str) -> None:
    """R-UIX-06: the place of the player said which file could not be fetched."""
    remove(page, "replay-player")
    page.goto(f"/#session={filmed_session}")
    page.locator(".session-player").scroll_into_view_if_needed()
    expect(page.locator(".no-video")).to_contain_text("Part of this page could not be loaded.")
    expect(page.locator(".no-video")).not_to_contain_text("http")
    expect_reload(page)


@pytest.mark.parametrize(
    "names", [("pose-source",), ("pose-worker", "pose-engine"), ("vision_wasm.*",)], ids=str
)
def test_pose_detection_that_is_gone_does_not_blame_the_device(
    page: Page, names: tuple[str, ...]
) -> None:
    """R-UIX-06, R-LIV-11: the button did nothing, or said that the device cannot do it."""
    remove(page, *names)
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    page.get_by_role("button", name="Turn on the camera").click()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Part of this page could not be loaded.")
    expect(banner).not_to_contain_text("device")


def test_the_camera_turns_off_if_a_workout_cannot_load_pose_detection(empty_page: Page) -> None:
    """R-UIX-06, R-LIV-11: it stayed on, with checks that never became green."""
    remove(empty_page, "pose-source")
    empty_page.add_init_script(CAMERAS)
    line = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3}
    empty_page.goto(prescribed(empty_page, line, real_time=True))
    started(empty_page, "By camera")
    expect(empty_page.locator("#banner")).to_contain_text("Part of this page could not be loaded.")
    until(empty_page, ALL_OFF)


def test_an_exercise_that_cannot_be_recorded_says_why_and_turns_the_camera_off(page: Page) -> None:
    """R-UIX-06, R-WKT-02: the dialog said nothing, and the banner is behind it."""
    remove(page, "pose-source")
    page.add_init_script(CAMERAS)
    page.goto("/exercises.html")
    page.get_by_role("button", name="Record a new exercise").click()
    page.get_by_label("Name").fill("High kick")
    page.get_by_role("button", name="Turn on camera and record").click()
    wrong = page.locator("example-recorder [role=alert]")
    expect(wrong).to_contain_text("Part of this page could not be loaded.")
    until(page, ALL_OFF)
    page.get_by_role("button", name="Cancel").click()
    expect_reload(page)


def test_a_page_whose_script_is_gone_is_loaded_again(page: Page) -> None:
    """R-UIX-06: the server of the script may not have the build of the page during an update."""
    page.route(
        re.compile(r"/static/assets/index-.*\.js"), lambda route: route.fulfill(status=404), times=1
    )
    page.goto("/", wait_until="load")
    expect(page.locator("#sessions")).to_contain_text("Push-up")


@pytest.mark.parametrize(
    ("file", "language", "text"),
    [
        (r"index-.*\.css", "en-GB", "Push-up"),
        (r"en-.*\.js", "en-GB", "Push-up"),
        (r"ru-.*\.js", "ru-RU", "Отжимания"),
    ],
)
def test_a_page_whose_style_sheet_or_catalogue_is_gone_is_loaded_again(
    devices: Browser, server: PlatformServer, file: str, language: str, text: str
) -> None:
    """R-UIX-06: otherwise it would stay without its style, in English, or without a reaction."""
    context = devices.new_context(base_url=server.url, locale=language)
    page = context.new_page()
    navigations = refuse_until_reloaded(page, file)
    page.goto("/", wait_until="commit")
    expect(page.locator("#sessions")).to_contain_text(text)
    expect(page.locator("body")).not_to_have_css("background-color", TRANSPARENT)
    assert len(navigations) == 2
    context.close()


@pytest.mark.parametrize("missing", [r"ru-.*\.js", r"(ru-.*\.js|.*\.css)"])
def test_a_page_that_is_being_loaded_again_does_not_begin(
    devices: Browser, server: PlatformServer, missing: str
) -> None:
    """R-UIX-06: in English, it took the token of a link, and what was typed into it was lost."""
    context = devices.new_context(base_url=server.url, locale="ru-RU")
    page = context.new_page()
    page.add_init_script(REPORT_TAKEN)
    taken: list[str] = []
    page.on("console", lambda each: taken.append(each.text) if each.text == "taken" else None)
    navigations = refuse_until_reloaded(page, missing)

    def delay(route: Route) -> None:
        if len(navigations) > 1:
            time.sleep(1.0)
        route.continue_()

    page.route("**/reset.html", delay)
    page.goto("/reset.html#token=default~abc", wait_until="commit")
    expect(page.get_by_role("button", name="Сохранить пароль")).to_be_visible()
    assert (len(navigations), taken) == (2, ["taken"])
    context.close()


def test_a_page_is_loaded_again_only_once(page: Page) -> None:
    """Otherwise it would reload for as long as the script is missing."""
    opened: list[str] = []
    page.route(re.compile(r"/static/assets/index-.*\.js"), lambda route: route.fulfill(status=404))
    page.on("request", lambda each: opened.append(each.url) if is_navigation(each) else None)
    with page.expect_request("**/v1/client-errors") as report:
        page.goto("/", wait_until="commit")
    assert "ScriptMissing" in (report.value.post_data or "")
    page.wait_for_timeout(2000)
    assert len(opened) == 2
