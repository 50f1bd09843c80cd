"""Plans: browsing them, the page of one, starting it, and what the home page shows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, TOO_WIDE, problems
from tests.web.people import sign_up
from tests.web.plans import SQUATS, call, introduce, offer, prescribe, stock
from tests.web.player import begun, press
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests

CARDS: Final = ".plan-card"

OTHERS: Final = 13
"""Plans of another trainer: with those of the first, more than one page."""


FACTS: Final = """(facts) => [...facts.children].map((fact) => {
  const text = document.createRange();
  text.selectNodeContents(fact);
  const [inner, outer] = [text, fact].map((each) => each.getBoundingClientRect());
  return { top: Math.round(outer.top), more: Math.round(outer.right - inner.right) };
})"""
"""Top of each fact of a plan, and the width of what follows its text, in pixels."""


@dataclass(frozen=True)
class Shop:
    """A server with plans, and the ids of a free and of a paid one."""

    server: PlatformServer
    free: str
    paid: str
    workout: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, video: object) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("shop")
    with opened(home, home / "none.mp4") as server:
        introduce(server, "Bo Rask", "bo")
        call(server, "PUT", "/v1/trainers/bo", name="Bo Rask", languages=["fr"])
        free, paid = stock(server)
        plan = call(server, "GET", f"/v1/plans/{free}")
        workout = plan["offered"]["workouts"][0]
        arms = prescribe(server, "Arms", SQUATS, author="bo")
        for number in range(OTHERS):
            offer(server, f"Arms {number:02}", [arms], trainerId="bo", level="advanced")
        yield Shop(server, free, paid, workout)


def titles(page: Page) -> list[str]:
    page.wait_for_selector("#plans[aria-busy=false]", state="attached")
    return page.locator(f"{CARDS} h2").all_inner_texts()


def start(page: Page, plan: str) -> None:
    page.goto(f"/plan.html?plan={plan}")
    page.get_by_role("button", name="Start this plan").click()
    expect(page.locator("#standing")).to_contain_text("You are on this plan")


def test_plans_are_searched_filtered_sorted_and_paged(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-01, R-UIX-08"""
    offered = len(call(shop.server, "GET", "/v1/plans?first=100")["items"])  # with other tests'
    assert 2 * 12 >= offered >= OTHERS + 2
    page = new_page(shop.server.url)
    page.goto("/")
    page.get_by_role("link", name="Browse plans").click()
    expect(page.locator(CARDS)).to_have_count(12)
    expect(page.locator("#count")).to_have_text("12 plans so far")
    page.route("**/v1/plans?*after=*", lambda route: route.abort("internetdisconnected"), times=1)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    expect(page.locator("#count")).to_have_text("12 plans so far")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(CARDS)).to_have_count(offered)
    expect(page.locator(CARDS).nth(12)).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()

    page.get_by_label("Level").select_option("Intermediate")
    expect(page.locator(CARDS)).to_have_count(1)
    assert titles(page) == ["Strong in eight weeks"]
    page.get_by_label("Level").select_option("Any")
    page.get_by_label("Trainer speaks").select_option("French")
    page.get_by_label("Search").fill("arms 0")
    page.get_by_label("Sort by").select_option("Title")
    expect(page.locator(CARDS)).to_have_count(10)
    assert titles(page)[:2] == ["Arms 00", "Arms 01"]
    assert page.url.endswith("?text=arms+0&language=fr&order=title")
    page.reload()
    expect(page.get_by_label("Search")).to_have_value("arms 0")
    expect(page.locator(CARDS)).to_have_count(10)
    page.locator("#price").select_option("Paid")
    expect(page.locator("#empty")).to_contain_text("No plan matches")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(CARDS)).to_have_count(12)
    expect(page.get_by_label("Search")).to_be_focused()
    page.go_back()
    expect(page.locator("#empty")).to_be_visible()
    page.go_back()
    expect(page.locator(CARDS)).to_have_count(10)


