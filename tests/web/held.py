"""Holds requests of a page back, as a slow connection does."""

from playwright.sync_api import Page, Route


class Held:
    """Requests that are sent on later: those to a pattern of URLs, of one method or of all."""

    def __init__(self, page: Page, pattern: str, method: str | None = None) -> None:
        self.routes: list[Route] = []
        self.page, self.pattern, self.method = page, pattern, method
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if self.method in {None, route.request.method}:
            self.routes.append(route)
        else:
            route.fallback()

    def release(self, answered: str) -> None:
        """Send the request on, and wait for the next response from a pattern of URLs."""
        with self.page.expect_response(answered):
            self.routes.pop().continue_()
        self.page.unroute(self.pattern)
