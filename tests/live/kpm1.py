"""Encoder of KPM1 messages, in the version of the previous release."""

import struct
from collections.abc import Sequence
from typing import Final

import msgspec

from adapters.live.legacy_codec import (
    HEADER,
    LAST,
    LENGTH,
    MAGIC,
    PICTURE,
    PICTURES,
    PREFERENCES,
    InvalidPoseMessage,
)
from adapters.media import pose_chunk_codec
from application.kernel.video import FramePicture
from application.live.chunk import FrameChunk
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences

LEVEL: Final = 1

_encoder: Final = msgspec.json.Encoder()


def encode(message: FrameChunk) -> bytes:
    """Return a message as bytes; raise InvalidPoseMessage for one that could not be read."""
    names = [message.exercise.encode(), message.model.encode()]
    is_usual = message.preferences == DEFAULT_PREFERENCES
    try:
        header = HEADER.pack(
            MAGIC,
            LAST * message.last + PREFERENCES * (not is_usual) + PICTURES * bool(message.pictures),
            message.set,
            message.sequence,
            *(len(name) for name in names),
        )
        wanted = b"" if is_usual else _written(message.preferences)
        shown = _shown(message.pictures)
    except struct.error as outside:
        raise InvalidPoseMessage from outside
    return b"".join(
        (header, *names, wanted, *shown, pose_chunk_codec.encode(message.chunk, level=LEVEL))
    )


def _shown(pictures: Sequence[FramePicture]) -> list[bytes]:
    if not pictures:
        return []
    each = (
        part
        for picture in pictures
        for part in (PICTURE.pack(picture.frame, len(picture.jpeg)), picture.jpeg)
    )
    return [LENGTH.pack(len(pictures)), *each]


def _written(preferences: CuePreferences) -> bytes:
    content = _encoder.encode(preferences)
    return LENGTH.pack(len(content)) + content
