"""All routes of the API."""

from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute


def all_routes(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Yield routes, and those of the routers that FastAPI includes."""
    for each in routes:
        included = getattr(each, "original_router", None)
        if included is None:
            yield each
        else:
            yield from all_routes(included.routes)
