"""State of a set: what a counter saw, what a later count corrected, what the athlete decided.

A counter numbers what it counts and does not see what the athlete logs beside it. So its numbers
are kept apart from those of the set, and a late message of the counter still means the same
movement.
"""

from dataclasses import replace
from typing import Final

from domain.ids import ExerciseId
from domain.kernel import value
from domain.sessions import events
from domain.sessions.set_movements import SetMovements, Uncounted
from domain.sessions.verification import is_verified
from domain.values import CountedBy, FaultFeedback, FormMeasured, Look, Span

MAX_REPETITIONS: Final = 10_000
"""Of a set; also the largest number of a counter."""


@value
class SetState:
    """A set of one exercise.

    `movements` are those that were counted: the first has the number 1. `numbers` are the numbers
    of what a counter counted, in its order, 0 where its count did not arrive. A later count has
    `withdrawn` some and `added` others. `refused` and `kept` are the athlete's decisions;
    `rejected` are movements without a number, some of which were counted later.
    `overridden`: it began although a camera check failed. `looks` are two counts that differ.
    `started_ms` is None if unknown; `span` is None while the set is under way. `feedback` is the
    athlete's current feedback on faults, `rpe` the athlete's rating of the set.
    """

    exercise_id: ExerciseId
    counted_by: CountedBy
    load_kg: float | None = None
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    line: int | None = None
    started_ms: int | None = None
    span: Span | None = None
    movements: tuple[events.Movement, ...] = ()
    numbers: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    rejected: tuple[Uncounted, ...] = ()
    holds: tuple[events.HoldMeasured, ...] = ()
    overridden: bool = False
    looks: tuple[Look, ...] = ()
    cues: tuple[events.FaultSeen, ...] = ()
    feedback: tuple[events.FaultFeedbackGiven, ...] = ()
    rpe: float | None = None

    @property
    def repetitions(self) -> int:
        """Number of repetitions that count."""
        return len(self.movements) - len(self.withdrawn) - len(self.refused)

    @property
    def accepted(self) -> tuple[events.Movement, ...]:
        """Repetitions that count, in the order of their numbers."""
        numbered = enumerate(self.movements, 1)
        return tuple(movement for number, movement in numbered if self.stands(number))

    @property
    def verified(self) -> tuple[events.Movement, ...]:
        """Repetitions that count and are verified."""
        return tuple(
            each for each in self.accepted if is_verified(each.source, by_hand=each.by_hand)
        )

    @property
    def verified_repetitions(self) -> int:
        """Number of verified repetitions."""
        return len(self.verified)

    @property
    def verified_holds(self) -> tuple[events.HoldMeasured, ...]:
        """Verified holds."""
        return tuple(hold for hold in self.holds if is_verified(hold.source, by_hand=hold.by_hand))

    @property
    def form_measured(self) -> FormMeasured:
        """The part of the set whose form was measured."""
        repetitions = sum(each.form is not None for each in self.verified)
        holds = tuple(hold for hold in self.verified_holds if hold.form is not None)
        return FormMeasured(repetitions, length_ms(holds))

    @property
    def uncounted(self) -> tuple[Uncounted, ...]:
        """Movements that do not count, in the order of time."""
        counted = tuple(movement.span for movement in self.movements)
        return SetMovements(counted, self.withdrawn, self.refused, self.rejected).uncounted

    @property
    def held_ms(self) -> int:
        """Total length of all holds."""
        return length_ms(self.holds)

    @property
    def first_ms(self) -> int | None:
        """Start of the set or of its first movement; None where neither is known."""
        spans = [movement.span for movement in self.movements]
        spans += [each.span for each in self.rejected]
        spans += [hold.span for hold in self.holds]
        starts = [span.start_ms for span in spans]
        if self.started_ms is not None:
            starts.append(self.started_ms)
        return min(starts, default=None)

    def stands(self, number: int) -> bool:
        """Return whether the repetition of this number counts."""
        exists = 1 <= number <= len(self.movements)
        return exists and number not in self.withdrawn and number not in self.refused

    def feedback_on(self, repetition: int | None, fault: str) -> FaultFeedback | None:
        """Return the athlete's feedback on a fault of a repetition, or of the holds (None)."""
        given = (
            each for each in self.feedback if (each.repetition, each.fault) == (repetition, fault)
        )
        return next((each.feedback for each in given), None)

    def is_reported(self, repetition: int | None, fault: str) -> bool:
        """Return whether a fault of a repetition, or of the holds (None), was reported."""
        spoken = any((cue.repetition, cue.fault) == (repetition, fault) for cue in self.cues)
        return spoken or any(fault in each.faults for each in self._measured(repetition))

    def is_judged(self, repetition: int | None, fault: str) -> bool:
        """Return whether a fault of a repetition, or of the holds (None), was judged."""
        measured = self._measured(repetition)
        return any(fault == one.fault for each in measured for one in each.judgements or ())

    def _measured(
        self, repetition: int | None
    ) -> tuple[events.Movement, ...] | tuple[events.HoldMeasured, ...]:
        return self.holds if repetition is None else (self.movements[repetition - 1],)

    def has_counted(self, counters: int) -> bool:
        """Return whether the repetition with this number of the counter is in the set."""
        return 1 <= counters <= len(self.numbers) and self.numbers[counters - 1] > 0

    def number_of(self, counters: int) -> int:
        """Convert a counter's number to the number in the set; a new one gets the next."""
        if self.has_counted(counters):
            return self.numbers[counters - 1]
        return len(self.movements) + max(counters - len(self.numbers), 1)


