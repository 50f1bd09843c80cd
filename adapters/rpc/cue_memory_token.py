"""What a coach remembers of a set, as bytes that whoever asks keeps and gives back unread."""

from typing import Final

import msgspec

from domain.coaching.cue_memory import CueMemory
from domain.kernel import Rejected

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(CueMemory)


class MemoryBroken(Rejected):
    """What a coach remembers is given back as it was in the last answer."""

    code = "worker.memory_broken"
    kind = "invalid"


def write_memory(coach: CueMemory) -> bytes:
    """Write what a coach remembers; the same gives the same bytes."""
    return _encoder.encode(coach)


def read_memory(content: bytes) -> CueMemory:
    """Read what a coach remembers. Raises MemoryBroken."""
    try:
        return _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
        raise MemoryBroken from broken
