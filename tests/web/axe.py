"""What axe-core finds wrong with a page, by the rules of WCAG 2.2 A and AA."""

from typing import Final

from playwright.sync_api import Page

SCRIPT: Final = "/static/node_modules/axe-core/axe.min.js"

FOUND: Final = """async () => {
  const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run({ runOnly: { type: "tag", values } });
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 120))]);
}"""


def violations(page: Page) -> list[list[str]]:
    """Give each rule that is violated, with the elements that do."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(url=SCRIPT)
    found: list[list[str]] = page.evaluate(FOUND)
    return found
