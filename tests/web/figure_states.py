"""The states of the page of figures, added to those of the other pages."""

from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from tests.web.plan_states import STATES
from tests.web.states import LONG_NAME, Scene, opener, refused, state

__all__ = ["STATES"]

READY: Final = "#figures-body[aria-busy=false]"
WEEKS: Final = ("2029-12-31", "2030-01-07", "2030-01-14")
COHORTS: Final[dict[str, list[int | None]]] = {
    "2029-10-01": [80, 40, None],
    "2029-11-01": [50, 20],
    "2029-12-01": [30],
}
"""People by the month in which they began, in that month and those after it."""


def _week(at: int, first: str) -> dict[str, Any]:
    """Return a week, of which some figures are not shown."""
    return {
        "week": first,
        "athletes": 20 + at,
        "sessions": None if at == 1 else 1_200 * at,
        "repetitions": 1_234_567 * at,
        "recommendationsViewed": 120,
        "recommendationsOpened": None,
        "plans": [{"planId": "legs", "enrolled": 40 + at, "paid": None}],
        "currencies": [
            {"currency": "EUR", "payments": 25, "amountMinor": 50_000 * at},
            {"currency": "JPY", "payments": 30, "amountMinor": 1_234_567},
        ],
    }


def _figures(route: Route) -> None:
    months = [*COHORTS]
    cohorts = [
        {
            "cohort": first,
            "months": [
                {"month": month, "athletes": count}
                for month, count in zip(months[months.index(first) :], counts, strict=True)
            ],
        }
        for first, counts in COHORTS.items()
    ]
    weeks = [_week(at, first) for at, first in enumerate(WEEKS)]
    route.fulfill(
        json={"since": WEEKS[0], "until": "2030-01-20", "weeks": weeks, "cohorts": cohorts}
    )


def _plan(route: Route) -> None:
    route.fulfill(json={"planId": "legs", "offered": {"title": LONG_NAME}, "draft": None})


def figures(scene: Scene, group: str) -> Page:
    """Open a group of figures."""
    page = scene.page(scene.bare.url)
    page.route("**/v1/population*", _figures)
    page.route("**/v1/plans/legs", _plan)
    page.goto(f"/analytics.html?group={group}")
    page.wait_for_selector(READY)
    expect(page.locator(".trend-point")).not_to_have_count(0)
    return page


def with_table(page: Page) -> Page:
    page.get_by_role("button", name="Show as table").click()
    page.wait_for_selector("table.data tbody tr")
    return page


@state("figures: training, as charts and a table")
def _training(scene: Scene) -> Page:
    return with_table(figures(scene, "training"))


@state("figures: enrollments in a plan with a long title")
def _enrollments(scene: Scene) -> Page:
    return with_table(figures(scene, "enrollments"))


@state("figures: payments")
def _payments(scene: Scene) -> Page:
    return figures(scene, "payments")


@state("figures: recommendations, some not shown")
def _recommendations(scene: Scene) -> Page:
    page = figures(scene, "recommendations")
    expect(page.locator("#figures-body > .muted")).to_contain_text("Not shown")
    return page


@state("figures: retention")
def _retention(scene: Scene) -> Page:
    return figures(scene, "retention")


@state("figures: they could not be read")
def _unread(scene: Scene) -> Page:
    page = scene.page(scene.bare.url)
    page.route("**/v1/population*", refused)
    page.goto("/analytics.html")
    page.wait_for_selector("#banner .banner")
    return page


@state("figures: not allowed")
def _not_allowed(scene: Scene) -> Page:
    page = scene.signed_in()
    page.goto("/analytics.html")
    expect(page.locator("#banner")).to_contain_text("Only analysts and administrators")
    return page


OPENED: Final = (("figures: nothing yet", "bare", "/analytics.html", f"{READY} .muted"),)

STATES.update({name: opener(*how) for name, *how in OPENED})
