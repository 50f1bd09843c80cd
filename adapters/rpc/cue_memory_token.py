"""Cue memory token: the memory of a coach as bytes that the caller returns unread."""

from typing import Final

import msgspec

from domain.coaching.cue_memory import CueMemory
from domain.kernel import Rejected

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(CueMemory)


class MemoryBroken(Rejected):
    """Return the cue memory as it was in the last response."""

    code = "worker.memory_broken"
    kind = "invalid"


def write_memory(coach: CueMemory) -> bytes:
    """Encode a cue memory; the same memory gives the same bytes."""
    return _encoder.encode(coach)


def read_memory(content: bytes) -> CueMemory:
    """Decode a cue memory. Raises MemoryBroken."""
    try:
        return _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MemoryBroken from error
