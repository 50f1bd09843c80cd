"""Index of routes: a request tries only those whose paths begin as its own does."""

from collections.abc import Iterable
from typing import Any, Final

from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

WORDS: Final = 2
"""Words of a path that are compared, such as `v1` and `sessions`."""

FOUND: Final = "kinelog.route"
"""Key of the found route in the scope of a request."""

Words = tuple[str, ...]


class RouteIndex(BaseRoute):
    """Finds the route of a request by the first words of its path. It stands before the routes.

    FastAPI tries all routes in order, and there are hundreds. A request that none of the index
    serves is left to it.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        listed: list[tuple[Words, Any]] = [(_literal_words(route), route) for route in routes]
        self._routes = {
            words: [route for others, route in listed if others == words[: len(others)]]
            for words in {(), *(words for words, _ in listed)}
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how the best route matches the request, as FastAPI's router would."""
        partial: tuple[Match, Scope] | None = None
        for route in self._like(get_route_path(scope)):
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, {**child_scope, FOUND: route}
            if match is Match.PARTIAL and partial is None:
                partial = match, {**child_scope, FOUND: route}
        return (Match.NONE, {}) if partial is None else partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request by the route that `matches` found."""
        await scope.pop(FOUND).handle(scope, receive, send)

    def _like(self, path: str) -> list[BaseRoute]:
        words = tuple(path[1:].split("/", WORDS)[:WORDS])
        while words not in self._routes:
            words = words[:-1]
        return self._routes[words]


def _literal_words(route: BaseRoute) -> Words:
    """Return the first words that are the same in all paths of a route."""
    path: str = getattr(route, "path", "")
    words: list[str] = []
    for word in path[1:].split("/", WORDS)[:WORDS]:
        if not word or "{" in word:
            break
        words.append(word)
    return tuple(words)
