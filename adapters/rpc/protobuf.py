"""Protobuf codec of the contract's messages."""

# Protobuf's classes are made at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import math
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # without types

from adapters.rpc.descriptors import classes
from application.kernel.rpc import InvalidMessage
from application.live.worker_contract import Message
from application.live.worker_shapes import BY_TYPE, Field, fields_of

M = TypeVar("M")

COLUMNS = {"doubles": np.float64, "floats": np.float32}


class ProtobufCodec:
    """A `Codec` of protobuf."""

    def encode(self, message: object) -> bytes:
        content: bytes = _written(BY_TYPE[type(message)], message).SerializeToString()
        return content

    def decode(self, kind: type[M], content: bytes) -> M:
        message = BY_TYPE[kind]
        try:
            read: M = _read(message, classes()[message.name].FromString(content))
        except (DecodeError, ValueError, TypeError) as error:
            raise InvalidMessage(f"These bytes are no {message.name}: {error}") from error
        return read


def _written(message: Message, value: Any) -> Any:
    wire = classes()[message.name]()
    for field in fields_of(message):
        if field.of_fact:
            if type(value.fact) is _type_of(field):
                getattr(wire, field.name).CopyFrom(_written_field(field, value.fact))
            continue
        content = getattr(value, field.name)
        if content is None:
            continue
        if field.is_column:
            getattr(wire, field.name).extend(content.ravel().tolist())
        elif field.many:
            getattr(wire, field.name).extend(_written_field(field, each) for each in content)
        elif isinstance(field.kind, Message):
            getattr(wire, field.name).CopyFrom(_written_field(field, content))
        else:
            setattr(wire, field.name, _written_field(field, content))
    return wire


def _written_field(field: Field, content: Any) -> Any:
    if isinstance(field.kind, Message):
        return _written(field.kind, content)
    return str(content) if field.kind == "id" else content


def _type_of(field: Field) -> type[Any] | None:
    return field.kind.cls if isinstance(field.kind, Message) else None


def _read(message: Message, wire: Any) -> Any:
    """Convert a protobuf message. Raises ValueError and TypeError for an invalid one.

    TypeError is what a class raises that does not get all its fields.
    """
    values: dict[str, Any] = {}
    for field in fields_of(message):
        if field.of_fact:
            if wire.HasField(field.name):
                values["fact"] = _read_field(field, getattr(wire, field.name))
        elif field.is_column:
            column = np.array(getattr(wire, field.name), COLUMNS[str(field.kind)])
            values[field.name] = column if len(column) or not field.may_miss else None
        elif field.many:
            values[field.name] = tuple(_read_field(field, one) for one in getattr(wire, field.name))
        elif _is_there(field, wire):
            values[field.name] = _read_field(field, getattr(wire, field.name))
        elif not field.has_default and field.may_be_none:
            values[field.name] = None
    return message.cls(**values)


def _is_there(field: Field, wire: Any) -> bool:
    has_presence = field.may_miss or isinstance(field.kind, Message)
    return not has_presence or bool(wire.HasField(field.name))


def _read_field(field: Field, content: Any) -> Any:
    if isinstance(field.kind, Message):
        return _read(field.kind, content)
    if field.kind == "id":
        return UUID(content)
    if field.kind == "double" and not math.isfinite(content):
        raise ValueError(f"{field.name} is {content}.")
    if field.choices and content not in field.choices:
        raise ValueError(f"{field.name} is none of {', '.join(field.choices)}.")
    return content
