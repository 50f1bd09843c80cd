"""The page that plays a trainer's video, in a browser that decodes it."""

import json
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from application.kernel.command_handler import Request
from domain.content import commands
from domain.content.item import CONTENT
from domain.content.viewing import VIEWING, NotePosition, view_id
from domain.ids import DEFAULT_TENANT, ContentId
from domain.kernel import Origin
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lessons import AT, TRAINER, analyze_lesson, publish_lesson
from tests.web.player import prescribed, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

LESSON = "/watch.html?content=lesson"
TITLE = "Squats for beginners"
WINDOWS = """
Object.defineProperty(Document.prototype, "pictureInPictureEnabled", { value: true });
HTMLVideoElement.prototype.requestPictureInPicture = async () => {
  globalThis.windows = (globalThis.windows ?? 0) + 1;
};"""
"""A browser with picture in picture; it counts the windows."""

NO_WINDOWS = """
delete Document.prototype.pictureInPictureEnabled;
delete HTMLVideoElement.prototype.requestPictureInPicture;"""
"""A browser without it, such as Firefox."""


NOTE_RESET: Final = """() => {
  const video = document.querySelector("#video");
  const report = () => { globalThis.isReset = true; };
  const wait = () => video.addEventListener("timeupdate", report, { once: true });
  video.addEventListener("emptied", wait, { once: true });
}"""
"""Notes when the emptied video has reported its time, 0."""


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    folder = tmp_path_factory.mktemp("cinema")
    with opened(folder / "home", folder / "none.mp4") as server:
        publish_lesson(server.platform, TITLE)
        analyze_lesson(server.platform)
        yield server


def watch(
    server: PlatformServer,
    new_page: NewPage,
    path: str = LESSON,
    script: str = "",
    **options: object,
) -> Page:
    page = new_page(server.url, **options)
    page.add_init_script(script)
    page.goto(path)
    expect(page.locator("#title")).to_have_text(TITLE)
    until(page, "document.querySelector('#video').readyState >= 3")
    return page


