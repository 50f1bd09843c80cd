"""Protobuf descriptors of the worker contract, built at start: no generated code is stored."""

# Protobuf's classes are made at run time.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from functools import cache
from typing import Any, Final

from google.protobuf import (  # type: ignore[import-untyped]  # without types
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

from application.live.worker_contract import MESSAGES, METHODS, PACKAGE, SERVICES, Message
from application.live.worker_shapes import BY_TYPE, Field, Plain, fields_of

FILE: Final = "kinelog.proto"

KINDS: Final[dict[Plain, str]] = {
    "string": "string",
    "id": "string",
    "bytes": "bytes",
    "bool": "bool",
    "int": "int64",
    "double": "double",
    "doubles": "double",
    "floats": "float",
}
"""Protobuf's name for each plain kind of field."""


def described() -> Any:
    """Return the FileDescriptorProto of the contract."""
    file = descriptor_pb2.FileDescriptorProto(name=FILE, package=PACKAGE, syntax="proto3")
    for message in MESSAGES:
        _describe(file.message_type.add(name=message.name), message)
    for name in SERVICES:
        service = file.service.add(name=name)
        for method in METHODS:
            if method.service == name:
                service.method.add(
                    name=method.name,
                    input_type=type_name(BY_TYPE[method.request]),
                    output_type=type_name(BY_TYPE[method.response]),
                )
    return file


def type_name(message: Message) -> str:
    """Return the full name of a message."""
    return f".{PACKAGE}.{message.name}"


def gone(message: Message) -> dict[int, str]:
    """Return removed fields by their numbers, which must not be used again."""
    return {
        number: name.removeprefix("-")
        for number, name in enumerate(message.fields, start=1)
        if name.startswith("-")
    }


def is_optional(field: Field) -> bool:
    """Return whether a missing plain field differs from its zero value."""
    return field.may_miss and not field.many and isinstance(field.kind, str) and not field.is_column


def _describe(descriptor_: Any, message: Message) -> None:
    kinds = descriptor_pb2.FieldDescriptorProto
    if message.kinds:
        descriptor_.oneof_decl.add(name="fact")
    for field in fields_of(message):
        is_many = field.many or field.is_column
        added = descriptor_.field.add(
            name=field.name,
            number=field.number,
            label=kinds.LABEL_REPEATED if is_many else kinds.LABEL_OPTIONAL,
        )
        if isinstance(field.kind, Message):
            added.type, added.type_name = kinds.TYPE_MESSAGE, type_name(field.kind)
        else:
            added.type = kinds.Type.Value(f"TYPE_{KINDS[field.kind].upper()}")
        if field.of_fact:
            added.oneof_index = 0
        elif is_optional(field):
            added.oneof_index, added.proto3_optional = len(descriptor_.oneof_decl), True
            descriptor_.oneof_decl.add(name=f"_{field.name}")
    for number, name in gone(message).items():
        descriptor_.reserved_range.add(start=number, end=number + 1)
        descriptor_.reserved_name.append(name)


@cache
def classes() -> dict[str, Any]:
    """Return protobuf's class of each message, by its name."""
    pool = descriptor_pool.DescriptorPool()
    pool.Add(described())
    return {
        message.name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{PACKAGE}.{message.name}")
        )
        for message in MESSAGES
    }
