"""The athlete says after a set on the coach page how hard it felt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from domain.sessions.events import SetRated
from tests.web.axe import violations
from tests.web.coach_page import button, counted
from tests.web.coaching import coached
from tests.web.conftest import NewPage
from tests.web.player import PHONE
from tests.web.server import PlatformServer, opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def test_a_set_is_rated_in_the_rest_after_it(server: PlatformServer, new_page: NewPage) -> None:
    """R-WKT-02: each set has a rating of its own; an answer is optional."""
    page = coached(new_page, server, **PHONE)
    button(page, "Count manually")
    felt = page.get_by_label("How hard was the set (RPE)?")
    for rating in ("8", "", "9.5"):
        button(page, "Start set")
        page.get_by_role("button", name="+1 repetition").click(timeout=60_000)
        expect(felt).to_be_hidden()
        button(page, "Stop set")
        expect(felt).to_have_value("")
        if rating:
            felt.select_option(rating)
    assert violations(page) == []
    button(page, "Finish session")
    expect(page.locator("#completed-dialog")).to_be_visible()
    rated = [(each.set, each.rpe) for each in counted(server, page) if isinstance(each, SetRated)]
    assert rated == [(1, 8.0), (3, 9.5)]
