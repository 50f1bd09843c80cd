"""Fields of the contract's messages, derived once from their classes for every encoding."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import numpy as np

from application.live.worker_contract import FIRST_KIND, MESSAGES, Message

Plain = Literal["string", "id", "bytes", "bool", "int", "double", "doubles", "floats"]
"""Kinds of fields that are not messages: `id` is a UUID; the last two are NumPy columns."""

PLAIN: Final[Mapping[Any, Plain]] = {
    str: "string",
    UUID: "id",
    bytes: "bytes",
    bool: "bool",
    int: "int",
    float: "double",
}
COLUMNS: Final[Mapping[Any, Plain]] = {np.float64: "doubles", np.float32: "floats"}


class ContractBroken(Exception):  # noqa: N818  as of what is broken
    """The contract names a field or type that its class does not have."""


@dataclass(frozen=True)
class Field:
    """A field of a message.

    `kind` is a plain one, or the message that it holds. `many`: any number of them. `may_be_none`:
    it may be None; `has_default`: its class has a default. `choices` are all values of a string,
    empty for any. `of_fact`: one of the kinds that the field `fact` may have.
    """

    name: str
    number: int
    kind: "Plain | Message"
    many: bool = False
    may_be_none: bool = False
    has_default: bool = False
    choices: tuple[str, ...] = ()
    of_fact: bool = False

    @property
    def may_miss(self) -> bool:
        """Whether protobuf may leave it out: then it is the default, or None."""
        return self.may_be_none or self.has_default

    @property
    def is_column(self) -> bool:
        """Whether it is a NumPy array of numbers."""
        return self.kind in {"doubles", "floats"}


BY_TYPE: Final = {message.cls: message for message in MESSAGES}
BY_NAME: Final = {message.name: message for message in MESSAGES}


@cache
def fields_of(message: Message) -> tuple[Field, ...]:
    """Return the fields of a message, in order of their numbers. Raises ContractBroken."""
    hints = get_type_hints(message.cls)
    own = {each.name: each for each in fields(message.cls)}
    named = {*message.names}
    if named | ({"fact"} if message.kinds else set()) != set(own) or len(named) >= FIRST_KIND:
        raise ContractBroken(f"{message.name} has the fields {', '.join(own)}.")
    plain = [
        _field(name, number, hints[name], has_default=own[name].default is not MISSING)
        for number, name in enumerate(message.fields, start=1)
        if name in named
    ]
    kinds = enumerate(message.kinds or {}, start=FIRST_KIND)
    return (*plain, *(_kind(message, name, number) for number, name in kinds))


def _kind(message: Message, name: str, number: int) -> Field:
    held = BY_TYPE[(message.kinds or {})[name]]
    return Field(name.replace(".", "_"), number, held, of_fact=True)


def _field(name: str, number: int, hint: Any, *, has_default: bool) -> Field:
    if get_origin(hint) in {Union, UnionType}:
        held = [each for each in get_args(hint) if each is not NoneType]
        if len(held) != 1:
            raise ContractBroken(f"{name} may be {hint}.")
        one = _one(name, number, held[0])
        return replace(one, may_be_none=True, has_default=has_default)
    return replace(_one(name, number, hint), has_default=has_default)


def _one(name: str, number: int, hint: Any) -> Field:
    """Describe a field that is always present."""
    if get_origin(hint) is tuple:
        each, *rest = get_args(hint)
        if rest != [...]:
            raise ContractBroken(f"{name} is {hint}.")
        return replace(_one(name, number, each), many=True)
    if get_origin(hint) is np.ndarray:
        (of,) = get_args(get_args(hint)[1])
        return Field(name, number, COLUMNS[of])
    if get_origin(hint) is Literal:
        return Field(name, number, "string", choices=get_args(hint))
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    kind = PLAIN.get(hint) or BY_TYPE.get(hint)
    if kind is None:
        raise ContractBroken(f"{name} is {hint}, which no message can hold.")
    return Field(name, number, kind)
