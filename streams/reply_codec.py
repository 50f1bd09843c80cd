"""Codec of replies on `pose.reply`, as JSON, for every API process."""

from typing import Final

import msgspec

from application.live.replies import LiveReply
from domain.kernel import Rejected

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(LiveReply)


class InvalidReply(Rejected):
    """The message is not a reply to a chunk."""

    code = "live.reply_broken"
    kind = "invalid"


def encode_reply(reply: LiveReply) -> bytes:
    """Encode a reply."""
    return _encoder.encode(reply)


def decode_reply(content: bytes) -> LiveReply:
    """Decode a reply. Raises InvalidReply."""
    try:
        return _decoder.decode(content)
    except msgspec.MsgspecError as broken:
        raise InvalidReply from broken