def length_ms(holds: tuple[events.HoldMeasured, ...]) -> int:
    """Return the total length of holds."""
    return sum(hold.span.end_ms - hold.span.start_ms for hold in holds)


def begin(event: events.SetStarted) -> SetState:
    """Return the state of a set that has just begun."""
    return SetState(
        exercise_id=event.exercise_id,
        counted_by=event.counted_by,
        load_kg=event.load_kg,
        target_repetitions=event.target_repetitions,
        target_hold_s=event.target_hold_s,
        line=event.line,
        started_ms=event.at_ms,
    )


SetEvent = (
    events.RepetitionCounted
    | events.RepetitionRejected
    | events.RepetitionsReconciled
    | events.RepetitionOverruled
    | events.HoldMeasured
    | events.ChecksOverridden
    | events.FaultSeen
    | events.FaultFeedbackGiven
    | events.SetRated
    | events.SetCompleted
)


def evolve(state: SetState, event: SetEvent) -> SetState:
    """Apply one event to the set."""
    match event:
        case events.RepetitionCounted(number=number, by_hand=by_hand, counter=counter):
            new = (movement_of(event),)
            movements = state.movements + new
            if by_hand:
                return replace(state, movements=movements)
            counted = _with_number(state.numbers, counter or len(state.numbers) + 1, number)
            return replace(state, movements=movements, numbers=counted)
        case events.RepetitionRejected(span=span, reason=reason):
            return replace(state, rejected=(*state.rejected, Uncounted(span, reason)))
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
        case events.FaultSeen():
            return replace(state, cues=(*state.cues, event))
        case events.FaultFeedbackGiven() | events.SetRated():
            return _said(state, event)
        case events.SetCompleted(span=span):
            return replace(state, span=span)


def with_event(performed: tuple[SetState, ...], event: SetEvent) -> tuple[SetState, ...]:
    """Apply an event to its set. History is never refused: the set may be missing."""
    if not 1 <= event.set <= len(performed):
        return performed
    before, after = performed[: event.set - 1], performed[event.set :]
    return (*before, evolve(performed[event.set - 1], event), *after)


def _with_number(numbers: tuple[int, ...], counters: int, number: int) -> tuple[int, ...]:
    """Return the numbers where the counter's number `counters` is the number `number`."""
    missing = (0,) * (counters - 1 - len(numbers))
    new = (number,)
    return numbers[: counters - 1] + missing + new + numbers[counters:]


def _said(state: SetState, event: events.FaultFeedbackGiven | events.SetRated) -> SetState:
    if isinstance(event, events.SetRated):
        return replace(state, rpe=event.rpe)
    return replace(state, feedback=_with_feedback(state.feedback, event))


def _with_feedback(
    feedback: tuple[events.FaultFeedbackGiven, ...], given: events.FaultFeedbackGiven
) -> tuple[events.FaultFeedbackGiven, ...]:
    about = given.repetition, given.fault
    others = tuple(each for each in feedback if (each.repetition, each.fault) != about)
    return others if given.feedback is None else (*others, given)


def _overruled(state: SetState, event: events.RepetitionOverruled) -> SetState:
    number = event.number
    if number > len(state.movements):
        state = replace(state, movements=(*state.movements, event.movement))
    refused = tuple(other for other in state.refused if other != number)
    kept = tuple(other for other in state.kept if other != number)
    if event.accepted:
        if number in state.withdrawn:
            before, after = state.movements[: number - 1], state.movements[number:]
            state = replace(state, movements=(*before, event.movement, *after))
        withdrawn = tuple(other for other in state.withdrawn if other != number)
        return replace(state, withdrawn=withdrawn, refused=refused, kept=(*kept, number))
    return replace(state, refused=(*refused, number), kept=kept)


def movement_of(event: events.RepetitionCounted) -> events.Movement:
    """Return the measurements of a repetition."""
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
        event.source,
        event.judgements,
        event.form_error,
    )
