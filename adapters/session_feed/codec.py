"""Feed entries as compact JSON, for every API process."""

from typing import Final

import msgspec

from application.live.feed import Entry, FeedPosition
from application.live.feed_events import KINDS, NAMES, FeedEvent


class _Message(msgspec.Struct, kw_only=True):
    """An entry without its position. `kind` is a key of KINDS and gives the type of `what`."""

    kind: str
    what: msgspec.Raw
    version: int | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(_Message)
_kinds: Final = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def write(what: FeedEvent, version: int | None) -> bytes:
    """Encode an entry."""
    raw = msgspec.Raw(_encoder.encode(what))
    return _encoder.encode(_Message(kind=NAMES[type(what)], what=raw, version=version))


def read(place: FeedPosition, content: bytes) -> Entry | None:
    """Decode an entry; return None for a kind of another version of this program."""
    message = _decoder.decode(content)
    if message.kind not in _kinds:
        return None
    return Entry(place, message.version, _kinds[message.kind].decode(message.what))
