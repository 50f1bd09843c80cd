"""The session list of the start page and its totals."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.waiting import hold_requests


def listed(page: Page) -> int:
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    return page.locator("#sessions .session-row a").count()


def test_the_newest_session_is_listed_first(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-03."""
    page = new_page(server.url)
    page.goto("/")

    assert listed(page) == 20
    first = page.locator(".session-row").first
    expect(first.locator("h3")).to_have_text("Squat")
    expect(first.locator(".session-count")).to_contain_text("4")
    expect(first.locator(".form")).to_contain_text("form")
    expect(first.locator(".score")).to_contain_text("/ 100")


def test_more_sessions_are_loaded_on_request_and_the_first_of_them_gets_the_focus(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url)
    page.goto("/")
    assert listed(page) == 20

    page.click("#more")
    page.wait_for_selector("#sessions .session-row:nth-child(23)")

    assert listed(page) == 23
    expect(page.locator("#more")).to_be_hidden()
    expect(page.locator("#sessions > :nth-child(21)")).to_be_focused()


def test_sessions_of_one_exercise_can_be_shown_alone(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url)
    page.goto("/")
    listed(page)

    page.select_option("#filter-exercise", "squat")
    expect(page.locator(".session-row")).to_have_count(1)
    page.select_option("#filter-exercise", "plank")
    expect(page.locator("#sessions-empty")).to_contain_text("No sessions with this exercise")
    page.get_by_role("button", name="Show all exercises").click()
    expect(page.locator(".session-row")).to_have_count(20)


