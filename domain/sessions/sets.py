"""Decisions on what happens within a set: detect, count, log, reconcile, overrule."""

from collections.abc import Callable
from dataclasses import replace

from domain.sessions import commands, events
from domain.sessions.set_state import MAX_REPETITIONS, SetState, length_ms
from domain.values import Span, within

Detected = (
    commands.CountRepetition
    | commands.RejectRepetition
    | commands.ReconcileRepetitions
    | commands.NoteFault
    | commands.NotePraise
    | commands.MeasureHold
)
"""What a counter finds within a set."""


def detect(command: Detected, state: SetState) -> tuple[events.SessionEvent, ...]:
    """Record what a counter found. Raises what `count` and `reconcile` raise."""
    match command:
        case commands.CountRepetition():
            return count(command, state)
        case commands.ReconcileRepetitions():
            return reconcile(command, state)
        case commands.MeasureHold():
            return (_hold(command),)
        case commands.RejectRepetition() | commands.NoteFault() | commands.NotePraise():
            return note(command, state.number_of)


def note(
    command: commands.RejectRepetition | commands.NoteFault | commands.NotePraise,
    number_of: Callable[[int], int],
) -> tuple[events.SessionEvent, ...]:
    """Record what changes no count; `number_of` converts a counter's number to that of the set."""
    match command:
        case commands.RejectRepetition(set=in_set, span=span, reason=reason):
            return (events.RepetitionRejected(set=in_set, span=span, reason=reason),)
        case commands.NoteFault(set=in_set, repetition=number, fault=fault, cue=cue, at_ms=at):
            repetition = None if number is None else number_of(number)
            return (
                events.FaultSeen(set=in_set, repetition=repetition, fault=fault, cue=cue, at_ms=at),
            )
        case commands.NotePraise(set=in_set, repetition=number, cue=cue, at_ms=at):
            repetition = number_of(number)
            return (events.PraiseEarned(set=in_set, repetition=repetition, cue=cue, at_ms=at),)


def _hold(command: commands.MeasureHold) -> events.HoldMeasured:
    return events.HoldMeasured(
        set=command.set,
        span=command.span,
        form=command.form,
        faults=command.faults,
        unjudged=command.unjudged,
        source=command.source,
        judgements=command.judgements,
    )


def count(
    command: commands.CountRepetition, state: SetState, *, may_skip: bool = False
) -> tuple[events.SessionEvent, ...]:
    """Count a repetition once, however often it is sent.

    With `may_skip`, the counts before it may have been lost; they are counted when they arrive.
    Raises RepetitionOutOfOrder otherwise.
    """
    if state.has_counted(command.number):
        return ()
    following = len(state.numbers) + 1
    if command.number > following and not may_skip:
        raise commands.RepetitionOutOfOrder
    return (
        events.RepetitionCounted(
            set=command.set,
            number=len(state.movements) + 1,
            span=command.span,
            tempo=command.tempo,
            range_of_motion_deg=command.range_of_motion_deg,
            symmetry=command.symmetry,
            form=command.form,
            confidence=command.confidence,
            faults=command.faults,
            unjudged=command.unjudged,
            counter=None if command.number == following else command.number,
            source=command.source,
            judgements=command.judgements,
            form_error=command.form_error,
        ),
    )


def log(
    command: commands.LogRepetitions, at_ms: int, state: SetState
) -> tuple[events.SessionEvent, ...]:
    """Count repetitions that the athlete logs, beside those of a counter.

    They lie a millisecond apart, so that each can be identified by its time. Raises InvalidValue
    for more than a set can have.
    """
    done = len(state.movements)
    within("repetitions", done + command.repetitions, 1, MAX_REPETITIONS)
    logged = [movement.span.end_ms + 1 for movement in state.movements if movement.by_hand]
    first_ms = max([at_ms, *logged])
    return tuple(
        events.RepetitionCounted(
            set=command.set,
            number=number,
            span=Span(first_ms + number - done - 1, first_ms + number - done - 1),
            tempo=None,
            range_of_motion_deg=None,
            symmetry=None,
            form=None,
            confidence=1.0,
            faults=(),
            by_hand=True,
            source="manual",
        )
        for number in range(done + 1, done + command.repetitions + 1)
    )


