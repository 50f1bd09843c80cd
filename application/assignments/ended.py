"""Ended assigned workouts of one athlete, page by page: done, declined and withdrawn ones."""

from collections.abc import Iterable
from typing import Any

from application.kernel.read_models import CursorInvalid, Edge, Page, Window
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


def page_of(ended: tuple[Assignment, ...], wanted: Window) -> Page[Assignment]:
    """Return a page. A cursor is the id of a workout: none of them changes its place.

    Raises CursorInvalid.
    """
    keys = [each.id for each in ended]
    begin, end = _place(keys, wanted.after, -1) + 1, _place(keys, wanted.before, len(ended))
    if wanted.first is not None:
        end = min(end, begin + wanted.first)
    elif wanted.last is not None:
        begin = max(begin, end - wanted.last)
    edges = tuple(Edge(each.id, each.id, each) for each in ended[begin:end])
    return Page(edges, has_next=end < len(ended), has_previous=begin > 0)


def _place(keys: list[AssignmentId], cursor: str | None, without: int) -> int:
    if cursor is None:
        return without
    try:
        return keys.index(AssignmentId(cursor))
    except ValueError:
        raise CursorInvalid from None
