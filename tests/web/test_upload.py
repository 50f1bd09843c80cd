"""Uploading a video through the page opens its session."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from application.privacy.consents import ConsentMissing
from domain.ids import TenantId, UserId
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.unreadable_files import UNREADABLE
from tests.web.waiting import until

PATH = re.compile(r"/[\w.-]+/|[0-9a-f]{32}")
"""A path of the server, or the name of a file that it stored."""


def choose(page: Page, server: PlatformServer) -> None:
    page.goto("/")
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    page.set_input_files("#video", server.video)
    expect(page.locator("#video-name")).to_have_text("squat.mp4")


def expect_half_analyzed(page: Page) -> None:
    """Wait until half of the video is analyzed.

    The bar also includes the upload, so its value alone is not enough.
    """
    expect(page.locator("#upload-step")).to_have_text("Analyzing")
    until(page, "document.querySelector('#upload-bar').value > 0.3")


def test_a_video_is_sent_analyzed_and_opened(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    choose(page, empty_server)
    expect(page.locator("#upload-exercise option").first).to_have_text("Detect automatically")

    empty_server.estimator.curtain.clear()
    page.get_by_role("button", name="Analyze video").click()
    expect_half_analyzed(page)
    expect(page.locator("#upload-share")).to_have_text("50 %")
    empty_server.estimator.curtain.set()

    expect(page.locator("h1")).to_contain_text("squats")
    expect(page.locator(".reps tbody tr")).to_have_count(4)
    page.get_by_role("link", name="← Home").click()
    expect(page.locator(".session-row")).to_have_count(1)


def test_an_analysis_is_followed_again_after_a_reload(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    choose(page, empty_server)
    empty_server.estimator.curtain.clear()
    page.get_by_role("button", name="Analyze video").click()
    expect_half_analyzed(page)

    page.reload()
    expect(page.locator("#upload-step")).to_have_text("Analyzing")
    empty_server.estimator.curtain.set()
    expect(page.locator("h1")).to_contain_text("squats")


def test_the_focus_follows_an_upload(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: the button that has it is hidden in the next step."""
    page = new_page(empty_server.url)
    choose(page, empty_server)
    empty_server.estimator.curtain.clear()
    page.get_by_role("button", name="Analyze video").press("Enter")
    expect_half_analyzed(page)
    expect(page.locator("#upload-step")).to_be_focused()
    empty_server.estimator.curtain.set()
    expect(page.locator("h1")).to_contain_text("squats")
    expect(page.locator("h1")).to_be_focused()


