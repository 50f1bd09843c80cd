"""JSON codec of the worker contract, on the bus and over HTTP.

A column of numbers is a list, in which null is NaN: not found. A field `fact` is written as two,
`kind` and `fact`.
"""

from dataclasses import field, fields, make_dataclass
from typing import Any, Final, Literal, TypeVar, cast

import msgspec
import numpy as np

from application.kernel.rpc import InvalidMessage
from application.live.worker_contract import FACT_NAMES, FACTS_OF, MESSAGES

M = TypeVar("M")


def write(value: object) -> bytes:
    """Encode a message."""
    if type(value) not in FACTS_OF:
        return _encoder.encode(value)
    content = {each.name: getattr(value, each.name) for each in fields(cast("Any", value))}
    fact = content.pop("fact")
    return _encoder.encode({**content, "kind": FACT_NAMES[type(fact)], "fact": fact})


def read(kind: type[M], content: bytes) -> M:
    """Decode a message. Raises msgspec.MsgspecError."""
    given = _DECODERS[kind].decode(content)
    if kind not in FACTS_OF:
        return cast("M", given)
    fact = _DECODERS[FACTS_OF[kind][given.kind]].decode(given.fact)
    plain = {each.name: getattr(given, each.name) for each in fields(cast("Any", kind))}
    return kind(**{**plain, "fact": fact})


class JsonCodec:
    """A `Codec` of JSON."""

    def encode(self, message: object) -> bytes:
        return write(message)

    def decode(self, kind: type[M], content: bytes) -> M:
        try:
            return read(kind, content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as broken:
            raise InvalidMessage(f"This is no {MESSAGES[kind]}: {broken}") from broken


def json_type(kind: type[Any]) -> type[Any]:
    """Return the type for decoding: a fact stays bytes until its kind is read."""
    if kind not in FACTS_OF:
        return kind
    names: Any = Literal[tuple(FACTS_OF[kind])]
    own: list[Any] = [("kind", names, field(kw_only=True)), ("fact", msgspec.Raw)]
    return make_dataclass(kind.__name__, own, bases=(kind,), frozen=True)


def _to_json(value: Any) -> Any:
    """Convert a column to a list; NaN becomes null."""
    if isinstance(value, np.ndarray):
        return cast("Any", value).ravel().tolist()
    raise NotImplementedError(f"{type(value)} is in no message.")


def _from_json(kind: Any, content: Any) -> Any:
    """Convert a list to a column."""
    (of,) = kind.__args__[1].__args__
    return np.array(msgspec.convert(content, list[float | None]), of)


_encoder: Final = msgspec.json.Encoder(enc_hook=_to_json)
_DECODERS: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(json_type(kind), dec_hook=_from_json)
    for kind in (*MESSAGES, *FACT_NAMES)
}
