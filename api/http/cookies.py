"""A page keeps no refresh token: its browser does, in a cookie that no script can read.

Such a cookie is taken only from pages of this site. Browsers send it with no request that another
site brought about (SameSite=Strict), and name the page that asks in `Origin`, which is compared.
Where a page can set no header it also says who asks: for sockets, EventSource, films and pictures.
"""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from fastapi import Query, Request, Response
from starlette.requests import HTTPConnection

from api.config import ApiConfig
from application.users.errors import CrossSite
from application.users.sign_in import SIGN_IN_LIFETIME

REFRESH: Final = "kinelog_refresh"
FLOW: Final = "kinelog_flow"

OF_THIS_HOST: Final = "__Host-"
"""RFC 6265bis, 4.1.3.2: no neighbouring host, nor a page without TLS, can set such a cookie."""

READ_BY_BROWSERS: Final = re.compile(
    r"/v1/coaching/events|/v1/jobs/[^/]+/events|/v1/recordings/[^/]+/(?:video|images/[^/]+)"
)
"""What browsers fetch by themselves: events for EventSource, films and pictures to be shown."""

FROM_HERE: Final = frozenset({"same-origin", "none"})
"""Who asks, as browsers say in `Sec-Fetch-Site`: a page of this origin, or the person alone."""

Mode = Annotated[
    Literal["body", "cookie"],
    Query(
        description="Where the refresh token goes: into the answer, or, for pages of this site,"
        " into a cookie that no script can read."
    ),
]

SameSite = Literal["lax", "strict", "none"]


def kept(request: HTTPConnection, name: str) -> str | None:
    """Give what the browser keeps under a name; None where it keeps nothing."""
    return request.cookies.get(_named(request, name))


def keep(
    request: Request,
    response: Response,
    name: str,
    value: str,
    *,
    same_site: SameSite,
    seconds: int,
) -> None:
    """Let the browser keep a value for so long, for this host alone."""
    response.set_cookie(
        _named(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=_config(request).https or same_site == "none",
        httponly=True,
        samesite=same_site,
    )


def forget(request: Request, response: Response, name: str) -> None:
    """Let the browser keep it no longer."""
    response.delete_cookie(
        _named(request, name), path="/", secure=_config(request).https, httponly=True
    )


def set_refresh_token(request: Request, response: Response, token: str) -> None:
    """Let the browser keep a refresh token."""
    seconds = int(SIGN_IN_LIFETIME.total_seconds())
    keep(request, response, REFRESH, token, same_site="strict", seconds=seconds)


def refresh_token_of(connection: HTTPConnection) -> str | None:
    """Give the refresh token that says who asks where a page of ours can set no header.

    None for all other requests: nothing is ever changed on the word of a cookie alone, but through
    a WebSocket, and that only where its handshake names a page of ours. Browsers always do.
    """
    if connection.scope["type"] == "websocket":
        return kept(connection, REFRESH) if is_own_page(connection) else None
    is_read = connection.scope["method"] in {"GET", "HEAD"}
    if not is_read or READ_BY_BROWSERS.fullmatch(connection.url.path) is None:
        return None
    headers = connection.headers
    is_ours = is_own_page(connection) if "origin" in headers else True
    is_here = headers.get("sec-fetch-site", "none") in FROM_HERE
    return kept(connection, REFRESH) if is_ours and is_here else None


def require_own_page(request: HTTPConnection) -> None:
    """Raise CrossSite unless a page of this site asks, as its browser says."""
    if not is_own_page(request):
        raise CrossSite


def is_own_page(request: HTTPConnection) -> bool:
    """Whether a page of this site asks, as its browser says."""
    origin, config = request.headers.get("origin"), _config(request)
    if origin is None:
        return False
    if origin == config.origin:
        return True
    page = urlsplit(origin)
    is_safe = page.scheme == "https" or not config.https
    return page.netloc == request.headers.get("host") and is_safe


def _config(request: HTTPConnection) -> ApiConfig:
    config: ApiConfig = request.app.state.config
    return config


def _named(request: HTTPConnection, name: str) -> str:
    """Name a cookie so that browsers hold it to this host, where people come by TLS."""
    return OF_THIS_HOST + name if _config(request).https else name