def test_no_line_of_facts_ends_with_a_separator(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-01: nor begins with one; the facts of this plan need two lines on a phone."""
    page = new_page(shop.server.url, **PHONE)
    page.goto("/plans.html?level=intermediate")
    facts = page.locator(f"{CARDS} .plan-facts")
    expect(facts).to_have_css("overflow-x", "hidden")
    places = facts.evaluate(FACTS)
    assert len({each["top"] for each in places}) > 1
    assert [each["more"] for each in places] == [0, 0, 0]


def test_a_plan_and_its_trainer_are_in_the_language_of_the_page(
    shop: Shop, new_page: NewPage
) -> None:
    """R-UIX-07: also equipment, languages, specialities and counts."""
    page = new_page(shop.server.url, locale="ru-RU")
    page.goto(f"/plan.html?plan={shop.paid}")
    expect(page.locator("#facts")).to_contain_text("Штанга, Скамья")
    expect(page.locator(".plan-workout").first).to_contain_text("3 подхода")
    page.locator("#subtitle a").click()
    expect(page.locator("#trainer dd")).to_have_text(["Английский, Немецкий", "Сила, Подвижность"])
    expect(page.locator("#equipment")).to_contain_text("Гиря")
    expect(page.locator("#language")).to_contain_text("Французский")


def test_a_trainer_has_a_public_page(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-01"""
    page = new_page(shop.server.url)
    page.goto(f"/plan.html?plan={shop.paid}")
    page.get_by_role("link", name="by Mara Lind").click()
    expect(page.locator("h1")).to_have_text("Mara Lind")
    expect(page).to_have_title("Mara Lind · Kinelog")
    expect(page.locator("#trainer")).to_contain_text("lift without pain")
    expect(page.locator("#trainer dd")).to_have_text(["English, German", "Strength, Mobility"])
    shown = titles(page)
    assert {"First steps", "Strong in eight weeks"} <= {*shown}
    assert not [title for title in shown if title.startswith("Arms")], "of another trainer"
    page.get_by_role("link", name="All plans").click()
    expect(page.locator(CARDS)).to_have_count(12)
    page.goto("/plans.html?trainer=nobody")
    expect(page.locator("#banner")).to_contain_text("Trainer not found")


def test_the_price_is_that_of_the_region_and_the_region_is_chosen_once(
    shop: Shop, new_page: NewPage
) -> None:
    """R-CAT-01: a browser in Berlin starts with the prices of the EU."""
    page = new_page(shop.server.url)
    page.goto(f"/plan.html?plan={shop.paid}")
    expect(page.locator("#price")).to_have_text("€19.99 a month")
    expect(page.locator("#terms")).to_contain_text("Includes 19 % tax (€3.19). Renews every month.")
    expect(page.get_by_role("button", name="Subscribe for €19.99 a month")).to_be_enabled()
    page.get_by_label("Prices for").select_option("United States")
    expect(page.locator("#price")).to_have_text("$21.00 a month")
    page.goto("/plans.html")
    expect(page.get_by_label("Prices for")).to_have_value("US")
    card = page.locator(CARDS, has_text="Strong in eight weeks")
    page.locator("#price").select_option("Paid")
    expect(card.locator(".price")).to_have_text("$21.00 a month")
    page.get_by_label("Prices for").select_option("Russia")
    expect(card.locator(".price")).to_have_text("Not sold in your region")
    card.get_by_role("link").click()
    expect(page.locator("#start")).to_be_visible()
    expect(page.locator("#start")).to_have_attribute("aria-disabled", "true")
    page.locator("#start").click(force=True)
    expect(page.locator("h1")).to_have_text("Strong in eight weeks")


def test_a_paid_plan_shows_its_preview_alone(tmp_path: Path, new_page: NewPage) -> None:
    """R-CAT-01: to members who have not subscribed."""
    with opened(tmp_path, tmp_path / "none.mp4") as server:
        _, paid = stock(server)
    with opened(tmp_path, tmp_path / "none.mp4", sign_in="required") as server:
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.goto(f"/plan.html?plan={paid}")
        check_preview(page)


def check_preview(page: Page) -> None:
    workouts = page.locator(".plan-workout")
    expect(workouts).to_have_count(2)
    expect(workouts.first).to_contain_text("Preview")
    expect(workouts.first).to_contain_text("30 seconds · RPE 7.5")
    note = workouts.first.locator(".plan-note")
    expect(note).to_have_text("Breathe calmly.\nStop when it hurts.")
    expect(workouts.last).to_contain_text("The exercises open when you subscribe.")
    expect(page.locator("#rounds")).to_have_text(
        "24 workouts in all: these 2 in order, then again from the first."
    )


def test_pressing_start_twice_enrolls_once(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-03"""
    page = new_page(shop.server.url)
    sent: list[str] = []
    answers: list[int] = []

    def count(route: Route) -> None:
        sent.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        answers.append(answer.status)
        route.fulfill(response=answer)

    plan = offer(shop.server, "Twice", [shop.workout])
    page.route("**/v1/enrollments", count)
    page.goto(f"/plan.html?plan={plan}")
    page.get_by_role("button", name="Start this plan").dblclick()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 12")
    expect(page.get_by_role("link", name="Start workout")).to_be_focused()
    assert (len(sent), answers) == (1, [201])
    page.reload()
    expect(page.locator("#standing")).to_contain_text("Due today")
    expect(page.locator("#start")).to_be_hidden()

    page.get_by_role("button", name="Leave this plan").click()
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("button", name="Leave this plan")).to_be_focused()
    page.get_by_role("button", name="Leave this plan").click()
    page.get_by_role("button", name="Leave this plan").click()
    expect(page.get_by_role("button", name="Start this plan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 12")


def test_a_started_plan_takes_the_focus_once(shop: Shop, new_page: NewPage) -> None:
    """R-UIX-07: the focus leaves no button that was pressed meanwhile."""
    page = new_page(shop.server.url)
    held = hold_requests(page, "**/v1/me/trainers")
    page.goto(f"/plan.html?plan={offer(shop.server, 'Slow', [shop.workout])}")
    with page.expect_request("**/v1/me/trainers"):
        page.get_by_role("button", name="Start this plan").click()
    expect(page.locator("#standing")).to_be_hidden()
    held[0].continue_()
    page.get_by_role("button", name="Leave this plan").click()
    page.wait_for_selector(".trainer-permission")
    expect(page.get_by_role("button", name="Stay")).to_be_focused()


SESSION: Final = "new URLSearchParams(location.search).get('session')"


def test_plans_are_in_sight_on_a_phone(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-01, R-UIX-03: filters are folded away, unless the URL has some."""
    page = new_page(shop.server.url, **PHONE)
    page.goto("/plans.html")
    expect(page.locator(".plan-card").first).to_be_in_viewport()
    expect(page.get_by_label("Level")).to_be_hidden()
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_label("Level").select_option("Intermediate")
    expect(page.locator(".plan-card")).to_have_count(1)
    assert problems(page) == {}
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.reload()
    expect(page.get_by_label("Level")).to_be_visible()


def test_todays_workout_is_on_the_home_page_and_opens_the_player(
    shop: Shop, new_page: NewPage
) -> None:
    """R-CAT-03: performing it schedules the next workout of the plan."""
    page = new_page(shop.server.url, **PHONE)
    page.clock.install()
    start(page, shop.free)
    page.goto("/")
    own = page.locator(".own-plan", has_text="First steps")
    expect(own).to_contain_text("Week 1 of 4")
    expect(own).to_contain_text("Next: Legs · Due today")
    own.get_by_role("link", name="Start workout").click()
    expect(page.locator("h1")).to_have_text("Legs")
    planned = page.evaluate(SESSION)
    page.get_by_label("Manually").check()
    page.get_by_role("button", name="Start workout").click()
    page.wait_for_selector("#guided:not([hidden])")
    assert page.evaluate(SESSION) == planned, "the session that the plan has scheduled"
    page.reload()
    page.wait_for_selector("#guided:not([hidden])")
    press(page, "Start set")
    begun(page)
    page.get_by_role("button", name="+1 repetition").click()
    page.locator("#main-action").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End workout").click()
    page.get_by_role("button", name="Press again to end").click()
    page.wait_for_selector("workout-results dl")
    page.goto("/")
    expect(own).to_contain_text("Workout 2 of 12")
    expect(own).to_contain_text("Next: Core")


def test_a_missed_workout_moves_as_the_plan_says(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-03: opening the home page is enough, also on several days: it is one workout."""
    page = new_page(shop.server.url)
    plan = offer(shop.server, "Late", [shop.workout], missedDay="shift")
    today = shop.server.platform.clock().date()
    enrolled = {"userId": "athlete", "planId": plan, "startOn": f"{today - timedelta(days=3)}"}
    enrollment = call(shop.server, "POST", "/v1/enrollments", **enrolled)["enrollmentId"]
    yesterday = f"{today - timedelta(days=1)}"
    call(shop.server, "POST", f"/v1/enrollments/{enrollment}/day", today=yesterday)
    page.goto("/")
    own = page.locator(".own-plan", has_text="Late")
    expect(own).to_contain_text("1 missed")
    expect(own).to_contain_text("Due today")
    expect(own.get_by_role("progressbar")).to_have_js_property("value", 0)


def test_a_plan_that_is_no_longer_offered_can_be_left(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-03: on the home page."""
    page = new_page(shop.server.url)
    plan = offer(shop.server, "Gone", [shop.workout])
    today = shop.server.platform.clock().date()
    enrolled = {"userId": "athlete", "planId": plan, "startOn": f"{today}"}
    call(shop.server, "POST", "/v1/enrollments", **enrolled)
    call(shop.server, "POST", f"/v1/plans/{plan}/withdraw")
    page.goto("/")
    own = page.locator(".own-plan", has_text="A plan that is no longer offered")
    own.get_by_role("button", name="Leave this plan").click()
    expect(own).to_contain_text("Leave this plan?")
    own.get_by_role("button", name="Leave this plan").click()
    expect(page.locator("#status")).to_contain_text("left")
    page.reload()
    expect(page.locator("#own-plans")).not_to_contain_text("A plan that is no longer offered")


def test_an_athlete_reads_that_a_newer_version_is_offered(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-01: what the page describes does not hold for those who follow the former version."""
    page = new_page(shop.server.url, **PHONE)
    plan = offer(shop.server, "Calm", [shop.workout])
    start(page, plan)
    expect(page.locator("#standing")).not_to_contain_text("version")
    terms = {"title": "Calm", "description": "New.", "level": "beginner", "weeks": 8}
    more = {"sessionsPerWeek": 2, "workouts": [shop.workout], "missedDay": "skip"}
    call(shop.server, "PUT", f"/v1/plans/{plan}", **terms, **more)
    call(shop.server, "POST", f"/v1/plans/{plan}/publish")
    page.reload()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 12")
    expect(page.locator("#standing")).to_contain_text(
        "You follow version 1. Below is version 2, which is offered now."
    )
    assert problems(page) == {}


def test_a_long_name_of_the_next_workout_stays_on_the_home_page(
    shop: Shop, new_page: NewPage
) -> None:
    """R-UIX-07: also without spaces."""
    page = new_page(shop.server.url, **PHONE)
    workout = prescribe(shop.server, "Oberschenkelvorderseite" * 4, SQUATS)
    start(page, offer(shop.server, "Long", [workout]))
    page.goto("/")
    expect(page.locator(".own-plan", has_text="Long")).to_contain_text("Oberschenkel")
    assert page.evaluate(TOO_WIDE) == []


def test_a_failed_start_can_be_repeated(shop: Shop, new_page: NewPage) -> None:
    """R-UIX-06"""
    page = new_page(shop.server.url)
    keys: list[str] = []

    def answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fulfill(status=503, json={"title": "Come again.", "code": "away"})
        else:
            route.continue_()

    page.route("**/v1/enrollments", answer)
    page.goto(f"/plan.html?plan={offer(shop.server, 'Again', [shop.workout])}")
    page.get_by_role("button", name="Start this plan").click()
    expect(page.locator("#banner")).to_contain_text("Come again.")
    page.get_by_role("button", name="Start this plan").click()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 12")
    assert keys[0] == keys[1]


def test_a_long_name_of_a_trainer_fits_a_phone(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: in the list of plans and on the page of one, also without a space."""
    introduce(empty_server, "Krafttrainerinnengemeinschaft" * 2)
    plan = offer(empty_server, "Legs", [prescribe(empty_server, "Legs", SQUATS)])
    page = new_page(empty_server.url, **PHONE)
    for address in ("/plans.html", f"/plan.html?plan={plan}"):
        page.goto(address)
        expect(page.get_by_text("Krafttrainerinnengemeinschaft")).to_be_visible()
        assert problems(page) == {}
