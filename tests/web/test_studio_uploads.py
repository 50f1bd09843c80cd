"""Uploads in the studio whose answers are lost."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web import test_studio_page
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.test_athletes_page import lost_after_writing
from tests.web.test_studio_page import begun, choose, execute, press_upload, shown, uploaded

studio = test_studio_page.studio
film = test_studio_page.film


def begin_upload(page: Page, film: Path, title: str) -> None:
    page.goto("/studio.html")
    choose(page, film)
    page.locator("#upload-name").fill(title)
    press_upload(page)


def test_an_upload_whose_last_answer_was_lost_has_arrived(
    studio: PlatformServer, new_page: NewPage, film: Path
) -> None:
    """R-CON-02: the page says so, and takes the next video."""
    page = new_page(studio.url)
    page.route("**/upload/complete", lost_after_writing, times=1)
    begin_upload(page, film, "Lost answer")
    expect(shown(page, "Lost answer")).to_contain_text("Being checked")
    expect(page.locator("#status")).to_have_text("The file has arrived. It is being checked.")
    expect(page.locator("#banner")).to_be_empty()
    expect(page.locator("#upload-name")).to_have_value("")


def test_an_upload_that_is_complete_already_is_not_reported_as_cancelled(
    studio: PlatformServer, new_page: NewPage, film: Path
) -> None:
    """R-CON-02: another device completed it, while this page still offers to continue it."""
    execute(studio, "completed", begun("Completed elsewhere"))
    page = new_page(studio.url)
    page.goto("/studio.html")
    row = shown(page, "Completed elsewhere")
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Continue the upload of Completed elsewhere").click()
    chooser.value.set_files(film)
    execute(studio, "completed", uploaded())
    press_upload(page)
    expect(row).to_contain_text("Being checked")
    expect(page.locator("#banner")).to_be_empty()
