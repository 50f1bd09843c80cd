"""Uploads in the studio whose answers are lost, or that run in another tab."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from domain.content import commands, events
from tests.web.club import lost_after_writing
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.leaving import reload_asks
from tests.web.server import PlatformServer
from tests.web.studio import (
    AT,
    begun,
    choose,
    execute,
    is_part,
    press_upload,
    shown,
    studio,
    uploaded,
    video,
)
from tests.web.unreadable_files import UNREADABLE

__all__ = ["studio", "video"]


def begin_upload(page: Page, video: Path, title: str) -> None:
    page.goto("/studio.html")
    choose(page, video)
    page.locator("#upload-name").fill(title)
    press_upload(page)


def test_an_upload_whose_last_answer_was_lost_has_arrived(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02: the page says so, and takes the next video."""
    page = new_page(studio.url)
    page.route("**/upload/complete", lost_after_writing, times=1)
    begin_upload(page, video, "Lost answer")
    expect(shown(page, "Lost answer")).to_contain_text("Being checked")
    expect(page.locator("#status")).to_have_text("The file has arrived. It is being checked.")
    expect(page.locator("#banner")).to_be_empty()
    expect(page.locator("#upload-name")).to_have_value("")


def test_a_video_that_can_no_longer_be_read_has_to_be_chosen_again(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: what was typed stays."""
    page = new_page(studio.url)
    page.goto("/studio.html")
    choose(page, video)
    page.locator("#upload-name").fill("Unreadable")
    UNREADABLE["changed"](video)
    press_upload(page)
    expect(page.locator("#banner")).to_contain_text("The file can no longer be read.")
    assert page.locator("#file").evaluate("input => input.value") == ""
    expect(page.locator("#upload-name")).to_have_value("Unreadable")
    choose(page, video)
    press_upload(page)
    expect(shown(page, "Unreadable")).to_contain_text("Being checked")


def test_the_description_of_a_video_asks_before_its_page_is_left(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: until the upload has arrived."""
    page = new_page(studio.url)
    page.goto("/studio.html")
    page.locator("#upload-description").fill("Half an hour of text.")
    assert reload_asks(page)
    choose(page, video)
    page.locator("#upload-name").fill("Described")
    page.locator("#upload-description").fill("Half an hour of text.")
    press_upload(page)
    expect(shown(page, "Described")).to_contain_text("Being checked")
    assert not reload_asks(page)


@pytest.mark.parametrize("following", ["Next", ""])
def test_a_continued_upload_keeps_the_texts_of_the_next_video(
    studio: PlatformServer, new_page: NewPage, video: Path, following: str
) -> None:
    """R-CON-02, R-UIX-08: they were deleted once the file of the other video had arrived."""
    title = f"Interrupted{following}"
    page = new_page(studio.url)
    page.route(is_part, lambda route: route.fulfill(status=403))
    begin_upload(page, video, title)
    row = shown(page, title)
    expect(row).to_contain_text("The upload is not complete", timeout=20_000)
    page.unroute(is_part)
    if following:
        page.locator("#upload-name").fill(following)
        page.locator("#upload-description").fill("Half an hour of text.")
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name=f"Continue the upload of {title}").click()
    chooser.value.set_files(video)
    press_upload(page)
    expect(row).to_contain_text("Being checked")
    expect(page.locator("#upload-name")).to_have_value(following)
    assert reload_asks(page) == bool(following)


