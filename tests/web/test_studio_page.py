"""The trainer's studio: uploads in the browser, their states, and one video."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from application.content.upload_store import UploadKey
from domain.content import commands, events
from domain.ids import DEFAULT_TENANT, ContentId
from tests.plugins.object_storage import NewBucket
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lessons import analyze_lesson, publish_lesson
from tests.web.server import PlatformServer, opened
from tests.web.studio import (
    AT,
    TITLE,
    VIDEO,
    begun,
    choose,
    execute,
    is_part,
    lesson,
    press_upload,
    shown,
    studio,
    uploaded,
    video,
)
from tests.web.waiting import until

__all__ = ["lesson", "studio", "video"]


def stored(server: PlatformServer, key: str) -> bytes:
    store = server.platform.content_uploads.store
    with store.local(UploadKey(DEFAULT_TENANT, ContentId(key), 1)) as path:
        return path.read_bytes()


def test_a_video_goes_from_the_file_to_live(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-CON-04, R-UIX-08: each state appears without a reload, and the next step."""
    page = new_page(studio.url, **PHONE)
    page.goto("/studio.html")
    choose(page, video)
    expect(page.locator("#upload-name")).to_have_value("Front squats")
    press_upload(page)
    row = shown(page, "Front squats")
    expect(row).to_contain_text("Being checked")
    key = row.get_attribute("data-content") or ""
    assert stored(studio, key) == VIDEO
    expect(page.locator("#upload-form")).to_be_visible()
    expect(row).to_be_in_viewport(ratio=1)
    execute(
        studio, key, commands.PassChecks(number=1, media_type="video/mp4", duration_ms=9, at=AT)
    )
    expect(row).to_contain_text("Processing 0 %")
    rendition = events.Rendition(854, 480, "h264", 1_400_000)
    encoding = events.Encoding(600_000, (rendition,), "ab" * 32)
    execute(
        studio,
        key,
        commands.NoteEncoded(number=1, encoding=encoding, at=AT),
        commands.PublishContent(number=1, at=AT),
    )
    expect(row).to_contain_text("Live, but for nobody yet")
    expect(row).to_contain_text("10 min")
    row.get_by_role("link", name="Choose who may watch: Front squats").click()
    expect(page.get_by_role("heading", name="Who may watch")).to_be_visible()


def test_a_rejected_video_says_why(studio: PlatformServer, new_page: NewPage) -> None:
    """R-CON-01."""
    details = events.RejectionDetails(at_ms=12_400)
    rejected = commands.RejectFile(number=1, reason="damaged", details=details, at=AT)
    execute(studio, "damaged", begun("Broken"), uploaded(), rejected)
    page = new_page(studio.url)
    page.goto("/studio.html")
    expect(shown(page, "Broken")).to_contain_text("Rejected: the video is damaged at 00:12")


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PlatformServer]:
    """A server with each kind of store."""
    if request.param == "folder":
        yield request.getfixturevalue("studio")
        return
    new_bucket: NewBucket = request.getfixturevalue("new_bucket")
    address = new_bucket()
    more = {
        "s3_bucket": address.bucket,
        "s3_endpoint": address.endpoint,
        "s3_region": address.region,
        "s3_key_id": address.key_id,
        "s3_secret": SecretStr(address.secret or ""),
    }
    with ExitStack() as stack:
        server = stack.enter_context(opened(tmp_path / "home", tmp_path / "none.mp4", more=more))
        client = boto3.client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region,
            aws_access_key_id=address.key_id,
            aws_secret_access_key=address.secret,
        )
        rules = [{"AllowedMethods": ["PUT"], "AllowedOrigins": [server.url]}]
        client.put_bucket_cors(Bucket=address.bucket, CORSConfiguration={"CORSRules": rules})
        yield server


