"""Rate limits of requests."""

from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.config import ApiConfig
from application.kernel.ports import RateLimiter

NO_STORE: Final = "no-store"


def rate_limited(request: Request, response: Response) -> None:
    """Count a request of this address, and set the rate limit headers. Disables caching."""
    response.headers["Cache-Control"] = NO_STORE
    response.headers.update(consume(request, request.client.host if request.client else ""))


def consume(request: Request, key: str) -> dict[str, str]:
    """Consume one request to /v1/auth, and return the headers. Raises a 429 beyond the limit."""
    config: ApiConfig = request.app.state.config
    return consume_from(config.limiter, "auth", key)


def consume_from(limiter: RateLimiter | None, policy: str, key: str) -> dict[str, str]:
    """Consume one request of a limiter, and return the headers. Raises a 429 beyond the limit.

    The headers follow draft-ietf-httpapi-ratelimit-headers-10.
    """
    if limiter is None:
        return {}
    left = limiter.consume(key)
    fields = {
        "RateLimit-Policy": f'"{policy}";q={left.limit};w={left.window_s}',
        "RateLimit": f'"{policy}";r={left.remaining};t={left.resets_in_s}',
    }
    if not left.granted:
        again = {"Retry-After": str(left.resets_in_s), "Cache-Control": NO_STORE}
        raise HTTPException(429, headers=fields | again)
    return fields
