"""Answers to chunks of landmarks, as JSON on `pose.reply`, for every process with a door."""

from typing import Final

import msgspec

from application.live.replies import LiveReply
from domain.kernel import Rejected

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(LiveReply)


class InvalidReply(Rejected):
    """These bytes are no answer to a chunk."""

    code = "live.reply_broken"
    kind = "invalid"


def encode_reply(reply: LiveReply) -> bytes:
    """Write an answer."""
    return _encoder.encode(reply)


def decode_reply(content: bytes) -> LiveReply:
    """Read an answer. Raises InvalidReply."""
    try:
        return _decoder.decode(content)
    except msgspec.MsgspecError as broken:
        raise InvalidReply from broken
