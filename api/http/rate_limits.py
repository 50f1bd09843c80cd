"""Whoever knocks too often is asked to wait."""

from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.config import ApiConfig
from application.kernel.ports import RateLimiter

NO_STORE: Final = "no-store"


def rate_limited(request: Request, response: Response) -> None:
    """Count a request of this address, and say what is left. Nothing of the answer is kept."""
    response.headers["Cache-Control"] = NO_STORE
    response.headers.update(consume(request, request.client.host if request.client else ""))


def consume(request: Request, whose: str) -> dict[str, str]:
    """Take one request to /v1/auth, and give what tells of it; 429 where none is left."""
    config: ApiConfig = request.app.state.config
    return consume_from(config.limiter, "auth", whose)


def consume_from(limiter: RateLimiter | None, policy: str, whose: str) -> dict[str, str]:
    """Take one request of the allowance that a limiter gives; 429 where none is left.

    The fields are those of draft-ietf-httpapi-ratelimit-headers-10.
    """
    if limiter is None:
        return {}
    left = limiter.consume(whose)
    fields = {
        "RateLimit-Policy": f'"{policy}";q={left.limit};w={left.window_s}',
        "RateLimit": f'"{policy}";r={left.remaining};t={left.resets_in_s}',
    }
    if not left.granted:
        again = {"Retry-After": str(left.resets_in_s), "Cache-Control": NO_STORE}
        raise HTTPException(429, headers=fields | again)
    return fields
