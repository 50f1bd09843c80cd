"""All checks of how a page looks, on one visit: colors, sizes of targets, narrow windows."""

from typing import Any, Final

from playwright.sync_api import Page

from tests.web.axe import COLOURS, violations

PHONE: Final[dict[str, Any]] = {
    "width": 390,
    "height": 844,
    "has_touch": True,
    "is_mobile": True,
}

FINGER_PX: Final = 44
MOUSE_PX: Final = 24

SMALL: Final = """(least) => [...document.querySelectorAll(
    "a[href], button, select, summary, input, textarea, [role=slider]")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !each.closest(".skip, .visually-hidden"))
  .filter((each) => !each.matches("p a, dd a, li p a"))  // within a sentence
  .map((each) => {
    const box = each.matches("[type=checkbox], [type=radio], [type=file]") && each.closest("label");
    const row = each.matches(".session-name a") && each.closest(".session-row");
    return [each.outerHTML.slice(0, 90), (box || row || each).getBoundingClientRect()];
  })
  .filter(([, { width, height }]) => Math.min(width, height) < least - 0.5)
  .map(([what, { width, height }]) => `${Math.round(width)}x${Math.round(height)} ${what}`)"""
"""Targets that are too small; the label counts for a box, the row for a link that covers it."""

TOO_WIDE: Final = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth <= clientWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((each) => each.checkVisibility())
    .filter((each) => each.getBoundingClientRect().right > clientWidth + 1)
    .map((each) => each.outerHTML.slice(0, 90));
}"""
"""What makes a page scroll sideways; on phones, `innerWidth` grows with the page."""

SPILLED: Final = """() => [...document.querySelectorAll("body *")]
  .filter((each) => [...each.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
  .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((each) => !each.closest(".visually-hidden, .skip, svg, select, textarea"))
  .filter((each) => {
    for (let box = each; box; box = box.parentElement) {
      if (getComputedStyle(box).clipPath !== "none") return false;  // for screen readers only
    }
    const { display, overflowX, overflowY, textOverflow } = getComputedStyle(each);
    if (display === "inline" || textOverflow === "ellipsis") return false;
    const scrolls = ["auto", "scroll"].includes(overflowX);
    return (!scrolls && each.scrollWidth > each.clientWidth + 1) ||
      (overflowY === "hidden" && each.scrollHeight > each.clientHeight + 1);
  })
  .map((each) => each.outerHTML.slice(0, 90))"""
"""Texts that run into their neighbors, or are cut off; an ellipsis says that there is more."""

FAINT: Final = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
    .reduce((sum, share, index) => sum + share * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 || !element.parentElement ? colour : behind(element.parentElement);
  };
  const ratio = (text) => {
    const [a, b] = [rgba(getComputedStyle(text).fill), behind(text)].map(light)
      .sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return [...document.querySelectorAll("svg text")]
    .filter((each) => each.checkVisibility() && ratio(each) < 4.5)
    .map((each) => each.textContent);
}"""
"""Labels of charts below 4.5:1 (WCAG 2.2, 1.4.3), which axe skips."""

NARROW: Final = ((390, 844), (320, 640), (640, 400), (768, 1024))
"""A phone; the width of WCAG 2.2, 1.4.10; a desktop at 200 % zoom; a tablet."""


SETTLED: Final = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}"""
"""Waits until the page has taken a new look, without the transitions between their colors.

A transition inside a closed `<details>` never ends by itself: nothing there is rendered.
"""


def problems(page: Page) -> dict[str, list[object]]:
    """Inspect a page that was opened at phone size; it ends at desktop size."""
    found: dict[str, list[object]] = {"light": [*violations(page), *page.evaluate(FAINT)]}
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLED)
    found["dark"] = [*violations(page, COLOURS), *page.evaluate(FAINT)]
    page.evaluate("document.documentElement.dataset.contrast = 'high'")
    page.evaluate(SETTLED)
    found["high contrast"] = [*violations(page, COLOURS), *page.evaluate(FAINT)]
    found["small for a finger"] = page.evaluate(SMALL, FINGER_PX)
    for width, height in NARROW:
        page.set_viewport_size({"width": width, "height": height})
        found[f"too wide for {width}"] = page.evaluate(TOO_WIDE)
        found[f"beyond its box at {width}"] = page.evaluate(SPILLED)
    page.set_viewport_size({"width": 1280, "height": 800})
    found["small"] = page.evaluate(SMALL, MOUSE_PX)
    found["beyond its box"] = page.evaluate(SPILLED)
    page.emulate_media(color_scheme="light")
    page.evaluate("delete document.documentElement.dataset.contrast")
    return {look: wrong for look, wrong in found.items() if wrong}
