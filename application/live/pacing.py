"""Pacing: the interval between a client's chunks, longer while the server is slow."""

from dataclasses import dataclass
from typing import Final

MIN_INTERVAL_MS: Final = 500
"""R-LIV-03."""
MAX_INTERVAL_MS: Final = 2000
"""Later feedback is of no use during training."""
STEP_MS: Final = 50
PATIENCE: Final = 4
"""A client waits for replies during at most a quarter of the time."""
WEIGHT: Final = 0.2
"""Weight of the newest response in the running mean: about the last ten count."""


@dataclass
class Pace:
    """The interval of one process, from its response times (R-LIV-07)."""

    mean_ms: float = 0.0

    def note(self, took_ms: float) -> None:
        """Add a response time."""
        self.mean_ms += WEIGHT * (took_ms - self.mean_ms)

    @property
    def interval_ms(self) -> int:
        """Milliseconds from one chunk to the next, in steps of 50 from 500 to 2000."""
        wanted = PATIENCE * self.mean_ms
        stepped = STEP_MS * round(wanted / STEP_MS)
        return min(max(stepped, MIN_INTERVAL_MS), MAX_INTERVAL_MS)
