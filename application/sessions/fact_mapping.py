"""Mapping of motion facts to session commands: the only place that knows both."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from domain.coaching.cue_memory import Cue
from domain.coaching.cues import CoachedFact
from domain.motion import facts as motion
from domain.sessions import commands
from domain.values import CountedBy, CountSource, Span


def milliseconds(seconds: float) -> int:
    """Convert seconds to whole milliseconds, the unit of events (C-14)."""
    return round(seconds * 1000)


def are_within(
    times_s: npt.NDArray[np.float64], start_ms: int, end_ms: float
) -> npt.NDArray[np.bool_]:
    """Return which times lie within the ends of a set, which were times of frames, but rounded."""
    times_ms = np.rint(times_s * 1000)
    return (times_ms >= start_ms) & (times_ms <= end_ms)


def session_commands(
    facts: Iterable[CoachedFact], *, set_number: int, counted_by: CountedBy
) -> Iterator[commands.DetectionCommand]:
    """Convert the facts of one set to commands, in order.

    Faults and praise become commands only as cues of the coach; a repetition and a hold have all
    their faults.
    """
    for fact in facts:
        match fact:
            case motion.RepetitionCounted():
                yield _count(fact, set_number, counted_by.source)
            case motion.RepetitionRejected(reason=reason):
                span = _span(fact.started_s, fact.ended_s)
                yield commands.RejectRepetition(set=set_number, span=span, reason=reason)
            case motion.RepetitionsReconciled(withdrawn=withdrawn, added=added):
                yield commands.ReconcileRepetitions(
                    set=set_number, withdrawn=withdrawn, added=added, counted_by=counted_by
                )
            case Cue():
                yield from _cue(fact, set_number)
            case motion.HoldMeasured():
                yield commands.MeasureHold(
                    set=set_number,
                    span=_span(fact.started_s, fact.ended_s),
                    form=fact.form,
                    faults=fact.faults,
                    unjudged=fact.unjudged,
                    judgements=fact.judgements,
                    source=counted_by.source,
                )
            case motion.HoldStarted() | motion.PoseLost() | motion.PoseFound():
                pass  # shown live, not stored
            case motion.FaultSeen() | motion.PraiseEarned():
                pass  # the coach selects cues among them


def _cue(cue: Cue, set_number: int) -> Iterator[commands.DetectionCommand]:
    """Note a correction or praise; camera framing advice is not stored."""
    at_ms = milliseconds(cue.at_s)
    if cue.fault is not None:
        yield commands.NoteFault(
            set=set_number, repetition=cue.repetition, fault=cue.fault, cue=cue.text, at_ms=at_ms
        )
    elif cue.repetition is not None:
        yield commands.NotePraise(
            set=set_number, repetition=cue.repetition, cue=cue.text, at_ms=at_ms
        )


def _span(started_s: float, ended_s: float) -> Span:
    return Span(milliseconds(started_s), milliseconds(ended_s))


def _count(
    fact: motion.RepetitionCounted, set_number: int, source: CountSource
) -> commands.CountRepetition:
    return commands.CountRepetition(
        set=set_number,
        number=fact.number,
        span=_span(fact.started_s, fact.ended_s),
        tempo=fact.tempo,
        range_of_motion_deg=fact.range_of_motion_deg,
        symmetry=fact.symmetry,
        form=fact.form,
        confidence=fact.confidence,
        faults=fact.faults,
        unjudged=fact.unjudged,
        judgements=fact.judgements,
        form_error=fact.form_error,
        source=source,
    )
