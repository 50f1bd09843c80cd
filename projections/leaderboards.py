"""Leaderboard entry read model: one row per session and exercise.

Ranks depend on all other rows and on membership, so queries compute them. A deleted session counts
again once it is restored.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.ids import ExerciseId, SessionId, UserId
from domain.kernel import Projection, Recorded
from domain.motion.exercises.custom import is_custom
from domain.sessions import events
from domain.values import FormMeasured
from projections.athlete_day import local_day
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class LeaderboardEntry:
    """An exercise with verified results in a completed session, on a day of the athlete (C-52).

    `repetitions` are the verified ones; an exercise without verified repetitions or holds has no
    row.

    `week` is the Monday and `month` the first of the day's week and month, `day_number` counts
    days, so that neighbours differ by one; all are None where the session does not say when it
    began. `best_form` is that of a set, 0..1, None where none was measured. The form of a period is
    weighted by what had its form measured: `form_repetitions`, and `form_hold_ms`, of which a
    second weighs as much as one repetition. `form_weight` is the sum of form x weight. All verified
    repetitions of a set are taken, and no holds, if it has a form and did not record what was
    measured. `shown`: whether the athlete has not deleted the session.
    """

    athlete_id: UserId
    exercise_id: ExerciseId
    session_id: SessionId
    repetitions: int
    best_form: float | None
    form_weight: float
    form_repetitions: int
    day: date | None = None
    week: date | None = None
    month: date | None = None
    day_number: int | None = None
    shown: bool = True
    form_hold_ms: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session and exercise."""
    match recorded.event:
        case events.ExercisePerformed(exercise_id=exercise):
            exercises: tuple[ExerciseId, ...] = (exercise,)
        case events.SessionCompleted(exercises=performed):
            exercises = performed
        case events.SessionDeleted(trained=trained) | events.SessionRestored(trained=trained):
            exercises = () if trained is None else trained.exercises
        case _:
            exercises = ()
    return tuple(f"{stream_id(recorded)}/{exercise}" for exercise in exercises)


def evolve(row: LeaderboardEntry | None, recorded: Recorded[Any]) -> LeaderboardEntry | None:
    """Add an exercise's results, then its day; hide it with its session."""
    match recorded.event, row:
        case events.ExercisePerformed() as performed, _:
            return _performed(recorded, performed)
        case events.SessionCompleted() as completed, LeaderboardEntry():
            return _dated(row, completed)
        case events.SessionDeleted(), LeaderboardEntry():
            return fast_replace(row, shown=False)
        case events.SessionRestored(), LeaderboardEntry():
            return fast_replace(row, shown=True)
        case _:
            return row


def _performed(recorded: Recorded[Any], event: events.ExercisePerformed) -> LeaderboardEntry | None:
    if is_custom(event.exercise_id):
        return None  # nobody else can perform it
    repetitions = sum(each.ranked_repetitions for each in event.sets)
    if not repetitions and not any(each.ranked_held_ms for each in event.sets):
        return None
    forms = [(each.form, _form_measured(each)) for each in event.sets if each.form is not None]
    return LeaderboardEntry(
        athlete_id=event.athlete_id,
        exercise_id=event.exercise_id,
        session_id=SessionId(stream_id(recorded)),
        repetitions=repetitions,
        best_form=max((form for form, _ in forms), default=None),
        form_weight=sum((form * measured.weight for form, measured in forms), 0.0),
        form_repetitions=sum(measured.repetitions for _, measured in forms),
        form_hold_ms=sum(measured.held_ms for _, measured in forms),
    )


def _form_measured(performed: events.PerformedSet) -> FormMeasured:
    if performed.form_measured is not None:
        return performed.form_measured
    return FormMeasured(performed.ranked_repetitions, 0)


def _dated(row: LeaderboardEntry, event: events.SessionCompleted) -> LeaderboardEntry:
    day = local_day(event)
    return fast_replace(
        row,
        day=day,
        week=day - timedelta(days=day.weekday()),
        month=day.replace(day=1),
        day_number=day.toordinal(),
    )


LEADERBOARDS = Projection(
    name="leaderboards",
    version=4,
    row=LeaderboardEntry,
    keys=keys,
    evolve=evolve,
    indexes=(("month", "exercise_id"), ("week", "exercise_id"), ("day", "exercise_id")),
    kind="session",
)
