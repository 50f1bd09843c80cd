"""Training history of an athlete from the read models (R-WKT-05, R-WKT-06).

Statistics over many sessions use only the newest ones, so that they stay fast for athletes with
long histories. Each includes how many sessions it used, and how many there are.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from application.analytics.training_history import (
    DoneSet,
    ExerciseSum,
    Streaks,
    streaks,
    sums_by_exercise,
    trend,
)
from application.caller import Caller
from application.kernel.read_models import PAGE_LIMIT, Between, Page, Where, Window
from domain.ids import ExerciseId, UserId
from domain.kernel import Projection
from domain.values import within_calendar
from projections.exercise_performance import EXERCISE_PERFORMANCE, ExercisePerformance
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.health_activity import HEALTH_ACTIVITY, HealthActivity
from projections.session_summary import SESSION_SUMMARY

Row = TypeVar("Row")

MOST_SESSIONS: Final = 1000
"""Maximum number of sessions in a statistic; with ten sets each they take half a second."""


@dataclass(frozen=True)
class ExerciseSums:
    """Sums by exercise over the `used` newest of `total` sessions."""

    items: tuple[ExerciseSum, ...]
    used: int
    total: int


@dataclass(frozen=True)
class FormTrend:
    """Change of the form of an exercise, 0..1, in four weeks; None if there is too little data.

    By the best set of each session, in the `used` newest of `total` sessions, which are at least
    three and span at least two weeks.
    """

    change: float | None
    used: int
    total: int


def streaks_of(caller: Caller, athlete: UserId, today: date) -> Streaks:
    """Return an athlete's streaks as of a day of their own calendar. Raises InvalidValue."""
    within_calendar(today)
    days = caller.platform.read.totals(caller.tenant_id, athlete, "day")
    return streaks((each.start for each in days), today)


def exercise_sums(
    caller: Caller, athlete: UserId, start: date | None, end: date | None
) -> ExerciseSums:
    """Sum completed sessions by exercise, from the day `start` up to, not including, `end`."""
    where: Where = {"athlete_id": athlete, "status": "completed", "day": Between(start, end)}
    read, tenant_id = caller.platform.read, caller.tenant_id
    rows = _newest(caller, SESSION_SUMMARY, where, "started_at")
    ids = [row.id for row in rows]
    sets = read.by(EXERCISE_SET, tenant_id, "session_id", ids)
    done = (_done(each) for each_sessions in sets.values() for each in each_sessions)
    total = read.count(SESSION_SUMMARY, tenant_id, where=where)
    return ExerciseSums(sums_by_exercise(done), used=len(ids), total=total)


def _done(row: ExerciseSet) -> DoneSet:
    """Convert a set of a completed session; all of it counts if verification is unrecorded."""
    verified, held = row.verified_repetitions, row.verified_hold_ms
    return DoneSet(
        session_id=row.session_id,
        exercise_id=row.exercise_id,
        repetitions=row.repetitions,
        held_ms=row.hold_ms,
        load_kg=row.load_kg,
        verified_repetitions=row.repetitions if verified is None else verified,
        verified_held_ms=row.hold_ms if held is None else held,
    )


def performances(
    caller: Caller, athlete: UserId, exercise: str, window: Window
) -> Page[ExercisePerformance]:
    """Return a page of an athlete's results in an exercise by session, newest first.

    Raises CursorInvalid.
    """
    return caller.platform.read.page(
        EXERCISE_PERFORMANCE,
        caller.tenant_id,
        window=window,
        where=_of(athlete, exercise),
        order_by="at",
        descending=True,
    )


def activities(caller: Caller, athlete: UserId, window: Window) -> Page[HealthActivity]:
    """Return a page of an athlete's activities, newest first; empty if not visible (R-WKT-07).

    Raises CursorInvalid.
    """
    visible = caller.sees("session", athlete)
    return caller.platform.read.page(
        HEALTH_ACTIVITY,
        caller.tenant_id,
        window=window,
        where={"athlete_id": athlete if visible else (), "shown": True},
        order_by="started_at",
        descending=True,
    )


def form_trend(caller: Caller, athlete: UserId, exercise: str) -> FormTrend:
    """Return the trend of form in an exercise, by the sessions in which form was measured."""
    where: Where = {**_of(athlete, exercise), "best_form": Between(MEASURED)}
    rows = _newest(caller, EXERCISE_PERFORMANCE, where, "at")
    total = caller.platform.read.count(EXERCISE_PERFORMANCE, caller.tenant_id, where=where)
    change = trend([(row.at, row.best_form) for row in rows])
    return FormTrend(change, used=len(rows), total=total)


MEASURED: Final = 1e-9
"""Minimum form that was measured; 0 means not measured."""


def _of(athlete: UserId, exercise: str) -> dict[str, Any]:
    return {"athlete_id": athlete, "exercise_id": ExerciseId(exercise), "shown": True}


def _newest(caller: Caller, projection: Projection[Row], where: Where, order_by: str) -> list[Row]:
    """Return the newest rows, as many as a statistic may use."""
    rows: list[Row] = []
    after: str | None = None
    while len(rows) < MOST_SESSIONS:
        page = caller.platform.read.page(
            projection,
            caller.tenant_id,
            window=Window(first=min(PAGE_LIMIT, MOST_SESSIONS - len(rows)), after=after),
            where=where,
            order_by=order_by,
            descending=True,
        )
        rows.extend(edge.row for edge in page.edges)
        if not page.has_next:
            break
        after = page.edges[-1].cursor
    return rows
