"""The home page with one session: figures in the singular, and parts that stay in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE
from tests.web.layout_shifts import SHIFTS, SLOW_API
from tests.web.logged_training import train
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with one session of today."""
    with opened(tmp_path_factory.mktemp("one"), video) as found:
        found.log_by_hand(0, time_zone="Europe/Berlin")
        yield found


@pytest.fixture(scope="module")
def trained_server(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[PlatformServer]:
    """A server with training of two weeks, which the page draws conclusions from."""
    with opened(tmp_path_factory.mktemp("trained"), video) as found:
        for ago in (1, 3, 5, 9, 12):
            train(found, ago, ("squat", 8, 60.0), ("push_up", 12, None))
        yield found


@pytest.mark.parametrize(
    ("locale", "name"), [("en-GB", "session"), ("es-ES", "sesión"), ("ru-RU", "занятие")]
)
def test_one_session_of_the_week_is_not_in_the_plural(
    server: PlatformServer, new_page: NewPage, locale: str, name: str
) -> None:
    """R-UIX-07."""
    page = new_page(server.url, locale=locale)
    page.goto("/")
    figure = page.locator("#week .week-facts > div").nth(1)
    expect(figure.locator("dd")).to_have_text("1")
    expect(figure.locator("dt")).to_have_text(name)


MOVE = """document.querySelector("#hero-day").style.paddingTop = "40px";"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("person", ["bare_server", "server", "trained_server"])
def test_parts_stay_in_place_while_the_page_loads(
    request: pytest.FixtureRequest, new_page: NewPage, size: dict[str, int], person: str
) -> None:
    """R-UIX-07: a cumulative layout shift below .1, with an API that answers slowly."""
    page = new_page(request.getfixturevalue(person).url, **size)
    page.add_init_script(SLOW_API)
    page.goto("/")
    expect(page.locator("#sessions")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#own-plans li")).to_be_visible()
    expect(page.locator("#week .ring")).to_be_visible()
    if person != "bare_server":
        expect(page.locator("#insights")).to_be_visible()
    page.wait_for_load_state("networkidle")
    shifts = page.evaluate(SHIFTS)
    assert sum(shifts) < 0.1, shifts
    page.evaluate(MOVE)
    assert len(page.evaluate(SHIFTS)) > len(shifts), "shifts are observed"


COLUMNS = """Array.from(document.querySelectorAll("#list-view > section:not([hidden])"),
  (each) => each.getBoundingClientRect().x)"""

FIRST_STEPS_FIRST = """() => {
  const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
  return top("#sessions-empty") < top("#recommendations");
}"""


@pytest.fixture
def club(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as found:
        yield found


def test_a_new_account_s_home_page_has_one_column_on_a_phone(
    club: PlatformServer, tmp_path: Path, new_page: NewPage
) -> None:
    """R-UIX-07: the first steps come before recommendations, which need no training."""
    page = new_page(club.url, **PHONE)
    sign_up(page, tmp_path / "mail", "ada@example.org")
    page.goto("/")
    expect(page.locator("#recommendations")).to_be_visible()
    expect(page.locator("#insights")).to_be_hidden()
    expect(page.locator("#sessions-empty")).to_be_visible()
    assert len(set(page.evaluate(COLUMNS))) == 1
    assert page.evaluate(FIRST_STEPS_FIRST)
