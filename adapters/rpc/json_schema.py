"""JSON Schema 2020-12 of the contract's messages, as the bus and HTTP carry them."""

import inspect
import json
import re
from typing import Any, Final

from adapters.rpc.proto_text import said_to_others
from application.live.worker_contract import PACKAGE, TOP, Message
from application.live.worker_shapes import BY_TYPE, Field, Plain, fields_of

Json = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

PLAIN: Final[dict[Plain, Json]] = {
    "string": {"type": "string"},
    "id": {"type": "string", "format": "uuid"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "doubles": {"type": "array", "items": {"type": ["number", "null"]}},
    "floats": {"type": "array", "items": {"type": ["number", "null"]}},
}


def documents() -> dict[str, str]:
    """Return the schema of each message that travels by itself, by file name."""
    return {f"{_snake(BY_TYPE[kind].name)}.schema.json": _document(BY_TYPE[kind]) for kind in TOP}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _document(message: Message) -> str:
    definitions: dict[str, Json] = {}
    own = _object(message, definitions)
    head = {"$schema": DIALECT, "$id": f"urn:{PACKAGE.replace('.', ':')}:{message.name}"}
    content = {
        **head,
        **own,
        **({"$defs": dict(sorted(definitions.items()))} if definitions else {}),
    }
    return json.dumps(content, indent=2) + "\n"


def _object(message: Message, held: dict[str, Json]) -> Json:
    """Describe a message; nested messages are added to `held`. Unknown members are ignored."""
    plain = [field for field in fields_of(message) if not field.of_fact]
    schema: Json = {
        "title": message.name,
        "description": said_to_others(inspect.getdoc(message.cls) or ""),
        "type": "object",
        "properties": {field.name: _described(field, held) for field in plain},
        "required": [each.name for each in plain if not each.has_default],
    }
    if message.kinds:
        schema["properties"]["kind"] = {"enum": list(message.kinds)}
        schema["properties"]["fact"] = {"type": "object"}
        schema["required"] += ["kind", "fact"]
        schema["oneOf"] = [
            {"properties": {"kind": {"const": kind}, "fact": _reference(BY_TYPE[held_by], held)}}
            for kind, held_by in message.kinds.items()
        ]
    return schema


def _described(field: Field, held: dict[str, Json]) -> Json:
    one = _one(field, held)
    many = {"type": "array", "items": one} if field.many else one
    return {"anyOf": [many, {"type": "null"}]} if field.may_be_none else many


def _one(field: Field, held: dict[str, Json]) -> Json:
    if isinstance(field.kind, Message):
        return _reference(field.kind, held)
    return {"enum": list(field.choices)} if field.choices else dict(PLAIN[field.kind])


def _reference(message: Message, held: dict[str, Json]) -> Json:
    if message.name not in held:
        held[message.name] = {}  # before what it holds, which may be of its kind
        held[message.name] = _object(message, held)
    return {"$ref": f"#/$defs/{message.name}"}
