"""Changes of a video in the studio that meet those of somebody else."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from domain.content import commands
from domain.content.events import Audience, Encoding, Rendition
from tests.web.club import signed_out
from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.leaving import reload_asks
from tests.web.lessons import analyze_lesson, publish_lesson
from tests.web.server import PlatformServer
from tests.web.studio import AT, begun, execute, studio, uploaded
from tests.web.unreadable_files import UNREADABLE

__all__ = ["studio"]


def test_texts_that_somebody_else_changed_are_not_overwritten(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: what was typed stays until the trainer looks at the texts as they are now."""
    key = publish_lesson(studio.platform, "Dips", key=f"dips-{uuid4()}")
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#video-name")).to_have_value("Dips")
    other = commands.DescribeContent(title="Deep dips", description="Slowly.", at=AT)
    execute(studio, key, other)
    for _ in range(2):
        page.locator("#video-name").fill("Parallel dips")
        page.locator("#details [type=submit]").click()
        expect(page.locator("#banner")).to_contain_text("The video has changed since you read it.")
        expect(page.locator("#banner")).to_contain_text("What you typed is still here.")
        expect(page.locator("#video-name")).to_have_value("Parallel dips")
    page.get_by_role("button", name="Show the video as it is now").click()
    expect(page.locator("#video-name")).to_have_value("Deep dips")
    expect(page.locator("#video-description")).to_have_value("Slowly.")
    execute(studio, key, commands.ChangeAudience(audience=Audience(), at=AT))
    page.locator("#audience [type=submit]").click()
    expect(page.locator("#banner")).to_contain_text("The video has changed since you read it.")
    page.get_by_role("button", name="Show the video as it is now").click()
    everybody = page.get_by_label("Everybody in the organization, free")
    expect(everybody).not_to_be_checked()
    everybody.check()
    page.locator("#audience [type=submit]").click()
    expect(page.locator("#status")).to_have_text("Saved.")
    for title in ("Parallel dips", "Weighted dips"):
        page.locator("#video-name").fill(title)
        page.locator("#details [type=submit]").click()
        expect(page.locator("#title")).to_have_text(title)


