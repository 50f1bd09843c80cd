"""What was seen of a live session, said as commands to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.telemetry import current_trace
from application.live.chunk import SessionKey
from application.live.reconciliation import SetReconciled
from application.live.tracker import NAMESPACE, Detection, SetTracked, TrackedSet
from application.sessions.fact_mapping import milliseconds, session_commands
from domain.ids import ExerciseId
from domain.kernel import Origin
from domain.sessions import commands as session
from domain.sessions.session import SESSION, Session, Underway
from domain.values import CountedBy, Span


def to_commands(told: Detection) -> Iterator[session.SessionCommand]:
    """Say what a fact asks of its session; nothing where it is of the moment.

    The first fact of a set begins it where nobody did before: the camera may be ahead of whoever
    announces sets.
    """
    watching = told.watching
    counted_by = CountedBy("server", watching.model, watching.version, watching.learned)
    if told.number == 1:
        yield session.StartSet(
            set=watching.set, exercise_id=ExerciseId(watching.exercise), counted_by=counted_by
        )
    if isinstance(told.fact, SetTracked):
        span = Span(milliseconds(told.fact.started_s), milliseconds(told.fact.ended_s))
        yield session.CompleteSet(set=watching.set, span=span)
    elif isinstance(told.fact, SetReconciled):
        yield from _corrected(told.fact, watching, counted_by)
    else:
        yield from session_commands([told.fact], set_number=watching.set, counted_by=counted_by)


def _corrected(
    reviewed: SetReconciled, watching: TrackedSet, counted_by: CountedBy
) -> Iterator[session.SessionCommand]:
    """Say what two looks at a set came to, where they differ, and follow the one that stands."""
    if not reviewed.differs:
        return
    if reviewed.stands == "server":
        counted_by = replace(counted_by, model=reviewed.server.model)
    yield from session_commands(reviewed.added, set_number=watching.set, counted_by=counted_by)
    yield session.ReconcileRepetitions(
        set=watching.set,
        withdrawn=reviewed.withdrawn,
        added=tuple(each.number for each in reviewed.added),
        counted_by=counted_by,
        looks=(reviewed.device, reviewed.server),
        stands=reviewed.stands,
    )


def record(
    commands: CommandHandler,
    key: SessionKey,
    fact_id: UUID,
    told: Sequence[Detection],
    *,
    origin: Origin,
) -> int:
    """Enter facts into their session, all of them or none, once for this id.

    Gives the position of the log with them, 0 where they change nothing. Raises what the session
    refuses, and StorageUnavailable.
    """
    wanted = [command for one in told for command in to_commands(one)]
    if not wanted:
        return 0
    request = Request(SESSION, key.session_id, wanted)
    caused = replace(origin, causation_id=fact_id)
    return commands.execute(request, origin=caused, command_id=fact_id).position


def record_chunk(
    commands: CommandHandler, key: SessionKey, told: Sequence[Detection], *, origin: Origin
) -> int:
    """Enter what a chunk tells as `enter` does, under the id of its first fact.

    Nothing is entered of a set that the log says is over: somebody has ended it elsewhere, and it
    stays as they left it. What the same chunk tells of a later set does not wait for that.
    """
    asked = [(one.watching.set, tuple(to_commands(one))) for one in told]
    if not any(wanted for _, wanted in asked):
        return 0

    def news(known: Sequence[Any]) -> list[session.SessionCommand]:
        state = SESSION.fold(known)
        return [one for number, wanted in asked if not _is_over(state, number) for one in wanted]

    fact_id = told[0].id(key)
    request = Request(SESSION, key.session_id, news)
    caused = replace(origin, causation_id=fact_id)
    return commands.execute(request, origin=caused, command_id=fact_id).position


def _is_over(state: Session, number: int) -> bool:
    if not isinstance(state, Underway):
        return False
    return number < state.sets or (number == state.sets and not state.set_is_open)


def worker_origin(key: SessionKey, worker: str) -> Origin:
    """Say who enters facts where nobody asked: a worker, in the trace it works in."""
    here = current_trace()
    return Origin(
        tenant_id=key.tenant_id,
        actor=worker,
        correlation_id=uuid5(NAMESPACE, str(key)) if here is None else here.trace_id,
    )
