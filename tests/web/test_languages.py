"""Pages in the languages of their catalogues."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.coaching import does, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.inspection import SPILLED, TOO_WIDE
from tests.web.lessons import analyze_lesson, publish_lesson
from tests.web.people import sign_up
from tests.web.player import COUNTS_IN, PHONE, SECONDS_LEFT, begun, prescribed, press, started
from tests.web.server import BUILT, PlatformServer, opened
from tests.web.waiting import until

LOCALES: Final = {"ru": "ru-RU", "es": "es-ES"}

PAGES: Final = {
    "/": ".session-row a",
    "/session_list.html": ".session-item",
    "/pose_realtime.html": "#exercise input[value=squat]",
    "/workout_player.html": "#builder select option",
    "/exercises.html": "#exercises[aria-busy=false] .exercise-card",
    "/plans.html": "#plans[aria-busy=false]",
    "/studio.html": "#studio:not([hidden]) #usage-text:not(:empty)",
    "/plan_editor.html": "#editor:not([hidden]) .price-row",
    "/programs.html": "#none:not([hidden])",
    "/coupons.html": "#content:not([hidden])",
    "/analytics.html": "#figures-body[aria-busy=false] p",
    "/history.html": "#records-body[aria-busy=false]",
    "/athletes.html": "#content:not([aria-busy])",
    "/billing.html": "#billing:not([aria-busy])",
    "/checkout.html?subscription=none": "#banner .banner",
    "/health.html": "#day-body[aria-busy=false]",
    "/lesson.html?content=none": "#banner .banner",
    "/payments.html": "#content:not([aria-busy])",
    "/plan.html?plan=none": "#banner .banner",
    "/reset.html": "#asking",
    "/sign_in.html": "#title",
    "/sign_up.html": "#title",
    "/unsubscribe.html#token=default.a.b.c": "#form",
    "/verify.html": "#form",
    "/watch.html?content=none": "#banner .banner",
    "/no-such-page": "#title",
}
"""An element of each page that exists when it is ready."""

OTHERS: Final = {"account.html", "leaderboards.html", "second_factor.html", "session_replay.html"}
"""Pages with tests of their own, because they need an account or a session."""

TITLES: Final = {
    ("ru", "/"): "Начнём, когда скажешь.",
    ("es", "/"): "Cuando quieras, empezamos.",
    ("ru", "/pose_realtime.html"): "Тренируйся с камерой",  # noqa: RUF001  it is Russian
    ("es", "/pose_realtime.html"): "Entrena con tu cámara",
}

DRAWN: Final = """async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
"""Waits until the page has its fonts, and is drawn in a new width."""


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of messages of `club`."""
    return tmp_path_factory.mktemp("club") / "mail"


@pytest.fixture(scope="module")
def club(mail: Path, video: Path) -> Iterator[PlatformServer]:
    """A server that requires sign-in."""
    with opened(mail.parent, video, sign_in="required") as server:
        yield server


def check_fits(page: Page, *widths: int) -> None:
    """Check that nothing is wider than screens of these widths, or than its box.

    The page ends at the last one.
    """
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(DRAWN)
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate(SPILLED) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_each_page_fits_a_phone_in_its_language(
    server: PlatformServer, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: one after the other in one tab, whose browser has their shared files already."""
    page = new_page(server.url, width=390, height=844, locale=LOCALES[language])
    for path, ready in PAGES.items():
        page.goto(path)
        page.wait_for_selector(ready, state="attached")
        expect(page.locator("html")).to_have_attribute("lang", language)
        if title := TITLES.get((language, path)):
            expect(page.get_by_text(title, exact=True)).to_be_visible()
        check_fits(page, 390, 320)


