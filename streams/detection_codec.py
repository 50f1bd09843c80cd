"""JSON codec of the worker contract, on the bus and over HTTP.

A column of numbers is a list, in which null is NaN: not found. A field `fact` is written as two,
`kind` and `fact`.
"""

import dataclasses
from operator import attrgetter
from typing import Any, Final, TypeVar, cast, get_type_hints

import msgspec
import numpy as np

from application.kernel.rpc import InvalidMessage
from application.live.worker_contract import MESSAGES, Message
from application.live.worker_shapes import BY_TYPE

M = TypeVar("M")


def write(value: object) -> bytes:
    """Encode a message."""
    message = BY_TYPE[type(value)]
    if message.kinds is None:
        return _encoder.encode(value)
    source = cast("Any", value)
    content = dict(zip(message.names, _FIELDS[message.name](source), strict=True))
    content["kind"], content["fact"] = KIND_OF[message.name][type(source.fact)], source.fact
    return _encoder.encode(content)


def read(kind: type[M], content: bytes) -> M:
    """Decode a message. Raises msgspec.MsgspecError."""
    message = BY_TYPE[kind]
    given = _DECODERS[message.name].decode(content)
    if message.kinds is None:
        return cast("M", given)
    if given.kind not in message.kinds:
        raise msgspec.ValidationError(f"There is no kind of fact {given.kind!r}.")
    held = BY_TYPE[message.kinds[given.kind]]
    fact = _DECODERS[held.name].decode(given.fact)
    plain = {name: getattr(given, name) for name in message.names}
    return cast("M", message.cls(**plain, fact=fact))


class JsonCodec:
    """A `Codec` of JSON."""

    def encode(self, message: object) -> bytes:
        return write(message)

    def decode(self, kind: type[M], content: bytes) -> M:
        try:
            return read(kind, content)
        except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
            raise InvalidMessage(f"This is no {BY_TYPE[kind].name}: {broken}") from broken


def _with_kind(message: Message) -> type[Any]:
    """Return the type for decoding: a fact stays bytes until its kind is read."""
    if message.kinds is None:
        return message.cls
    hints = get_type_hints(message.cls)
    given: list[Any] = [("kind", str), ("fact", msgspec.Raw)]
    for field in dataclasses.fields(message.cls):
        if field.name != "fact":
            default = () if field.default is dataclasses.MISSING else (field.default,)
            given.append((field.name, hints[field.name], *default))
    return msgspec.defstruct(message.name, given, kw_only=True)


def _to_json(value: Any) -> Any:
    """Convert a column to a list; NaN becomes null."""
    if isinstance(value, np.ndarray):
        return cast("Any", value).ravel().tolist()
    raise NotImplementedError(f"{type(value)} is in no message.")


def _from_json(kind: Any, content: Any) -> Any:
    """Convert a list to a column."""
    (of,) = kind.__args__[1].__args__
    return np.array(msgspec.convert(content, list[float | None]), of)


KIND_OF: Final[dict[str, dict[type[Any], str]]] = {
    message.name: {held: kind for kind, held in (message.kinds or {}).items()}
    for message in MESSAGES
}
"""The kind of each class of a fact, by the message that holds it."""

_FIELDS: Final = {message.name: attrgetter(*message.names) for message in MESSAGES if message.kinds}
_encoder: Final = msgspec.json.Encoder(enc_hook=_to_json)
_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    message.name: msgspec.json.Decoder(_with_kind(message), dec_hook=_from_json)
    for message in MESSAGES
}