def test_a_finished_upload_does_not_leave_the_session_being_read(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    empty_server.log_by_hand(1)
    page = new_page(empty_server.url)
    choose(page, empty_server)
    empty_server.estimator.curtain.clear()
    page.get_by_role("button", name="Analyze video").click()
    expect_half_analyzed(page)
    page.locator(".session-row a").click()
    expect(page.locator("h1")).to_contain_text("push-ups")

    empty_server.estimator.curtain.set()
    expect(page.locator("#notice")).to_contain_text("Your video is analyzed.")
    expect(page.locator("h1")).to_contain_text("push-ups")
    page.get_by_role("link", name="Open the session").click()
    expect(page.locator("h1")).to_contain_text("squats")


def test_a_file_that_is_not_a_video_is_explained(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06."""
    page = new_page(empty_server.url)
    page.goto("/")
    page.set_input_files(
        "#video", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"ten squats"}
    )
    page.get_by_role("button", name="Analyze video").click()

    banner = page.locator("#banner[role=alert]")
    expect(banner).to_contain_text("is not a video")
    expect(banner).to_contain_text("Your video is still selected.")
    expect(banner).to_contain_text("Choose another video")
    expect(banner.locator(".banner-reference code")).to_have_text(re.compile(r"^[0-9a-f-]{36}$"))
    page.get_by_role("button", name="Dismiss").click()
    expect(banner).to_be_empty()


def test_a_video_with_a_long_name_is_taken(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06: its name is shortened to what the server takes."""
    page = new_page(empty_server.url)
    page.goto("/")
    video = empty_server.video.read_bytes()
    page.set_input_files(
        "#video", {"name": f"{'a' * 205}.mp4", "mimeType": "video/mp4", "buffer": video}
    )
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("h1")).to_contain_text("squats")


def test_a_video_of_the_wrong_size_is_explained_before_it_is_sent(
    server: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-UIX-06: the limit is shown beside the form, too; nothing is sent."""
    large, empty = tmp_path / "large.mp4", tmp_path / "empty.mp4"
    large.write_bytes(bytes(2 * 1024 * 1024))
    empty.touch()
    page = new_page(server.url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/")
    expect(page.locator("#video-hint")).to_contain_text("Up to 1.0 MB.")
    page.set_input_files("#video", large)
    expect(page.locator("#banner")).to_contain_text("large.mp4 has 2.1 MB. The limit is 1.0 MB.")
    page.set_input_files("#video", empty)
    expect(page.locator("#banner")).to_contain_text("This video is empty.")
    assert not [url for url in sent if "analyze" in url]


def test_a_video_that_cannot_be_analyzed_is_explained(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    page.goto("/")
    page.set_input_files(
        "#video", {"name": "broken.mp4", "mimeType": "video/mp4", "buffer": b"no video at all"}
    )
    page.get_by_role("button", name="Analyze video").click()

    banner = page.locator("#banner")
    expect(banner).to_contain_text("We could not analyze this video.")
    expect(banner).to_contain_text("Your other sessions are unchanged.")
    expect(banner.get_by_role("button", name="Try again")).to_be_visible()
    expect(banner).not_to_contain_text(PATH)


def test_the_page_requests_a_consent_that_was_withdrawn_meanwhile(
    empty_server: PlatformServer, new_page: NewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12: the analysis ended; the video is still selected."""

    def refuse(_tenant: TenantId, _athlete: UserId) -> None:
        raise ConsentMissing("images_leave_device")

    monkeypatch.setattr(empty_server.platform.jobs, "_require_consent", refuse)
    page = new_page(empty_server.url)
    choose(page, empty_server)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.get_by_role("alert")).to_contain_text("Your video is still selected.")
    expect(page.get_by_role("button", name="Read and agree")).to_be_visible()


def test_the_athlete_chooses_an_exercise_in_doubt(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-POS-02: nothing is counted before the athlete has chosen."""
    page = new_page(empty_server.url)
    problem = {
        "code": "motion.exercise_not_recognised",
        "detail": "The exercise was not recognized.",
        "alternatives": ["squat", "lunge"],
    }
    job = {"id": "doubt", "state": "failed", "progress": 0.9, "problem": problem}
    sent: list[str] = []

    def doubt_the_first(route: Route) -> None:
        sent.append(route.request.headers["idempotency-key"])
        if len(sent) == 1:
            route.fulfill(status=202, content_type="application/json", body=json.dumps(job))
        else:
            route.continue_()

    page.route("**/v1/sessions:analyze", doubt_the_first)
    page.route(
        "**/v1/jobs/doubt/events",
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"event: job\ndata: {json.dumps(job)}\n\n"
        ),
    )
    choose(page, empty_server)
    page.get_by_role("button", name="Analyze video").click()
    question = page.get_by_role("region", name="Which exercise is this?")
    expect(question).to_be_focused()
    expect(question.get_by_role("button")).to_have_text(["Squat", "Lunge", "Another exercise"])
    expect(page.locator("#banner")).to_be_hidden()

    question.get_by_role("button", name="Squat").click()
    expect(page.locator("h1")).to_contain_text("squats")
    assert len(set(sent)) == 2


def test_retrying_an_upload_after_a_lost_connection_keeps_its_key(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    keys: list[str | None] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        answer = {"title": "Not now.", "status": 503, "detail": "Try later.", "code": "busy"}
        if len(keys) == 1:
            route.fulfill(
                status=503, content_type="application/problem+json", body=json.dumps(answer)
            )
        else:
            route.continue_()

    page.route("**/v1/sessions:analyze", lose_the_first)
    choose(page, empty_server)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#banner")).to_contain_text("Not now.")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("h1")).to_contain_text("squats")
    assert len(keys) == 2
    assert keys[0] is not None
    assert keys[0] == keys[1]


@pytest.mark.parametrize("how", UNREADABLE)
def test_a_video_that_can_no_longer_be_read_has_to_be_chosen_again(
    server: PlatformServer, new_page: NewPage, tmp_path: Path, how: str
) -> None:
    """R-UIX-08: the page does not say that the server is unreachable."""
    page = new_page(server.url)
    video = tmp_path / "squat.mp4"
    video.write_bytes(server.video.read_bytes())
    page.goto("/")
    page.set_input_files("#video", video)
    page.locator("#upload-exercise").select_option("lunge")
    UNREADABLE[how](video)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#banner")).to_contain_text("The file can no longer be read.")
    expect(page.locator("#banner")).to_contain_text("Choose it again.")
    expect(page.locator("#video-name")).not_to_have_text("squat.mp4")
    expect(page.locator("#upload-exercise")).to_have_value("lunge")
    assert page.locator("#video").evaluate("input => input.value") == ""


def test_an_upload_can_be_cancelled_and_the_choice_is_kept(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    page.route("**/v1/sessions:analyze", lambda route: None)  # no response
    choose(page, empty_server)
    page.get_by_role("button", name="Analyze video").click()
    cancel = page.get_by_role("button", name="Cancel upload")
    expect(cancel).to_be_focused()

    cancel.click()
    expect(page.locator("#upload-form")).to_be_visible()
    expect(page.get_by_role("button", name="Analyze video")).to_be_focused()
    expect(page.locator("#video-name")).to_have_text("squat.mp4")
    expect(page.locator("#status")).to_have_text("Upload canceled. Nothing was analyzed.")


def test_leaving_a_page_during_an_upload_asks_for_confirmation(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """The part already uploaded would be lost."""
    page = new_page(empty_server.url)
    questions: list[str] = []

    def stay(question: Dialog) -> None:
        questions.append(question.type)
        question.dismiss()

    page.on("dialog", stay)
    page.route("**/v1/sessions:analyze", lambda route: None)  # no response
    choose(page, empty_server)
    page.get_by_role("button", name="Analyze video").click()
    expect(page.get_by_role("button", name="Cancel upload")).to_be_focused()
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    expect(page.locator("#upload-progress")).to_be_visible()
    page.get_by_role("button", name="Cancel upload").click()
    page.reload()
    expect(page.locator("#upload-form")).to_be_visible()
    assert questions == ["beforeunload"]


def test_the_form_requires_a_video(empty_server: PlatformServer, new_page: NewPage) -> None:
    page = new_page(empty_server.url)
    page.goto("/")
    page.get_by_role("button", name="Analyze video").click()
    expect(page.locator("#banner")).to_contain_text("No video is selected.")
    expect(page.locator("#video")).to_be_focused()


def test_a_video_can_be_dropped(empty_server: PlatformServer, new_page: NewPage) -> None:
    page = new_page(empty_server.url)
    page.goto("/")
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["video"], "dropped.mp4", { type: "video/mp4" }));
      document.querySelector("#drop").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""")
    expect(page.locator("#video-name")).to_have_text("dropped.mp4")
