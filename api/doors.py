"""How wide the doors stand: who has to sign in, which pages may call, and how often."""

from dataclasses import dataclass

from application.limiting import RateLimiter


@dataclass(frozen=True)
class Doors:
    """What `create_app` is told by settings.

    `sign_in_required`: whether everybody has to. `origins`: those of pages elsewhere that may
    call. `https`: whether people come by TLS only, so that browsers can be told. `limiter`: of
    requests to /v1/auth by address.
    """

    sign_in_required: bool = False
    origins: tuple[str, ...] = ()
    https: bool = False
    limiter: RateLimiter | None = None
