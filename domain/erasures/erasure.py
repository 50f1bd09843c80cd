"""Erasure decider: erase a person step by step, then certify that nothing remains.

The stream has the id of the person's account, so each person has one erasure.
"""

from datetime import datetime

from domain.erasures import commands, events
from domain.erasures.events import STEPS, Step
from domain.kernel import Decider, value


@value
class NotRequested:
    """The erasure was not requested, or was cancelled."""


@value
class Pending:
    """The erasure was requested, and can be cancelled until it is due."""

    due_at: datetime


@value
class Underway:
    """The erasure has begun; `done` are the completed steps."""

    done: frozenset[Step] = frozenset()


@value
class Certified:
    """Nothing of the person remains; `digest` is that of the certificate."""

    digest: str


Erasure = NotRequested | Pending | Underway | Certified


def decide(command: commands.ErasureCommand, erasure: Erasure) -> tuple[events.ErasureEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command:
        case commands.RequestErasure(at=at, due_at=due):
            return _requested(erasure, events.ErasureRequested(at=at, due_at=due))
        case commands.CancelErasure(at=at):
            return _cancelled(erasure, events.ErasureCancelled(at=at))
        case commands.BeginErasure(at=at, again=again):
            return _begun(erasure, events.ErasureBegun(at=at), again=again)
        case commands.CompleteStep() | commands.RefuseCertificate() | commands.CertifyErasure():
            return _decide_underway(command, erasure)


def _requested(
    erasure: Erasure, requested: events.ErasureRequested
) -> tuple[events.ErasureEvent, ...]:
    """Accept a repeated request only if it is due earlier."""
    match erasure:
        case NotRequested():
            return (requested,)
        case Pending(due_at=due):
            return (requested,) if requested.due_at < due else ()
        case Underway() | Certified():
            return ()


def _cancelled(
    erasure: Erasure, cancelled: events.ErasureCancelled
) -> tuple[events.ErasureEvent, ...]:
    match erasure:
        case NotRequested():
            raise commands.ErasureUnknown
        case Pending():
            return (cancelled,)
        case Underway() | Certified():
            raise commands.ErasureUnderway


def _begun(
    erasure: Erasure, begun: events.ErasureBegun, *, again: bool
) -> tuple[events.ErasureEvent, ...]:
    match erasure:
        case NotRequested():
            raise commands.ErasureUnknown
        case Pending(due_at=due):
            if begun.at < due:
                raise commands.ErasureNotDue
            return (begun,)
        case Underway():
            return ()
        case Certified():
            return (begun,) if again else ()


def _decide_underway(
    command: commands.CompleteStep | commands.RefuseCertificate | commands.CertifyErasure,
    erasure: Erasure,
) -> tuple[events.ErasureEvent, ...]:
    if isinstance(erasure, NotRequested | Pending):
        raise commands.ErasureUnknown
    if isinstance(erasure, Certified):
        return ()
    match command:
        case commands.CompleteStep(step=step, removed=removed, at=at):
            completed = events.ErasureStepCompleted(step=step, removed=removed, at=at)
            return () if step in erasure.done else (completed,)
        case commands.RefuseCertificate(findings=findings, at=at):
            return (events.ErasureRefused(findings=findings, at=at),)
        case commands.CertifyErasure(digest=digest, at=at):
            if erasure.done != frozenset(STEPS):
                raise commands.ErasureIncomplete
            return (events.ErasureCertified(digest=digest, at=at),)


def evolve(erasure: Erasure, event: events.ErasureEvent) -> Erasure:
    """Apply an event. After a refused certificate all steps are repeated."""
    match event:
        case events.ErasureRequested(due_at=due):
            return Pending(due)
        case events.ErasureCancelled():
            return NotRequested()
        case events.ErasureBegun() | events.ErasureRefused():
            return Underway()
        case events.ErasureStepCompleted(step=step):
            done = erasure.done if isinstance(erasure, Underway) else frozenset[Step]()
            return Underway(frozenset[Step]([*done, step]))
        case events.ErasureCertified(digest=digest):
            return Certified(digest)


ERASURE = Decider[commands.ErasureCommand, events.ErasureEvent, Erasure](
    "erasure", initial=NotRequested(), decide=decide, evolve=evolve
)
