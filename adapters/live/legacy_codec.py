"""A chunk of landmarks travels with a short header that says what it belongs to.

Layout, little-endian: the magic `KPM1`; flags (u8: 1 = last chunk of the set, 2 = with preferences,
4 = with pictures, the rest 0); the set (u16); the sequence number (u32); the lengths of the
exercise's id and of the model's name (u8 each); both in UTF-8; with preferences their length (u16)
and how the athlete wants to be coached, as JSON; with pictures how many (u16), and of each its
frame, counted from 0 (u16), its length (u32) and the JPEG; then the chunk, as
`adapters.media.pose_chunk_codec` writes it.
"""

import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from adapters.media import pose_chunk_codec
from application.kernel.video import FramePicture
from application.live.chunk import MAX_FRAMES, MAX_SESSION_S, FrameChunk
from application.live.coaching import DEFAULT_PREFERENCES
from domain.coaching.preferences import CuePreferences
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk

MAGIC: Final = b"KPM1"
HEADER: Final = struct.Struct("<4sBHIBB")
LENGTH: Final = struct.Struct("<H")
LAST: Final = 1
PREFERENCES: Final = 2
PICTURES: Final = 4
FLAGS_AT: Final = 4
LEVEL: Final = 1
"""Messages are gone soon: half a second is 3 % larger than when kept, in a third of the time."""
PICTURE: Final = struct.Struct("<HI")

_encoder: Final = msgspec.json.Encoder()
_preferences: Final = msgspec.json.Decoder(CuePreferences)


class InvalidPoseMessage(Rejected):
    """A message with landmarks has a header and at most 600 frames, of the session's first day."""

    code = "live.message_broken"
    kind = "invalid"


def encode(message: FrameChunk) -> bytes:
    """Write a message as bytes; InvalidPoseMessage for one that would not be read."""
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


def decode(content: bytes) -> FrameChunk:
    """Read a message.

    Raises InvalidPoseMessage, MediaCorrupt for its chunk, or CueLanguageUnknown.
    """
    try:
        magic, flags, number, sequence, exercise_length, model_length = HEADER.unpack_from(content)
        middle = HEADER.size + exercise_length
        end = middle + model_length
        exercise, model = content[HEADER.size : middle].decode(), content[middle:end].decode()
        preferences = DEFAULT_PREFERENCES
        if flags & PREFERENCES:
            preferences, end = _read(content, end)
        pictures, end = _pictures(content, end) if flags & PICTURES else ((), end)
    except (struct.error, UnicodeDecodeError, msgspec.DecodeError) as broken:
        raise InvalidPoseMessage from broken
    if magic != MAGIC or flags > LAST + PREFERENCES + PICTURES or number < 1 or sequence < 1:
        raise InvalidPoseMessage
    chunk = pose_chunk_codec.decode(content[end:])
    if len(chunk) > MAX_FRAMES or not _within_a_session(chunk):
        raise InvalidPoseMessage
    if any(picture.frame >= len(chunk) for picture in pictures):
        raise InvalidPoseMessage
    return FrameChunk(
        set=number,
        sequence=sequence,
        exercise=exercise,
        model=model,
        last=bool(flags & LAST),
        chunk=chunk,
        preferences=preferences,
        pictures=pictures,
    )


def without_pictures(content: bytes) -> bytes:
    """Give a message without its pictures; of one that cannot be read, no more than its header."""
    flags = content[FLAGS_AT : FLAGS_AT + 1]
    if not flags or not flags[0] & PICTURES:
        return content
    try:
        return encode(replace(decode(content), pictures=()))
    except Rejected:
        return content[: HEADER.size]


def _read(content: bytes, at: int) -> tuple[CuePreferences, int]:
    """Read preferences that stand at a place; gives them and the place behind them."""
    (length,) = LENGTH.unpack_from(content, at)
    begin = at + LENGTH.size
    return _preferences.decode(content[begin : begin + length]), begin + length


def _pictures(content: bytes, at: int) -> tuple[tuple[FramePicture, ...], int]:
    """Read pictures that stand at a place; gives them and the place behind them."""
    (number,) = LENGTH.unpack_from(content, at)
    at += LENGTH.size
    pictures: list[FramePicture] = []
    for _ in range(number):
        frame, length = PICTURE.unpack_from(content, at)
        begin = at + PICTURE.size
        at = begin + length
        pictures.append(FramePicture(frame, content[begin:at]))
    return tuple(pictures), at


def _within_a_session(chunk: PoseChunk) -> bool:
    """Whether all times are numbers between the session's beginning and a day later."""
    times = chunk.times_s
    return bool(((times >= 0.0) & (times <= MAX_SESSION_S)).all())  # NaN is neither
