"""Whoever asks too often is asked to wait."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What is left of so many requests in so many seconds, and in how many there are more."""

    granted: bool
    limit: int
    window_s: int
    remaining: int
    resets_in_s: int


class RateLimiter(Protocol):
    """Counts requests. It never fails: where its store is away, this process counts for itself."""

    def consume(self, whose: str) -> RateLimit:
        """Take one request of somebody's allowance."""
        ...
