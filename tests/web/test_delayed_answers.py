"""Answers that are delayed: after a newer one, or while the user goes on."""

import json

from playwright.sync_api import Route, expect

from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.inspection import PHONE
from tests.web.server import PlatformServer
from tests.web.waiting import hold_requests, until


def field_of(route: Route, name: str) -> object:
    """Return a field of the JSON that a request sends."""
    return json.loads(route.request.post_data or "{}")[name]


def test_the_answer_to_an_earlier_question_does_not_replace_a_later_one(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06"""
    page = new_page(server.url, **PHONE)
    page.goto("/")
    expect(page.locator("#insights")).to_be_visible()
    questions = hold_requests(page, "**/v1/suggestions?*question=*")
    question = page.locator("#question")
    for words in ("First?", "Second?"):
        question.fill(words)
        question.press("Enter")
        until(page, "() => document.querySelector('#answer').getAttribute('aria-busy') === 'true'")

    def answer(route: Route, words: str) -> None:
        sentence = {"text": words, "citations": []}
        route.fulfill(json={"author": "generic", "sentences": [sentence]})

    while len(questions) < 2:
        page.wait_for_timeout(10)
    answer(questions[1], "The second answer.")
    expect(page.locator("#answer")).to_have_text("The second answer.")
    with page.expect_response("**/v1/suggestions?*question=First*"):
        answer(questions[0], "The first answer.")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#answer")).to_have_text("The second answer.")
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


def test_totals_that_fail_after_a_delay_do_not_replace_those_of_another_period(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06"""
    page = new_page(server.url)
    page.goto("/")
    totals = page.locator("#totals")
    expect(totals.locator(".totals-now")).to_contain_text("this week")
    held: list[Route] = []

    def hold_days(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        if body.get("variables", {}).get("period") == "DAY":
            held.append(route)
        else:
            route.fallback()

    page.route("**/graphql", hold_days)
    totals.get_by_role("radio", name="Day").check()
    totals.get_by_role("radio", name="Month").check()
    expect(totals.locator(".totals-now")).to_contain_text("this month")
    held[0].abort("internetdisconnected")
    page.wait_for_load_state("networkidle")
    expect(totals.locator(".totals-now")).to_contain_text("this month")


def test_text_that_is_added_to_a_comment_while_it_is_sent_is_kept(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06: and a second press sends nothing."""
    page = new_page(server.url, **PHONE)
    sent: list[str] = []

    def comments(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(str(field_of(route, "text")))
            route.fulfill(json={"commentId": "c1", "position": 1, "repeated": False}, status=201)
        else:
            route.fulfill(json={"items": [], "mayComment": True})

    page.route("**/comments", comments)
    page.goto(f"/#session={filmed_session}")
    text = page.locator("#comment")
    button = page.get_by_role("button", name="Comment", exact=True)
    held = Held(page, "**/comments", "POST")
    text.fill("Nice depth.")
    button.click()
    while not held.routes:
        page.wait_for_timeout(10)
    text.fill("Nice depth. Chest up.")
    button.click(force=True)
    held.routes.pop().fallback()
    expect(page.locator("#status")).to_have_text("Your comment is saved.")
    expect(text).to_have_value("Nice depth. Chest up.")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert sent == ["Nice depth."]
    page.unroute(held.pattern)
    page.route("**/comments", comments)
    button.click()
    expect(text).to_have_value("")
    assert sent == ["Nice depth.", "Nice depth. Chest up."]


def test_ratings_are_saved_in_the_order_in_which_they_are_chosen(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-WKT-02, R-UIX-06: the last one stays; one that is not saved is not shown as if it were."""
    page = new_page(server.url, **PHONE)
    held = hold_requests(page, "**/rating")
    page.goto(f"/#session={filmed_session}")
    page.locator("summary", has_text="How hard").click()
    choice = page.locator("set-rating select")
    choice.select_option("7")
    choice.select_option("9")
    while not held:
        page.wait_for_timeout(10)
    page.wait_for_timeout(100)
    assert [field_of(each, "rpe") for each in held] == [7]
    held[0].fulfill(json={})
    while len(held) < 2:
        page.wait_for_timeout(10)
    assert field_of(held[1], "rpe") == 9
    held[1].fulfill(json={})
    expect(page.locator("#status")).to_have_text("Your rating is saved.")
    expect(choice).to_have_value("9")
    choice.select_option("5")
    while len(held) < 3:
        page.wait_for_timeout(10)
    held[2].abort("internetdisconnected")
    expect(page.locator("#banner")).to_contain_text("Cannot reach Kinelog.")
    expect(choice).to_have_value("9")


def test_a_delayed_correction_does_not_leave_the_page_that_was_opened_meanwhile(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-06"""
    page = new_page(server.url, **PHONE)
    held = hold_requests(page, "**/*:correct-exercise")
    page.goto(f"/#session={filmed_session}")
    page.locator(".correction summary").click()
    page.locator(".correction button").click()
    while not held:
        page.wait_for_timeout(10)
    page.locator("#back").click()
    expect(page.locator("#list-view")).to_be_visible()
    with page.expect_response("**/*:correct-exercise"):
        held[0].fulfill(json={"sessionId": "by-hand-01", "position": 1, "repeated": False})
    page.wait_for_load_state("networkidle")
    expect(page.locator("#list-view")).to_be_visible()
    assert "by-hand-01" not in page.url
