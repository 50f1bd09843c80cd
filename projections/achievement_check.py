"""Achievement check read model: completed sessions, checked for achievements or pending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.achievements.events import SessionChecked
from domain.ids import SessionId, UserId
from domain.kernel import Projection, Recorded
from domain.sessions.events import SessionCompleted, SessionDeleted, SessionRestored
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class AchievementCheck:
    """A completed session; `checked_at` is None as long as it is to be checked.

    `shown`: whether the athlete has not deleted it. A session that was restored is checked
    again: it counts again, and may reach a goal with sessions that were completed meanwhile.
    """

    id: SessionId
    athlete_id: UserId
    completed_at: datetime
    checked_at: datetime | None = None
    shown: bool = True
    restored_at: datetime | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session."""
    match recorded.event:
        case SessionCompleted() | SessionDeleted() | SessionRestored():
            return (stream_id(recorded),)
        case SessionChecked(session_id=session):
            return (session,)
        case _:
            return ()


def evolve(row: AchievementCheck | None, recorded: Recorded[Any]) -> AchievementCheck | None:
    """Mark a session as pending or checked."""
    match recorded.event, row:
        case SessionCompleted(athlete_id=athlete, at=at), _:
            return AchievementCheck(SessionId(stream_id(recorded)), athlete, at)
        case SessionChecked(at=at), AchievementCheck():
            return fast_replace(row, checked_at=at)
        case SessionDeleted(), AchievementCheck():
            return fast_replace(row, shown=False)
        case SessionRestored(at=at), AchievementCheck():
            return fast_replace(row, shown=True, checked_at=None, restored_at=at)
        case _:
            return row


ACHIEVEMENT_CHECK = Projection(
    name="achievement_check",
    version=2,
    row=AchievementCheck,
    keys=keys,
    evolve=evolve,
    indexes=(("checked_at", "completed_at"),),
    kind="session",
)