def test_a_session_of_several_exercises_says_so(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: its repetitions are those of all exercises, not of the first."""
    empty_server.log_by_hand(1, repetitions=6, completed=False)
    empty_server.log_second_exercise("by-hand-01", "squat", repetitions=4)
    page = new_page(empty_server.url)
    page.goto("/")
    row = page.locator(".session-row")
    expect(row.locator("h3")).to_have_text("Push-up and 1 other exercise")
    expect(row.locator(".session-count")).to_contain_text("10")
    expect(page.locator("#subtitle")).to_contain_text("Last time: push-up and 1 other exercise, 10")
    page.goto("/session_list.html")
    expect(page.locator(".session-item h2")).to_have_text("Push-up and 1 other exercise")


@pytest.mark.parametrize(
    ("language", "name", "done"),
    [
        ("en", "Push-up and 1 other exercise", "10 reps in 2 sets."),
        ("es", "Flexiones y 1 ejercicio más", "10 repeticiones en 2 series."),
        ("ru", "Отжимания и ещё 1 упражнение", "10 повторов за 2 подхода."),
    ],
)
def test_the_page_of_a_session_of_several_exercises_says_so(
    empty_server: PlatformServer, new_page: NewPage, language: str, name: str, done: str
) -> None:
    """R-UIX-08: its title, its headings and the shared text, in each language."""
    empty_server.log_by_hand(0, repetitions=6, completed=False)
    empty_server.log_second_exercise("by-hand-00", "squat", repetitions=4, completed=True)
    page = new_page(empty_server.url, locale=language)
    page.add_init_script("""
      navigator.canShare = () => true;
      navigator.share = async ({ title }) => { document.documentElement.dataset.shared = title; };
    """)
    page.goto("/#session=by-hand-00")
    expect(page.locator("h1")).to_have_text(f"{name}: {done}")
    expect(page).to_have_title(f"{name} · Kinelog")
    expect(page.locator("#subtitle")).to_contain_text(f"{name} · ")
    page.get_by_role("button", name=re.compile("as an image|como imagen|картинкой")).click()
    expect(page.locator("html")).to_have_attribute("data-shared", f"{name}: {done}")


def test_an_empty_list_explains_how_to_begin(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(empty_server.url)
    page.goto("/")

    assert listed(page) == 0
    expect(page.locator("#sessions-empty h3")).to_have_text("No sessions yet")
    expect(page.locator("#sessions-empty ol > li")).to_have_count(3)
    expect(page.locator("#filter-exercise")).to_be_hidden()
    page.get_by_role("link", name="Upload the video").click()
    expect(page.locator("#upload-title")).to_be_in_viewport()


def test_the_upload_is_reached_from_the_head_of_the_page(
    server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(server.url, width=390, height=844)
    page.goto("/")
    listed(page)
    page.get_by_role("link", name="Upload a set").click()
    expect(page.locator("#upload-title")).to_be_in_viewport()


def test_a_hold_is_listed_with_its_time(empty_server: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-03: not as 0 repetitions."""
    empty_server.log_hold(42_000)
    page = new_page(empty_server.url)
    page.goto("/")
    assert listed(page) == 1
    expect(page.locator(".session-count")).to_have_text("0:42held")
    expect(page.locator(".session-facts")).not_to_contain_text("kcal")
    page.goto("/session_list.html")
    expect(page.locator(".session-count")).to_have_text("0:42held")


def test_a_session_by_camera_without_a_recording_is_not_called_logged_by_hand(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-03: neither in the lists nor on its page, unlike one by hand."""
    empty_server.log_hold(42_000)
    by_hand = empty_server.log_by_hand(1)
    page = new_page(empty_server.url)
    page.goto("/")
    rows = page.locator(".session-row")
    expect(rows.filter(has_text="logged by hand")).to_have_count(1)
    expect(rows.first).not_to_contain_text("by hand")
    rows.first.get_by_role("link").click()
    expect(page.locator(".no-video")).to_contain_text("The camera counted this session.")
    expect(page.locator(".session-top")).not_to_contain_text("y hand")
    page.goto(f"/#session={by_hand}")
    expect(page.locator(".no-video")).to_contain_text("Logged by hand")


def test_totals_are_bars_with_names_and_a_table_behind_a_toggle(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url)
    page.goto("/", wait_until="networkidle")  # panels that load move those below them
    page.get_by_label("Day", exact=True).check(force=True)
    bars = page.locator("#totals .bars g[role=img]")
    expect(bars).to_have_count(7)
    names = [bar.get_attribute("aria-label") or "" for bar in bars.all()]
    assert all("repetition" in name for name in names)

    toggle = page.get_by_role("button", name="Show as table")
    expect(page.locator(".totals table")).to_be_hidden()
    toggle.click()
    expect(page.locator(".totals tbody tr")).to_have_count(7)
    expect(page.get_by_role("button", name="Hide table")).to_have_attribute("aria-expanded", "true")


def test_a_session_logged_by_hand_shows_everything_but_a_video(
    server: PlatformServer, new_page: NewPage
) -> None:
    page = new_page(server.url)
    page.goto("/#session=by-hand-01")

    expect(page.locator(".no-video")).to_contain_text("Logged by hand")
    expect(page.locator("video")).to_have_count(0)
    expect(page.locator(".reps tbody tr")).to_have_count(2)
    expect(page.locator(".reps")).to_contain_text("not measured")
    expect(page.locator(".curve")).to_have_attribute("role", "img")
    expect(page.locator(".summary")).to_contain_text("a person")


def test_an_unknown_session_is_explained_with_a_link_to_the_list(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06."""
    page = new_page(server.url)
    page.goto("/#session=nowhere")

    expect(page.locator("#banner")).to_contain_text("Session not found.")
    expect(page.locator("#session-view")).to_be_empty()
    page.get_by_role("link", name="← Home").click()
    assert listed(page) == 20
    expect(page.locator("#banner")).to_be_empty()


def test_a_delayed_response_of_the_list_does_not_change_the_page_of_a_session(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: neither the line below its title nor what screen readers are told."""
    page = new_page(server.url)
    page.goto("/#session=by-hand-01")
    expect(page.locator("#session-view:not([aria-busy])")).to_be_visible()
    line = page.locator("#subtitle").inner_text()
    held = hold_requests(page, "**/graphql")
    with page.expect_request("**/graphql"):
        page.locator("#back").click()
    expect(page.locator("#list-view")).to_be_visible()
    page.route("**/graphql", lambda route: route.continue_())
    page.go_back()
    expect(page.locator("#subtitle")).to_have_text(line)
    for route in held:
        route.continue_()
    expect(page.locator(".week-facts")).to_be_attached()
    expect(page.locator("#sessions[aria-busy=false] .session-row").first).to_be_attached()
    expect(page.locator("#subtitle")).to_have_text(line)
    expect(page.locator("#status")).not_to_contain_text("sessions")
