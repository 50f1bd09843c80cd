"""An erasure: a person is forgotten step by step, and it is shown that nothing of them is left.

Its stream has the id of the person's account, so there is one for each person.
"""

from datetime import datetime

from domain.erasures import commands, events
from domain.erasures.events import STEPS, Step
from domain.kernel import Decider, value


@value
class NotRequested:
    """Nobody wants this person to be forgotten, or not any more."""


@value
class Pending:
    """It was asked for, and can be called off until it is due."""

    due_at: datetime


@value
class Underway:
    """It has begun and goes on until it is certified; `done` are the steps taken so far."""

    done: frozenset[Step] = frozenset()


@value
class Certified:
    """Nothing of the person is left; `digest` names the certificate."""

    digest: str


Erasure = NotRequested | Pending | Underway | Certified


def decide(command: commands.ErasureCommand, erasure: Erasure) -> tuple[events.ErasureEvent, ...]:
    """Say what happens when this is asked of an erasure in this state."""
    match command:
        case commands.RequestErasure(at=at, due_at=due):
            return _requested(erasure, events.ErasureRequested(at=at, due_at=due))
        case commands.CancelErasure(at=at):
            return _cancelled(erasure, events.ErasureCancelled(at=at))
        case commands.BeginErasure(at=at):
            return _begun(erasure, events.ErasureBegun(at=at))
        case commands.CompleteStep() | commands.RefuseCertificate() | commands.CertifyErasure():
            return _decide_underway(command, erasure)


def _requested(
    erasure: Erasure, requested: events.ErasureRequested
) -> tuple[events.ErasureEvent, ...]:
    """A second wish can only bring the day nearer."""
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


def _begun(erasure: Erasure, begun: events.ErasureBegun) -> tuple[events.ErasureEvent, ...]:
    match erasure:
        case NotRequested():
            raise commands.ErasureUnknown
        case Pending(due_at=due):
            if begun.at < due:
                raise commands.ErasureNotDue
            return (begun,)
        case Underway() | Certified():
            return ()


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
            taken = events.ErasureStepCompleted(step=step, removed=removed, at=at)
            return () if step in erasure.done else (taken,)
        case commands.RefuseCertificate(findings=findings, at=at):
            return (events.ErasureRefused(findings=findings, at=at),)
        case commands.CertifyErasure(digest=digest, at=at):
            if erasure.done != frozenset(STEPS):
                raise commands.ErasureIncomplete
            return (events.ErasureCertified(digest=digest, at=at),)


def evolve(erasure: Erasure, event: events.ErasureEvent) -> Erasure:
    """Say what this fact changes. After a refusal every step is taken again."""
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
