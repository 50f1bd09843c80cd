"""The contract as a `.proto` file, for other languages; and the numbers in such a file."""

import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

from adapters.rpc.descriptors import KINDS, gone, is_optional
from application.live.worker_contract import MESSAGES, METHODS, PACKAGE, SERVICES, Message
from application.live.worker_shapes import BY_TYPE, Field, fields_of

HEAD: Final = f"""\
// Worker contract of Kinelog: messages and methods. Written by `kinelog schema write`.
// docs/how-to/workers.md says how to ask one. The JSON Schemas beside this file describe the same
// messages as JSON.

syntax = "proto3";

package {PACKAGE};
"""

BLOCK: Final = re.compile(r"^message (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
NUMBERED: Final = re.compile(r"^ +(?!//)([\w. ]+) = (\d+);", re.MULTILINE)
OURS: Final = re.compile(r" \((?:R-[A-Z]{3}|C)-\d{2}\)|\s+Raises [^.]+\.")
"""Parts of docstrings that are for readers of the Python code only."""
WIDTH: Final = 97


def proto() -> str:
    """Return the text of the `.proto` file."""
    return "\n".join([HEAD, *map(_service, SERVICES), *map(_message, MESSAGES)])


def numbers(text: str) -> dict[tuple[str, int], str]:
    """Return what each number means in such a file, by message and number.

    The meaning is its declaration: `repeated string faults`.
    """
    return {
        (message, int(number)): declared
        for message, body in BLOCK.findall(text)
        for declared, number in NUMBERED.findall(body)
    }


def moved(before: Mapping[tuple[str, int], str], text: str) -> list[str]:
    """Return the numbers of an older file that mean something else in this one.

    A field may go if its number is reserved, so that it is never used again.
    """
    now = numbers(text)
    removed = {
        (each.name, number): name for each in MESSAGES for number, name in gone(each).items()
    }
    return [
        f"number {place[1]} of {place[0]} was {declared}"
        for place, declared in before.items()
        if now.get(place) != declared and removed.get(place) != declared.rpartition(" ")[2]
    ]


def _service(name: str) -> str:
    lines = [*_comment(SERVICES[name]), f"service {name} {{"]
    for method in METHODS:
        if method.service == name:
            request, response = BY_TYPE[method.request].name, BY_TYPE[method.response].name
            lines += _comment(method.about, indent="  ")
            lines.append(f"  rpc {method.name}({request}) returns ({response});")
    return "\n".join([*lines, "}", ""])


def _message(message: Message) -> str:
    about = inspect.getdoc(message.cls) or ""
    lines = [*_comment(about), f"message {message.name} {{"]
    for number, name in gone(message).items():
        lines += [f"  reserved {number};", f'  reserved "{name}";']
    fields = fields_of(message)
    lines += [line for field in fields if not field.of_fact for line in _field(field, "  ")]
    if message.kinds:
        kinds = [line for field in fields if field.of_fact for line in _field(field, "    ")]
        lines += ["  oneof fact {", *kinds, "  }"]
    return "\n".join([*lines, "}", ""])


def _field(field: Field, indent: str) -> Iterator[str]:
    if field.choices:
        yield from _comment(f"One of: {', '.join(field.choices)}.", indent)
    kind = field.kind.name if isinstance(field.kind, Message) else KINDS[field.kind]
    label = "repeated " if field.many or field.is_column else ""
    label = "optional " if is_optional(field) else label
    yield f"{indent}{label}{kind} {field.name} = {field.number};"


def said_to_others(text: str) -> str:
    """Return a docstring without the parts for readers of the Python code."""
    return OURS.sub("", text).strip()


def _comment(text: str, indent: str = "") -> Iterator[str]:
    """Format text as comments, paragraph by paragraph."""
    for paragraph in said_to_others(text).split("\n"):
        wrapped = textwrap.wrap(paragraph, WIDTH - len(indent)) or [""]
        yield from (f"{indent}// {line}".rstrip() for line in wrapped)
