"""Compact binary encoding of a frame chunk: the body that phones send twice a second.

`docs/how-to/stream.md` has the layout with an example. A coordinate is a 16-bit fraction of the
range in the header: with the usual one, 4, it is exact to 0.00006.
"""

import struct
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from application.kernel.video import FramePicture
from application.live.chunk import MAX_COORDINATE, FrameChunk, IngestChunk, SensorSample, SessionKey
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

MEDIA_TYPE: Final = "application/vnd.kinelog.frames"
MAGIC: Final = b"KLF1"
"""The last character is the version of the layout."""
HEADER: Final = struct.Struct("<4sBBBBHIHHdf")
"""Magic, flags, lengths of session, exercise and model, set, sequence, frames, samples, aspect
ratio, range."""
LAST: Final = 1
WORLD: Final = 2
PICTURES: Final = 4
COUNT: Final = struct.Struct("<H")
"""Number of images, which are at the end."""
PICTURE: Final = struct.Struct("<HI")
"""The frame, counted from 0, and the length of the JPEG that follows."""
SAMPLE: Final = struct.Struct("<d7f")
"""Time, accelerometer, gyroscope, heart rate; NaN was not measured."""
USUAL_RANGE: Final = 4.0
FULL: Final = 32767
ABSENT: Final = -32768

Shares = npt.NDArray[np.int16]


class InvalidChunkBody(Rejected):
    """The body is not a chunk in version 1 of the compact encoding. See docs/how-to/stream.md."""

    code = "live.body_broken"
    kind = "invalid"


def encode(command: IngestChunk) -> bytes:
    """Encode a chunk, without its tenant. Raises InvalidChunkBody for one that does not fit."""
    message, chunk = command.message, command.message.chunk
    names = [command.session.session_id.encode(), message.exercise.encode(), message.model.encode()]
    reach = _range_of(chunk)
    try:
        header = HEADER.pack(
            MAGIC,
            LAST * message.last
            + WORLD * (chunk.world is not None)
            + PICTURES * bool(message.pictures),
            *(len(name) for name in names),
            message.set,
            message.sequence,
            len(chunk),
            len(command.sensors),
            chunk.aspect_ratio,
            reach,
        )
    except struct.error as outside:
        raise InvalidChunkBody from outside
    columns = [chunk.times_s.astype("<f8"), *_written(chunk, reach)]
    samples = [SAMPLE.pack(sample.time_s, *_readings(sample)) for sample in command.sensors]
    points = (column.tobytes() for column in columns)
    return b"".join((header, *names, *points, *samples, *_shown(message.pictures)))


def _shown(pictures: Sequence[FramePicture]) -> Iterator[bytes]:
    if not pictures:
        return
    try:
        yield COUNT.pack(len(pictures))
        for picture in pictures:
            yield PICTURE.pack(picture.frame, len(picture.jpeg))
            yield picture.jpeg
    except struct.error as outside:
        raise InvalidChunkBody from outside


def decode(content: bytes, tenant_id: TenantId) -> IngestChunk:
    """Decode a chunk. Raises InvalidChunkBody, or what IngestChunk rejects."""
    reader = _Reader(content)
    fields = reader.unpack(HEADER)
    magic, flags, *lengths, number, sequence, frames, samples, aspect_ratio, reach = fields
    if magic != MAGIC or flags > LAST + WORLD + PICTURES or not 0.0 < reach <= MAX_COORDINATE:
        raise InvalidChunkBody
    session, exercise, model = (reader.text(length) for length in lengths)
    times = reader.column("<f8", frames).astype(np.float64)
    image = _coordinates(reader.column("<i2", frames, LANDMARK_COUNT, 4), reach)
    world = None
    if flags & WORLD:
        world = _coordinates(reader.column("<i2", frames, LANDMARK_COUNT, 3), reach)
    image[:, :, 3] *= np.float32(1.0 / reach)
    sensors = tuple(_sample(*reader.unpack(SAMPLE)) for _ in range(samples))
    pictures = tuple(reader.pictures()) if flags & PICTURES else ()
    reader.end()
    return IngestChunk(
        session=SessionKey(tenant_id, SessionId(session)),
        message=FrameChunk(
            set=number,
            sequence=sequence,
            exercise=exercise,
            model=model,
            last=bool(flags & LAST),
            chunk=PoseChunk(times, image, world, aspect_ratio),
            pictures=pictures,
        ),
        sensors=sensors,
    )


def _range_of(chunk: PoseChunk) -> float:
    """Return the usual range, doubled until it holds all coordinates."""
    columns = [chunk.image[:, :, :3], *([] if chunk.world is None else [chunk.world])]
    furthest = max((float(np.abs(c[~np.isnan(c)]).max(initial=0.0)) for c in columns), default=0.0)
    reach = USUAL_RANGE
    while reach < min(furthest, MAX_COORDINATE):
        reach = min(2.0 * reach, MAX_COORDINATE)
    return reach


def _written(chunk: PoseChunk, reach: float) -> list[Shares]:
    image = chunk.image / np.float32(reach)
    image[:, :, 3] = chunk.image[:, :, 3]  # visibility is a share already
    parts = [image, *([] if chunk.world is None else [chunk.world / np.float32(reach)])]
    return [_shares(part) for part in parts]


def _shares(column: Floats) -> Shares:
    rounded = np.round(np.clip(column, -1.0, 1.0) * FULL)
    return np.where(np.isnan(column), ABSENT, rounded).astype("<i2")


def _coordinates(shares: Shares, reach: float) -> Floats:
    read = shares * np.float32(reach / FULL)
    np.copyto(read, np.nan, where=shares == ABSENT)
    return read


def _readings(sample: SensorSample) -> tuple[float, ...]:
    absent = (np.nan, np.nan, np.nan)
    rate = np.nan if sample.heart_rate_bpm is None else sample.heart_rate_bpm
    return (*(sample.accelerometer or absent), *(sample.gyroscope or absent), rate)


def _sample(time_s: float, *readings: float) -> SensorSample:
    rate = readings[6]
    return SensorSample(
        time_s=time_s,
        accelerometer=_axes(*readings[:3]),
        gyroscope=_axes(*readings[3:6]),
        heart_rate_bpm=None if np.isnan(rate) else rate,
    )


def _axes(x: float, y: float, z: float) -> tuple[float, float, float] | None:
    return None if np.isnan((x, y, z)).all() else (x, y, z)


class _Reader:
    """Reads bytes from the front. Raises InvalidChunkBody if there are too few or too many."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def unpack(self, layout: struct.Struct) -> tuple[Any, ...]:
        return layout.unpack(self._take(layout.size))

    def text(self, length: int) -> str:
        try:
            return self._take(length).decode()
        except UnicodeDecodeError as broken:
            raise InvalidChunkBody from broken

    def column(self, kind: str, *shape: int) -> npt.NDArray[Any]:
        size = prod(shape) * np.dtype(kind).itemsize
        return np.frombuffer(self._take(size), kind).reshape(shape)

    def pictures(self) -> Iterator[FramePicture]:
        (number,) = self.unpack(COUNT)
        for _ in range(number):
            frame, length = self.unpack(PICTURE)
            yield FramePicture(frame, self._take(length))

    def end(self) -> None:
        if self._at != len(self._content):
            raise InvalidChunkBody

    def _take(self, size: int) -> bytes:
        taken = self._content[self._at : self._at + size]
        if len(taken) != size:
            raise InvalidChunkBody
        self._at += size
        return taken
