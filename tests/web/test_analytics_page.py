"""The page of figures: charts by week, retention, groups and ranges, and the file."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from application.analytics.population import WEEK, settled_day
from tests.api.rivals import settle, squat
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

PATH: Final = "/analytics.html"
READY: Final = "#figures-body[aria-busy=false]"
PEOPLE: Final = 25
WEEKS: Final = 6


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with 25 people who trained in each of six settled weeks, twenty in the last."""
    with opened(tmp_path_factory.mktemp("club"), video) as server:
        everybody = [
            settle(server.platform, f"Member {number:02}", compared=True)
            for number in range(PEOPLE)
        ]
        monday = last_monday(server.platform.clock())
        for ago in range(WEEKS):
            at = datetime.combine(monday - ago * WEEK, time(12), UTC)
            for who in everybody if ago else everybody[:20]:
                squat(server.platform, who, 2 + ago % 3, at=at)
        yield server


def last_monday(now: datetime) -> date:
    last = settled_day(now) + timedelta(days=1)
    return last - timedelta(days=last.weekday()) - WEEK


def ready(page: Page) -> None:
    page.wait_for_selector(READY)


def test_figures_are_shown_by_week_and_downloaded(
    club: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """R-PRG-08: each chart is read point by point; all figures are in the table and the file."""
    page = new_page(club.url)
    page.goto(PATH)
    ready(page)
    chart = page.get_by_role("group", name="People who trained, by time")
    chart.focus()
    point = page.locator(".trend-point").first
    expect(point).to_have_text(re.compile("^Week of .*: 20$"))
    chart.press("ArrowLeft")
    expect(point).to_have_text(re.compile("^Week of .*: 25$"))
    hidden = page.locator("#figures-body > .muted")
    expect(hidden).to_have_count(0)
    page.get_by_role("button", name="Show as table").click()
    rows = page.locator("table.data tbody tr")
    expect(rows.first.locator("td")).to_have_text(["20", "20", "40"])
    assert problems(page) == {}

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download as CSV").click()
    expect(page.locator("#status")).to_contain_text("Your access log has a line")
    downloading.value.save_as(tmp_path / "figures.csv")
    found = list(csv.reader((tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()))
    monday = last_monday(club.platform.clock())
    assert [str(monday), "athletes", "", "20"] in found


def test_groups_and_ranges_are_in_the_address(club: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-08: a reload and the browser's back button show the same; what is empty says why."""
    page = new_page(club.url, **PHONE)
    page.goto(PATH)
    ready(page)
    page.get_by_label("Show").select_option("Retention")
    expect(page.locator("#figures-title")).to_have_text("Retention")
    page.get_by_label("Range").select_option("12 months")
    ready(page)
    assert page.url.endswith("?group=retention&range=year")
    page.reload()
    ready(page)
    sizes = page.locator("table.data tbody tr td:nth-child(2)")
    expect(sizes.last).to_have_text("25")
    assert problems(page) == {}
    page.get_by_label("Show").select_option("Recommendations")
    expect(page.locator("#figures-body")).to_contain_text("at least twenty people")
    page.go_back()
    expect(page.locator("#figures-title")).to_have_text("Retention")
    expect(sizes.last).to_have_text("25")


def sold(route: Route) -> None:
    """Answer with sales of two weeks, which are not shown in the second, and three cohorts."""
    weeks: list[dict[str, Any]] = [
        {
            "week": week, "athletes": None, "sessions": None, "repetitions": None,
            "recommendationsViewed": 120, "recommendationsOpened": None, "plans": plans,
            "currencies": currencies,
        }
        for week, plans, currencies in (
            ("2030-01-07", [{"planId": "gone", "enrolled": 40, "paid": None}],
             [{"currency": "EUR", "payments": 25, "amountMinor": 50_000}]),
            ("2030-01-14", [], []),
        )
    ]  # fmt: skip
    months: dict[str, list[int | None]] = {
        "2029-10-01": [80, 40, None],
        "2029-11-01": [50, 20],
        "2029-12-01": [30],
    }
    cohorts = [
        {
            "cohort": first,
            "months": [
                {"month": month, "athletes": count}
                for month, count in zip([*months][at:], counts, strict=True)
            ],
        }
        for at, (first, counts) in enumerate(months.items())
    ]
    body = {"since": "2030-01-07", "until": "2030-01-20", "weeks": weeks, "cohorts": cohorts}
    route.fulfill(json=body)


def test_sales_are_by_plan_and_currency(club: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-08: figures that are not shown are named, and no zero."""
    page = new_page(club.url)
    page.route("**/v1/population*", sold)
    page.goto(f"{PATH}?group=payments")
    ready(page)
    points = page.locator(".trend-point")
    expect(points).to_have_text(["Week of 7 Jan 2030: 25", "Week of 7 Jan 2030: €500"])
    page.get_by_role("group", name="Payments in EUR, by time").focus()
    page.keyboard.press("ArrowRight")
    expect(points.first).to_have_text("Week of 14 Jan 2030: not shown")
    page.get_by_label("Show").select_option("Enrollments")
    expect(points).to_have_text(["Week of 7 Jan 2030: 40"])
    expect(page.locator("#figures-body > .muted")).to_contain_text("Not shown: gone: paid.")
    assert problems(page) == {}


def test_cohorts_are_a_table_and_a_chart(club: PlatformServer, new_page: NewPage) -> None:
    """R-PRG-08: shares of those who trained in their first month."""
    page = new_page(club.url)
    page.route("**/v1/population*", sold)
    page.goto(f"{PATH}?group=retention")
    ready(page)
    expect(page.locator(".trend-point")).to_have_text("Nov 2029: 40 %")
    page.get_by_role("group", name="Trained again").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".trend-point")).to_have_text("Oct 2029: 50 %")
    rows = page.locator("table.data tbody tr")
    for row, shown in enumerate(
        (
            ["Dec 2029", "30", "", ""],
            ["Nov 2029", "50", "40 %", ""],
            ["Oct 2029", "80", "50 %", "not shown"],
        )
    ):
        expect(rows.nth(row).locator("th, td")).to_have_text(shown)
    assert problems(page) == {}


def test_the_page_is_for_analysts_and_administrators(
    tmp_path: Path, video: Path, new_page: NewPage
) -> None:
    """R-TEN-06: they get no link to it, and no figures."""
    home = tmp_path / "club"
    with opened(home, video, sign_in="required") as server:
        page = new_page(server.url)
        sign_up(page, home / "mail", "ada@example.org")
        page.goto("/account.html")
        page.wait_for_selector("#account:not([aria-busy])")
        expect(page.locator("#all-figures")).to_be_hidden()
        page.goto(PATH)
        expect(page.locator("#banner")).to_contain_text("Only analysts and administrators")
        expect(page.locator("#figures")).to_be_hidden()
