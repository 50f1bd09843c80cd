"""Movements of a set that do not count, each of them once.

Facts about one movement arrive one after the other: it is rejected, and a later count adds it; or
it is counted, and a later count rejects and withdraws it. So its latest state decides.
"""

from dataclasses import replace
from typing import Final

from domain.kernel import value
from domain.sessions import events
from domain.values import MIN_OVERLAP, Span, is_same_movement

LATER_LOOK: Final = "later_look"
"""The reason of a repetition that a later count withdrew, where that count gives none."""


@value
class Uncounted:
    """A movement that does not count, and the reason. `number` is None for one never counted."""

    span: Span
    reason: str
    number: int | None = None


@value
class SetMovements:
    """All movements of a set: `counted` in the order of their numbers, and `rejected` ones.

    Of the counted ones, a later count has `withdrawn` some, and the athlete has `refused` others.
    """

    counted: tuple[Span, ...] = ()
    withdrawn: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    rejected: tuple[Uncounted, ...] = ()

    @property
    def uncounted(self) -> tuple[Uncounted, ...]:
        """The movements that do not count, in the order of time."""
        if not (self.withdrawn or self.refused or self.rejected):
            return ()
        found = [Uncounted(self.counted[n - 1], events.OVERRULED, n) for n in self.refused]
        reasons = {each.span: each.reason for each in self.rejected}
        gone = {*self.withdrawn, *self.refused}
        standing = [span for n, span in enumerate(self.counted, 1) if n not in gone]
        for number in self.withdrawn:
            span = self.counted[number - 1]
            if not _is_among(span, standing):
                found.append(Uncounted(span, reasons.get(span, LATER_LOOK), number))
        found += [
            Uncounted(span, reason)
            for span, reason in reasons.items()
            if not _is_among(span, self.counted) and not _is_within(span, self.counted)
        ]
        return tuple(sorted(found, key=lambda each: (each.span.start_ms, each.span.end_ms)))


NO_MOVEMENTS: Final = SetMovements()
"""Those of a set that has just begun."""


def _is_among(span: Span, others: tuple[Span, ...] | list[Span]) -> bool:
    times = span.start_ms, span.end_ms
    return any(is_same_movement(times, (each.start_ms, each.end_ms)) for each in others)


def _is_within(span: Span, others: tuple[Span, ...]) -> bool:
    """Return whether most of a movement lies within others, such as its end and the next start."""
    covered = sum(
        max(0, min(span.end_ms, each.end_ms) - max(span.start_ms, each.start_ms)) for each in others
    )
    return covered > MIN_OVERLAP * (span.end_ms - span.start_ms)


MovementEvent = (
    events.RepetitionCounted
    | events.RepetitionRejected
    | events.RepetitionsReconciled
    | events.RepetitionOverruled
)


def evolve(movements: SetMovements, event: MovementEvent) -> SetMovements:
    """Apply one event to the movements of its set."""
    match event:
        case events.RepetitionCounted(span=span):
            return replace(movements, counted=(*movements.counted, span))
        case events.RepetitionRejected(span=span, reason=reason):
            return replace(movements, rejected=(*movements.rejected, Uncounted(span, reason)))
        case events.RepetitionsReconciled(withdrawn=withdrawn):
            return replace(movements, withdrawn=movements.withdrawn + withdrawn)
        case events.RepetitionOverruled(number=number):
            if number > len(movements.counted):
                counted = (*movements.counted, event.movement.span)
                movements = replace(movements, counted=counted)
            refused = tuple(other for other in movements.refused if other != number)
            withdrawn = tuple(other for other in movements.withdrawn if other != number)
            if not event.accepted:
                refused = (*refused, number)
            return replace(movements, refused=refused, withdrawn=withdrawn)
