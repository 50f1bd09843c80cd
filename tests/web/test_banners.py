"""Banners name the problem, what is kept, what to do, and the reference."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from bootstrap.pages import SOURCES as WEB
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.people import PASSWORD
from tests.web.server import PlatformServer, opened
from tests.web.states import AWAY, refused

ADVICE: Final = "Try again"


def signs_in(page: Page) -> None:
    page.goto("/sign_in.html")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def signs_up(page: Page) -> None:
    page.goto("/sign_up.html")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def forgets(page: Page) -> None:
    page.goto("/reset.html")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send link").click()


def looks_for(address: str) -> Callable[[Page], None]:
    """Return an action that opens a path."""

    def look(page: Page) -> None:
        page.goto(address)

    return look


ACTIONS: Final[dict[str, tuple[str, Callable[[Page], None]]]] = {
    "signing in": ("**/v1/auth/login*", signs_in),
    "signing up": ("**/v1/auth/register*", signs_up),
    "a new password": ("**/v1/auth/forgot-password*", forgets),
    "sessions": ("**/graphql", looks_for("/")),
    "a session": ("**/graphql", looks_for("/#session=by-hand-01")),
    "the list": ("**/graphql", looks_for("/session_list.html")),
    "a workout": ("**/graphql", looks_for("/workout_player.html?workout=legs")),
}
"""User actions: the endpoint that each one calls, and how the page is operated."""

ADDRESSES: Final = (
    "/exercises.html",
    "/health.html",
    "/history.html",
    "/lesson.html?content=lesson",
    "/payments.html",
    "/plan.html?plan=legs",
    "/plan_editor.html",
    "/watch.html?content=lesson",
    "/workout_player.html",
    "/workout_player.html?workout=legs",
)
"""Pages that show nothing without the server."""

REQUESTS: Final = re.compile(r"/(v1/|graphql)")


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    home = tmp_path_factory.mktemp("counter")
    with opened(home, home / "no-video") as found:
        yield found


@pytest.mark.parametrize("what", ACTIONS)
def test_a_server_error_is_shown_with_its_reference(
    counter: PlatformServer, new_page: NewPage, what: str
) -> None:
    """R-UIX-06: with what to do next."""
    pattern, act = ACTIONS[what]
    page = new_page(counter.url, width=390, height=844)
    page.route(pattern, lambda route: route.fulfill(**AWAY))
    act(page)
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Reference: c0ffee")
    expect(banner).to_contain_text(ADVICE)
    expect(banner.locator(".banner-title")).not_to_be_empty()
    assert violations(page) == []
    banner.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#main")).to_be_focused()
    expect(banner).to_be_empty()


@pytest.mark.parametrize("what", ACTIONS)
def test_an_unreachable_server_is_reported(
    counter: PlatformServer, new_page: NewPage, what: str
) -> None:
    """R-UIX-06: nothing typed is lost, and it can be sent again."""
    pattern, act = ACTIONS[what]
    page = new_page(counter.url)
    page.route(pattern, lambda route: route.abort("internetdisconnected"))
    act(page)
    expect(page.locator("#banner")).to_contain_text("Check your connection")
    expect(page.locator("#banner")).to_contain_text(ADVICE)


@pytest.mark.parametrize("what", ["signing in", "the list"])
def test_an_answer_of_another_site_is_reported(
    counter: PlatformServer, new_page: NewPage, what: str
) -> None:
    """R-UIX-06: such as the page of a hotel's network in the place of the answer."""
    pattern, act = ACTIONS[what]
    page = new_page(counter.url)
    page.route(pattern, lambda route: route.fulfill(content_type="text/html", body="<p>Welcome"))
    act(page)
    expect(page.locator("#banner")).to_contain_text("Check your connection")
    expect(page.locator("#banner")).to_contain_text(ADVICE)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_could_not_be_opened_offers_to_try_again(
    counter: PlatformServer, new_page: NewPage, address: str
) -> None:
    """R-UIX-06, R-UIX-07: no part of it is announced as busy any longer."""
    page = new_page(counter.url)
    page.route(REQUESTS, refused)
    page.goto(address)
    with page.expect_request(REQUESTS):
        page.locator("#banner").get_by_role("button", name="Try again").click()
    expect(page.locator("#banner")).to_contain_text("Reference: c0ffee")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_a_failed_share_link_names_its_reference(
    server: PlatformServer, filmed_session: str, new_page: NewPage
) -> None:
    """R-UIX-06: a dialog has no banner."""
    page = new_page(server.url)
    page.route("**/share-links", lambda route: route.fulfill(**AWAY))
    page.goto(f"/session_replay.html?session={filmed_session}")
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#sharing-status")).to_have_text("Come again. Reference: c0ffee")


def test_a_share_link_that_could_not_be_listed_is_not_made_twice(
    server: PlatformServer, filmed_session: str, new_page: NewPage
) -> None:
    """R-UIX-06: only the list could not be read after it was made."""
    page = new_page(server.url)
    methods: list[str] = []

    def list_later(route: Route) -> None:
        methods.append(route.request.method)
        if methods == ["GET", "POST", "GET"]:
            route.fulfill(**AWAY)
        else:
            route.continue_()

    page.route("**/share-links", list_later)
    page.goto(f"/session_replay.html?session={filmed_session}")
    with page.expect_response("**/share-links"):
        page.get_by_role("button", name="Share").click()
    active = page.locator(".share-link[data-state=active]")
    create = page.get_by_role("button", name="Create link")
    create.click()
    expect(page.locator("#sharing-status")).to_contain_text("Come again.")
    create.click()
    expect(page.locator("#sharing-status")).to_contain_text(re.compile("copied|Copy the link"))
    expect(active).to_have_count(1)
    active.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(active).to_have_count(0)


@pytest.mark.parametrize("page", sorted(WEB.glob("*.html")), ids=lambda each: each.stem)
def test_live_regions_exist_before_their_text(page: Path) -> None:
    """R-UIX-07: screen readers ignore a live region that is inserted together with its text."""
    html = page.read_text(encoding="utf-8")
    assert '<div id="banner" role="alert"></div>' in html
    assert '<p id="status" class="visually-hidden" role="status"></p>' in html
