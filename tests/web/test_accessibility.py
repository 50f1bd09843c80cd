"""Accessibility of the pages: axe-core's findings, and what it cannot check.

That is the tab order, the place of the focus, live regions, touch and reduced motion.
"""

import re
from typing import Any

from playwright.sync_api import expect

from bootstrap.pages import SOURCES as WEB
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

COLLIDING = """() => {
  const parts = [...document.querySelectorAll(".brand, .site-nav a, .contrast")].map((each) => {
    const { left, top, bottom } = each.getBoundingClientRect();
    return [each.textContent, { left, top, bottom, right: left + each.scrollWidth }];
  });
  const meet = (a, b) => a !== b && a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom;
  return parts.filter(([, one]) => parts.some(([, other]) => meet(one, other)))
    .map(([what]) => what);
}"""
"""Parts of the header that overlap others."""

SCREENS = (320, 390, 480, 640, 700, 768, 900, 1000, 1280)


def test_high_contrast_is_remembered_and_follows_the_system_setting(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: high-contrast mode."""
    page = new_page(server.url)
    page.goto("/")
    switch = page.get_by_role("button", name="High contrast")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"

    wishing = new_page(server.url, contrast="more")
    wishing.goto("/")
    high_contrast = wishing.get_by_role("button", name="High contrast")
    expect(high_contrast).to_have_attribute("aria-pressed", "true")


def test_the_focus_follows_the_reading_order_and_is_visible(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-07: keyboard navigation."""
    page = new_page(server.url)
    page.goto("/")
    page.wait_for_selector(".session-row a")
    page.wait_for_selector("#insight-list li")
    page.wait_for_selector("#form-trend svg")
    seen: list[Any] = []
    while "Squat" not in seen and len(seen) < 40:
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("""() => {
              const { id, className, textContent } = document.activeElement;
              return id || className || textContent.trim();
            }""")
        )
        assert page.evaluate("""() => {
          const place = document.activeElement;
          const drawn = [place, place.nextElementSibling, place.closest(".session-row")];
          return drawn.some((each) => each && getComputedStyle(each).outlineStyle === "solid");
        }"""), seen[-1]
    assert seen[:2] == ["skip", "brand"]
    pages = ["button quiet"] * 4 + ["button quiet aside"] * 2 + ["button quiet"]
    assert seen[2:10] == [*pages, "button quiet contrast"]
    assert seen[10:13] == ["button primary big", "button big", "figure-button"]
    panels = [each for each in seen[13:] if each != "sources" and isinstance(each, str)]
    assert panels[:3] == ["back", "question", "button"]
    assert panels[3:6] == ["video", "upload-exercise", "upload-start"]
    assert panels[6:] == ["filter-exercise", "Squat"]


def test_the_skip_link_leads_to_the_content(server: PlatformServer, new_page: NewPage) -> None:
    page = new_page(server.url)
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page.locator("h1")).to_contain_text("Ready when you are")


def test_an_opened_session_takes_the_focus_and_announces_its_title(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url)
    page.goto("/")
    page.locator(".session-row a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("squats")
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title("Squat · Kinelog")


def test_reduced_motion_stops_animations(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    page = new_page(server.url, reduced_motion="reduce")
    page.goto("/")
    page.wait_for_selector(".session-row a")
    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((each) => {
      const { transitionDuration, animationName } = getComputedStyle(each);
      const before = getComputedStyle(each, "::before").transitionDuration;
      return transitionDuration !== "0s" || animationName !== "none" || before !== "0s";
    }).length""")
    assert moving == 0


def test_live_regions_exist_before_they_announce(server: PlatformServer, new_page: NewPage) -> None:
    page = new_page(server.url, java_script_enabled=False)
    page.goto("/")
    expect(page.locator("#banner[role=alert]")).to_have_count(1)
    expect(page.locator("#status[role=status]")).to_have_count(1)


def test_the_header_has_its_size_at_once_without_overlaps(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: on any screen the content below does not jump while the header loads."""
    before, page = new_page(server.url, java_script_enabled=False), new_page(server.url)
    for each in (before, page):
        each.goto("/verify.html")
    expect(page.locator(".site-nav")).to_be_visible()
    for width in SCREENS:
        tops = []
        for each in (before, page):
            each.set_viewport_size({"width": width, "height": 800})
            box = each.locator("main").bounding_box()
            tops.append(box and box["y"])
        assert tops[0] == tops[1], width
        assert page.evaluate(COLLIDING) == [], width


def test_print_is_light_and_forced_colors_mark_pressed_buttons(
    server: PlatformServer, new_page: NewPage, filmed_session: str
) -> None:
    """R-UIX-07: a printed page is readable and has no buttons but the bars of its chart."""
    page = new_page(server.url, color_scheme="dark")
    page.goto(f"/#session={filmed_session}")
    page.wait_for_selector(".curve svg")
    page.locator(".session-player").scroll_into_view_if_needed()
    page.wait_for_selector(".player")
    colour = "element => getComputedStyle(element).backgroundColor"
    page.emulate_media(forced_colors="active")
    pressed, other = (
        page.get_by_role("button", name=name).evaluate(colour) for name in ("Skeleton", "Play")
    )
    assert pressed != other
    page.emulate_media(media="print", forced_colors="none")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 24, 26)"
    expect(page.get_by_role("heading", name="Performance")).to_be_visible()
    bars = page.locator(".strip-bar")
    expect(bars.first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(bars.count())


STYLE = """(button) => {
  const { forcedColorAdjust, color, backgroundColor } = getComputedStyle(button);
  return [forcedColorAdjust, color !== backgroundColor];
}"""


def test_main_buttons_keep_their_label_in_forced_colors(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: the browser would give the background the color of the page, as of the label."""
    page = new_page(server.url, forced_colors="active")
    page.goto("/programs.html")
    style = page.locator("main .button.primary").first.evaluate(STYLE)
    assert style == ["none", True]


def test_scripts_are_modules_in_files_and_markup_never_comes_from_data() -> None:
    document = (WEB / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*src=)", document) == []
    assert re.findall(r"\s(?:style|on\w+)=", document) == []
    for script in sorted((WEB / "src").rglob("*.ts")):
        source = script.read_text(encoding="utf-8")
        assert len(source.splitlines()) <= 250, script.name
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write"):
            assert danger not in source, f"{script.name}: {danger}"
