"""Exercise set read model: one row per set of a session (R-WKT-13)."""

from dataclasses import dataclass
from typing import Any, Literal

from domain.ids import ExerciseId, SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import events, set_movements
from domain.sessions.counters import counter_at_start, is_result_of_ours
from domain.sessions.set_movements import NO_MOVEMENTS, MovementEvent, SetMovements
from domain.values import CountedBy, CountSource, Look, PoseSource, still_unjudged
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class ExerciseSet:
    """A set so far.

    `number` counts from 1 within the session. `repetitions` is the count that stands, after
    corrections; `rejected` the movements not counted; `hold_ms` the milliseconds held, over all
    holds of the set. `unjudged` are faults that nothing in the set could show, None where nobody
    said. `counted_by_learned` names what the counter had learned of the exercise. `start_ms`,
    `end_ms`: since the session began, None while they are not known. `overridden` are the checks of
    the camera's picture that were not right when it was begun all the same. `line` is the line of
    the prescription that it performs, from 1; None where there is none. Where the device's
    landmarks and ours of its pictures came to different figures, `looks` are both, and `stands`
    says whose were followed. `rejected` is derived from `movements`. `verified_repetitions` and
    `verified_hold_ms` are the verified part, None until the session is completed, or if unrecorded.
    `announced_learned` becomes `counted_by_learned` once our counter, which a client announced,
    counts. `rpe` is the athlete's rating of how hard it felt.
    """

    id: str
    session_id: SessionId
    number: int
    exercise_id: ExerciseId
    status: Literal["underway", "completed"]
    target_repetitions: int | None
    load_kg: float | None
    counted_by_source: CountSource
    counted_by_model: str
    counted_by_definition_version: int
    counted_by_learned: str | None
    repetitions: int = 0
    rejected: int = 0
    hold_ms: int = 0
    start_ms: int | None = None
    end_ms: int | None = None
    unjudged: tuple[str, ...] | None = None
    overridden: tuple[str, ...] = ()
    target_hold_s: int | None = None
    line: int | None = None
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None
    movements: SetMovements = NO_MOVEMENTS
    verified_repetitions: int | None = None
    verified_hold_ms: int | None = None
    announced_learned: str | None = None
    rpe: float | None = None


HANDLED_EVENTS = (
    events.SetStarted
    | events.RepetitionCounted
    | events.RepetitionRejected
    | events.RepetitionsReconciled
    | events.HoldMeasured
    | events.SetCompleted
    | events.ChecksOverridden
    | events.RepetitionOverruled
    | events.SetRated
)


def set_id(session: str, number: int) -> str:
    """Key of a set: its session and its number, padded so that keys sort as sets do."""
    return f"{session}/{number:04}"


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session and number of the set."""
    happened = recorded.event
    if isinstance(happened, HANDLED_EVENTS):
        return (set_id(stream_id(recorded), happened.set),)
    if isinstance(happened, events.ExercisePerformed):
        return tuple(set_id(stream_id(recorded), each.set) for each in happened.sets)
    return ()


def evolve(row: ExerciseSet | None, recorded: Recorded[Any]) -> ExerciseSet | None:
    """Add one fact to the set."""
    if is_result_of_ours(recorded.event) and row and row.counted_by_source == "device":
        row = fast_replace(
            row, counted_by_source="server", counted_by_learned=row.announced_learned
        )
    if isinstance(recorded.event, MovementEvent) and row is not None:
        movements = set_movements.evolve(row.movements, recorded.event)
        row = fast_replace(row, movements=movements, rejected=len(movements.uncounted))
    match recorded.event, row:
        case events.SetStarted() as started, _:
            return _started(stream_id(recorded), started)
        case events.RepetitionCounted(unjudged=unjudged), ExerciseSet():
            left = still_unjudged(row.unjudged, unjudged)
            return fast_replace(row, repetitions=row.repetitions + 1, unjudged=left)
        case events.RepetitionsReconciled() as looked, ExerciseSet():
            return _counted_by(_looked_at(row, looked), looked.counted_by)
        case events.RepetitionOverruled(repetitions=standing), ExerciseSet():
            return fast_replace(row, repetitions=standing)
        case events.HoldMeasured(span=span, unjudged=unjudged), ExerciseSet():
            left = still_unjudged(row.unjudged, unjudged)
            return fast_replace(
                row, hold_ms=row.hold_ms + span.end_ms - span.start_ms, unjudged=left
            )
        case events.SetCompleted(repetitions=standing, span=span), ExerciseSet():
            return fast_replace(
                row,
                status="completed",
                repetitions=standing,
                start_ms=span.start_ms,
                end_ms=span.end_ms,
            )
        case events.ChecksOverridden(checks=checks), ExerciseSet():
            return fast_replace(row, overridden=checks)
        case events.SetRated(rpe=rpe), ExerciseSet():
            return fast_replace(row, rpe=rpe)
        case events.ExercisePerformed() as performed, ExerciseSet():
            return _performed(row, performed)
        case _:
            return row


def _started(session: str, event: events.SetStarted) -> ExerciseSet:
    counter = counter_at_start(event)
    return ExerciseSet(
        id=set_id(session, event.set),
        session_id=SessionId(session),
        number=event.set,
        exercise_id=event.exercise_id,
        status="underway",
        target_repetitions=event.target_repetitions,
        load_kg=event.load_kg,
        counted_by_source=counter.source,
        counted_by_model=counter.model,
        counted_by_definition_version=counter.definition_version,
        counted_by_learned=counter.learned,
        announced_learned=event.counted_by.learned,
        start_ms=event.at_ms,
        target_hold_s=event.target_hold_s,
        line=event.line,
    )


def _looked_at(row: ExerciseSet, event: events.RepetitionsReconciled) -> ExerciseSet:
    if not event.looks:
        return fast_replace(row, repetitions=event.repetitions)
    return fast_replace(row, repetitions=event.repetitions, looks=event.looks, stands=event.stands)


def _performed(row: ExerciseSet, event: events.ExercisePerformed) -> ExerciseSet:
    (result,) = (each for each in event.sets if each.set == row.number)
    return fast_replace(
        row,
        verified_repetitions=result.verified_repetitions,
        verified_hold_ms=result.verified_held_ms,
    )


def _counted_by(row: ExerciseSet, counter: CountedBy) -> ExerciseSet:
    return fast_replace(
        row,
        counted_by_source=counter.source,
        counted_by_model=counter.model,
        counted_by_definition_version=counter.definition_version,
        counted_by_learned=counter.learned,
    )


EXERCISE_SET = Projection(
    name="exercise_set",
    version=8,
    row=ExerciseSet,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",), ("exercise_id",)),
    kind="session",
)
