"""Movements that began like a repetition and were not counted, one row each, with the reason."""

from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Recorded
from domain.sessions import events
from projections.exercise_set import set_id
from projections.kernel import Projection, identity


@dataclass(frozen=True)
class RejectedRepetition:
    """What was not counted, and why. Times are milliseconds since the session began."""

    id: str
    session_id: SessionId
    set_id: str
    set: int
    start_ms: int
    end_ms: int
    reason: str


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by place in the session's history: what was not counted has no number."""
    if isinstance(recorded.event, events.RepetitionRejected):
        return (f"{identity(recorded)}/{recorded.version:08}",)
    return ()


def evolve(row: RejectedRepetition | None, recorded: Recorded[Any]) -> RejectedRepetition | None:
    """Add the movement."""
    match recorded.event:
        case events.RepetitionRejected(set=set_number, span=span, reason=reason):
            session = identity(recorded)
            return RejectedRepetition(
                id=f"{session}/{recorded.version:08}",
                session_id=SessionId(session),
                set_id=set_id(session, set_number),
                set=set_number,
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                reason=reason,
            )
        case _:
            return row


REJECTED_REPETITION = Projection(
    name="rejected_repetition",
    version=1,
    row=RejectedRepetition,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",), ("set_id",)),
    kind="session",
)
