"""Health activity read model: one row per completed session, as health services expect it.

A session that was ended without a set is none.

Rows exist whether or not a health service is linked (R-WKT-07).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.health.activities import activity_types
from domain.ids import SessionId, UserId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class HealthActivity:
    """An activity between two times, with the energy that it is estimated to have cost.

    `activity_type` is a name of HealthKit's `HKWorkoutActivityType`; `day` the athlete's local date
    in `time_zone` when it began. `shown`: whether the athlete has not deleted the session.
    `replaces` is the session whose exercise was corrected by this one.
    """

    id: SessionId
    athlete_id: UserId
    activity_type: str
    day: date
    time_zone: str
    started_at: datetime
    ended_at: datetime
    duration_ms: int
    energy_kcal: float
    shown: bool = True
    replaces: SessionId | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session."""
    match recorded.event:
        case events.SessionCompleted() | events.SessionDeleted() | events.SessionRestored():
            return (stream_id(recorded),)
        case events.ExerciseCorrected(replacement_id=replacement):
            return (replacement,)
        case _:
            return ()


def evolve(row: HealthActivity | None, recorded: Recorded[Any]) -> HealthActivity | None:
    """Add a completed session, or hide it with the session."""
    match recorded.event, row:
        case events.SessionCompleted(sets=0), _:
            return None
        case events.SessionCompleted() as completed, _:
            return _noted(SessionId(stream_id(recorded)), completed)
        case events.SessionDeleted(), HealthActivity():
            return fast_replace(row, shown=False)
        case events.SessionRestored(), HealthActivity():
            return fast_replace(row, shown=True)
        case events.ExerciseCorrected(), HealthActivity():
            return fast_replace(row, replaces=SessionId(stream_id(recorded)))
        case _:
            return row


def _noted(session_id: SessionId, event: events.SessionCompleted) -> HealthActivity:
    return HealthActivity(
        id=session_id,
        athlete_id=event.athlete_id,
        activity_type=activity_types().of(event.exercises),
        day=event.started_at.astimezone(ZoneInfo(event.time_zone)).date(),
        time_zone=event.time_zone,
        started_at=event.started_at,
        ended_at=event.at,
        duration_ms=event.duration_ms,
        energy_kcal=event.calories_kcal,
    )


HEALTH_ACTIVITY = Projection(
    name="health_activity",
    version=4,
    row=HealthActivity,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "started_at"),),
    kind="session",
)
