"""Accessibility of each page in each of its states."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.figure_states import STATES
from tests.web.inspection import PHONE, problems
from tests.web.layout_shifts import SHIFTS, SLOW_API
from tests.web.server import PlatformServer, opened
from tests.web.states import LONG_NAME, Scene

pytestmark = pytest.mark.slow

REMEMBER = """window.walked = []; window.tabbable = () => {
  const group = ({ name, form }) => [...document.querySelectorAll(`[type=radio][name="${name}"]`)]
    .filter((each) => each.form === form);
  const isChosen = (each) => each.checked || !group(each).some(({ checked }) => checked);
  const open = document.querySelector("dialog[open]") ?? document;
  return [...open.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((each) => each.tabIndex >= 0 && !each.disabled)
    .filter((each) => each.checkVisibility({ visibilityProperty: true }))
    .filter((each) => each.type !== "radio" || isChosen(each));
};"""

STEP = """() => {
  const place = document.activeElement;
  if (place === document.body || place === walked.at(-1)) return [];  // a date has several parts
  if (walked.includes(place)) return null;
  walked.push(place);
  const { left, top, right, bottom } = place.getBoundingClientRect();
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3],
    [right - 3, bottom - 3]];
  const isSeen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (place.contains(hit) || place.closest("label, .session-row")?.contains(hit));
  });
  const around = place.closest("label, .session-row, .drop-label");
  const drawn = [place, place.nextElementSibling, around];
  const isMarked = drawn.some((each) => each && getComputedStyle(each).outlineStyle === "solid");
  const what = place.outerHTML.slice(0, 90);
  return [!isSeen && `hidden: ${what}`, !isMarked && `not marked: ${what}`].filter(Boolean);
}"""
"""Defect in the position of the focused element; null once the focus is back at the start."""

LEFT_OUT = """() => {
  const wanted = tabbable();
  const words = (each) => each.outerHTML.slice(0, 90);
  const order = walked.map((each) => wanted.indexOf(each)).filter((at) => at >= 0);
  const back = order.filter((at, index) => at < order[index - 1]);
  return [...wanted.filter((each) => !walked.includes(each)).map((each) => `never: ${words(each)}`),
    ...back.slice(1).map((at) => `out of order: ${words(wanted[at])}`)];
}"""
"""Elements that were left out or out of order, except once, where the focus returns."""

MOST_STEPS: Final = 150

WALKED: Final = (
    "index: sessions",
    "index: a session",
    "index: a problem",
    "list: some are picked",
    "list: a name is typed",
    "replay: a repetition is looped, the keys are listed",
    "replay: links are listed",
    "replay: no camera",
    "workout: none is written",
    "workout: it is looked at",
    "workout: before a set",
    "workout: in a set",
    "workout: at rest",
    "workout: what it came to",
    "coach: before it begins",
    "coach: a set by hand",
    "exercises: all",
    "plans: found",
    "plan: paid",
    "plan: started, and asked whether to leave",
    "index: plans",
    "checkout: the order",
    "sign up: something is missing",
    "sign in: refused",
    "reset: a password is chosen",
    "verify: there is no link",
    "account: signed in",
    "figures: training, as charts and a table",
    "figures: retention",
)


@pytest.fixture(scope="module")
def sample(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[tuple[PlatformServer, str]]:
    """A separate server, because sessions are deleted and workouts done."""
    with opened(tmp_path_factory.mktemp("sample"), video) as found:
        for number in range(1, 5):
            found.log_by_hand(number)
        session = found.analyze()
        called = httpx2.patch(
            f"{found.url}/v1/recordings/{session}", json={"name": LONG_NAME}, timeout=60
        )
        called.raise_for_status()
        yield found, session


@pytest.fixture(scope="module")
def club(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[tuple[PlatformServer, Path]]:
    home = tmp_path_factory.mktemp("club")
    with opened(home, video, sign_in="required") as found:
        yield found, home / "mail"


@pytest.fixture
def scene(
    sample: tuple[PlatformServer, str],
    bare_server: PlatformServer,
    club: tuple[PlatformServer, Path],
    new_page: NewPage,
) -> Callable[..., Scene]:
    """Return a function that creates the scene of a state, on a screen of a given size."""

    def on(**options: Any) -> Scene:
        (server, session), (sign_in_server, mail) = sample, club
        return Scene(
            partial(new_page, **options), server, bare_server, sign_in_server, mail, session
        )

    return on


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_readable_and_operable(scene: Callable[..., Scene], name: str) -> None:
    """R-UIX-07: in all color schemes, by touch, in a narrow window; and with the Tab key alone."""
    page = STATES[name](scene(**PHONE))
    assert problems(page) == {}
    if name in WALKED:
        assert walk(page) == []


def walk(page: Page) -> list[str]:
    """Press Tab until the focus is back at the start; return skipped or invisible elements."""
    page.evaluate(REMEMBER)
    wrong: list[str] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(STEP)
        if found is None:
            return [*wrong, *page.evaluate(LEFT_OUT)]
        wrong += found
    return [*wrong, "there is no way out"]


LOADED: Final = (
    "index: a session",
    "workout: one can be chosen",
    "workouts: from a trainer, and asked whether to decline",
    "athletes: a workout is assigned",
    "health: nothing yet",
)


@pytest.mark.parametrize("name", LOADED)
def test_parts_stay_in_place_while_a_page_loads(scene: Callable[..., Scene], name: str) -> None:
    """R-UIX-07: a cumulative layout shift below .1, with an API that answers slowly."""
    place = scene(**PHONE)

    def slow(url: str) -> Page:
        page = place.page(url)
        page.add_init_script(SLOW_API)
        return page

    page = STATES[name](replace(place, page=slow))
    expect(page.locator("[aria-busy=true]:visible")).to_have_count(0)
    shifts = page.evaluate(SHIFTS)
    assert sum(shifts) < 0.1, shifts


def test_escape_closes_a_dialog_and_the_focus_goes_back(scene: Callable[..., Scene]) -> None:
    """R-UIX-07."""
    page = STATES["replay: links are listed"](scene())
    page.keyboard.press("Escape")
    expect(page.locator("#sharing")).to_be_hidden()
    expect(page.get_by_role("button", name="Share")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sharing")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Share")).to_be_focused()
