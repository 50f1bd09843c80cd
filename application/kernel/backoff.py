"""Whoever tries again waits: longer each time, and never at the same moment as the others."""

from collections.abc import Callable
from dataclasses import dataclass

Draw = Callable[[], float]
"""Gives a number from 0 up to 1, evenly spread."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often something is tried, and how long the pauses may become.

    The pause before try n+1 lies anywhere up to `first_s` x `factor`^(n-1), at most `longest_s`:
    exponential backoff with full jitter, by M. Brooker, "Exponential Backoff And Jitter",
    AWS Architecture Blog, 2015.
    """

    attempts: int = 5
    first_s: float = 0.2
    factor: float = 3.0
    longest_s: float = 10.0

    def pause_s(self, failed: int, draw: Draw) -> float:
        """Seconds to wait when `failed` tries have failed, from 1."""
        # A pause that has become the longest stays so; the power would run out of floats.
        exponent = min(failed - 1, 60)
        return draw() * min(self.longest_s, self.first_s * self.factor**exponent)
