"""Rejected repetition read model: one row per set, with its movements that do not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import set_movements
from domain.sessions.set_movements import NO_MOVEMENTS, MovementEvent, SetMovements
from projections.exercise_set import set_id
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class RejectedRepetition:
    """A movement that does not count, and the reason.

    Times are milliseconds since the session began. The reason is `athlete` if the athlete rejected
    it, `later_look` if a later count withdrew it.
    """

    set: int
    start_ms: int
    end_ms: int
    reason: str


@dataclass(frozen=True)
class RejectedRepetitions:
    """The movements of a set, from which those that do not count are found.

    All of them are needed: one that was rejected may be counted later, and vice versa.
    """

    id: str
    session_id: SessionId
    set: int
    movements: SetMovements = NO_MOVEMENTS

    @property
    def rejected(self) -> Sequence[RejectedRepetition]:
        """The movements that do not count, each once, in the order of time."""
        return [
            RejectedRepetition(self.set, each.span.start_ms, each.span.end_ms, each.reason)
            for each in self.movements.uncounted
        ]


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session and number of the set."""
    if isinstance(recorded.event, MovementEvent):
        return (set_id(stream_id(recorded), recorded.event.set),)
    return ()


def evolve(row: RejectedRepetitions | None, recorded: Recorded[Any]) -> RejectedRepetitions | None:
    """Apply one event to the movements of the set; ignore events about anything else."""
    event, session = recorded.event, stream_id(recorded)
    if not isinstance(event, MovementEvent):
        return row
    if row is None:
        row = RejectedRepetitions(set_id(session, event.set), SessionId(session), event.set)
    return fast_replace(row, movements=set_movements.evolve(row.movements, event))


REJECTED_REPETITION = Projection(
    name="rejected_repetition",
    version=4,
    row=RejectedRepetitions,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",),),
    kind="session",
)