@pytest.mark.slow
def test_an_upload_goes_on_after_a_pause_a_lost_network_and_a_reload(
    store: PlatformServer, new_page: NewPage, video: Path, tmp_path: Path
) -> None:
    """R-CON-02: with the same file, whose checksum is compared; parts are sent once."""
    page = new_page(store.url, also=("http://127.0.0.1",))
    sent: list[str] = []
    page.on(
        "requestfinished",  # a part that is cut off is sent again
        lambda each: sent.append(each.url) if each.method == "PUT" else None,
    )
    page.goto("/studio.html")
    choose(page, video)
    page.locator("#upload-name").fill("Long")
    page.route(is_part, lambda route: route.abort("internetdisconnected"))
    press_upload(page)
    expect(page.locator("#upload-step")).to_contain_text("Waiting for the connection")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#upload-step")).to_contain_text("Paused")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("#upload-step")).to_contain_text("Waiting for the connection")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    row = shown(page, "Long")
    expect(row).to_contain_text("The upload is not complete")
    other = tmp_path / "other.mp4"
    other.write_bytes(VIDEO[::-1])
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Continue the upload of Long").click()
    chooser.value.set_files(other)
    press_upload(page)
    expect(page.locator("#banner")).to_contain_text("This is another file.")
    page.locator("#file").set_input_files(video)
    sent.clear()
    press_upload(page)
    expect(page.locator("#upload-step")).to_contain_text("Waiting for the connection")
    sent.clear()
    page.unroute(is_part)
    page.context.set_offline(True)
    page.context.set_offline(False)  # the page goes on at once
    expect(row).to_contain_text("Being checked")
    assert len(sent) == len(set(sent)) == 3
    assert stored(store, row.get_attribute("data-content") or "") == VIDEO


def test_the_first_check_refuses_before_anything_is_sent(
    studio: PlatformServer, new_page: NewPage, tmp_path: Path, video: Path
) -> None:
    """R-CON-01."""
    page = new_page(studio.url)
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method != "GET" else None)
    page.goto("/studio.html")
    text, large = tmp_path / "notes.txt", tmp_path / "large.mp4"
    text.write_text("no video")
    with large.open("wb") as file:
        file.truncate(41 * 2**20)
    for path, words in ((text, "MP4, MOV, WebM or MKV"), (large, "the limit is 42 MB")):
        choose(page, path)
        expect(page.locator("#banner")).to_contain_text(words)
        expect(page.locator("#banner")).not_to_contain_text("Try again when you are connected.")
        expect(page.locator("#file-name")).to_have_text("Choose a video")
    press_upload(page)
    expect(page.locator("#upload-name-wrong")).not_to_be_empty()
    assert sent == []
    choose(page, video)
    page.route(
        "**/v1/content",
        lambda route: route.fulfill(
            status=409, json={"status": 409, "code": "content.too_many_uploads", "title": "Many."}
        ),
    )
    press_upload(page)
    expect(page.locator("#banner")).to_contain_text("Many.")
    expect(page.locator("#file-name")).to_have_text("Front_squats.mp4")


