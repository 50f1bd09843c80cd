"""Waiting for a page by asking again: its policy forbids the code Playwright would leave there."""

from itertools import count
from typing import Final

from playwright.sync_api import Page

PAUSE_MS: Final = 25
PATIENCE_MS: Final = 30_000


def until(page: Page, expression: str, arg: object = None) -> None:
    """Return as soon as a JavaScript expression, or function of `arg`, is true on the page."""
    for asked in count():
        if page.evaluate(expression, arg):
            return
        assert asked * PAUSE_MS < PATIENCE_MS, f"never true: {expression} ({arg})"
        page.wait_for_timeout(PAUSE_MS)
