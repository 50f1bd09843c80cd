"""Polls a page for a condition; its content security policy forbids Playwright's own script."""

from itertools import count
from typing import Final

from playwright.sync_api import Page

NOTE: Final = """(selector) => {
  const place = document.querySelector(selector);
  const notes = ((globalThis.noted ??= {})[selector] = []);
  new MutationObserver(() => notes.push(place.textContent))
    .observe(place, { childList: true, characterData: true, subtree: true });
}"""
NOTED: Final = "([selector, words]) => noted[selector].some((each) => each.includes(words))"

PAUSE_MS: Final = 100
PATIENCE_MS: Final = 60_000


def until(page: Page, expression: str, arg: object = None) -> None:
    """Return as soon as a JavaScript expression, or function of `arg`, is true on the page."""
    for attempt in count():
        if page.evaluate(expression, arg):
            return
        assert attempt * PAUSE_MS < PATIENCE_MS, f"never true: {expression} ({arg})"
        page.wait_for_timeout(PAUSE_MS)


def note(page: Page, selector: str) -> None:
    """Record every text of an element from now on, however short its time."""
    page.evaluate(NOTE, selector)


def has_said(page: Page, selector: str, words: str) -> None:
    """Wait until a recorded element shows this text, or has shown it."""
    until(page, NOTED, [selector, words])
