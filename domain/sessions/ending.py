"""End of a session that is completed by the server's clock."""

from datetime import datetime, timedelta
from typing import Final

from domain.sessions.moments import MAX_SESSION, MAX_SESSION_MS, MILLISECOND
from domain.sessions.set_state import SetState
from domain.sessions.states import Underway

FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""A session in which nothing happened for longer was forgotten, rather than performed."""


def ended_at(session: Underway, now: datetime) -> datetime:
    """Return when a session ended that is completed now, within the day that begins with it.

    A forgotten session ended with its last set or rest.
    """
    began = session.started_at
    last = began + last_ms(session) * MILLISECOND
    if now - last > FORGOTTEN_AFTER:
        return last
    return min(max(now, began), began + MAX_SESSION)


def last_ms(session: Underway) -> int:
    """Return when the last thing happened in sets and rests, in ms since the session began.

    A rest that is not over lasts as planned. 0 where nothing happened; at most a day.
    """
    moments = [moment for performed in session.performed for moment in _moments(performed)]
    resting = session.prescription.resting
    if resting is not None:
        moments.append(resting.started_ms + 1000 * resting.planned_s)
    return min(max(moments, default=0), MAX_SESSION_MS)


def _moments(performed: SetState) -> list[int]:
    """Return when a set began, and when it and its movements ended, in ms."""
    spans = [] if performed.span is None else [performed.span]
    spans += [each.span for each in performed.movements]
    spans += [each.span for each in performed.rejected]
    spans += [each.span for each in performed.holds]
    started = [] if performed.started_ms is None else [performed.started_ms]
    return started + [span.end_ms for span in spans]
