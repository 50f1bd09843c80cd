"""How long a client waits before its next chunk: half a second, and longer where we are slow."""

from dataclasses import dataclass
from typing import Final

MIN_INTERVAL_MS: Final = 500
"""R-LIV-03."""
MAX_INTERVAL_MS: Final = 2000
"""Feedback that is later than this is of no use to somebody who trains."""
STEP_MS: Final = 50
PATIENCE: Final = 4
"""A client waits for answers during at most a quarter of the time."""
WEIGHT: Final = 0.2
"""Share of the newest answer in the running mean: about the last ten count."""


@dataclass
class Pace:
    """The pace of one process, from how long its answers took (R-LIV-07)."""

    mean_ms: float = 0.0

    def note(self, took_ms: float) -> None:
        """Take in how long an answer took."""
        self.mean_ms += WEIGHT * (took_ms - self.mean_ms)

    @property
    def interval_ms(self) -> int:
        """Milliseconds from one chunk to the next, in steps of 50 from 500 to 2000."""
        wanted = PATIENCE * self.mean_ms
        stepped = STEP_MS * round(wanted / STEP_MS)
        return min(max(stepped, MIN_INTERVAL_MS), MAX_INTERVAL_MS)
