"""What was seen of a live session, said as commands to it."""

from collections.abc import Iterator

from application.live_motion import SetWatched, Told
from application.motion_to_session import milliseconds, session_commands
from domain.ids import ExerciseId
from domain.sessions import commands as session
from domain.values import CountedBy, Span


def commands_of(told: Told) -> Iterator[session.SessionCommand]:
    """Say what a fact asks of its session; nothing where it is of the moment.

    The first fact of a set begins it where nobody did before: the camera may be ahead of whoever
    announces sets.
    """
    watching = told.watching
    counted_by = CountedBy("server", watching.model, watching.version)
    if told.number == 1:
        yield session.StartSet(
            set=watching.set, exercise_id=ExerciseId(watching.exercise), counted_by=counted_by
        )
    if isinstance(told.fact, SetWatched):
        span = Span(milliseconds(told.fact.started_s), milliseconds(told.fact.ended_s))
        yield session.CompleteSet(set=watching.set, span=span)
        return
    yield from session_commands([told.fact], set_number=watching.set, counted_by=counted_by)
