"""Pauses before a health cloud is called again after an obstacle."""

from datetime import timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


def pause_after(attempts: int, wanted_s: float | None = None) -> timedelta:
    """Return the pause after failed attempts in a row: each one is twice as long.

    It is at least that which the cloud asks for, but no longer than a day.
    """
    factor: int = 2 ** min(attempts - 1, 16)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * factor)
    wanted = timedelta(seconds=min(wanted_s or 0.0, timedelta(days=1).total_seconds()))
    return max(pause, wanted)
