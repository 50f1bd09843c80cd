"""Routers that cost next to nothing for requests of other routers."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from fastapi import APIRouter
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import Scope

NAMED_GROUP: Final = re.compile(r"\(\?P<\w+>")


class PathRouter(APIRouter):
    """Router that compares the path with one regular expression before it tries its routes.

    FastAPI tries the routers of an application in order, and each route of each router, although
    a path belongs to one of them. Include it without a prefix, as its routes know their own.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how the best route matches the request."""
        if self._paths.match(get_route_path(scope)) is None:
            return Match.NONE, {}
        return super().matches(scope)

    @cached_property
    def _paths(self) -> re.Pattern[str]:
        return re.compile("|".join(_patterns(self.routes)))


def _patterns(routes: Iterable[BaseRoute]) -> Iterable[str]:
    """Return the regular expressions of the routes' paths, without names of groups."""
    for route in routes:
        if not isinstance(route, Route | WebSocketRoute):
            raise TypeError(f"{route!r} has no path that could be compared.")
        yield NAMED_GROUP.sub("(?:", route.path_regex.pattern)
