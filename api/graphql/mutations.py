"""What mutations share: who asks, under which command id, and how time is given."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NewType
from uuid import UUID, uuid5

import strawberry

from api.caller import ANONYMOUS, checked_id
from api.graphql.context import Context
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from domain.kernel import Decider, Rejected

Position = NewType("Position", int)
"""A place in the log. More than the 32 bits of GraphQL's Int."""


def position(given: object) -> Position:
    """Read a place in the log. Raises ValueError."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ValueError("A position is a whole number, 0 or more.")
    return Position(given)


class TimeWithoutZone(Rejected):
    """A time is given with its zone, as in 2030-01-31T07:30:00+01:00."""

    code = "value.time_without_zone"
    kind = "invalid"


@strawberry.input
class Mutation:
    """What every mutation takes.

    The same `commandId` is carried out once, however often it is sent; `clientMutationId` comes
    back as it was.
    """

    command_id: UUID | None = None
    client_mutation_id: str | None = None


@strawberry.type
class Done:
    """What every successful mutation tells.

    `position` is that of its last event in the log; `repeated`: it had been carried out before.
    """

    command_id: UUID
    position: Position
    repeated: bool
    client_mutation_id: str | None


def identify(context: Context, asked: Mutation) -> UUID:
    """Take the command's id, or make one."""
    return asked.command_id or context.platform.new_id()


def new_key(given: str | None, command_id: UUID, kind: str) -> str:
    """Take the id that the client chose, or one that a repetition of the command leads to again."""
    return str(uuid5(command_id, kind)) if given is None else checked_id(given)


def moment(context: Context, given: datetime | None) -> datetime:
    """Take the time at which it happened as UTC, now where none is given.

    Raises TimeWithoutZone.
    """
    if given is None:
        return context.platform.clock()
    if given.tzinfo is None:
        raise TimeWithoutZone
    return given.astimezone(UTC)


def execute(
    context: Context,
    decider: Decider[Any, Any, Any],
    key: str,
    commands: Sequence[Any] | Callable[[Sequence[Any]], Sequence[Any]],
    command_id: UUID,
    actor: str = ANONYMOUS,
) -> AppendResult:
    """Carry commands out on one stream, or what is made of its facts."""
    request = Request(decider, checked_id(key), commands)
    origin = context.caller.origin(actor)
    return context.platform.commands.execute(request, origin=origin, command_id=command_id)


def done(asked: Mutation, command_id: UUID, appended: AppendResult) -> dict[str, Any]:
    """Give the fields of `Done`."""
    return {
        "command_id": command_id,
        "position": Position(appended.position),
        "repeated": appended.repeated,
        "client_mutation_id": asked.client_mutation_id,
    }
