"""A share link shows its recording to a guest on a server that requires sign-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.replays import DRAWN, TIME
from tests.web.server import opened
from tests.web.waiting import until


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[tuple[str, Path]]:
    """A server's URL and its folder of messages."""
    home = tmp_path_factory.mktemp("club")
    with opened(home, video, sign_in="required") as found:
        yield found.url, home / "mail"


def shared(owner: Page, video: Path) -> str:
    """Give consent, have a video analyzed, and create a share link to its replay."""
    owner.goto("/account.html#consents")
    owner.get_by_label("Videos of me leave my device").check()
    expect(owner.locator("#status")).to_have_text("Agreed.")
    owner.goto("/")
    owner.set_input_files("#video", video)
    owner.get_by_role("button", name="Analyze video").click()
    expect(owner.locator("h1")).to_contain_text("squats")
    owner.get_by_role("link", name="Replay and train with the ghost").click()
    owner.get_by_role("button", name="Share").click()
    owner.get_by_role("button", name="Create link").click()
    return owner.locator(".share-link[data-state=active] .share-url").input_value()


@pytest.mark.slow
def test_a_guest_sees_only_what_was_shared(
    club: tuple[str, Path], video: Path, new_page: NewPage
) -> None:
    """R-RPL-06, R-UIX-02: video, skeleton, keys and marks; without the link, the sign-in page."""
    url, mail = club
    owner = new_page(url)
    sign_up(owner, mail, "ada@example.org")
    address = shared(owner, video)

    guest = new_page(url)
    guest.goto(address.removeprefix(url))
    until(guest, DRAWN)
    expect(guest.locator("#subtitle")).to_contain_text("shared with you until")
    expect(guest.locator("#banner")).to_be_empty()
    until(guest, "document.querySelector('.recorded video').readyState >= 1")
    guest.keyboard.press("k")
    until(guest, f"({TIME})() > 1")
    guest.get_by_role("button", name="Repetition 2").click()
    expect(guest.locator(".stop-loop")).to_be_visible()
    assert violations(guest) == []

    guest.goto(address.removeprefix(url).split("share=")[0])
    expect(guest.locator("#banner")).to_contain_text("Sign in to see this recording")
    guest.locator("#banner").get_by_role("button", name="Sign in").click()
    expect(guest.locator("h1")).to_have_text("Sign in")