@pytest.mark.slow
def test_a_video_plays_in_each_quality(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-05: frames are decoded; the quality changes while it plays."""
    page = watch(cinema, new_page)
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    page.get_by_role("button", name="Mute").click()
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('#video').currentTime > 0.5")
    decoded = "document.querySelector('#video').getVideoPlaybackQuality().totalVideoFrames"
    until(page, f"{decoded} > 2")
    quality = page.get_by_label("Quality")
    expect(quality.locator("option")).to_have_count(3)
    assert quality.locator("option").all_inner_texts()[1:] == ["240p", "120p"]
    for height in (120, 240):
        quality.select_option(f"{height}p")
        page.locator("#seek").fill("5" if height == 120 else "9")
        until(page, f"document.querySelector('#video').videoHeight === {height}")
    assert any("-240.mp4" in url for url in loaded)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_speed_captions_previews_and_keys(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-04, R-UIX-07."""
    page = watch(cinema, new_page)
    page.get_by_label("Speed").select_option("1.5")
    assert page.evaluate("document.querySelector('#video').playbackRate") == 1.5
    expect(page.get_by_label("Captions").locator("option")).to_have_text(["Off", "English"])
    page.get_by_label("Captions").select_option("English")
    seek = page.locator("#seek")
    seek.hover()
    expect(page.locator("#preview")).to_be_visible()
    assert "storyboard.jpg" in page.locator("#preview").evaluate("(each) => each.style.cssText")
    page.mouse.move(0, 0)
    page.locator("#title").focus()
    page.keyboard.press("5")
    until(page, "Math.abs(document.querySelector('#video').currentTime - 6) < 0.6")
    until(page, "document.querySelector('#video').textTracks[0].activeCues?.length === 1")
    page.keyboard.press("ArrowRight")
    until(page, "Math.abs(document.querySelector('#video').currentTime - 7) < 0.6")
    expect(seek).to_have_attribute("aria-valuetext", "0:07 of 0:12")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")


def test_the_video_is_shown_in_a_window_of_its_own(
    cinema: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06, R-UIX-07: by button and by key."""
    page = watch(cinema, new_page, script=WINDOWS)
    page.get_by_role("button", name="Picture in picture").click()
    until(page, "globalThis.windows === 1")
    page.locator("#title").focus()
    page.keyboard.press("p")
    until(page, "globalThis.windows === 2")


def test_a_browser_without_such_windows_offers_none(
    cinema: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: neither by button nor by key; other keys act."""
    page = watch(cinema, new_page, script=NO_WINDOWS)
    expect(page.locator("#pip")).to_be_hidden()
    expect(page.locator("#keys")).not_to_contain_text("Picture in picture")
    page.locator("#title").focus()
    page.keyboard.press("p")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")


def test_chapters_lead_to_the_exercises(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06, R-UIX-07."""
    page = watch(cinema, new_page)
    squats, plank = (page.locator("#chapters button").nth(index) for index in (0, 1))
    expect(squats).to_have_text("0:01 Squat · 3 repetitions")
    expect(plank).to_have_text("0:09 Plank · 2 seconds")
    plank.click()
    until(page, "Math.abs(document.querySelector('#video').currentTime - 9.5) < 0.5")
    expect(plank).to_have_attribute("aria-current", "true")
    squats.click()
    expect(squats).to_have_attribute("aria-current", "true")
    expect(plank).not_to_have_attribute("aria-current", "true")


@pytest.mark.slow
def test_the_workout_player_shows_the_part_of_a_video(
    cinema: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06, R-WKT-02: in place of the figure, unless the part is gone."""
    page = new_page(cinema.url, reduced_motion="no-preference")
    line = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 2, "restS": 60}
    part = {"contentId": "lesson", "number": 1, "segment": 1}
    gone = {**line, "lesson": {**part, "number": 2}}
    page.goto(prescribed(page, {**line, "lesson": part}, gone, real_time=True))
    started(page, "Manually")
    video = page.locator("lesson-clip video")
    expect(video).to_be_visible()
    expect(page.locator("exercise-figure")).to_be_hidden()
    played = "document.querySelector('lesson-clip video').currentTime"
    until(page, f"{played} > 1.3")
    video.evaluate("(video) => { video.currentTime = 8.5; }")
    until(page, f"{played} >= 1 && {played} < 5")
    page.reload()
    expect(video).to_be_visible()
    page.get_by_role("button", name="Skip set").click()
    expect(video).to_be_hidden()
    expect(page.locator("exercise-figure")).to_be_visible()


def test_a_video_goes_on_where_it_was_left(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    page = watch(cinema, new_page)
    page.locator("#seek").fill("6")
    until(page, "Math.abs(document.querySelector('#video').currentTime - 6) < 0.5")
    page.reload()
    expect(page.locator("#resumed-at")).to_have_text("You left off at 0:06.")
    until(page, "Math.abs(document.querySelector('#video').currentTime - 6) < 0.5")
    page.get_by_role("button", name="From the beginning").click()
    until(page, "document.querySelector('#video').currentTime === 0")


def test_the_page_reports_positions(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    page = watch(cinema, new_page)
    page.get_by_role("button", name="Mute").click()
    page.locator("#seek").fill("1")
    with page.expect_request("**/v1/content/lesson/position") as begun:
        page.get_by_role("button", name="Play").click()
    first = json.loads(begun.value.post_data or "{}")["positionMs"]
    assert first >= 1000
    until(page, f"document.querySelector('#video').currentTime > {first / 1000 + 1.1}")
    with page.expect_request("**/v1/content/lesson/position") as paused:
        page.get_by_role("button", name="Pause").click()
    assert json.loads(paused.value.post_data or "{}")["positionMs"] > first + 1000


LATER = """
const now = Date.now.bind(Date);
globalThis.shiftMs = 0;
Date.now = () => now() + globalThis.shiftMs;"""
"""A clock that a test can move on."""


def watch_until_the_link_expires(page: Page, at: str, renewal: Callable[[Route], None]) -> None:
    """Go to a position of the video; its link is then refused until a new one was requested."""
    renewed: list[str] = []

    def refuse(route: Route) -> None:
        if renewed:
            route.continue_()
        else:
            route.fulfill(status=403, json={"status": 403, "code": "link_expired", "title": "x"})

    def renew(route: Route) -> None:
        renewed.append(route.request.url)
        renewal(route)

    page.get_by_role("button", name="Mute").click()
    page.locator("#seek").fill(at)
    until(page, f"Math.abs(document.querySelector('#video').currentTime - {at}) < 0.5")
    page.evaluate("globalThis.shiftMs = 2 * 3600 * 1000")
    for each in ("**/*.mp4*", "**/*.m3u8*", "**/*.m4s*"):
        page.route(each, refuse)
    page.route("**/v1/content/lesson/playback", renew)
    with page.expect_request("**/v1/content/lesson/playback"):
        page.get_by_label("Quality").select_option(index=2)
        page.locator("#seek").fill("10")


def test_a_renewed_link_keeps_the_speed(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    page = watch(cinema, new_page, script=LATER)
    page.get_by_label("Speed").select_option("2")
    watch_until_the_link_expires(page, "6", lambda route: route.continue_())
    until(page, "document.querySelector('#video').readyState >= 3")
    until(page, "document.querySelector('#video').playbackRate === 2")
    expect(page.get_by_label("Speed")).to_have_value("2")


def test_a_renewal_that_fails_keeps_the_position(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    page = watch(cinema, new_page, script=LATER)
    busy = {"status": 503, "code": "server.busy", "title": "Busy."}
    page.evaluate(NOTE_RESET)
    watch_until_the_link_expires(page, "5.2", lambda route: route.fulfill(status=503, json=busy))
    expect(page.locator("#banner")).to_contain_text("Busy.")
    until(page, "globalThis.isReset === true")
    stored = json.loads(page.evaluate("localStorage['kinelog.watched']"))
    assert stored["lesson"]["atS"] >= 5
    page.unroute("**/v1/content/lesson/playback")
    with page.expect_navigation():
        page.get_by_role("button", name="Try again").click()
    until(page, "document.querySelector('#video').readyState >= 3")


def test_a_video_that_cannot_be_loaded_is_offered_again(
    cinema: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06, R-UIX-06."""
    page = new_page(cinema.url)
    page.route("**/*.m3u8*", lambda route: route.fulfill(status=404))
    page.goto(LESSON)
    expect(page.locator("#banner")).to_contain_text("The video cannot be played.")
    expect(page.locator("#banner")).not_to_contain_text("What you typed")
    page.unroute("**/*.m3u8*")
    with page.expect_navigation():
        page.get_by_role("button", name="Try again").click()
    until(page, "document.querySelector('#video').readyState >= 3")
    expect(page.locator("#banner")).to_be_empty()


def test_another_device_goes_on_there(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    platform, lesson = cinema.platform, ContentId("lesson")
    for position_ms in (12_000, 0, 6000):  # from any earlier position: the end, and a new view
        note = NotePosition(
            content_id=lesson,
            user_id=TRAINER,
            position_ms=position_ms,
            duration_ms=12_000,
            at=platform.clock(),
        )
        platform.commands.execute(
            Request(VIEWING, view_id(lesson, TRAINER), [note]),
            origin=Origin(
                tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=platform.new_id()
            ),
            command_id=platform.new_id(),
        )
    page = watch(cinema, new_page)
    expect(page.locator("#resumed-at")).to_have_text("You left off at 0:06.")


def test_the_page_fits_and_is_accessible(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: also with its keyboard shortcuts."""
    page = watch(cinema, new_page, **PHONE)
    page.get_by_text("Keyboard shortcuts", exact=True).click()
    expect(page.get_by_label("Use keyboard shortcuts")).to_be_visible()
    keys = page.get_by_role("term").filter(has_text="Home, End").bounding_box()
    action = page.get_by_role("definition").filter(has_text="start, end").bounding_box()
    assert keys is not None
    assert action is not None
    assert keys["x"] + keys["width"] <= action["x"], "both are in one line"
    assert problems(page) == {}


def test_a_video_that_one_may_not_watch_says_why(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""

    def refuse(route: Route) -> None:
        problem = {"status": 403, "code": "access.content_required", "title": "Start a plan."}
        route.fulfill(status=403, json=problem)

    page = new_page(cinema.url)
    page.route("**/v1/content/lesson/playback", refuse)
    page.goto(LESSON)
    expect(page.locator("#banner")).to_contain_text("Start a plan.")
    page.goto("/watch.html?content=none")
    expect(page.locator("#title")).to_have_text("There is no video with this id.")


def test_a_video_that_was_deleted_is_gone(cinema: PlatformServer, new_page: NewPage) -> None:
    """R-CON-06."""
    key = publish_lesson(cinema.platform, TITLE, key="deleted")
    page = watch(cinema, new_page, f"/watch.html?content={key}")
    delete = commands.DeleteContent(at=AT)
    platform = cinema.platform
    platform.commands.execute(
        Request(CONTENT, ContentId(key), [delete]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=platform.new_id()),
        command_id=platform.new_id(),
    )
    page.reload()
    expect(page.locator("#banner")).to_contain_text("no video with this id")
