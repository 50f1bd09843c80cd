"""Protobuf codec of the worker contract, on the classes that protoc generates.

The fields of a message have the names of the fields of its class. One that is absent is the default
of the class, or None.
"""

import math
from dataclasses import fields, make_dataclass
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec
import numpy as np
import numpy.typing as npt
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from msgspec import inspect

from adapters.rpc import kinelog_pb2
from application.kernel.rpc import InvalidMessage
from application.live.worker_contract import FACT_NAMES, FACTS_OF, MESSAGES

M = TypeVar("M")

LENGTH_DELIMITED: Final = 2
"""Wire type of a field whose length comes before its content."""

COLUMNS: Final = {
    FieldDescriptor.TYPE_DOUBLE: np.float64,
    FieldDescriptor.TYPE_FLOAT: np.float32,
}

WITH_ANY_FACT: Final = {
    kind: make_dataclass(kind.__name__, [("fact", Any)], bases=(kind,), frozen=True)
    for kind in FACTS_OF
}
"""Classes whose fact may have any type, because msgspec converts to no union of dataclasses."""


class ProtobufCodec:
    """A `Codec` of protobuf."""

    def encode(self, message: object) -> bytes:
        """Encode a message, fields in the order of their numbers.

        Raises ValueError for a number of more than 64 bits.
        """
        kind = generated(type(message))
        values = _builtins_of(message)
        parts: list[bytes] = []
        others: dict[str, Any] = {}
        for field in kind.DESCRIPTOR.fields:
            value = values.get(field.name)
            if isinstance(value, np.ndarray):
                parts += [kind(**others).SerializeToString(), _packed(field, cast("Any", value))]
                others = {}
            elif value is not None:
                others[field.name] = value
        return b"".join((*parts, kind(**others).SerializeToString()))

    def decode(self, kind: type[M], content: bytes) -> M:
        try:
            return from_proto(kind, generated(kind).FromString(content))
        except (DecodeError, ValueError) as error:
            raise InvalidMessage(f"These bytes are no {MESSAGES[kind]}: {error}") from error


def generated(kind: type[Any]) -> Any:
    """Return the generated class of a message that travels by itself."""
    return getattr(kinelog_pb2, MESSAGES[kind])


def _builtins_of(message: object) -> dict[str, Any]:
    """Return the fields of a message as the generated class takes them, but for columns."""
    values = cast("dict[str, Any]", msgspec.to_builtins(message, builtin_types=(bytes, np.ndarray)))
    if type(message) in FACTS_OF:
        fact = FACT_NAMES[type(cast("Any", message).fact)]
        values[fact.replace(".", "_")] = values.pop("fact")
    return values


def _packed(field: FieldDescriptor, column: npt.NDArray[Any]) -> bytes:
    """Encode a column of numbers: field number, length in bytes, and the numbers as they are.

    The generated class would need a Python object for each of them, which takes ten times as long
    (https://protobuf.dev/programming-guides/encoding/#packed).
    """
    numbers = column.astype(np.dtype(COLUMNS[field.type]).newbyteorder("<")).tobytes()
    if not numbers:
        return b""
    return _varint(field.number << 3 | LENGTH_DELIMITED) + _varint(len(numbers)) + numbers


def _varint(number: int) -> bytes:
    """Encode a length: seven bits in each byte, the lowest first, and a flag where more follow."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def from_proto(kind: type[M], wire: Any) -> M:
    """Convert a generated message. Raises ValueError for values that `kind` cannot have."""
    if kind not in FACTS_OF:
        return msgspec.convert(_values(wire, kind), kind)
    name = wire.WhichOneof("fact")
    if name is None:
        raise ValueError("The fact is missing.")
    fact = from_proto(FACTS_OF[kind][name.replace("_", ".")], getattr(wire, name))
    with_any: Any = WITH_ANY_FACT[kind]
    read = msgspec.convert({**_values(wire, with_any), "fact": fact}, with_any)
    return kind(**{field.name: getattr(read, field.name) for field in fields(with_any)})


def _values(wire: Any, kind: Any) -> dict[str, Any]:
    """Return the fields of a message that are present, and those without a default."""
    absent, classes = _shape(kind, wire.DESCRIPTOR)
    present = {
        field.name: _value(field, content, classes.get(field.name))
        for field, content in wire.ListFields()
    }
    return {**absent, **present}


def _value(field: Any, content: Any, kind: Any) -> Any:
    if kind is not None:
        many = field.is_repeated
        return [_values(one, kind) for one in content] if many else _values(content, kind)
    if field.is_repeated:
        column = COLUMNS.get(field.type)
        return list(content) if column is None else np.array(content, column)
    if isinstance(content, float) and not math.isfinite(content):
        raise ValueError(f"{field.name} is {content}.")
    return content


@cache
def _shape(kind: type[Any], descriptor: Any) -> tuple[dict[str, Any], dict[str, type[Any]]]:
    """Return what the fields without a default are if absent, and the classes of messages."""
    absent: dict[str, Any] = {}
    classes: dict[str, type[Any]] = {}
    info = cast("inspect.DataclassType", inspect.type_info(kind))
    for field in info.fields:
        wire = descriptor.fields_by_name.get(field.name)
        held = _class_in(field.type)
        if held is not None:
            classes[field.name] = held
        if wire is not None and field.required:
            is_none = wire.has_presence
            absent[field.name] = None if is_none else _value(wire, wire.default_value, None)
    return absent, classes


def _class_in(info: inspect.Type) -> type[Any] | None:
    match info:
        case inspect.DataclassType(cls=kind):
            return kind
        case inspect.VarTupleType(item_type=item):
            return _class_in(item)
        case inspect.UnionType(types=types):
            return next(filter(None, map(_class_in, types)), None)
        case _:
            return None