def reconcile(
    command: commands.ReconcileRepetitions, state: SetState
) -> tuple[events.SessionEvent, ...]:
    """Correct the count by a later one, except where the athlete has decided.

    Raises RepetitionNotCounted.
    """
    if not all(map(state.has_counted, (*command.withdrawn, *command.added))):
        raise commands.RepetitionNotCounted
    decided = {*state.refused, *state.kept}
    gone = {state.number_of(number) for number in command.withdrawn}
    found = {state.number_of(number) for number in command.added}
    withdrawn = tuple(sorted(gone - set(state.withdrawn) - decided))
    added = tuple(sorted(found - set(state.added) - decided))
    if not withdrawn and not added and command.looks in ((), state.looks):
        return ()
    return (
        events.RepetitionsReconciled(
            set=command.set,
            repetitions=state.repetitions - len(withdrawn),
            withdrawn=withdrawn,
            added=added,
            counted_by=command.counted_by,
            looks=command.looks,
            stands=command.stands,
        ),
    )


def overrule(
    command: commands.OverruleRepetition, state: SetState
) -> tuple[events.SessionEvent, ...]:
    """Apply the athlete's decision on a movement. Raises RepetitionNotCounted.

    A movement that our count rejected or withdrew, and the athlete accepts, has the source
    `manual`.
    """
    number = _number_of(command, state)
    if number is None:
        raise commands.RepetitionNotCounted
    uncounted = {each.number for each in state.uncounted}
    if number > len(state.movements):
        span = next(span for span in _rejected(state) if span.start_ms == command.start_ms)
        movement = events.Movement(span, by_hand=True, source="manual")
    elif number in state.withdrawn and number not in uncounted:
        raise commands.RepetitionNotCounted  # it counts under another number
    else:
        movement = state.movements[number - 1]
    if number in state.withdrawn and command.accepted:
        movement = replace(movement, source="manual")
    if state.stands(number) == command.accepted:
        return ()
    return (
        events.RepetitionOverruled(
            set=command.set,
            number=number,
            accepted=command.accepted,
            repetitions=state.repetitions + (1 if command.accepted else -1),
            movement=movement,
        ),
    )


def _number_of(command: commands.OverruleRepetition, state: SetState) -> int | None:
    """Return the number of the movement that is meant; a new one for a rejected movement."""
    if command.number is not None:
        return command.number if 1 <= command.number <= len(state.movements) else None
    numbers = range(len(state.movements), 0, -1)
    if command.start_ms is None:
        return next((number for number in numbers if state.stands(number)), None)
    if any(span.start_ms == command.start_ms for span in _rejected(state)):
        return len(state.movements) + 1
    starts = ((number, state.movements[number - 1].span.start_ms) for number in numbers)
    return next((number for number, start in starts if start == command.start_ms), None)


def _rejected(state: SetState) -> list[Span]:
    """Return the spans of the movements that never counted."""
    return [each.span for each in state.uncounted if each.number is None]


def performed(number: int, state: SetState) -> events.PerformedSet:
    """Summarize a set; one second of a hold weighs as much as one repetition."""
    judged = [(each.form, 1.0) for each in state.verified if each.form is not None]
    judged += [
        (hold.form, (hold.span.end_ms - hold.span.start_ms) / 1000)
        for hold in state.verified_holds
        if hold.form is not None
    ]
    weight = sum(share for _, share in judged)
    return events.PerformedSet(
        set=number,
        repetitions=state.repetitions,
        held_ms=state.held_ms,
        load_kg=state.load_kg,
        form=sum(form * share for form, share in judged) / weight if weight else None,
        verified_repetitions=state.verified_repetitions,
        verified_held_ms=length_ms(state.verified_holds),
        form_measured=state.form_measured,
    )
