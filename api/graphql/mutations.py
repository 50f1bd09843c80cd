"""Mutations, derived from the writes of `api.views`."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from inspect import Parameter, getdoc, isfunction, signature
from types import ModuleType
from typing import Annotated, Any, Final, NewType, Union, get_type_hints
from uuid import UUID

import strawberry
from pydantic_core import to_json
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from api.graphql.context import Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import use
from api.graphql.inputs import MutationInput, body_from, input_of, key_from
from api.idempotency import bind_content
from api.views.base import Body

Position = NewType("Position", int)
"""A log position. It can exceed the 32 bits of GraphQL's Int."""

Write = Callable[..., Any]

NO_KEYS: Final = frozenset({"caller", "body", "command_id"})
"""Parameters of a write that are not ids of the path."""


def position(value: object) -> Position:
    """Parse a log position. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("A position is a whole number, 0 or more.")
    return Position(value)


@strawberry.type
class MutationPayload:
    """Common payload of mutations.

    `position` is the log position of the last event; `repeated`: the command was executed before.
    """

    command_id: UUID
    position: Position
    repeated: bool
    client_mutation_id: str | None


def writes_of(context: ModuleType) -> list[Write]:
    """Return the writes of a module, in its order."""
    own = (each for each in vars(context).values() if isfunction(each))
    return [
        each for each in own if each.__module__ == context.__name__ and "is_write" in each.__dict__
    ]


def mutations_of(
    contexts: Iterable[ModuleType],
    payloads: Mapping[type, Any],
    more_arguments: Mapping[str, type[MutationInput]],
) -> list[StrawberryField]:
    """Return a mutation of the same name for each write.

    `payloads` has a type by the result of writes, which its `of(context, result)` gets.
    `more_arguments`: common input of a mutation with arguments that REST does not have.
    """
    return [
        mutation_of(write, payloads, base=more_arguments.get(write.__name__, MutationInput))
        for context in contexts
        for write in writes_of(context)
    ]


def mutation_of(
    write: Write,
    payloads: Mapping[type, Any],
    *,
    base: type[MutationInput] = MutationInput,
    old_name: str | None = None,
) -> StrawberryField:
    """Return the mutation of a write, deprecated if it has an old name."""
    hints = get_type_hints(write)
    name = old_name or to_camel_case(write.__name__)
    parameters = signature(write).parameters.values()
    required = [each.name for each in parameters if each.default is Parameter.empty]
    keys = [each for each in required if each not in NO_KEYS]
    body = hints.get("body")
    input_type = input_of(f"{name[0].upper()}{name[1:]}Input", keys, body, base)
    returned = hints["return"]
    payload = next(each for result, each in payloads.items() if issubclass(returned, result))
    has_position = issubclass(payload, MutationPayload)

    def resolve(info: Info, input: Any) -> Any:
        context = info.context

        def execute() -> Any:
            chosen_id = input.command_id or context.new_command_id(str(info.path.key))
            command_id = context.caller.command_id(chosen_id)
            arguments: dict[str, Any] = {key: key_from(input, key) for key in keys}
            if body is not None:
                arguments["body"] = body_from(input, body)
            if input.command_id is not None:
                bind_content(context.caller, command_id, _content(write, arguments))
            result = write(context.caller, **arguments, command_id=command_id)
            context.bind_key()
            common: dict[str, Any] = {}
            if has_position:
                common = {
                    "command_id": chosen_id,
                    "position": Position(result.position),
                    "repeated": result.repeated,
                    "client_mutation_id": input.client_mutation_id,
                }
            return payload.of(context, result, **common)

        return attempt(context, input.client_mutation_id, execute)

    resolve.__name__ = name
    resolve.__annotations__ = {"info": Info, "input": input_type, "return": _result(payload)}
    new_name = None if old_name is None else to_camel_case(write.__name__)
    return strawberry.mutation(
        resolve, name=name, description=getdoc(write), deprecation_reason=use(new_name)
    )


def _content(write: Write, arguments: Mapping[str, Any]) -> bytes:
    """Return the content of a mutation without defaults, which later versions may add."""
    plain = {
        name: each.model_dump(exclude_defaults=True) if isinstance(each, Body) else each
        for name, each in arguments.items()
    }
    return to_json({"mutation": write.__name__, **plain})


@cache
def _result(payload: type) -> Any:
    """Return the union of a payload and a problem."""
    name = payload.__name__.removesuffix("Payload") + "Result"
    return Annotated[Union[payload, Problem], strawberry.union(name)]  # noqa: UP007  at run time
