"""Rules of detections: what a camera saw may arrive late, or after a detection that was lost.

A lost detection does not reject later ones. Nothing that arrives is dropped: it counts, or it is
recorded as a movement that does not count, or it is rejected with a code. A movement that arrives
after the session, and that its set has already, is not recorded again.
"""

from dataclasses import replace
from typing import Final

from domain.sessions import commands, events, set_state, sets, underway
from domain.sessions.set_state import SetState
from domain.sessions.states import Completed, Deleted, NotStarted, Session, Underway
from domain.values import Span

INCOMPLETE: Final = "incomplete"
"""The reason of a movement that ended after its set."""
AFTER_SESSION: Final = "after_session"
"""The reason of a movement that arrived when the session was already completed."""


def decide(command: commands.DetectionCommand, session: Session) -> tuple[events.SessionEvent, ...]:
    """Return the events of one detection. Raises a rejection of `commands`."""
    match session:
        case NotStarted() | Deleted():
            raise commands.SessionNotUnderway
        case Completed():
            return _of_completed_session(command, session)
        case Underway():
            is_begun = 1 <= command.set <= session.sets
            if is_begun and session.is_set_completed(command.set):
                return _of_completed_set(command, session.performed[command.set - 1])
            return _of_open_set(command, session)


def _of_open_set(
    command: commands.DetectionCommand, session: Underway
) -> tuple[events.SessionEvent, ...]:
    is_next = session.set_is_open and command.set == session.sets + 1
    if is_next and isinstance(command, commands.StartSet):
        ended = _end_of_set(session)
        return ended, *underway.decide(command, underway.evolve(session, ended))
    if isinstance(command, commands.CountRepetition) and command.set == session.sets:
        return sets.count(command, session.performed[-1], may_skip=True)
    return underway.decide(command, session)


def _end_of_set(session: Underway) -> events.SetCompleted:
    """Return the end of the set under way; the detection of its end was lost."""
    state = session.performed[-1]
    spans = [movement.span for movement in state.movements]
    spans += [each.span for each in state.rejected]
    spans += [hold.span for hold in state.holds]
    start_ms = state.first_ms or 0
    end_ms = max((span.end_ms for span in spans), default=start_ms)
    return events.SetCompleted(
        set=session.sets, repetitions=state.repetitions, span=Span(start_ms, end_ms)
    )


def _of_completed_set(
    command: commands.DetectionCommand, state: SetState
) -> tuple[events.SessionEvent, ...]:
    """Record a late detection in its set, up to the end of the set."""
    match command, state.span:
        case ((commands.StartSet() | commands.CompleteSet()), _):
            return ()
        case commands.CountRepetition(span=span) as count, Span(end_ms=end_ms):
            counted = sets.count(count, state, may_skip=True)
            return _rejected(count, INCOMPLETE) if counted and span.end_ms > end_ms else counted
        case commands.MeasureHold(span=span) as hold, Span(end_ms=end_ms):
            if span.start_ms >= end_ms:
                return _rejected(hold, INCOMPLETE)
            held = Span(span.start_ms, min(span.end_ms, end_ms))
            return sets.detect(replace(hold, span=held), state)
        case detected, _:
            return sets.detect(detected, state)


def _of_completed_session(
    command: commands.DetectionCommand, session: Completed
) -> tuple[events.SessionEvent, ...]:
    """Record a late detection without changing the totals of the session."""
    completed_sets = 0 if session.trained is None else session.trained.sets
    if not 1 <= command.set <= completed_sets:
        raise commands.SessionNotUnderway
    match command:
        case commands.StartSet() | commands.CompleteSet():
            return ()
        case commands.CountRepetition(span=span) | commands.MeasureHold(span=span):
            rejected = events.RepetitionRejected(set=command.set, span=span, reason=AFTER_SESSION)
            return () if _has_counted(command, session) else _if_new(rejected, session)
        case commands.ReconcileRepetitions():
            raise commands.SessionNotUnderway
        case commands.RejectRepetition(set=in_set, span=span, reason=reason):
            return _if_new(events.RepetitionRejected(set=in_set, span=span, reason=reason), session)
        case commands.NoteFault() | commands.NotePraise():
            return sets.note(command, number_of=lambda counters: counters)


def _if_new(
    event: events.RepetitionRejected, session: Completed
) -> tuple[events.SessionEvent, ...]:
    """Return the event unless the set has its movement: as a part of a counted one, or rejected."""
    if event.set > len(session.performed):
        return (event,)
    state = session.performed[event.set - 1]
    is_new = len(set_state.evolve(state, event).uncounted) > len(state.uncounted)
    return (event,) if is_new else ()


def _has_counted(
    command: commands.CountRepetition | commands.MeasureHold, session: Completed
) -> bool:
    """Return whether the set has the repetition or hold."""
    if command.set > len(session.performed):
        return False
    state = session.performed[command.set - 1]
    match command:
        case commands.CountRepetition(number=number):
            return state.has_counted(number)
        case commands.MeasureHold(span=span):
            return any(each.span == span for each in state.holds)


def _rejected(
    command: commands.CountRepetition | commands.MeasureHold, reason: str
) -> tuple[events.SessionEvent, ...]:
    return (events.RepetitionRejected(set=command.set, span=command.span, reason=reason),)
