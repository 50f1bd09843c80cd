"""A server with rivals on its leaderboards."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from application.leaderboards.rankings import FEWEST, last_month
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary
from tests.api.rivals import settle, squat
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

PATH = "/leaderboards.html"
ROWS = ".board tbody tr"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
"""What the clocks of the browsers show: a Wednesday in UTC and in their time zone."""


@dataclass
class League:
    """A server that requires sign-in, and its folder of messages."""

    server: PlatformServer
    mail: Path
    people: int = 0

    def open(self, new_page: NewPage, **options: Any) -> Page:
        """Open a browser in which it is always NOON, when the rivals trained."""
        page = new_page(self.server.url, **options)
        page.clock.set_fixed_time(NOON)
        return page

    def member(self, page: Page) -> str:
        """Create an account through the pages; return its id."""
        self.people += 1
        address = f"member{self.people}@example.org"
        sign_up(page, self.mail, address)
        tenant = self.server.platform.accounts().identities.find
        found = tenant(DEFAULT_TENANT, "email", address)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def league(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[League]:
    """Twenty-four rivals with squats at NOON, three of them equal, and five each a month before.

    They also did twenty each in the month that the server compares, of its own calendar.
    """
    home = tmp_path_factory.mktemp("league")
    with opened(home, video, sign_in="required") as server:
        month = last_month(server.platform.clock())
        then = server.platform.clock().replace(year=month.year, month=month.month, day=15)
        for number in range(24):
            who = settle(server.platform, f"Rival {number:02}", compared=number < FEWEST)
            squat(server.platform, who, max(2, number), at=NOON)
            squat(server.platform, who, 5, at=NOON - timedelta(days=30))
            squat(server.platform, who, 20, at=then)
            if number < FEWEST:
                coached(server.platform, who, then)
        yield League(server, home / "mail")


def coached(platform: Platform, who: UserId, at: datetime) -> None:
    """Save a session of twelve squats with the pose coach."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=who, correlation_id=uuid4())
    done = PoseSummary("squat", 12, 0.8, at.replace(microsecond=0), 600, ())
    platform.pose_coach.save_workout_session(who, done, origin=origin, command_id=uuid4())


def shown(page: Page, count: int) -> None:
    page.wait_for_selector("leader-boards[aria-busy=false]", state="attached")
    expect(page.locator(ROWS)).to_have_count(count)


def wait_for_report(platform: Platform) -> None:
    """Wait until the analytics store has followed."""
    deadline = time.monotonic() + 120.0
    while not platform.pose_report.is_current(DEFAULT_TENANT):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def take_part(page: Page, pseudonym: str) -> None:
    page.get_by_label("Pseudonym").fill(pseudonym)
    page.get_by_role("button", name="Agree and join").click()
    expect(page.locator("#status")).to_have_text(f"Others see you as {pseudonym}.")
