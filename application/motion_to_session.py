"""What the camera saw, said as commands to the session. The only place where the two meet."""

from collections.abc import Iterable, Iterator

from domain.motion import facts as motion
from domain.sessions import commands
from domain.values import CountedBy, Span


def milliseconds(seconds: float) -> int:
    """Seconds as whole milliseconds, the unit of events (C-14)."""
    return round(seconds * 1000)


def session_commands(
    facts: Iterable[motion.MotionFact], *, set_number: int, counted_by: CountedBy
) -> Iterator[commands.SessionCommand]:
    """Turn motion facts of one set into commands, in their order."""
    for fact in facts:
        match fact:
            case motion.RepetitionCounted():
                yield _count(fact, set_number)
            case motion.RepetitionRejected(reason=reason):
                span = _span(fact.started_s, fact.ended_s)
                yield commands.RejectRepetition(set=set_number, span=span, reason=reason)
            case motion.RepetitionsReconciled(withdrawn=withdrawn, added=added):
                yield commands.ReconcileRepetitions(
                    set=set_number, withdrawn=withdrawn, added=added, counted_by=counted_by
                )
            case motion.FaultSeen(fault=fault, cue=cue, at_s=at, repetition=repetition):
                yield commands.NoteFault(
                    set=set_number,
                    repetition=repetition or None,
                    fault=fault,
                    cue=cue,
                    at_ms=milliseconds(at),
                )
            case motion.PraiseEarned(cue=cue, at_s=at, repetition=repetition):
                yield commands.NotePraise(
                    set=set_number, repetition=repetition, cue=cue, at_ms=milliseconds(at)
                )
            case motion.HoldMeasured():
                yield commands.MeasureHold(
                    set=set_number,
                    span=_span(fact.started_s, fact.ended_s),
                    form=fact.form,
                    faults=fact.faults,
                )
            case motion.HoldStarted() | motion.PoseLost() | motion.PoseFound():
                pass  # of the moment: shown live, not remembered


def _span(started_s: float, ended_s: float) -> Span:
    return Span(milliseconds(started_s), milliseconds(ended_s))


def _count(fact: motion.RepetitionCounted, set_number: int) -> commands.CountRepetition:
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
    )
