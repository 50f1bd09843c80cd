"""A set as it stands: what a counter saw, what a later look corrected, and what the athlete says.

A counter numbers what it counts, and knows nothing of what the athlete logs beside it. So its
numbers are kept apart from those of the set: whatever it says later means the same movement.
"""

from dataclasses import replace
from typing import Final

from domain.ids import ExerciseId
from domain.kernel import value
from domain.sessions import commands, events
from domain.values import Look, Span, within

MOST_REPETITIONS: Final = 10_000
"""Of a set; a counter's numbers go as far."""


@value
class SetState:
    """A set of one exercise.

    `movements` are those that were counted: the first has the number 1. `numbers` are the numbers
    of what a counter counted, in its order. Of them `withdrawn` were none, `added` were counted
    late. `refused` and `kept` are numbers of which the athlete said so; `rejected` are movements
    without a number. `overridden`: it was begun although the camera did not see what it should.
    `looks` are those that came to different figures.
    """

    exercise_id: ExerciseId
    load_kg: float | None = None
    movements: tuple[events.Movement, ...] = ()
    numbers: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    rejected: tuple[Span, ...] = ()
    holds: tuple[events.HoldMeasured, ...] = ()
    overridden: bool = False
    looks: tuple[Look, ...] = ()

    @property
    def repetitions(self) -> int:
        """How many stand."""
        return len(self.movements) - len(self.withdrawn) - len(self.refused)

    def stands(self, number: int) -> bool:
        """Whether a repetition of this number counts."""
        is_one = 1 <= number <= len(self.movements)
        return is_one and number not in self.withdrawn and number not in self.refused

    def number_of(self, counters: int) -> int:
        """Give the number in the set of what a counter gave this one, or would give it next."""
        known = len(self.numbers)
        if 1 <= counters <= known:
            return self.numbers[counters - 1]
        return len(self.movements) + counters - known


def count(command: commands.CountRepetition, state: SetState) -> tuple[events.SessionEvent, ...]:
    """Count what a counter saw; what it says again is no news. Raises RepetitionOutOfOrder."""
    if command.number <= len(state.numbers):
        return ()  # seen twice, counted once
    if command.number != len(state.numbers) + 1:
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
        ),
    )


def log(command: commands.LogRepetitions, state: SetState) -> tuple[events.SessionEvent, ...]:
    """Count what the athlete says they did, whoever else counts.

    Each has a moment of its own, a millisecond apart, by which it can be told from the others.
    Raises InvalidValue for more than a set can have.
    """
    done = len(state.movements)
    within("repetitions", done + command.repetitions, 1, MOST_REPETITIONS)
    said = [movement.span.end_ms + 1 for movement in state.movements if movement.by_hand]
    first_ms = max([command.at_ms, *said])
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
        )
        for number in range(done + 1, done + command.repetitions + 1)
    )


def reconcile(
    command: commands.ReconcileRepetitions, state: SetState
) -> tuple[events.SessionEvent, ...]:
    """Correct the count by a better look, except where the athlete has spoken.

    Raises RepetitionNotCounted.
    """
    known = len(state.numbers)
    if any(not 1 <= number <= known for number in (*command.withdrawn, *command.added)):
        raise commands.RepetitionNotCounted
    spoken = {*state.refused, *state.kept}
    gone = {state.number_of(number) for number in command.withdrawn}
    late = {state.number_of(number) for number in command.added}
    withdrawn = tuple(sorted(gone - set(state.withdrawn) - spoken))
    added = tuple(sorted(late - set(state.added) - spoken))
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
    """Let the athlete say what counts. Raises RepetitionNotCounted."""
    number = _meant(command, state)
    if number is None:
        raise commands.RepetitionNotCounted
    if number > len(state.movements):
        span = next(span for span in state.rejected if span.start_ms == command.start_ms)
        movement = events.Movement(span, by_hand=True)
    elif number in state.withdrawn:
        raise commands.RepetitionNotCounted
    else:
        movement = state.movements[number - 1]
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


def _meant(command: commands.OverruleRepetition, state: SetState) -> int | None:
    """Give the number of the movement that is spoken of: a new one where it has none yet."""
    if command.number is not None:
        return command.number if 1 <= command.number <= len(state.movements) else None
    numbers = range(len(state.movements), 0, -1)
    if command.start_ms is None:
        return next((number for number in numbers if state.stands(number)), None)
    if any(span.start_ms == command.start_ms for span in state.rejected):
        return len(state.movements) + 1
    starts = ((number, state.movements[number - 1].span.start_ms) for number in numbers)
    return next((number for number, start in starts if start == command.start_ms), None)


SetEvent = (
    events.RepetitionCounted
    | events.RepetitionRejected
    | events.RepetitionsReconciled
    | events.RepetitionOverruled
    | events.HoldMeasured
    | events.ChecksOverridden
)


def evolve(state: SetState, event: SetEvent) -> SetState:
    """Say what this fact changes."""
    match event:
        case events.RepetitionCounted(number=number, by_hand=by_hand):
            numbers = state.numbers if by_hand else (*state.numbers, number)
            return replace(state, movements=(*state.movements, movement_of(event)), numbers=numbers)
        case events.RepetitionRejected(span=span):
            return replace(state, rejected=(*state.rejected, span))
        case events.RepetitionsReconciled(withdrawn=withdrawn, added=added, looks=looks):
            return replace(
                state,
                withdrawn=state.withdrawn + withdrawn,
                added=state.added + added,
                looks=looks or state.looks,
            )
        case events.RepetitionOverruled():
            return _overruled(state, event)
        case events.HoldMeasured():
            return replace(state, holds=(*state.holds, event))
        case events.ChecksOverridden():
            return replace(state, overridden=True)


def _overruled(state: SetState, event: events.RepetitionOverruled) -> SetState:
    number = event.number
    if number > len(state.movements):
        rest = tuple(span for span in state.rejected if span != event.movement.span)
        state = replace(state, movements=(*state.movements, event.movement), rejected=rest)
    refused = tuple(other for other in state.refused if other != number)
    kept = tuple(other for other in state.kept if other != number)
    if event.accepted:
        return replace(state, refused=refused, kept=(*kept, number))
    return replace(state, refused=(*refused, number), kept=kept)


def movement_of(event: events.RepetitionCounted) -> events.Movement:
    """Give what was measured of a repetition."""
    return events.Movement(
        event.span,
        event.tempo,
        event.range_of_motion_deg,
        event.symmetry,
        event.form,
        event.confidence,
        event.faults,
        event.unjudged,
        event.by_hand,
    )


def performed(number: int, state: SetState) -> events.PerformedSet:
    """Sum a set up; a second that was held weighs as much as a repetition."""
    numbered = enumerate(state.movements, 1)
    judged = [
        (movement.form, 1.0)
        for number, movement in numbered
        if movement.form is not None and state.stands(number)
    ]
    lengths = [hold.span.end_ms - hold.span.start_ms for hold in state.holds]
    for hold, held in zip(state.holds, lengths, strict=True):
        if hold.form is not None:
            judged.append((hold.form, held / 1000))
    weight = sum(share for _, share in judged)
    return events.PerformedSet(
        set=number,
        repetitions=state.repetitions,
        held_ms=sum(lengths),
        load_kg=state.load_kg,
        form=sum(form * share for form, share in judged) / weight if weight else None,
    )
