"""Decoder of KPM1, the encoding of `pose.stream` in the version before this one.

Layout, little-endian: the magic `KPM1`; flags (u8: 1 = last chunk of the set, 2 = with preferences,
4 = with images, the rest 0); the set (u16); the sequence number (u32); the lengths of the
exercise's id and of the model's name (u8 each); both in UTF-8; with preferences their length (u16)
and the cue preferences as JSON; with images how many (u16), and of each its frame, counted from 0
(u16), its length (u32) and the JPEG; then the chunk, as `adapters.media.pose_chunk_codec` writes
it. Remove this module in the next version.
"""

import struct
from collections.abc import Sequence
from typing import Final

import msgspec

from adapters.media import pose_chunk_codec
from application.kernel.video import FramePicture
from application.live.chunk import MAX_FRAMES, MAX_SESSION_S, FrameChunk
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk

MAGIC: Final = b"KPM1"
HEADER: Final = struct.Struct("<4sBHIBB")
LENGTH: Final = struct.Struct("<H")
LAST: Final = 1
PREFERENCES: Final = 2
PICTURES: Final = 4
FLAGS_AT: Final = 4
PICTURE: Final = struct.Struct("<HI")

_preferences: Final = msgspec.json.Decoder(CuePreferences)


class InvalidPoseMessage(Rejected):
    """A message needs a set, a sequence and at most 600 frames of the session's first day."""

    code = "live.message_broken"
    kind = "invalid"


def decode(content: bytes) -> FrameChunk:
    """Decode a message.

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
    except (struct.error, UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        raise InvalidPoseMessage from error
    if magic != MAGIC or flags > LAST + PREFERENCES + PICTURES or number < 1 or sequence < 1:
        raise InvalidPoseMessage
    chunk = pose_chunk_codec.decode(content[end:])
    require_session_frames(chunk, pictures)
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


def require_session_frames(chunk: PoseChunk, pictures: Sequence[FramePicture]) -> None:
    """Require frames of a session's first day, and images of these. Raises InvalidPoseMessage."""
    times = chunk.times_s
    is_within_a_day = bool(((times >= 0.0) & (times <= MAX_SESSION_S)).all())  # NaN is neither
    if len(chunk) > MAX_FRAMES or not is_within_a_day:
        raise InvalidPoseMessage
    if any(picture.frame >= len(chunk) for picture in pictures):
        raise InvalidPoseMessage


def without_pictures(content: bytes) -> bytes:
    """Return a message without its images, or only its header if it cannot be read."""
    flags = content[FLAGS_AT : FLAGS_AT + 1]
    if not flags or not flags[0] & PICTURES:
        return content
    try:
        decode(content)
        _, _, _, _, exercise_length, model_length = HEADER.unpack_from(content)
        begin = HEADER.size + exercise_length + model_length
        if flags[0] & PREFERENCES:
            _, begin = _read(content, begin)
        _, end = _pictures(content, begin)
    except Rejected:
        return content[: HEADER.size]
    header = content[:FLAGS_AT] + bytes([flags[0] & ~PICTURES]) + content[FLAGS_AT + 1 : begin]
    return header + content[end:]


def _read(content: bytes, at: int) -> tuple[CuePreferences, int]:
    """Decode the preferences at an offset; return them and the offset behind them."""
    (length,) = LENGTH.unpack_from(content, at)
    begin = at + LENGTH.size
    return _preferences.decode(content[begin : begin + length]), begin + length


def _pictures(content: bytes, at: int) -> tuple[tuple[FramePicture, ...], int]:
    """Decode the images at an offset; return them and the offset behind them."""
    (number,) = LENGTH.unpack_from(content, at)
    at += LENGTH.size
    pictures: list[FramePicture] = []
    for _ in range(number):
        frame, length = PICTURE.unpack_from(content, at)
        begin = at + PICTURE.size
        at = begin + length
        pictures.append(FramePicture(frame, content[begin:at]))
    return tuple(pictures), at
