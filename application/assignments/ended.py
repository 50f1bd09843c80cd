"""Ended assigned workouts of one athlete: done, declined and withdrawn ones."""

from collections.abc import Iterable
from typing import Any

from domain.assignments.assignments import ASSIGNMENTS, OPEN, Assignment
from domain.ids import AssignmentId
from domain.kernel import Recorded


def ended_workouts(history: Iterable[Recorded[Any]]) -> tuple[Assignment, ...]:
    """Return all workouts of a stream that have ended, the latest first.

    The state of the stream remembers only the latest of them.
    """
    state, ended = ASSIGNMENTS.initial, dict[AssignmentId, Assignment]()
    for recorded in history:
        state = ASSIGNMENTS.evolve(state, recorded.event)
        changed = state.find(recorded.event.assignment_id)
        if changed is not None and changed.state not in OPEN:
            ended[changed.id] = changed
    return tuple(reversed(ended.values()))
