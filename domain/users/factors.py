"""Second factors of an account: an authenticator app (TOTP), and passkeys."""

from dataclasses import replace
from typing import Final

from domain.kernel import value
from domain.personal import Personal
from domain.users import events
from domain.users import factor_commands as commands
from domain.users.identities import FactorKind


@value
class SecondFactor:
    """One second factor. Its secret or key is stored outside the log, under the same id.

    `codes_replaced`: recovery codes were replaced since it was added.
    """

    id: str
    kind: FactorKind
    name: Personal[str] | None = None
    codes_replaced: bool = False


Factors = tuple[SecondFactor, ...]

MAX_PASSKEYS: Final = 10


def decide(command: commands.FactorCommand, factors: Factors) -> tuple[events.FactorEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command:
        case commands.AddSecondFactor(factor_id=factor_id, kind=kind, at=at, name=name):
            if any((each.id, each.kind) == (factor_id, kind) for each in factors):
                return ()
            if factors and not command.is_confirmed:
                raise commands.SecondFactorRequired
            require_room(kind, factors)
            return (events.SecondFactorAdded(factor_id=factor_id, kind=kind, at=at, name=name),)
        case commands.RenamePasskey(factor_id=factor_id, name=name):
            return _renamed(factor_id, name, factors)
        case commands.RemoveSecondFactor(factor_id=factor_id, at=at):
            if not any(each.id == factor_id for each in factors):
                raise commands.SecondFactorUnknown
            return (events.SecondFactorRemoved(factor_id=factor_id, at=at),)
        case commands.ResetSecondFactors(at=at):
            return (events.SecondFactorsReset(at=at),) if factors else ()
        case commands.ReplaceRecoveryCodes(at=at):
            return (events.RecoveryCodesReplaced(at=at),) if factors else ()


def _renamed(
    factor_id: str, name: Personal[str], factors: Factors
) -> tuple[events.FactorEvent, ...]:
    passkeys = [each for each in factors if (each.id, each.kind) == (factor_id, "passkey")]
    if not passkeys:
        raise commands.SecondFactorUnknown
    is_same = passkeys[0].name == name
    return () if is_same else (events.SecondFactorRenamed(factor_id=factor_id, name=name),)


def require_room(kind: FactorKind, factors: Factors) -> None:
    """Raise SecondFactorsFull or PasskeysFull if no factor of this kind can be added."""
    existing = sum(each.kind == kind for each in factors)
    match kind:
        case "totp":
            if existing:
                raise commands.SecondFactorsFull
        case "passkey":
            if existing >= MAX_PASSKEYS:
                raise commands.PasskeysFull


def evolve(factors: Factors, event: events.FactorEvent) -> Factors:
    """Apply an event."""
    match event:
        case events.SecondFactorAdded(factor_id=factor_id, kind=kind, name=name):
            return (*_without(factors, factor_id), SecondFactor(factor_id, kind, name))
        case events.SecondFactorRenamed(factor_id=factor_id, name=name):
            return tuple(
                replace(each, name=name) if each.id == factor_id else each for each in factors
            )
        case events.SecondFactorRemoved(factor_id=factor_id):
            return _without(factors, factor_id)
        case events.SecondFactorsReset():
            return ()
        case events.RecoveryCodesReplaced():
            return tuple(replace(each, codes_replaced=True) for each in factors)


def _without(factors: Factors, factor_id: str) -> Factors:
    return tuple(each for each in factors if each.id != factor_id)
