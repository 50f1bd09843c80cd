"""Exercise performance read model: one row per session and exercise performed in it.

The latest row gives the starting values of the next session; the best of all rows are the records.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import ExerciseId, SessionId, UserId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class ExercisePerformance:
    """The sets of one exercise in one completed session, and the best of them.

    `at` is when the session was completed. `most_repetitions` of a set, `heaviest_kg`, the load of
    a set with a repetition or a hold in it, `longest_hold_ms` within a set, and `best_form` of a
    set, 0..1: 0 where there was none. `…_verified_…` are those of the verified repetitions and
    holds, which count for rankings and awards; form is of verified ones anyway. `shown`: whether
    the athlete has not deleted the session.
    """

    id: str
    athlete_id: UserId
    exercise_id: ExerciseId
    session_id: SessionId
    at: datetime
    sets: tuple[events.PerformedSet, ...]
    most_repetitions: int
    heaviest_kg: float
    longest_hold_ms: int
    best_form: float
    shown: bool = True
    most_verified_repetitions: int = 0
    heaviest_verified_kg: float = 0.0
    longest_verified_hold_ms: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session and exercise."""
    match recorded.event:
        case events.ExercisePerformed(exercise_id=exercise):
            return (_key(recorded, exercise),)
        case events.SessionDeleted(trained=trained) | events.SessionRestored(trained=trained):
            exercises = () if trained is None else trained.exercises
            return tuple(_key(recorded, exercise) for exercise in exercises)
        case _:
            return ()


def _key(recorded: Recorded[Any], exercise: ExerciseId) -> str:
    return f"{stream_id(recorded)}/{exercise}"


def evolve(row: ExercisePerformance | None, recorded: Recorded[Any]) -> ExercisePerformance | None:
    """Add an exercise of a session, or hide it with its session."""
    match recorded.event, row:
        case events.ExercisePerformed() as performed, _:
            return _performed(recorded, performed)
        case events.SessionDeleted(), ExercisePerformance():
            return fast_replace(row, shown=False)
        case events.SessionRestored(), ExercisePerformance():
            return fast_replace(row, shown=True)
        case _:
            return row


def _performed(recorded: Recorded[Any], event: events.ExercisePerformed) -> ExercisePerformance:
    done = [each for each in event.sets if each.repetitions or each.held_ms]
    verified = [each for each in event.sets if each.ranked_repetitions or each.ranked_held_ms]
    return ExercisePerformance(
        id=_key(recorded, event.exercise_id),
        athlete_id=event.athlete_id,
        exercise_id=event.exercise_id,
        session_id=SessionId(stream_id(recorded)),
        at=event.at,
        sets=event.sets,
        most_repetitions=max((each.repetitions for each in done), default=0),
        heaviest_kg=max((each.load_kg or 0.0 for each in done), default=0.0),
        longest_hold_ms=max((each.held_ms for each in done), default=0),
        best_form=max((each.form or 0.0 for each in done), default=0.0),
        most_verified_repetitions=max((each.ranked_repetitions for each in verified), default=0),
        heaviest_verified_kg=max((each.load_kg or 0.0 for each in verified), default=0.0),
        longest_verified_hold_ms=max((each.ranked_held_ms for each in verified), default=0),
    )


EXERCISE_PERFORMANCE = Projection(
    name="exercise_performance",
    version=3,
    row=ExercisePerformance,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "exercise_id", "at"), ("session_id",)),
    kind="session",
)
