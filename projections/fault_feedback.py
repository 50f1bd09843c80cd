"""Fault feedback read model: one row per fault that the athlete contradicts."""

from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from domain.values import FaultFeedback
from projections.exercise_set import set_id
from projections.kernel import stream_id


@dataclass(frozen=True)
class FaultFeedbackRow:
    """The athlete's feedback on a fault; it has no row after it was taken back.

    `repetition` is None for holds and for cues about no repetition.
    """

    id: str
    session_id: SessionId
    set_id: str
    set: int
    repetition: int | None
    fault: str
    feedback: FaultFeedback


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by set, repetition (0 for none) and fault."""
    match recorded.event:
        case events.FaultFeedbackGiven(set=in_set, repetition=repetition, fault=fault):
            return (f"{set_id(stream_id(recorded), in_set)}/{repetition or 0:05}/{fault}",)
        case _:
            return ()


def evolve(row: FaultFeedbackRow | None, recorded: Recorded[Any]) -> FaultFeedbackRow | None:
    """Note the feedback, or remove it."""
    match recorded.event:
        case events.FaultFeedbackGiven(feedback=feedback) as given:
            if feedback is None:
                return None
            session = stream_id(recorded)
            (key,) = keys(recorded)
            return FaultFeedbackRow(
                id=key,
                session_id=SessionId(session),
                set_id=set_id(session, given.set),
                set=given.set,
                repetition=given.repetition,
                fault=given.fault,
                feedback=feedback,
            )
        case _:
            return row


FAULT_FEEDBACK = Projection(
    name="fault_feedback",
    version=1,
    row=FaultFeedbackRow,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",),),
    kind="session",
)
