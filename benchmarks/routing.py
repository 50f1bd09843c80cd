"""Search for the route of a request, compared with FastAPI's own, which tries all routes in order.

`RouteIndex` compares the first words of the path. Figures are medians in microseconds, for paths of
the first, of later and of no route.

Run `python -m benchmarks.routing [--rounds 300] [--json]`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from starlette.routing import BaseRoute, Match

from api.app import API_ROUTES
from api.routing import RouteIndex
from benchmarks._report import Beside, Row, compare, print_report

PATHS: Final = ("/v1/auth/login", "/v1/sessions", "/v1/workouts/streaming", "/graphql", "/static/x")


def search(routes: Iterable[BaseRoute], path: str) -> Callable[[int], None]:
    """Return a search for the first route that matches a path."""

    def run(_: int) -> None:
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "root_path": ""}
        for route in routes:
            if route.matches(scope)[0] is Match.FULL:
                return

    return run


def run(rounds: int) -> list[Row]:
    """Measure each path."""
    index = [RouteIndex(API_ROUTES)]
    return [
        _row(path, compare(search(index, path), search(API_ROUTES, path), rounds)) for path in PATHS
    ]


def _row(path: str, times: Beside) -> Row:
    return {
        "path": path,
        "index_us": round(1e6 * times.ours_s, 1),
        "fastapi_us": round(1e6 * times.theirs_s, 1),
        "ratio": round(times.ratio, 2),
    }


if __name__ == "__main__":
    print_report(__doc__, run, rounds=300)
