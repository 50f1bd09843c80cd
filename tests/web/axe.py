"""Violations of WCAG 2.2 A and AA that axe-core finds on a page."""

from typing import Any, Final

from playwright.sync_api import Page

from bootstrap.pages import SOURCES

SCRIPT: Final = (SOURCES / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")

Rules = dict[str, Any]
"""The rules to check, as the argument of `axe.run`."""

LEVELS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ALL: Final[Rules] = {"type": "tag", "values": LEVELS}
COLOURS: Final[Rules] = {"type": "rule", "values": ("color-contrast", "link-in-text-block")}
"""Rules about colors; for all others the color scheme of a page makes no difference."""

FOUND: Final = """async (runOnly) => {
  // Frames of other origins cannot be checked from here. To describe the elements that pass, and
  // where each is on the page, takes a third of the time.
  const needless = { selectors: false, ancestry: false, xpath: false };
  const options = { runOnly, iframes: false, resultTypes: ["violations"], ...needless };
  const { violations } = await axe.run(options);
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 120))]);
}"""


def violations(page: Page, rules: Rules = ALL) -> list[list[str]]:
    """Return each violated rule with its elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found: list[list[str]] = page.evaluate(FOUND, rules)
    return found
