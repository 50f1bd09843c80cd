"""Views of a video by one person: few of the positions that players report are events."""

from datetime import timedelta

from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.content.viewing import (
    COMPLETED,
    VIEWING,
    NotePosition,
    ViewEvent,
    Viewing,
    ViewMoved,
    ViewStarted,
)
from tests.domain.content_views import ADA, AT, SQUATS, completed, moved, reached, started
from tests.specification import specification

DURATION_MS = 600_000

given = specification(VIEWING)


def note(position_s: float, after_s: float = 0) -> NotePosition:
    return NotePosition(
        content_id=SQUATS,
        user_id=ADA,
        position_ms=round(position_s * 1000),
        duration_ms=DURATION_MS,
        at=AT + timedelta(seconds=after_s),
    )


def test_a_first_position_begins_a_view() -> None:
    """R-CON-06."""
    given().when(note(0)).then(started())
    given().when(note(310)).then(started(310), reached(50, 310))


def test_each_part_is_reached_once() -> None:
    """R-CON-06."""
    given(started()).when(note(150, 150)).then(reached(25, 150, 150))
    given(started(), reached(25, 150, 150)).when(note(149, 151)).then_nothing()
    given(started(), reached(25, 150, 150)).when(note(460, 160)).then(reached(75, 460, 160))
    given(started(), reached(75, 460)).when(note(575, 170)).then(completed(575, 170))
    given(started(), completed(575)).when(note(578, 171)).then_nothing()


def test_small_or_frequent_moves_are_not_noted() -> None:
    """R-CON-06."""
    given(started()).when(note(4, 60)).then_nothing()
    given(started()).when(note(60, 9)).then_nothing()
    given(started()).when(note(60, 60)).then(moved(60, 60))
    given(started(), moved(60, 60)).when(note(20, 120)).then(moved(20, 120))


def test_watching_again_from_the_beginning_is_another_view() -> None:
    """R-CON-06."""
    given(started(), completed(590, 600)).when(note(10, 700)).then(started(10, 700))
    given(started(), completed(590, 600)).when(note(300, 700)).then(moved(300, 700))


@for_any(st.lists(st.floats(0, 600), max_size=50))
def test_a_position_each_second_gives_few_events(positions: list[float]) -> None:
    """R-CON-06: besides a view's four parts, at most one event each ten seconds."""
    commands = [note(each, second) for second, each in enumerate(positions)]
    log: list[ViewEvent] = list(given().log_after(commands))
    views = sum(isinstance(each, ViewStarted) for each in log)
    moves = sum(isinstance(each, ViewMoved) for each in log)
    assert moves <= len(positions) / 10
    assert len(log) - moves <= 5 * views
    state = VIEWING.fold(log)
    assert not log or (isinstance(state, Viewing) and state.furthest <= COMPLETED)
