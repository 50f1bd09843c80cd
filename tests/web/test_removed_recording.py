"""The pages of a session whose recording retention has removed."""

from playwright.sync_api import expect

from domain.ids import DEFAULT_TENANT
from tests.privacy.retention_rules import all_after
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer


def test_list_session_and_replay_say_that_the_recording_was_deleted(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-TEN-12"""
    session = empty_server.analyze()
    retention = all_after(empty_server.platform, 90)
    assert retention.run(DEFAULT_TENANT, dry_run=False)["media"] > 0
    page = new_page(empty_server.url)
    page.goto("/session_list.html")
    row = page.locator(".session-item")
    expect(row).to_contain_text("recording deleted")
    expect(row.get_by_role("link", name="Replay")).to_have_count(0)
    expect(page.locator("#storage")).to_have_text("No recordings")
    page.goto(f"/#session={session}")
    expect(page.locator(".no-video")).to_contain_text("The recording was deleted on")
    expect(page.get_by_role("link", name="Replay")).to_have_count(0)
    expect(page.locator(".correction")).to_have_count(0)
    expect(page.locator("#banner")).to_be_empty()
    page.goto(f"/session_replay.html?session={session}")
    expect(page.locator("#banner")).to_contain_text("This recording is no longer kept.")
    expect(page.locator("#banner")).to_contain_text("The results of the session stay.")
    expect(page.locator("#player")).to_be_hidden()
    page.get_by_role("link", name="← Session").click()
    expect(page.locator(".no-video")).to_contain_text("The recording was deleted on")
