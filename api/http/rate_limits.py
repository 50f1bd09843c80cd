"""Rate limits of requests."""

from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.client_address import address_of
from api.config import ApiConfig, Policy
from application.kernel.ports import RateLimit

NO_STORE: Final = "no-store"

PAGE_LOADS: Final = frozenset({"/v1/auth/refresh", "/v1/auth/session", "/v1/auth/providers"})
"""Requests of every page, which try no secret that could be guessed: they do not spend from the
limit of passwords and codes."""


def rate_limited(request: Request, response: Response) -> None:
    """Count a request of this address, and set the rate limit headers. Disables caching."""
    policy: Policy = "refresh" if request.url.path in PAGE_LOADS else "auth"
    response.headers["Cache-Control"] = NO_STORE
    response.headers.update(consume_from(request, policy, address_of(request)))


def consume_from(request: Request, policy: Policy, key: str) -> dict[str, str]:
    """Consume one request of a policy, and return the headers. Raises a 429 beyond the limit."""
    config: ApiConfig = request.app.state.config
    limiter = config.limiters.get(policy)
    return {} if limiter is None else limit_headers(policy, limiter.consume(key))


def limit_headers(policy: Policy, left: RateLimit) -> dict[str, str]:
    """Return the headers of a consumed request. Raises a 429 beyond the limit.

    They follow draft-ietf-httpapi-ratelimit-headers-10.
    """
    fields = {
        "RateLimit-Policy": f'"{policy}";q={left.limit};w={left.window_s}',
        "RateLimit": f'"{policy}";r={left.remaining};t={left.resets_in_s}',
    }
    if not left.granted:
        again = {"Retry-After": str(left.resets_in_s), "Cache-Control": NO_STORE}
        raise HTTPException(429, headers=fields | again)
    return fields
