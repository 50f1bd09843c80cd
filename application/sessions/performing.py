"""What an athlete does with a prescription, said as commands by what the session knows so far.

Each function takes the session's facts, oldest first, and gives commands that are decided on just
these facts (`application.kernel.command_handler.Request`). All raise SessionNotFound without facts.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from application.sessions.closing import Seen, closing
from application.sessions.history import SessionNotFound
from domain.ids import ExerciseId
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands, events, prescription_commands
from domain.sessions.prescription import NextSet
from domain.sessions.prescription_commands import LONGEST_MS, NothingPrescribed
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.session import SESSION, Completed, Underway
from domain.values import CountedBy, Span
from domain.workouts.events import PrescribedExercise

Facts = Sequence[Any]
Wishes = Sequence[commands.SessionCommand]

REST_S: Final = 60
"""Rest after a set that belongs to no prescription, as a prescription has it by default."""

MILLISECOND: Final = timedelta(milliseconds=1)


def lines_of(exercises: Sequence[PrescribedExercise]) -> tuple[PrescribedLine, ...]:
    """Say a prescription as the session performs it."""
    return tuple(
        PrescribedLine(
            line.exercise_id,
            line.sets,
            line.target_repetitions,
            line.target_hold_s,
            line.rest_s,
        )
        for line in exercises
    )


def elapsed_ms(known: Facts, now: datetime) -> int:
    """Say how long ago the session began: 0 for one that begins later, at most a day."""
    for event in known:
        if isinstance(event, events.SessionStarted):
            return min(max((now - event.at) // MILLISECOND, 0), LONGEST_MS)
    raise SessionNotFound


def next_set(
    known: Facts,
    *,
    exercise_id: str | None,
    counted_by: Callable[[ExerciseId], CountedBy],
    load_kg: float | None,
    at_ms: int,
    number: int | None = None,
) -> Wishes:
    """Begin what comes next, or this exercise in its place; a rest ends with it.

    With a `number` it is the set of this number or none: one that is under way goes on, and whoever
    knows the session as it was before another device went on is refused. Raises SetOutOfOrder,
    NothingPrescribed, UnknownExercise and SessionNotUnderway.
    """
    session = _underway(known)
    if number is not None and number == session.sets and session.set_is_open:
        return []
    if number is not None and number != session.sets + 1:
        raise commands.SetOutOfOrder
    coming = session.execution.next_set
    if exercise_id is not None:
        named = ExerciseId(get_exercise(exercise_id).id)
    elif coming is not None:
        named = coming.prescribed.exercise_id
    else:
        raise NothingPrescribed
    repetitions, hold_s = _targets(coming, named)
    begin = commands.StartSet(
        set=session.sets + 1,
        exercise_id=named,
        counted_by=counted_by(named),
        target_repetitions=repetitions,
        load_kg=load_kg,
        target_hold_s=hold_s,
        line=None if coming is None else coming.line,
        at_ms=at_ms,
    )
    if session.set_is_open:
        return [begin]  # which says why not
    return [*_rested(session, at_ms), begin]


def _targets(coming: NextSet | None, named: ExerciseId) -> tuple[int | None, int | None]:
    """Give the targets of a set; those of the prescription hold for another exercise of the kind.

    The exercise of a prescription may be of no kind that is known any more.
    """
    if coming is None:
        return None, None
    prescribed = coming.prescribed
    if named != prescribed.exercise_id:
        is_hold = get_exercise(named).kind == "hold"
        if is_hold != (prescribed.target_hold_s is not None):
            return None, None
    return prescribed.target_repetitions, prescribed.target_hold_s


def finish_set(known: Facts, *, number: int, start_ms: int | None, end_ms: int) -> Wishes:
    """Complete a set; it began when it was said to, else with the first that happened in it."""
    _require_known(known)
    began = end_ms
    for event in known:
        match event:
            case events.SetStarted(set=of, at_ms=at) if of == number and at is not None:
                began = min(began, at)
            case (
                events.RepetitionCounted(set=of, span=span)
                | events.RepetitionRejected(set=of, span=span)
                | events.HoldMeasured(set=of, span=span)
            ) if of == number:
                began = min(began, span.start_ms)
            case _:
                pass  # says nothing of when it began
    start = began if start_ms is None else start_ms
    return [commands.CompleteSet(set=number, span=Span(start, max(end_ms, start)))]


def held(number: int, duration_ms: int, end_ms: int) -> commands.MeasureHold:
    """Say that so long was held until then, as the athlete says."""
    span = Span(max(end_ms - duration_ms, 0), max(end_ms, duration_ms))
    return commands.MeasureHold(set=number, span=span, by_hand=True)


def rest(known: Facts, *, planned_s: int | None, at_ms: int) -> Wishes:
    """Rest after the last set, as long as its line says where nobody says otherwise."""
    session = _underway(known)
    if planned_s is None:
        planned_s = _prescribed_rest(known, session)
    return [prescription_commands.StartRest(planned_s=planned_s, at_ms=at_ms)]


def _prescribed_rest(known: Facts, session: Underway) -> int:
    lines = [event.line for event in known if isinstance(event, events.SetStarted)]
    last = lines[-1] if lines else None
    return REST_S if last is None else session.execution.lines[last - 1].rest_s


def end_rest(known: Facts, *, at_ms: int) -> Wishes:
    """Go on."""
    _require_known(known)
    return [prescription_commands.EndRest(at_ms=at_ms)]


def skip(known: Facts, *, what: Literal["set", "exercise"]) -> Wishes:
    """Leave out what comes next."""
    _require_known(known)
    return [prescription_commands.SkipSets(what=what)]


def complete(known: Facts, *, seen: Seen, at: datetime, healthkit: bool) -> Wishes:
    """End the session with its summary, and ask the device to write it where that is wished.

    Said again nothing happens, whatever is wished by then. Raises SetUnderway.
    """
    _require_known(known)
    session = SESSION.fold(known)
    end = closing(known, seen, at)
    if isinstance(session, Completed):
        return [end]
    asked = [prescription_commands.RequestHealthKit(at=end.at)] if healthkit else []
    rested = _rested(session, end.duration_ms) if isinstance(session, Underway) else []
    return [*rested, end, *asked]


def _rested(session: Underway, at_ms: int) -> list[commands.SessionCommand]:
    resting = session.execution.resting is not None
    return [prescription_commands.EndRest(at_ms=at_ms)] if resting else []


def _underway(known: Facts) -> Underway:
    """Fold a session that is under way. Raises SessionNotUnderway."""
    _require_known(known)
    session = SESSION.fold(known)
    if not isinstance(session, Underway):
        raise commands.SessionNotUnderway
    return session


def _require_known(known: Facts) -> None:
    if not known:
        raise SessionNotFound
