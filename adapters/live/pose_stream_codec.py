"""Messages of `pose.stream`: a chunk as protobuf of the worker contract (`LiveChunk`).

Messages of the version before this one (`adapters.live.legacy_codec`) are read too. Kafka's key
names the session, so the one inside the message is not read.
"""

from dataclasses import replace
from typing import Final

from adapters.live import legacy_codec
from adapters.live.legacy_codec import InvalidPoseMessage, require_session_frames
from adapters.rpc.protobuf import ProtobufCodec
from application.kernel.rpc import InvalidMessage
from application.live.chunk import FrameChunk, InvalidLandmarks, SessionKey
from application.live.worker_contract import LiveChunk
from application.live.worker_handlers import to_frame_chunk, to_live_chunk
from domain.values import InvalidValue

EXCERPT_BYTES: Final = 64
"""Bytes kept of an unreadable message: enough to recognize it, too few for an image."""

JPEG_START: Final = b"\xff\xd8"

_codec: Final = ProtobufCodec()


def encode(key: SessionKey, chunk: FrameChunk) -> bytes:
    """Encode a chunk. Raises InvalidPoseMessage for one that could not be decoded."""
    try:
        return _codec.encode(to_live_chunk(key, chunk))
    except ValueError as outside:
        raise InvalidPoseMessage from outside


def decode(content: bytes) -> FrameChunk:
    """Decode a chunk. Raises InvalidPoseMessage, or CueLanguageUnknown."""
    if content.startswith(legacy_codec.MAGIC):
        return legacy_codec.decode(content)
    try:
        chunk = to_frame_chunk(_codec.decode(LiveChunk, content))
    except (InvalidMessage, InvalidLandmarks, InvalidValue) as error:
        raise InvalidPoseMessage from error
    if chunk.set < 1 or chunk.sequence < 1:
        raise InvalidPoseMessage
    require_session_frames(chunk.chunk, chunk.pictures)
    return chunk


def without_pictures(content: bytes) -> bytes:
    """Return a message without its images, or an excerpt if it has some and cannot be read."""
    if content.startswith(legacy_codec.MAGIC):
        return legacy_codec.without_pictures(content)
    try:
        message = _codec.decode(LiveChunk, content)
    except (InvalidMessage, InvalidValue):
        return content[:EXCERPT_BYTES] if JPEG_START in content else content
    return _codec.encode(replace(message, pictures=())) if message.pictures else content
