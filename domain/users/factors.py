"""Second factors of an account: an authenticator app (TOTP)."""

from domain.kernel import value
from domain.users import commands, events
from domain.users.identities import FactorKind


@value
class SecondFactor:
    """One second factor. Its secret is stored outside the log, under the same id."""

    id: str
    kind: FactorKind


Factors = tuple[SecondFactor, ...]


def decide(command: commands.FactorCommand, factors: Factors) -> tuple[events.FactorEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command:
        case commands.AddSecondFactor(factor_id=factor_id, kind=kind, at=at):
            if SecondFactor(factor_id, kind) in factors:
                return ()
            if any(each.kind == kind for each in factors):
                raise commands.SecondFactorsFull
            return (events.SecondFactorAdded(factor_id=factor_id, kind=kind, at=at),)
        case commands.RemoveSecondFactor(factor_id=factor_id, at=at):
            if not any(each.id == factor_id for each in factors):
                raise commands.SecondFactorUnknown
            return (events.SecondFactorRemoved(factor_id=factor_id, at=at),)
        case commands.ResetSecondFactors(at=at):
            return (events.SecondFactorsReset(at=at),) if factors else ()


def evolve(factors: Factors, event: events.FactorEvent) -> Factors:
    """Apply an event."""
    match event:
        case events.SecondFactorAdded(factor_id=factor_id, kind=kind):
            return (*_without(factors, factor_id), SecondFactor(factor_id, kind))
        case events.SecondFactorRemoved(factor_id=factor_id):
            return _without(factors, factor_id)
        case events.SecondFactorsReset():
            return ()


def _without(factors: Factors, factor_id: str) -> Factors:
    return tuple(each for each in factors if each.id != factor_id)
