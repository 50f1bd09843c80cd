"""Cue read model: one row per cue, for a fault or for praise (R-DAT-02)."""

from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from projections.exercise_set import set_id
from projections.kernel import stream_id


@dataclass(frozen=True)
class Cue:
    """One sentence to the athlete, `at_ms` milliseconds after the session began.

    `fault` is the deviation that caused it, None for praise; `repetition` the one it is about,
    None where it is about none.
    """

    id: str
    session_id: SessionId
    set_id: str
    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by position in the session's history."""
    if isinstance(recorded.event, events.FaultSeen | events.PraiseEarned):
        return (f"{stream_id(recorded)}/{recorded.version:08}",)
    return ()


def evolve(row: Cue | None, recorded: Recorded[Any]) -> Cue | None:
    """Add the cue."""
    match recorded.event:
        case events.FaultSeen(fault=fault) as spoken:
            return _spoken(recorded, spoken, fault)
        case events.PraiseEarned() as spoken:
            return _spoken(recorded, spoken, None)
        case _:
            return row


def _spoken(
    recorded: Recorded[Any], event: events.FaultSeen | events.PraiseEarned, fault: str | None
) -> Cue:
    session = stream_id(recorded)
    return Cue(
        id=f"{session}/{recorded.version:08}",
        session_id=SessionId(session),
        set_id=set_id(session, event.set),
        set=event.set,
        repetition=event.repetition,
        fault=fault,
        cue=event.cue,
        at_ms=event.at_ms,
    )


CUE = Projection(
    name="cue",
    version=2,
    row=Cue,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",),),
    kind="session",
)
