"""Polls a page for a condition; its content security policy forbids Playwright's own script."""

from collections.abc import Callable
from contextlib import suppress
from itertools import chain, repeat
from typing import Any, Final

from playwright.sync_api import Error, Page, Route

NOTE: Final = """(selector) => {
  const place = document.querySelector(selector);
  const notes = ((globalThis.noted ??= {})[selector] = []);
  new MutationObserver(() => notes.push(place.textContent))
    .observe(place, { childList: true, characterData: true, subtree: true });
}"""
NOTED: Final = "([selector, words]) => noted[selector].some((each) => each.includes(words))"

SCRIPTS_RAN: Final = """(withinMs) => Promise.race([
  new Promise((resolve) => { setTimeout(resolve, withinMs); }),
  Promise.allSettled(
    [...document.querySelectorAll("script[type=module]")].map((each) => import(each.src)),
  ),
])"""

PAUSES_MS: Final = (10, 20, 50)
"""First pauses between two looks at a page; most of what a test waits for takes as long."""
PAUSE_MS: Final = 100
PATIENCE_MS: Final = 60_000


def with_its_scripts(page: Page) -> Page:
    """Let `goto` and `reload` of a page return when its scripts have run.

    A page is loaded earlier, because its scripts wait for the texts: a click would do nothing yet.
    With `wait_until`, they return as it says.
    """

    def waiting(go: Callable[..., Any]) -> Callable[..., Any]:
        def went(*arguments: Any, **options: Any) -> Any:
            response = go(*arguments, **options)
            if "wait_until" not in options:
                with suppress(Error):  # the page has gone on to another one
                    page.evaluate(SCRIPTS_RAN, PATIENCE_MS)
            return response

        return went

    page.goto, page.reload = waiting(page.goto), waiting(page.reload)  # type: ignore[method-assign]
    return page


def until(page: Page, expression: str, arg: object = None) -> None:
    """Return as soon as a JavaScript expression, or function of `arg`, is true on the page."""
    for attempt, pause_ms in enumerate(chain(PAUSES_MS, repeat(PAUSE_MS))):
        if page.evaluate(expression, arg):
            return
        assert attempt * PAUSE_MS < PATIENCE_MS, f"never true: {expression} ({arg})"
        page.wait_for_timeout(pause_ms)


def until_in_time(page: Page, expression: str) -> None:
    """Return when an expression is true on the page, whose clock runs second by second."""
    for _ in range(PATIENCE_MS // PAUSES_MS[0]):
        if page.evaluate(expression):
            return
        page.clock.run_for(1000)
        page.wait_for_timeout(PAUSES_MS[0])
    raise AssertionError(f"never true: {expression}")


def hold_requests(page: Page, url: str) -> list[Route]:
    """Let the requests to a URL wait, and return the list to which each is added."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(url, hold)
    return held


def note(page: Page, selector: str) -> None:
    """Record every text of an element from now on, however short its time."""
    page.evaluate(NOTE, selector)


def has_said(page: Page, selector: str, words: str) -> None:
    """Wait until a recorded element shows this text, or has shown it."""
    until(page, NOTED, [selector, words])
