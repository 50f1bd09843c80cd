"""Movements of a set: each is counted or not counted, never both."""

from dataclasses import replace
from functools import reduce

from domain.sessions import events, set_movements
from domain.sessions.set_movements import NO_MOVEMENTS, MovementEvent
from domain.values import Span
from tests.domain.session_examples import repetition


def test_a_movement_between_two_repetitions_is_not_rejected_too() -> None:
    """R-POS-02: the end of one repetition and the start of the next are no third movement."""
    between = events.RepetitionRejected(set=1, span=Span(2600, 3400), reason="too_shallow")
    entered: tuple[MovementEvent, ...] = (
        between,
        replace(repetition(1), span=Span(1000, 3000)),
        replace(repetition(2), span=Span(3000, 5000)),
    )
    movements = reduce(set_movements.evolve, entered, NO_MOVEMENTS)
    assert movements.uncounted == ()
    beside = replace(between, span=Span(4900, 5800))
    (stands,) = set_movements.evolve(movements, beside).uncounted
    assert stands.span == beside.span
