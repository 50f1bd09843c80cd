"""Repetition read model: one row per accepted repetition, with timing, range and form."""

from dataclasses import dataclass
from typing import Any

from domain.ids import SessionId
from domain.kernel import Projection, Recorded
from domain.sessions import events
from domain.sessions.verification import is_verified
from domain.values import CountSource, FaultJudgement
from projections.exercise_set import set_id
from projections.kernel import stream_id


@dataclass(frozen=True)
class Repetition:
    """One counted repetition; a withdrawn one has no row, the others keep their numbers.

    `set_id` is the key of its row in `exercise_set`, which has the exercise. `set` and `number`
    count from 1. Times are milliseconds since the session began, the four tempo phases seconds;
    `range_of_motion_deg` is 0..360, `symmetry`, `form` and `confidence` are 0..1; None where
    nothing was measured. `unjudged` are faults that the view cannot show, None if unrecorded.
    `by_hand`: the athlete logged it, beside any counter (C-49). `source` is who counted it, None
    where unrecorded; `verified` as in `domain.sessions.verification`. `judgements` of each fault
    that was judged and `form_error`, the standard deviation of `form`, are None where unrecorded.
    """

    id: str
    session_id: SessionId
    set_id: str
    set: int
    number: int
    start_ms: int
    end_ms: int
    eccentric_s: float | None
    bottom_pause_s: float | None
    concentric_s: float | None
    top_pause_s: float | None
    range_of_motion_deg: float | None
    symmetry: float | None
    form: float | None
    confidence: float
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None
    by_hand: bool
    source: CountSource | None
    verified: bool
    judgements: tuple[FaultJudgement, ...] | None
    form_error: float | None


def repetition_id(session: str, set_number: int, number: int) -> str:
    """Return the key of a repetition, padded so that keys sort in order of repetitions."""
    return f"{set_id(session, set_number)}/{number:05}"


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session, set and number; a reconciliation affects those that it withdraws."""
    match recorded.event:
        case (
            events.RepetitionCounted(set=set_number, number=number)
            | events.RepetitionOverruled(set=set_number, number=number)
        ):
            return (repetition_id(stream_id(recorded), set_number, number),)
        case events.RepetitionsReconciled(set=set_number, withdrawn=withdrawn):
            session = stream_id(recorded)
            return tuple(repetition_id(session, set_number, number) for number in withdrawn)
        case _:
            return ()


def evolve(row: Repetition | None, recorded: Recorded[Any]) -> Repetition | None:
    """Add or withdraw the repetition."""
    match recorded.event:
        case events.RepetitionCounted(set=set_number, number=number) as counted:
            return _row(stream_id(recorded), set_number, number, counted)
        case events.RepetitionOverruled(set=set_number, number=number, movement=movement) as said:
            session = stream_id(recorded)
            return _row(session, set_number, number, movement) if said.accepted else None
        case events.RepetitionsReconciled():
            return None
        case _:
            return row


def _row(
    session: str, in_set: int, number: int, event: events.RepetitionCounted | events.Movement
) -> Repetition:
    tempo = event.tempo
    return Repetition(
        id=repetition_id(session, in_set, number),
        session_id=SessionId(session),
        set_id=set_id(session, in_set),
        set=in_set,
        number=number,
        start_ms=event.span.start_ms,
        end_ms=event.span.end_ms,
        eccentric_s=None if tempo is None else tempo.eccentric_s,
        bottom_pause_s=None if tempo is None else tempo.bottom_pause_s,
        concentric_s=None if tempo is None else tempo.concentric_s,
        top_pause_s=None if tempo is None else tempo.top_pause_s,
        range_of_motion_deg=event.range_of_motion_deg,
        symmetry=event.symmetry,
        form=event.form,
        confidence=event.confidence,
        faults=event.faults,
        unjudged=event.unjudged,
        by_hand=event.by_hand,
        source=event.source,
        verified=is_verified(event.source, by_hand=event.by_hand),
        judgements=event.judgements,
        form_error=event.form_error,
    )


REPETITION = Projection(
    name="repetition",
    version=5,
    row=Repetition,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",), ("set_id",)),
    kind="session",
)