def test_captions_that_somebody_else_changed_are_shown_before_they_are_replaced(
    studio: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-UIX-08: the file stays chosen, and can be added after a look at the list."""
    key = publish_lesson(studio.platform, "Dips", key=f"dips-{uuid4()}")
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#captions")).to_contain_text("English")
    execute(studio, key, commands.RemoveCaptions(language="en", at=AT))
    captions = tmp_path / "es.vtt"
    captions.write_text("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nBaja despacio\n")
    page.locator("#captions-language").select_option("Spanish")
    page.locator("#captions-file").set_input_files(captions)
    page.get_by_role("button", name="Add captions").click()
    expect(page.locator("#banner")).to_contain_text("The video has changed since you read it.")
    expect(page.locator("#captions")).to_contain_text("No captions yet.")
    page.get_by_role("button", name="Add captions").click()
    expect(page.locator("#captions")).to_contain_text("Spanish")


@pytest.mark.parametrize("how", UNREADABLE)
def test_captions_that_can_no_longer_be_read_have_to_be_chosen_again(
    studio: PlatformServer, new_page: NewPage, tmp_path: Path, how: str
) -> None:
    """R-CON-06, R-UIX-08"""
    key = publish_lesson(studio.platform, "Dips", key=f"dips-{uuid4()}")
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    captions = tmp_path / "es.vtt"
    captions.write_text("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nBaja despacio\n")
    page.locator("#captions-language").select_option("Spanish")
    page.locator("#captions-file").set_input_files(captions)
    UNREADABLE[how](captions)
    page.get_by_role("button", name="Add captions").click()
    expect(page.locator("#banner")).to_contain_text("The file can no longer be read.")
    assert page.locator("#captions-file").evaluate("input => input.value") == ""


def test_the_question_before_a_video_is_deleted_stays_while_the_video_is_processed(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06: with the keyboard focus, until it is answered."""
    key = f"dips-{uuid4()}"
    checks = commands.PassChecks(number=1, media_type="video/mp4", duration_ms=9, at=AT)
    execute(studio, key, begun("Dips"), uploaded(), checks)
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#state")).to_contain_text("Processing 0 %")
    page.get_by_role("button", name="Delete").click()
    encoding = Encoding(600_000, (Rendition(854, 480, "h264", 1_400_000),), "ab" * 32)
    encoded = commands.NoteEncoded(number=1, encoding=encoding, at=AT)
    execute(studio, key, encoded, commands.PublishContent(number=1, at=AT))
    expect(page.locator("#state")).to_contain_text("Live")
    expect(page.locator("#actions")).to_contain_text("Delete this video")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Delete")).to_be_focused()


def test_the_question_before_an_upload_is_canceled_stays_while_texts_are_saved(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-02, R-UIX-08: with the keyboard focus, until it is answered."""
    key = f"dips-{uuid4()}"
    execute(studio, key, begun("Stopped dips"))
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    page.locator("#video-name").fill("Deep dips")
    held = Held(page, f"**/v1/content/{key}", "PUT")
    page.locator("#details [type=submit]").click()
    page.get_by_role("button", name="Cancel upload").click()
    keep = page.get_by_role("button", name="Keep the upload")
    expect(keep).to_be_focused()
    held.release(f"**/v1/content/{key}")
    expect(page.locator("#status")).to_have_text("Saved.")
    expect(page.locator("#title")).to_have_text("Deep dips")
    expect(keep).to_be_focused()
    keep.click()
    expect(page.get_by_role("button", name="Cancel upload")).to_be_focused()


def publish(studio: PlatformServer, key: str, number: int) -> None:
    """Publish a version that has passed the checks."""
    encoding = Encoding(600_000, (Rendition(854, 480, "h264", 1_400_000),), "ab" * 32)
    encoded = commands.NoteEncoded(number=number, encoding=encoding, at=AT)
    execute(studio, key, encoded, commands.PublishContent(number=number, at=AT))


def replaced(studio: PlatformServer) -> str:
    """Return the id of a published video whose second version is processed."""
    key = f"dips-{uuid4()}"
    checks = commands.PassChecks(number=1, media_type="video/mp4", duration_ms=9, at=AT)
    execute(studio, key, begun("Focused dips"), uploaded(), checks)
    publish(studio, key, 1)
    replace = commands.ReplaceFile(file=begun("Dips").file, at=AT)
    arrived = commands.NoteUploaded(number=2, size=uploaded().size, at=AT)
    checks = commands.PassChecks(number=2, media_type="video/mp4", duration_ms=9, at=AT)
    execute(studio, key, replace, arrived, checks)
    return key


def test_a_link_of_a_row_keeps_the_focus_while_the_video_is_processed(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06, R-UIX-07: the link to its viewers, of a video that nobody may watch."""
    key = replaced(studio)
    page = new_page(studio.url)
    page.goto("/studio.html")
    row = page.locator(f"[data-content={key}]")
    expect(row).to_contain_text("Processing 0 %")
    viewers = row.get_by_role("link", name="Choose")
    viewers.focus()
    publish(studio, key, 2)
    expect(row).not_to_contain_text("Processing")
    expect(viewers).to_be_focused()


@pytest.mark.parametrize("name", ["Unpublish", "Remove captions: English"])
def test_a_button_keeps_the_focus_while_the_video_is_processed(
    studio: PlatformServer, new_page: NewPage, name: str
) -> None:
    """R-CON-06, R-UIX-07: of the actions of the video, and of its captions."""
    key = replaced(studio)
    captions = commands.AddCaptions(language="en", digest="ab" * 32, at=AT)
    execute(studio, key, captions)
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#state")).to_contain_text("Processing 0 %")
    button = page.get_by_role("button", name=name)
    button.focus()
    publish(studio, key, 2)
    expect(page.locator("#state")).not_to_contain_text("Processing")
    expect(button).to_be_focused()


def described(studio: PlatformServer, new_page: NewPage) -> tuple[Page, str]:
    """Return the page of a video whose description is not saved yet, and the id of the video."""
    key = publish_lesson(studio.platform, "Dips", key=f"dips-{uuid4()}")
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    page.locator("#video-description").fill("Half an hour of text.")
    return page, key


def test_texts_are_saved_after_the_trainer_has_signed_in_again(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: the page keeps what was typed, and asks before it is left."""
    page, key = described(studio, new_page)
    page.get_by_label("Everybody in the organization, free").uncheck()
    for form in ("#details", "#audience"):
        page.route(f"**/v1/content/{key}**", signed_out)
        page.locator(f"{form} [type=submit]").click()
        expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
        page.unroute(f"**/v1/content/{key}**", signed_out)
        page.evaluate("document.querySelector('#status').textContent = ''")  # of the form before
        page.locator(f"{form} [type=submit]").click()
        expect(page.locator("#status")).to_have_text("Saved.")
        expect(page.locator("#banner")).to_be_empty()
    assert not reload_asks(page)
    expect(page.locator("#video-description")).to_have_value("Half an hour of text.")
    page.locator("#video-description").fill("")
    assert reload_asks(page)


def test_a_video_is_deleted_without_a_question_about_unsaved_changes(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-06"""
    page, _ = described(studio, new_page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#title")).to_have_text("Your videos")


def test_a_lesson_appears_after_an_outage_while_the_page_waited_for_it(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: after one failed request, the page never asked again."""
    key = publish_lesson(studio.platform, "Lesson", key=f"lesson-{uuid4()}")
    page = new_page(studio.url)
    page.clock.install()
    page.goto(f"/studio.html?content={key}")
    expect(page.locator("#lesson-state")).not_to_be_empty()
    page.route("**/lesson", lambda route: route.abort("internetdisconnected"))
    page.clock.fast_forward(10_000)
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    page.unroute("**/lesson")
    analyze_lesson(studio.platform, key)
    page.clock.fast_forward(10_000)
    expect(page.locator("#lesson-list")).to_contain_text("Squat")
    expect(page.locator("#banner")).to_be_empty()
