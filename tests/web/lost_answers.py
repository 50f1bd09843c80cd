"""Requests that are carried out without their answers."""

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect


@contextmanager
def answer_lost(page: Page, url: str) -> Generator[None]:
    """Let a request be carried out without its answer, as when the connection breaks."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    page.route(url, lose)
    yield
    expect(page.get_by_text("Cannot reach Kinelog.").first).to_be_visible()
    page.unroute(url)
