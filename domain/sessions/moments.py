"""Moments of a session: milliseconds since it began, or times of a clock."""

from datetime import datetime, timedelta
from typing import Final

from domain.values import within

MAX_SESSION_MS: Final = 86_400_000
"""A session lasts at most a day."""

MAX_SESSION: Final = timedelta(milliseconds=MAX_SESSION_MS)

MILLISECOND: Final = timedelta(milliseconds=1)

Moment = int | datetime
"""Milliseconds since the session began, or a time, which the session's start turns into those."""


def check_moment(name: str, moment: Moment) -> None:
    """Refuse with InvalidValue milliseconds that lie outside of a session."""
    if isinstance(moment, int):
        within(name, moment, 0, MAX_SESSION_MS)


def to_ms(moment: Moment, started_at: datetime) -> int:
    """Return milliseconds since the session began: 0 for a time before, at most a day."""
    if isinstance(moment, int):
        return moment
    return min(max((moment - started_at) // MILLISECOND, 0), MAX_SESSION_MS)
