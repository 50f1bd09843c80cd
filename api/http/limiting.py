"""Whoever knocks at /v1/auth too often is asked to wait."""

from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.doors import Doors

NEVER_KEPT: Final = "no-store"


def limited(request: Request, response: Response) -> None:
    """Count a request of this address, and say what is left. Nothing of the answer is kept."""
    response.headers["Cache-Control"] = NEVER_KEPT
    response.headers.update(taken(request, request.client.host if request.client else ""))


def taken(request: Request, whose: str) -> dict[str, str]:
    """Take one request of an allowance, and give what tells of it; 429 where none is left.

    The fields are those of draft-ietf-httpapi-ratelimit-headers-10.
    """
    doors: Doors = request.app.state.doors
    if doors.limiter is None:
        return {}
    left = doors.limiter.take(whose)
    fields = {
        "RateLimit-Policy": f'"auth";q={left.limit};w={left.window_s}',
        "RateLimit": f'"auth";r={left.remaining};t={left.resets_in_s}',
    }
    if not left.granted:
        again = {"Retry-After": str(left.resets_in_s), "Cache-Control": NEVER_KEPT}
        raise HTTPException(429, headers=fields | again)
    return fields
