"""Origin check: without sign-in, pages of other sites must not change anything."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.middleware.hosts import is_loopback, parse_host
from api.problem_details import problem_response

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_FETCHES: Final = frozenset({"same-origin", "none"})
"""Values of `Sec-Fetch-Site` of our own pages and of the user alone, which no page can forge."""


class OriginMiddleware:
    """Responds with 403 to changes that a page of another site requests.

    Browsers let any page send forms and simple requests to any site, and name the page in `Origin`
    and, from secure contexts, in `Sec-Fetch-Site`. Clients other than browsers send neither.
    `origins` are allowed, as are pages of the requested host, which `HostMiddleware` has checked,
    and those of another loopback name at its port.
    """

    def __init__(self, app: ASGIApp, *, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in READS or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        response = problem_response(
            HTTPConnection(scope),
            HTTPStatus.FORBIDDEN,
            code="request.another_site",
            title="Pages of other sites may not change anything here.",
            detail="Open a page of this server, or let its operator name the other site in"
            " KINELOG_CORS_ORIGINS.",
        )
        await response(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        headers = HTTPConnection(scope).headers
        origins = headers.getlist("origin")
        if origins and all(each in self._origins for each in origins):
            return True
        fetched_from = headers.get("sec-fetch-site")
        if fetched_from is not None:
            return fetched_from in OWN_FETCHES
        return all(_is_page_of(each, headers.get("host", "")) for each in origins)


def _is_page_of(origin: str, host: str) -> bool:
    """Return whether an origin is the requested host, or another loopback name at its port."""
    place = urlsplit(origin).netloc
    if place and place.lower() == host.lower():
        return True
    names = parse_host(place), parse_host(host)
    is_local = all(name is not None and is_loopback(name) for name in names)
    return is_local and _port(place) == _port(host)


def _port(host: str) -> str:
    return host[host.rfind("]") + 1 :].partition(":")[2]
