"""Helpers of mutations: command ids, times and execution."""

import enum
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NewType, TypeVar
from uuid import UUID, uuid5

import strawberry
from pydantic import BaseModel, ValidationError

from api.graphql.context import Context
from application.caller import ANONYMOUS, checked_id
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from domain.kernel import Decider, Rejected
from domain.values import InvalidValue

B = TypeVar("B", bound=BaseModel)

Position = NewType("Position", int)
"""A log position. It can exceed the 32 bits of GraphQL's Int."""


def position(value: object) -> Position:
    """Parse a log position. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("A position is a whole number, 0 or more.")
    return Position(value)


class TimeWithoutZone(Rejected):
    """Send the time with its zone, as in 2030-01-31T07:30:00+01:00."""

    code = "value.time_without_zone"
    kind = "invalid"


@strawberry.input
class MutationInput:
    """Common input of mutations.

    Retries with the same `commandId` return the first result; `clientMutationId` is returned as is.
    """

    command_id: UUID | None = None
    client_mutation_id: str | None = None


@strawberry.type
class MutationPayload:
    """Common payload of mutations.

    `position` is the log position of the last event; `repeated`: the command was executed before.
    """

    command_id: UUID
    position: Position
    repeated: bool
    client_mutation_id: str | None


def command_id_of(context: Context, input: MutationInput) -> UUID:
    """Return the command id of the input, or a new one."""
    return input.command_id or context.platform.new_id()


def new_key(value: str | None, command_id: UUID, kind: str) -> str:
    """Return the client's id, or one derived from the command, so that retries match."""
    return str(uuid5(command_id, kind)) if value is None else checked_id(value)


def resolve_time(context: Context, value: datetime | None) -> datetime:
    """Return the time of the input as UTC; default: now.

    Raises TimeWithoutZone.
    """
    if value is None:
        return context.platform.clock()
    if value.tzinfo is None:
        raise TimeWithoutZone
    return value.astimezone(UTC)


def optional_time(context: Context, value: datetime | None) -> datetime | None:
    """Return a time as UTC, None where none is given. Raises TimeWithoutZone."""
    return None if value is None else resolve_time(context, value)


def execute(
    context: Context,
    decider: Decider[Any, Any, Any],
    key: str,
    commands: Sequence[Any],
    command_id: UUID,
    actor: str = ANONYMOUS,
) -> AppendResult:
    """Execute commands on one stream."""
    request = Request(decider, checked_id(key), commands)
    origin = context.caller.origin(actor)
    return context.platform.commands.execute(request, origin=origin, command_id=command_id)


def body_of(body: type[B], mutation_input: MutationInput, /, **changes: object) -> B:
    """Convert a GraphQL input to the input that REST takes; `changes` replace ids and times.

    Raises InvalidValue for a value outside of its limits.
    """
    values = {
        name: _plain(getattr(mutation_input, name))
        for name in body.model_fields
        if hasattr(mutation_input, name)
    }
    try:
        return body.model_validate({**values, **changes})
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidValue(f"{name}: {first['msg']}.") from invalid


def _plain(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value


def payload_fields(
    input: MutationInput, command_id: UUID, appended: AppendResult
) -> dict[str, Any]:
    """Return the common fields of a payload."""
    return {
        "command_id": command_id,
        "position": Position(appended.position),
        "repeated": appended.repeated,
        "client_mutation_id": input.client_mutation_id,
    }
