"""Athlete day read model: training totals, one row per athlete and local date (C-52)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.ids import SessionId, UserId
from domain.kernel import Projection, Recorded, value
from domain.sessions import events
from domain.values import FormMeasured
from projections.kernel import fast_replace, stream_id


@value
class PartlyVerified:
    """The verified repetitions of a session that also has others."""

    session_id: SessionId
    verified_repetitions: int


@dataclass(frozen=True)
class AthleteDay:
    """Sums over the completed sessions that began on a day of the athlete's own calendar.

    `week` is the Monday and `month` the first of the day's week and month, so that longer periods
    are sums over days. The accuracy of a period (C-16) is weighted by what had its form measured:
    `accuracy_repetitions`, and `accuracy_hold_ms`, of which a second weighs as much as one
    repetition. `accuracy_weight` is the sum of accuracy x weight. All repetitions of a session are
    taken, and no holds, if it has an accuracy and did not record what was measured.

    `verified_repetitions` are those for rankings and awards; all of a session that did not record
    them. `partly_verified` has the sessions of which only some are verified: deletions of earlier
    versions do not record how many. A day with such a deleted session keeps its row, with
    `sessions` 0, for the restoration.
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
    verified_repetitions: int = 0
    partly_verified: tuple[PartlyVerified, ...] = ()
    accuracy_hold_ms: int = 0


Trained = events.SessionCompleted | events.Trained


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by athlete and local day."""
    trained = _trained(recorded.event)
    return () if trained is None else (f"{trained.athlete_id}/{local_day(trained).isoformat()}",)


def _trained(event: object) -> Trained | None:
    match event:
        case events.SessionCompleted():
            return event
        case events.SessionDeleted(trained=trained) | events.SessionRestored(trained=trained):
            return trained
        case _:
            return None


def local_day(trained: Trained) -> date:
    """Return the athlete's local date at the start of the session."""
    return trained.started_at.astimezone(ZoneInfo(trained.time_zone)).date()


def evolve(row: AthleteDay | None, recorded: Recorded[Any]) -> AthleteDay | None:
    """Add a completed session to its day; subtract what was added for a deleted one."""
    trained = _trained(recorded.event)
    if trained is None:
        return row
    row = row or _empty(trained)
    session = SessionId(stream_id(recorded))
    verified = _verified(row, session, trained)
    is_deleted = isinstance(recorded.event, events.SessionDeleted)
    row = _added(row, trained, verified, -1 if is_deleted else 1)
    if is_deleted and trained.verified_repetitions is not None:
        row = _noted(row, session, None)  # the restoration records it, too
    else:
        row = _noted(row, session, verified if verified != trained.repetitions else None)
    return row if row.sessions or row.partly_verified else None


def _verified(row: AthleteDay, session: SessionId, trained: Trained) -> int:
    """Return the verified repetitions of a session, also if this event did not record them."""
    if trained.verified_repetitions is not None:
        return trained.verified_repetitions
    if isinstance(trained, events.SessionCompleted):
        return trained.repetitions
    noted = {each.session_id: each.verified_repetitions for each in row.partly_verified}
    return noted.get(session, trained.repetitions)


def _empty(trained: Trained) -> AthleteDay:
    day = local_day(trained)
    return AthleteDay(
        athlete_id=trained.athlete_id,
        day=day,
        week=day - timedelta(days=day.weekday()),
        month=day.replace(day=1),
    )


def _noted(row: AthleteDay, session: SessionId, verified: int | None) -> AthleteDay:
    """Note the verified repetitions of a session, or remove the note."""
    if verified is None and not row.partly_verified:
        return row
    others = tuple(each for each in row.partly_verified if each.session_id != session)
    noted = () if verified is None else (PartlyVerified(session, verified),)
    return fast_replace(row, partly_verified=(*others, *noted))


def _added(row: AthleteDay, trained: Trained, verified: int, times: int) -> AthleteDay:
    measured = _form_measured(trained)
    return fast_replace(
        row,
        sessions=row.sessions + times,
        sets=row.sets + times * trained.sets,
        repetitions=row.repetitions + times * trained.repetitions,
        duration_ms=row.duration_ms + times * trained.duration_ms,
        calories_kcal=row.calories_kcal + times * trained.calories_kcal,
        accuracy_weight=row.accuracy_weight + times * (trained.accuracy or 0.0) * measured.weight,
        accuracy_repetitions=row.accuracy_repetitions + times * measured.repetitions,
        accuracy_hold_ms=row.accuracy_hold_ms + times * measured.held_ms,
        verified_repetitions=row.verified_repetitions + times * verified,
    )


def _form_measured(trained: Trained) -> FormMeasured:
    if trained.form_measured is not None:
        return trained.form_measured
    return FormMeasured(0 if trained.accuracy is None else trained.repetitions, 0)


ATHLETE_DAY = Projection(
    name="athlete_day",
    version=5,
    row=AthleteDay,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "day"),),
    kind="session",
)
