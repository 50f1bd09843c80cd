"""How much an athlete trained on each of their days. One row per athlete and local date (C-52)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.ids import UserId
from domain.kernel import Recorded
from domain.sessions import events
from projections.kernel import Projection, changed


@dataclass(frozen=True)
class AthleteDay:
    """Sums over the completed sessions that began on a day of the athlete's own calendar.

    `week` is the Monday and `month` the first of the day's week and month, so that longer periods
    are sums over days. The accuracy of a period, weighted by repetitions (C-16), is the sum of
    `accuracy_weight` (accuracy x repetitions) over the sum of `accuracy_repetitions`, which leaves
    out sessions without form.
    """

    athlete_id: UserId
    day: date
    week: date
    month: date
    sessions: int = 0
    sets: int = 0
    repetitions: int = 0
    duration_ms: int = 0
    calories_kcal: float = 0.0
    accuracy_weight: float = 0.0
    accuracy_repetitions: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by athlete and local day."""
    match recorded.event:
        case events.SessionCompleted() as completed:
            return (f"{completed.athlete_id}/{local_day(completed).isoformat()}",)
        case _:
            return ()


def local_day(event: events.SessionCompleted) -> date:
    """Date at which the session began where the athlete was."""
    return event.started_at.astimezone(ZoneInfo(event.time_zone)).date()


def evolve(row: AthleteDay | None, recorded: Recorded[Any]) -> AthleteDay | None:
    """Add a completed session to its day."""
    match recorded.event:
        case events.SessionCompleted() as completed:
            return _added(row or _empty(completed), completed)
        case _:
            return row


def _empty(event: events.SessionCompleted) -> AthleteDay:
    day = local_day(event)
    return AthleteDay(
        athlete_id=event.athlete_id,
        day=day,
        week=day - timedelta(days=day.weekday()),
        month=day.replace(day=1),
    )


def _added(row: AthleteDay, event: events.SessionCompleted) -> AthleteDay:
    measured = 0 if event.accuracy is None else event.repetitions
    return changed(
        row,
        sessions=row.sessions + 1,
        sets=row.sets + event.sets,
        repetitions=row.repetitions + event.repetitions,
        duration_ms=row.duration_ms + event.duration_ms,
        calories_kcal=row.calories_kcal + event.calories_kcal,
        accuracy_weight=row.accuracy_weight + (event.accuracy or 0.0) * measured,
        accuracy_repetitions=row.accuracy_repetitions + measured,
    )


ATHLETE_DAY = Projection(
    name="athlete_day",
    version=1,
    row=AthleteDay,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "day"),),
    kind="session",
)