@pytest.mark.usefixtures("lesson")
def test_a_video_is_described_offered_captioned_and_withdrawn(
    studio: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-CON-06, R-UIX-08."""
    page = new_page(studio.url)
    plan = {"planId": "legs", "offered": {"title": "Legs"}, "draft": None}
    page_info = {"hasNextPage": False, "endCursor": None}
    page.route(
        "**/v1/trainers/*/plans*",
        lambda route: route.fulfill(json={"items": [plan], "pageInfo": page_info}),
    )
    page.goto("/studio.html")
    page.locator("[data-content=lesson] a").click()
    expect(page.locator("#title")).to_have_text(TITLE)
    expect(page.locator("#state")).to_contain_text("Live")
    page.route("**/*.m3u8*", lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#banner")).to_contain_text("The video cannot be played.")
    page.unroute("**/*.m3u8*")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('#preview').readyState >= 2")
    page.get_by_label("Everybody in the organization, free").uncheck()
    page.locator("#audience [type=submit]").click()
    expect(page.locator("#state")).to_contain_text("Live, but for nobody yet")
    expect(page.locator("#audience-choices")).to_contain_text("Legs")
    page.get_by_label("Everybody in the organization, free").check()
    page.locator("#audience [type=submit]").click()
    expect(page.locator("#state .form.good")).to_have_text("Live")
    page.locator("#video-name").fill("Squats")
    page.locator("#details [type=submit]").click()
    expect(page.locator("#title")).to_have_text("Squats")
    wrong, captions = tmp_path / "wrong.vtt", tmp_path / "es.vtt"
    wrong.write_text("no captions")
    captions.write_text("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nBaja despacio\n")
    page.locator("#captions-language").select_option("Spanish")
    for path in (wrong, captions):
        page.locator("#captions-file").set_input_files(path)
        page.get_by_role("button", name="Add captions").click()
        expect(page.locator("#banner" if path == wrong else "#captions")).to_contain_text(
            "WebVTT" if path == wrong else "Spanish"
        )
    sent = list[str]()
    page.on("request", lambda each: sent.append(each.method))
    page.get_by_role("button", name="Remove captions: Spanish").dblclick()
    expect(page.locator("#captions")).not_to_contain_text("Spanish")
    expect(page.locator("#captions-title")).to_be_focused()
    page.get_by_role("button", name="Unpublish").dblclick()
    expect(page.locator("#state")).to_contain_text("Unpublished")
    expect(page.locator("#title")).to_be_focused()
    assert sent.count("POST") == 2
    page.get_by_role("button", name="Publish again").click()
    expect(page.locator("#state .form.good")).to_have_text("Live")


@pytest.mark.usefixtures("lesson")
@pytest.mark.parametrize("path", ["/studio.html", "/studio.html?content=lesson"])
def test_the_studio_fits_and_is_accessible(
    studio: PlatformServer, new_page: NewPage, path: str
) -> None:
    """R-UIX-07."""
    page = new_page(studio.url, **PHONE)
    page.goto(path)
    expect(page.locator("#studio")).to_be_visible()
    expect(page.locator(".studio-row-item img, #poster").first).to_be_visible()
    if "content" in path:
        page.get_by_role("button", name="Correct Squat").click()
        page.get_by_text("Tempo and range", exact=True).click()
    assert problems(page) == {}


@pytest.mark.slow
def test_a_new_version_is_uploaded_while_the_first_stays(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-06; and a video is deleted only after a question."""
    lesson = publish_lesson(studio.platform, "Old squats", key="old-lesson")
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={lesson}")
    page.get_by_role("button", name="Replace the file").click()
    expect(page.locator("#upload-title")).to_be_focused()
    choose(page, video)
    press_upload(page)
    expect(page.locator("#state")).to_contain_text("Being checked")
    expect(page.locator("#subtitle")).to_have_text("Version 1 is still live")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#title")).to_have_text("Your videos")
    expect(page.locator("#usage-text")).to_contain_text("used")
    expect(page.locator(f"[data-content={lesson}]")).to_have_count(0)


def test_a_trainer_corrects_and_confirms_the_exercises(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-04: on a timeline, with the poses over the video; then a workout of them."""
    key = publish_lesson(studio.platform, "Lesson", key="corrected")
    analyze_lesson(studio.platform, key)
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    rows = page.locator("#lesson-list > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("2.4 s each")
    page.get_by_role("button", name="Show Squat in the video").click()
    until(page, "document.querySelector('#preview').currentTime === 1")
    drawn = """() => { const poses = document.querySelector("#poses");
      const { width, height } = poses;
      const blank = Object.assign(document.createElement("canvas"), { width, height });
      return width > 0 && poses.toDataURL() !== blank.toDataURL(); }"""
    until(page, f"({drawn})()")
    page.locator(".lesson-bar", has_text="1").click()
    expect(page.get_by_label("Repetitions")).to_have_value("3")
    line = page.locator(".lesson-line").bounding_box()
    assert line is not None
    for x in (8.6, 8.0):  # from the end of the set to the eighth second of twelve
        page.mouse.move(line["x"] + line["width"] * x / 12, line["y"] + line["height"] / 2)
        if x > 8:
            page.mouse.down()
    page.mouse.up()
    expect(page.get_by_label("End", exact=True)).to_have_value("0:08.0")
    page.get_by_label("Start", exact=True).fill("1.x")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#segment-start-wrong")).to_contain_text("1:05.5")
    page.get_by_label("Start", exact=True).fill("0:01.5")
    page.get_by_label("Repetitions").fill("2")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(rows.first).to_contain_text("Squat · 2 repetitions")
    expect(rows.first).to_contain_text("corrected by you")
    expect(page.get_by_role("button", name="Correct Squat")).to_be_focused()
    page.get_by_role("button", name="Correct Plank").click()
    page.get_by_role("button", name="Remove", exact=True).first.click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(rows.last).to_contain_text("Plank · 2 seconds")
    page.get_by_role("button", name="All are right").click()
    expect(page.locator("#lesson-state")).to_contain_text("Confirmed by you")
    page.get_by_role("button", name="Make a workout of it").click()
    page.get_by_role("link", name="Open the workout made of it").click()
    expect(page.locator("#title")).to_have_text("Lesson")
    expect(page.locator("#lines")).to_contain_text("2 repetitions")
