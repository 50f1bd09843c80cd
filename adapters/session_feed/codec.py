"""Entries of progress as few bytes of JSON, read by every process with a door."""

from typing import Final

import msgspec

from application.live.feed import Entry, FeedPosition
from application.live.feed_events import KINDS, NAMES, FeedEvent


class _Message(msgspec.Struct, kw_only=True):
    """An entry without its place. `kind` is a key of KINDS and says what `what` is."""

    kind: str
    what: msgspec.Raw
    version: int | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(_Message)
_kinds: Final = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def write(what: FeedEvent, version: int | None) -> bytes:
    """Write what is told."""
    raw = msgspec.Raw(_encoder.encode(what))
    return _encoder.encode(_Message(kind=NAMES[type(what)], what=raw, version=version))


def read(place: FeedPosition, content: bytes) -> Entry | None:
    """Read it; None for a kind that another version of this program tells."""
    message = _decoder.decode(content)
    if message.kind not in _kinds:
        return None
    return Entry(place, message.version, _kinds[message.kind].decode(message.what))
