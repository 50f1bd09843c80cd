"""Texts of the tab bar and of selects fit narrow phones, in each language."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.inspection import TOO_WIDE
from tests.web.plans import SQUATS, prescribe
from tests.web.player import begun, prescribed, press, started
from tests.web.server import PlatformServer

LOCALES = ("en-GB", "es-ES", "ru-RU")
NARROWEST = 320
WIDTHS = (NARROWEST, 360, 375, 390, 412, 1280)

OVERLAPS = """() => {
  const texts = [...document.querySelectorAll(".site-nav .button")].filter((each) => each.checkVisibility()).map((each) => {
    const range = document.createRange();
    range.selectNodeContents([...each.childNodes].findLast((node) => node.textContent.trim()));
    const { left, right } = range.getBoundingClientRect();
    return { text: each.textContent.trim(), left, right };
  });
  return texts.slice(1).filter(({ left }, index) => left - texts[index].right < 3).map(({ text }) => text);
}"""  # noqa: E501  a script

CUT = """async ([selects, isEach]) => await document.fonts.ready && selects.flatMap((selector) => {
  const select = document.querySelector(selector);
  const style = getComputedStyle(select);
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = style.font;
  const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16; // of the arrow
  const options = isEach ? [...select.options] : [...select.selectedOptions];
  return options.map(({ text }) => text).filter((text) => canvas.measureText(text).width > room);
})"""  # noqa: E501  a script


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("font", ["of the pages", "of the device"])
def test_the_words_of_the_tab_bar_do_not_overlap(
    server: PlatformServer, new_page: NewPage, locale: str, font: str
) -> None:
    """R-UIX-05. Until the font of the pages is loaded, words have a wider one."""
    for width in WIDTHS:
        page = new_page(server.url, width=width, height=700, locale=locale)
        if font == "of the device":
            page.route("**/*.woff2", lambda route: route.abort("internetdisconnected"))
        page.goto("/session_list.html")
        expect(page.locator(".site-nav .button").first).to_be_visible()
        page.evaluate("document.fonts.ready.then(() => null)")
        assert page.evaluate(OVERLAPS) == [], width


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_the_options_of_selects_are_not_cut(
    server: PlatformServer, new_page: NewPage, filmed_session: str, locale: str
) -> None:
    """R-UIX-05"""
    for width in WIDTHS:
        page = new_page(server.url, width=width, height=700, locale=locale)
        page.goto("/history.html")
        expect(page.locator("#best")).to_be_visible()
        assert page.evaluate(CUT, [["#year", "#best"], True]) == [], width
        page.goto("/programs.html")
        expect(page.locator("#template option").nth(3)).to_be_attached()
        assert page.evaluate(CUT, [["#template"], width > NARROWEST]) == [], width


def test_the_voice_settings_fit_the_narrowest_window(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-05, R-UIX-07"""
    workout = prescribe(empty_server, "Legs", SQUATS)
    for locale in LOCALES:
        page = new_page(empty_server.url, width=NARROWEST, height=640, locale=locale)
        page.goto(f"/workout_player.html?workout={workout}")
        page.locator(".voice-settings summary").click()
        expect(page.locator("#every")).to_be_visible()
        assert page.evaluate(TOO_WIDE) == [], locale


def test_a_workout_without_a_camera_uses_the_whole_width_of_a_phone_on_its_side(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: the result is asked for beside the button that saves it."""
    page = new_page(empty_server.url, width=844, height=390)
    squats = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 60}
    page.goto(prescribed(page, squats))
    started(page, "Manually")
    assert page.locator("#guided .side").evaluate("(side) => side.clientWidth") > 500
    press(page, "Start set")
    begun(page)
    press(page, "Finished")
    expect(page.locator("#logging-title")).to_be_in_viewport()
    assert page.evaluate(TOO_WIDE) == []