def test_an_upload_that_is_complete_already_is_not_reported_as_cancelled(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02: another device completed it, while this page still offers to continue it."""
    execute(studio, "completed", begun("Completed elsewhere"))
    page = new_page(studio.url)
    page.goto("/studio.html")
    row = shown(page, "Completed elsewhere")
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Continue the upload of Completed elsewhere").click()
    chooser.value.set_files(video)
    execute(studio, "completed", uploaded())
    press_upload(page)
    expect(row).to_contain_text("Being checked")
    expect(page.locator("#banner")).to_be_empty()


def test_a_storage_that_refuses_parts_is_not_reported_as_a_missing_permission(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: as a full bucket does; the upload can be continued."""
    page = new_page(studio.url)
    full = "<Error><Code>QuotaExceeded</Code></Error>"
    page.route(is_part, lambda route: route.fulfill(status=403, body=full))
    begin_upload(page, video, "Store is full")
    expect(page.locator("#banner")).to_contain_text(
        "The video storage does not accept this file at the moment.", timeout=20_000
    )
    expect(page.locator("#banner")).to_contain_text("Continue the upload later.")
    row = shown(page, "Store is full")
    expect(row).to_contain_text("The upload is not complete")
    row.get_by_role("button", name="Cancel the upload of Store is full").click()
    row.get_by_role("button", name="Cancel it").click()
    expect(row).to_contain_text("Upload canceled")


def test_an_upload_in_another_tab_is_not_shown_as_stopped(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: its row and its page change when it ends."""
    page = new_page(studio.url)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(is_part, hold)
    begin_upload(page, video, "Two tabs")
    row = shown(page, "Two tabs")
    expect(row).to_contain_text("Uploading")
    addresses = ("/studio.html", f"/studio.html?content={row.get_attribute('data-content')}")
    others = [page.context.new_page() for _ in addresses]
    for other, address in zip(others, addresses, strict=True):
        other.goto(address)
        expect(other.locator("#main")).to_contain_text("Uploading")
        expect(other.get_by_role("button", name="Cancel")).to_be_hidden()
    for route in held:
        route.continue_()
    page.unroute(is_part)
    for other in others:
        expect(other.locator("#main")).to_contain_text("Being checked")


def test_a_cancellation_that_fails_does_not_look_as_if_the_upload_goes_on(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: the list offers to continue the upload, or to cancel it again."""
    page = new_page(studio.url)
    page.route(is_part, lambda route: None)
    begin_upload(page, video, "Not cancelled")
    row = shown(page, "Not cancelled")
    expect(row).to_contain_text("Uploading")
    page.route("**/upload/cancel", lambda route: route.fulfill(status=503, body="busy"))
    page.locator("#upload-cancel").click()
    expect(page.locator("#banner .banner")).to_be_visible()
    expect(page.locator("#upload-progress")).to_be_hidden()
    expect(page.locator("#upload-form")).to_be_visible()
    expect(row).to_contain_text("The upload is not complete")
    page.unroute("**/upload/cancel")
    row.get_by_role("button", name="Cancel the upload of Not cancelled").click()
    row.get_by_role("button", name="Cancel it").click()
    expect(row).to_contain_text("Upload canceled")


def test_an_upload_of_another_device_is_cancelled_only_after_a_question(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-02, R-UIX-08: in the list, and on the page of the video."""
    for key, title in (("device-1", "First device"), ("device-2", "Second device")):
        execute(studio, key, begun(title))
    page = new_page(studio.url)
    page.goto("/studio.html")
    row = shown(page, "First device")
    expect(row).to_contain_text("The upload is not complete")
    row.get_by_role("button", name="Cancel the upload of First device").click()
    expect(row).to_contain_text("also if another device is still sending the file")
    row.get_by_role("button", name="Keep the upload").click()
    expect(row.get_by_role("button", name="Cancel the upload of First device")).to_be_focused()
    row.get_by_role("button", name="Cancel the upload of First device").click()
    row.get_by_role("button", name="Cancel it").click()
    expect(row).to_contain_text("Upload canceled")
    page.goto("/studio.html?content=device-2")
    page.get_by_role("button", name="Cancel upload").click()
    page.get_by_role("button", name="Cancel it").click()
    expect(page.locator("#state")).to_contain_text("Upload canceled")
    expect(page.locator("#title")).to_be_focused()


def test_another_upload_waits_for_the_one_that_is_under_way(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-06: whose progress stays in sight."""
    execute(studio, "stopped", begun("Stopped video"))
    page = new_page(studio.url)
    page.route(is_part, lambda route: None)
    begin_upload(page, video, "Under way")
    expect(shown(page, "Under way")).to_contain_text("Uploading")
    go_on = page.get_by_role("button", name="Continue the upload of Stopped video")
    go_on.click()
    expect(page.locator("#banner")).to_contain_text("Another file is being uploaded.")
    expect(page.locator("#upload-title")).to_have_text("Upload a video")
    page.locator("#upload-cancel").click()
    expect(shown(page, "Under way")).to_contain_text("Upload canceled")
    with page.expect_file_chooser():
        go_on.click()
    expect(page.locator("#upload-title")).to_contain_text("Stopped video")
    expect(page.locator("#banner")).to_be_empty()


def test_the_upload_of_another_video_is_shown_on_the_page_of_a_video(
    studio: PlatformServer, new_page: NewPage, video: Path
) -> None:
    """R-CON-02, R-UIX-08: with its progress, and a link to it when it is over."""
    rejected = commands.RejectFile(
        number=1, reason="damaged", details=events.RejectionDetails(), at=AT
    )
    execute(studio, "replaced", begun("Broken video"), uploaded(), rejected)
    page = new_page(studio.url, **PHONE)
    page.goto("/studio.html?content=replaced")
    page.get_by_role("button", name="Replace the file").click()
    page.get_by_role("button", name="Upload another video").click()
    choose(page, video)
    page.locator("#upload-name").fill("Other video")
    page.route(is_part, lambda route: None)
    with page.expect_request(lambda request: is_part(request.url)):
        press_upload(page)
    expect(page.locator("#state")).to_contain_text("the video is damaged")
    expect(page.locator("#upload-progress")).to_be_visible()
    expect(page.locator("#upload-step")).to_be_focused()
    assert problems(page) == {}
    page.locator("#upload-cancel").click()
    expect(page.locator("#upload")).to_be_hidden()
    page.get_by_role("link", name="Open the other video").click()
    expect(page.locator("#title")).to_have_text("Other video")
    expect(page.locator("#state")).to_contain_text("Upload canceled")