def test_no_page_is_left_out() -> None:
    """R-UIX-07"""
    opened_here = {path.split("?")[0].split("#")[0].removeprefix("/") for path in PAGES}
    files = {each or "index.html" for each in opened_here - {"no-such-page"}} | {"not_found.html"}
    assert files | OTHERS == {path.name for path in BUILT.glob("*.html")}


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_a_video_and_its_lesson_fit_a_phone(
    empty_server: PlatformServer, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: also sets and repetitions that were found in it."""
    title = {"ru": "Приседания для начинающих", "es": "Sentadillas para principiantes"}[language]
    publish_lesson(empty_server.platform, title)
    analyze_lesson(empty_server.platform)
    page = new_page(empty_server.url, width=390, height=844, locale=LOCALES[language])
    for path, ready in (("watch", "#video"), ("lesson", "#sets > li")):
        page.goto(f"/{path}.html?content=lesson")
        page.wait_for_selector(ready)
        expect(page.locator("#title")).to_contain_text(title)
        expect(page.locator("html")).to_have_attribute("lang", language)
        check_fits(page, 390, 320)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_adding_a_second_factor_fits_a_phone(
    club: PlatformServer, mail: Path, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: with the code and the key of the app."""
    page = new_page(club.url, width=390, height=844, locale=LOCALES[language])
    sign_up(page, mail, f"factor-{language}@example.org")
    page.goto("/second_factor.html?add")
    expect(page.locator("#adding")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_fits(page, 390, 320)
    page.locator("#add-app").click()
    expect(page.locator("#secret")).not_to_be_empty()
    check_fits(page, 320, 390)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_an_account_fits_a_phone(
    club: PlatformServer, mail: Path, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: with everything that is loaded; nobody else sees this page."""
    page = new_page(club.url, width=390, height=844, locale=LOCALES[language])
    sign_up(page, mail, f"account-{language}@example.org")
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_fits(page, 390, 320)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_the_result_of_a_session_fits_a_phone(
    server: PlatformServer, new_page: NewPage, filmed_session: str, language: str
) -> None:
    """R-UIX-07: also its cues, which the server keeps in English."""
    page = new_page(server.url, width=390, height=844, locale=LOCALES[language])
    page.goto(f"/#session={filmed_session}")
    page.wait_for_selector(".curve svg")
    headline = {"ru": "Приседания: 4", "es": "Sentadilla: 4"}[language]
    expect(page.locator("h1")).to_contain_text(headline)
    expect(page.locator(".reps")).not_to_contain_text("Keep ")
    check_fits(page, 390)


@pytest.mark.parametrize("language", LOCALES)
def test_a_set_of_a_workout_is_in_its_language_and_fits_a_phone(
    empty_server: PlatformServer, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: also the name of the exercise, and how to do it."""
    page = new_page(empty_server.url, **PHONE, locale=LOCALES[language])
    page.goto(prescribed(page, {"exerciseId": "squat", "sets": 1, "targetRepetitions": 2}))
    page.locator("#overview [type=radio]").nth(1).check()
    page.locator("#begin").click()
    expect(page.locator("exercise-brief h2")).to_have_text(
        {"ru": "Приседания", "es": "Sentadilla"}[language]
    )
    expect(page.locator("exercise-brief")).not_to_contain_text("Keep")
    page.locator("#main-action[aria-disabled=false]").click()
    until(page, COUNTS_IN)
    page.clock.run_for(1000 * page.evaluate(SECONDS_LEFT))
    expect(page.locator("#count")).to_be_visible()
    check_fits(page, 390, 360, 320)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_the_result_of_a_workout_fits_a_phone(
    empty_server: PlatformServer, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: also the score of what the camera measured."""
    page = new_page(empty_server.url, **PHONE, permissions=["camera"])
    stub_pose_model(page)
    page.goto(prescribed(page, {"exerciseId": "squat", "sets": 1, "targetRepetitions": 2}))
    started(page, "By camera")
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    press(page, "Start set")
    begun(page)
    does(page)
    press(page, "Finish workout")
    expect(page.locator(".big-score")).to_contain_text("of 100")
    translated = new_page(empty_server.url, width=390, height=844, locale=LOCALES[language])
    translated.goto(page.url)
    score = {"ru": "из 100", "es": "de 100"}[language]
    expect(translated.locator(".big-score")).to_contain_text(score)
    check_fits(translated, 390, 320)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_a_replay_fits_a_phone(
    server: PlatformServer, new_page: NewPage, filmed_session: str, language: str
) -> None:
    """R-UIX-07"""
    page = new_page(server.url, width=390, height=844, locale=LOCALES[language])
    page.goto(f"/session_replay.html?session={filmed_session}")
    chip = {"ru": "Повтор 4,", "es": "Repetición 4,"}[language]
    expect(page.get_by_role("button", name=chip)).to_be_visible()
    check_fits(page, 390, 320)
    page.locator("#share").click()
    expect(page.locator("#sharing-form button")).to_be_visible()
    check_fits(page, 320, 390)


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_leaderboards_fit_a_phone(
    club: PlatformServer, mail: Path, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: for a member, whose account is in this language."""
    page = new_page(club.url, width=390, height=844, locale=LOCALES[language])
    sign_up(page, mail, f"{language}@example.org")
    page.goto("/leaderboards.html")
    page.wait_for_selector("leader-boards[aria-busy=false]", state="attached")
    expect(page.locator("#membership")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_fits(page, 390, 320)
    page.goto("/billing.html")
    expect(page.locator("#back")).to_have_attribute("href", "/account.html")
    expect(page.locator("language-menu")).to_be_hidden()


def test_people_without_an_account_choose_the_language_of_their_device(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: on Home, the plans and the billing page, and on those of an account."""
    page = new_page(server.url, locale="de-DE")
    page.goto("/reset.html")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    menu = page.get_by_label("Language")
    menu.focus()
    page.keyboard.press("ArrowDown")  # reading the list changes nothing
    expect(menu).not_to_have_value("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    menu.select_option("ru")
    page.get_by_role("button", name="Change the language").click()
    expect(page.locator("h1")).to_have_text("Новый пароль")
    page.goto("/")
    expect(page.get_by_role("link", name="Начать тренировку")).to_be_visible()
    for path in ("/plans.html", "/billing.html", "/"):
        page.goto(path)
        expect(page.locator("language-menu select")).to_have_value("ru")
    page.get_by_label("Язык").select_option("en")
    page.get_by_role("button", name="Сменить язык").click()
    expect(page.get_by_role("link", name="Start training")).to_be_visible()


def test_the_billing_page_leads_back_to_home_where_nobody_signs_in(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: the account would ask to sign in."""
    page = new_page(server.url)
    page.goto("/billing.html")
    page.get_by_role("link", name="← Home").click()
    expect(page).to_have_url(f"{server.url}/")


def test_english_is_never_painted_before_the_translation(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: also if the catalogue is slow."""
    page = new_page(server.url, locale="ru-RU")

    def delay(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/assets/ru-*.js", delay)
    page.goto("/sign_in.html", wait_until="commit")
    until(page, "document.querySelector('h1') !== null")
    hidden = "getComputedStyle(document.body).visibility === 'hidden'"
    assert page.evaluate(f"{hidden} || document.querySelector('h1').textContent === 'Войти'")
    expect(page.locator("h1")).to_have_text("Войти")


@pytest.mark.parametrize("language", LOCALES)
def test_a_page_is_in_english_if_its_catalogue_does_not_load(
    server: PlatformServer, new_page: NewPage, language: str
) -> None:
    """R-UIX-07: also with reduced motion, which removes animations."""
    page = new_page(server.url, locale=LOCALES[language], reduced_motion="reduce")
    page.route(f"**/assets/{language}-*.js", lambda route: route.fulfill(status=404))
    page.goto("/sign_in.html")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_be_visible()


@pytest.mark.slow
def test_a_page_without_its_scripts_is_shown_with_reduced_motion(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: the style sheet shows it after a while."""
    page = new_page(server.url, locale="ru-RU", reduced_motion="reduce")
    page.route("**/assets/sign_in-*.js", lambda route: route.fulfill(status=404))
    page.goto("/sign_in.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
