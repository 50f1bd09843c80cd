"""Progress of an athlete in an exercise: latest sets and records (R-WKT-05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from application.caller import Caller
from application.kernel.read_models import Moment, NoneOf, Where, Window, rows_as_of
from application.sessions.session_view import SessionView
from domain.ids import ExerciseId, SessionId, UserId
from domain.sessions.events import PerformedSet
from domain.sessions.session import SESSION
from projections.exercise_performance import EXERCISE_PERFORMANCE, ExercisePerformance

ONE: Final = Window(first=1)


@dataclass(frozen=True)
class Record:
    """The best result so far, with its session and time."""

    best: float
    session_id: SessionId
    at: datetime


@dataclass(frozen=True)
class ExerciseProgress:
    """The latest sets of an exercise, and its records; None where there is none.

    A record is of one set: repetitions, kilograms, milliseconds held, form 0..1. `…_verified_…`
    are the records of verified repetitions and holds; form is of verified ones anyway.
    """

    athlete_id: UserId
    exercise_id: ExerciseId
    sessions: int
    last_session_id: SessionId
    last_at: datetime
    last_sets: tuple[PerformedSet, ...]
    most_repetitions: Record | None
    heaviest_kg: Record | None
    longest_hold_ms: Record | None
    best_form: Record | None
    most_verified_repetitions: Record | None
    heaviest_verified_kg: Record | None
    longest_verified_hold_ms: Record | None


def progress_of(
    caller: Caller, athlete: UserId, exercises: Iterable[str]
) -> tuple[ExerciseProgress, ...]:
    """Return the progress in exercises; those never performed are left out."""
    readings = (_Reading(caller, athlete, ExerciseId(each)) for each in dict.fromkeys(exercises))
    return tuple(progress for reading in readings if (progress := reading.result()) is not None)


def progress_after(caller: Caller, execution: SessionView) -> tuple[ExerciseProgress, ...]:
    """Return the progress including a completed session, even if read models lag."""
    stream = f"{SESSION.category}-{execution.id}"
    log, tenant_id = caller.platform.log, caller.tenant_id
    own = rows_as_of(EXERCISE_PERFORMANCE, log, tenant_id, stream, Moment())
    readings = (
        _Reading(caller, execution.athlete_id, row.exercise_id, row) for row in own.values()
    )
    return tuple(progress for reading in readings if (progress := reading.result()) is not None)


@dataclass(frozen=True)
class _Reading:
    """Reader of one exercise of one athlete. `own` is a row that the read model may lack."""

    caller: Caller
    athlete: UserId
    exercise: ExerciseId
    own: ExercisePerformance | None = None

    def result(self) -> ExerciseProgress | None:
        newest = self._first("at")
        rows = [row for row in (newest, self.own) if row is not None]
        if not rows:
            return None
        last = max(rows, key=lambda row: row.at)
        read, tenant_id = self.caller.platform.read, self.caller.tenant_id
        others = read.count(EXERCISE_PERFORMANCE, tenant_id, where=self._where())
        repetitions, verified_repetitions = self._records(
            "most_repetitions", "most_verified_repetitions"
        )
        load, verified_load = self._records("heaviest_kg", "heaviest_verified_kg")
        hold, verified_hold = self._records("longest_hold_ms", "longest_verified_hold_ms")
        return ExerciseProgress(
            athlete_id=self.athlete,
            exercise_id=self.exercise,
            sessions=others + (self.own is not None),
            last_session_id=last.session_id,
            last_at=last.at,
            last_sets=last.sets,
            most_repetitions=repetitions,
            heaviest_kg=load,
            longest_hold_ms=hold,
            best_form=_to_record(self._best("best_form"), "best_form"),
            most_verified_repetitions=verified_repetitions,
            heaviest_verified_kg=verified_load,
            longest_verified_hold_ms=verified_hold,
        )

    def _records(self, column: str, verified: str) -> tuple[Record | None, Record | None]:
        """Return the record of all results, and that of the verified ones."""
        best = self._best(column)
        is_verified = best is not None and getattr(best, column) == getattr(best, verified)
        best_verified = best if best is None or is_verified else self._best(verified)
        return _to_record(best, column), _to_record(best_verified, verified)

    def _best(self, column: str) -> ExercisePerformance | None:
        """Return the oldest session with the best result, or None if there is none."""
        value = attrgetter(column)
        before = self._first(column)
        if before is not None:  # of equals the oldest: repeating a value is not a record
            equal: Where = {**self._where(), column: value(before)}
            before = self._first("at", where=equal, descending=False)
        rows = [row for row in (before, self.own) if row is not None and value(row)]
        if not rows:
            return None
        return min(rows, key=lambda row: (-value(row), row.at))

    def _first(
        self, column: str, *, where: Where | None = None, descending: bool = True
    ) -> ExercisePerformance | None:
        page = self.caller.platform.read.page(
            EXERCISE_PERFORMANCE,
            self.caller.tenant_id,
            window=ONE,
            where=self._where() if where is None else where,
            order_by=column,
            descending=descending,
        )
        return page.edges[0].row if page.edges else None

    def _where(self) -> Where:
        where: Where = {
            "athlete_id": self.athlete,
            "exercise_id": self.exercise,
            "shown": True,
        }
        return (
            where if self.own is None else {**where, "session_id": NoneOf((self.own.session_id,))}
        )


def _to_record(row: ExercisePerformance | None, column: str) -> Record | None:
    return None if row is None else Record(getattr(row, column), row.session_id, row.at)
