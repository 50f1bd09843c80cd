"""Rejected repetition read model: one row per movement that was not counted, with the reason."""

from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from domain.values import Span
from projections.exercise_set import set_id
from projections.kernel import stream_id


@dataclass(frozen=True)
class RejectedRepetition:
    """A movement that was not counted, and the reason.

    Times are milliseconds since the session began. The reason is `athlete` if the athlete took it
    back.
    """

    id: str
    session_id: SessionId
    set_id: str
    set: int
    start_ms: int
    end_ms: int
    reason: str


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by set and time, because an uncounted movement may have no number."""
    match recorded.event:
        case events.RepetitionRejected(set=number, span=span):
            return (_key(stream_id(recorded), number, span),)
        case events.RepetitionOverruled(set=number, movement=movement):
            return (_key(stream_id(recorded), number, movement.span),)
        case _:
            return ()


def _key(session: str, set_number: int, span: Span) -> str:
    """Build a key, padded so that keys sort in order of movements."""
    return f"{set_id(session, set_number)}/{span.start_ms:08}-{span.end_ms:08}"


def evolve(row: RejectedRepetition | None, recorded: Recorded[Any]) -> RejectedRepetition | None:
    """Add the movement; remove it if the athlete accepts it as a repetition."""
    match recorded.event:
        case events.RepetitionRejected(set=set_number, span=span, reason=reason):
            return _rejected(stream_id(recorded), set_number, span, reason)
        case events.RepetitionOverruled(accepted=True):
            return None
        case events.RepetitionOverruled(set=set_number, movement=movement):
            return _rejected(stream_id(recorded), set_number, movement.span, events.OVERRULED)
        case _:
            return row


def _rejected(session: str, set_number: int, span: Span, reason: str) -> RejectedRepetition:
    return RejectedRepetition(
        id=_key(session, set_number, span),
        session_id=SessionId(session),
        set_id=set_id(session, set_number),
        set=set_number,
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        reason=reason,
    )


REJECTED_REPETITION = Projection(
    name="rejected_repetition",
    version=2,
    row=RejectedRepetition,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",), ("set_id",)),
    kind="session",
)
