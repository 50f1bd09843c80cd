"""A page keeps no refresh token: its browser does, in a cookie that no script can read.

Such a cookie is taken only from pages of this site. Browsers send it with no request that another
site brought about (SameSite=Strict), and name the page that asks in `Origin`, which is compared.
"""

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from fastapi import Query, Request, Response

from api.doors import Doors
from application.identity.refusals import CrossSite
from application.identity.signing_in import SIGN_IN_LIFETIME

REFRESH: Final = "kinelog_refresh"
FLOW: Final = "kinelog_flow"

OF_THIS_HOST: Final = "__Host-"
"""RFC 6265bis, 4.1.3.2: no neighbouring host, nor a page without TLS, can set such a cookie."""

Mode = Annotated[
    Literal["body", "cookie"],
    Query(
        description="Where the refresh token goes: into the answer, or, for pages of this site,"
        " into a cookie that no script can read."
    ),
]

SameSite = Literal["lax", "strict", "none"]


def kept(request: Request, name: str) -> str | None:
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
        secure=_doors(request).https or same_site == "none",
        httponly=True,
        samesite=same_site,
    )


def forget(request: Request, response: Response, name: str) -> None:
    """Let the browser keep it no longer."""
    response.delete_cookie(
        _named(request, name), path="/", secure=_doors(request).https, httponly=True
    )


def keep_refresh_token(request: Request, response: Response, token: str) -> None:
    """Let the browser keep a refresh token."""
    seconds = int(SIGN_IN_LIFETIME.total_seconds())
    keep(request, response, REFRESH, token, same_site="strict", seconds=seconds)


def require_own_page(request: Request) -> None:
    """Raise CrossSite unless a page of this site asks, as its browser says."""
    origin, doors = request.headers.get("origin"), _doors(request)
    if origin is None:
        raise CrossSite
    if origin == doors.origin:
        return
    page = urlsplit(origin)
    if page.netloc != request.headers.get("host") or (doors.https and page.scheme != "https"):
        raise CrossSite


def _doors(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


def _named(request: Request, name: str) -> str:
    """Name a cookie so that browsers hold it to this host, where people come by TLS."""
    return OF_THIS_HOST + name if _doors(request).https else name
