"""Events of a video that one person watches."""

from datetime import UTC, datetime, timedelta

from domain.content.viewing import PartReached, ViewCompleted, ViewMoved, ViewStarted
from domain.ids import ContentId, UserId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
SQUATS, ADA = ContentId("squats"), UserId("ada")


def started(position_s: float = 0, after_s: float = 0) -> ViewStarted:
    at = AT + timedelta(seconds=after_s)
    return ViewStarted(content_id=SQUATS, user_id=ADA, position_ms=round(position_s * 1000), at=at)


def moved(position_s: float, after_s: float) -> ViewMoved:
    at = AT + timedelta(seconds=after_s)
    return ViewMoved(content_id=SQUATS, user_id=ADA, position_ms=round(position_s * 1000), at=at)


def reached(percent: int, position_s: float, after_s: float = 0) -> PartReached:
    return PartReached(
        content_id=SQUATS,
        user_id=ADA,
        percent=percent,
        position_ms=round(position_s * 1000),
        at=AT + timedelta(seconds=after_s),
    )


def completed(position_s: float, after_s: float = 0) -> ViewCompleted:
    at = AT + timedelta(seconds=after_s)
    return ViewCompleted(
        content_id=SQUATS, user_id=ADA, position_ms=round(position_s * 1000), at=at
    )
