"""Cookies: refresh tokens of web pages, which no script can read.

They are accepted from pages of this site only: browsers do not send them with requests that another
site caused (SameSite=Strict), and `Origin` is compared. Where a page cannot set headers, the cookie
also authenticates: for WebSockets, EventSource, videos and pictures.
"""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from fastapi import Query, Request, Response
from starlette.requests import HTTPConnection

from api.config import ApiConfig
from application.users.errors import CrossSite
from application.users.registration import VERIFICATION_LIFETIME
from application.users.sign_in import SIGN_IN_LIFETIME

REFRESH_COOKIE: Final = "kinelog_refresh"
SIGNED_IN_COOKIE: Final = "kinelog_signed_in"
"""Says to scripts that there is a refresh token: browsers delete what scripts store, such as after
a week without a visit, but keep cookies of the server."""

OAUTH_COOKIE: Final = "kinelog_flow"
HEALTH_COOKIE: Final = "kinelog_health_flow"
REGISTRATION_COOKIE: Final = "kinelog_registration"
"""Proof that this browser registered an address, for as long as its link is valid."""

DEVICE_COOKIE: Final = "kinelog_device"
"""Proof that somebody signed in here before: others' wrong passwords do not delay them."""

DEVICE_LIFETIME: Final = timedelta(days=365)

OF_THIS_HOST: Final = "__Host-"
"""RFC 6265bis, 4.1.3.2: neither sibling hosts nor pages without TLS can set such a cookie."""

BROWSER_READS: Final = re.compile(
    r"/v1/sessions/[^/]+/events|/v1/jobs/[^/]+/events|/v1/recordings/[^/]+/(?:video|images/[^/]+)"
)
"""Paths that browsers fetch by themselves: EventSource, videos and pictures."""

SAME_SITE_FETCHES: Final = frozenset({"same-origin", "none"})
"""Accepted values of `Sec-Fetch-Site`: a page of this origin, or the user alone."""

Mode = Annotated[
    Literal["body", "cookie"],
    Query(
        description="Where to return the refresh token: in the response body, or, for pages of this"
        " site, in a cookie that scripts cannot read."
    ),
]

SameSite = Literal["lax", "strict", "none"]


def read_cookie(request: HTTPConnection, name: str) -> str | None:
    """Return the value of a cookie, or None."""
    return request.cookies.get(_cookie_name(request, name))


def set_cookie(
    request: Request,
    response: Response,
    name: str,
    value: str,
    *,
    same_site: SameSite,
    seconds: int,
) -> None:
    """Set an HttpOnly cookie for this host."""
    response.set_cookie(
        _cookie_name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=_config(request).https or same_site == "none",
        httponly=True,
        samesite=same_site,
    )


def delete_cookie(request: Request, response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(
        _cookie_name(request, name), path="/", secure=_config(request).https, httponly=True
    )


def set_refresh_token(request: Request, response: Response, token: str) -> None:
    """Set the refresh token cookie, and the one that says so to scripts."""
    seconds = int(SIGN_IN_LIFETIME.total_seconds())
    set_cookie(request, response, REFRESH_COOKIE, token, same_site="strict", seconds=seconds)
    secure = _config(request).https
    response.set_cookie(SIGNED_IN_COOKIE, "yes", seconds, secure=secure, samesite="strict")


def delete_refresh_token(request: Request, response: Response) -> None:
    """Delete the refresh token cookie, and the one that says so to scripts."""
    delete_cookie(request, response, REFRESH_COOKIE)
    response.delete_cookie(SIGNED_IN_COOKIE, secure=_config(request).https)


def set_device(request: Request, response: Response, device: str) -> None:
    """Set the cookie of a known device."""
    seconds = int(DEVICE_LIFETIME.total_seconds())
    set_cookie(request, response, DEVICE_COOKIE, device, same_site="strict", seconds=seconds)


def set_registration_proof(request: Request, response: Response, proof: str) -> None:
    """Set the registration cookie for a page of this site; for other clients do nothing.

    Another site could otherwise register somebody with a password of its choice in their browser.
    """
    if is_own_page(request):
        seconds = int(VERIFICATION_LIFETIME.total_seconds())
        set_cookie(
            request, response, REGISTRATION_COOKIE, proof, same_site="strict", seconds=seconds
        )


def registration_proof(request: Request) -> str | None:
    """Return the registration cookie of a page of this site, or None."""
    return read_cookie(request, REGISTRATION_COOKIE) if is_own_page(request) else None


def refresh_token_of(connection: HTTPConnection) -> str | None:
    """Return the refresh token cookie where it may authenticate a request, else None.

    It does so for reads that browsers make by themselves, and for WebSockets whose handshake names
    our own origin. It never authorizes changes by HTTP.
    """
    if connection.scope["type"] == "websocket":
        return read_cookie(connection, REFRESH_COOKIE) if is_own_page(connection) else None
    is_read = connection.scope["method"] in {"GET", "HEAD"}
    if not is_read or BROWSER_READS.fullmatch(connection.url.path) is None:
        return None
    headers = connection.headers
    is_ours = is_own_page(connection) if "origin" in headers else True
    is_here = headers.get("sec-fetch-site", "none") in SAME_SITE_FETCHES
    return read_cookie(connection, REFRESH_COOKIE) if is_ours and is_here else None


def require_own_page(request: HTTPConnection) -> None:
    """Raise CrossSite unless the request comes from a page of this site."""
    if not is_own_page(request):
        raise CrossSite


def is_own_page(request: HTTPConnection) -> bool:
    """Return whether the request comes from a page of this site, by its `Origin`."""
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


def _cookie_name(request: HTTPConnection, name: str) -> str:
    """Return the cookie's name; with TLS, with the prefix that binds it to this host."""
    return OF_THIS_HOST + name if _config(request).https else name
