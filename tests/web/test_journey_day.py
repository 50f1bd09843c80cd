"""The training of a traveler, whose device is a day ahead of their account, or behind it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.people import sign_in, sign_up
from tests.web.server import PlatformServer, opened

HOME: Final = "Pacific/Pago_Pago"
AWAY: Final = "Pacific/Kiritimati"
"""It is always a later day there: 25 hours are between them."""

ADDRESS: Final = "ada@example.org"


@pytest.fixture
def club(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server that requires sign-in, for longer than its pages are open."""
    with opened(tmp_path / "home", tmp_path / "no-video", sign_in="required") as server:
        yield server


def test_the_training_of_today_counts_during_a_journey(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-07: on Home and in the history, as the server counts it."""
    at_home = new_page(club.url, timezone_id=HOME)
    sign_up(at_home, tmp_path / "home" / "mail", ADDRESS)
    user = at_home.evaluate("localStorage.getItem('kinelog.user')")
    trained_at = datetime.now(UTC)
    club.log_by_hand(0, repetitions=5, athlete_id=user, time_zone=AWAY)
    page = new_page(club.url, timezone_id=AWAY)
    page.clock.set_fixed_time(trained_at)
    page.goto("/sign_in.html")
    sign_in(page, ADDRESS)
    week = page.locator("#week")
    expect(week.locator(".week-facts dd").first).to_have_text("5")
    expect(week.locator(".streak")).to_contain_text("You trained today.")
    page.goto("/history.html?period=DAY")
    expect(page.locator("#totals-body")).to_contain_text("5")
    expect(page.locator("#totals-body")).not_to_contain_text("No training")


def test_a_streak_goes_on_until_the_day_of_the_device_is_over(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-07, R-WKT-06: the next session counts for that day, on a journey to the west, too."""
    at_home = new_page(club.url, timezone_id=AWAY)
    sign_up(at_home, tmp_path / "home" / "mail", ADDRESS)
    user = at_home.evaluate("localStorage.getItem('kinelog.user')")
    now = datetime.now(UTC)
    page = new_page(club.url, timezone_id=HOME)
    page.clock.set_fixed_time(now + timedelta(days=1))
    club.log_by_hand(0, repetitions=5, athlete_id=user, time_zone=HOME)
    page.goto("/sign_in.html")
    sign_in(page, ADDRESS)
    expect(page.locator("#week .streak")).to_contain_text("1 day in a row")
    page.goto("/history.html")
    expect(page.locator(".streaks dd").first).to_contain_text("1 day")
    page.clock.set_fixed_time(now)
    page.goto("/")
    expect(page.locator("#week .streak")).to_contain_text("You trained today.")


def test_the_progress_of_a_streak_is_as_of_the_day_of_the_device(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-WKT-08: the streak of yesterday goes on, although it is two days ago in the account."""
    at_home = new_page(club.url, timezone_id=AWAY)
    sign_up(at_home, tmp_path / "home" / "mail", ADDRESS)
    user = at_home.evaluate("localStorage.getItem('kinelog.user')")
    club.log_by_hand(1, repetitions=5, athlete_id=user, time_zone=HOME)
    page = new_page(club.url, timezone_id=HOME)
    page.goto("/sign_in.html")
    sign_in(page, ADDRESS)
    expect(page.locator("#week .streak")).to_contain_text("1 day in a row")
    page.goto("/history.html")
    following = page.locator(".medals.ahead li")
    expect(following.filter(has_text="Days in a row: bronze")).to_contain_text("1 of 3 days")
