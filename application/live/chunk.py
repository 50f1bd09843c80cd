"""Frame chunk: the frames and sensor samples of a live session since the chunk before, validated.

Invalid chunks are rejected as a whole, with the reason; no frame is dropped silently.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np

from application.kernel.video import FramePicture
from application.live.reconciliation import Opinion
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected, value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.columns import MeasuredChunk
from domain.values import InvalidValue, within

MAX_FRAMES: Final = 600
"""Ten seconds at 60 frames a second: one chunk must not delay the others."""
MAX_SENSOR_SAMPLES: Final = 2000
"""Ten seconds of a sensor at 200 samples a second."""
MAX_SESSION_S: Final = 86_400.0
"""A session lasts at most a day."""
MAX_PICTURES: Final = 20
"""Two seconds at the rate from which the server counts as reliably as a device."""
MAX_PICTURE_BYTES: Final = 400 * 1024
"""Total of a chunk's images: twelve of 480 pixels. With the most landmarks it still fits into a
message of the bus, which has a megabyte."""
MAX_FRAME_RATE_HZ: Final = 1000.0
MIN_FRAMES_FOR_RATE: Final = 5
"""Frames from which a rate can be computed; two may be close by chance."""
MAX_COORDINATE: Final = 100.0
"""Pose models extrapolate landmarks outside of the image, but not by a hundred widths."""
MAX_SETS: Final = 1000
MAX_NAME_LENGTH: Final = 64
MAX_SEQUENCE: Final = 2**31 - 1


class InvalidSessionKey(Rejected):
    """Identify a live session by its tenant, a slash, and its id."""

    code = "live.key_invalid"
    kind = "invalid"


class FramesMissing(Rejected):
    """Send frames or sensor samples, or end the set."""

    code = "live.frames_missing"
    kind = "invalid"


class TooManyFrames(Rejected):
    """A chunk has at most 600 frames and 2000 sensor samples. Send more chunks."""

    code = "live.too_many_frames"
    kind = "invalid"


class TooManyPictures(Rejected):
    """A chunk has at most 20 pictures, of 400 KiB together. Send fewer or smaller ones."""

    code = "live.too_many_pictures"
    kind = "invalid"


class InvalidPictures(Rejected):
    """A picture refers to a missing frame, to one that has a picture, or is out of order."""

    code = "live.pictures_broken"
    kind = "invalid"


class TimesNotIncreasing(Rejected):
    """Send frames in order of their times, from chunk to chunk too."""

    code = "live.times_not_increasing"
    kind = "invalid"


class TimesTooClose(Rejected):
    """Timestamps are too close. Send seconds since the session began."""

    code = "live.times_too_close"
    kind = "invalid"


class TimeOutsideSession(Rejected):
    """A time is outside the session. Times count from its beginning, for at most a day."""

    code = "live.time_outside_session"
    kind = "invalid"


class InvalidLandmarks(Rejected):
    """Send a landmark with all its numbers, within bounds, or leave it out."""

    code = "live.landmarks_broken"
    kind = "invalid"


class InvalidSensors(Rejected):
    """Send sensor samples with a time of the session and at least one plausible reading."""

    code = "live.sensors_broken"
    kind = "invalid"


@value
class SessionKey:
    """A session and its tenant: the unit within which chunks keep their order."""

    tenant_id: TenantId
    session_id: SessionId

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `tenant/session`. Raises InvalidSessionKey."""
        tenant_id, _, session_id = text.partition("/")
        if not tenant_id or not session_id:
            raise InvalidSessionKey
        return cls(TenantId(tenant_id), SessionId(session_id))

    def __str__(self) -> str:
        return f"{self.tenant_id}/{self.session_id}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameChunk:
    """Landmarks and images of about half a second of one set.

    `sequence` rises from chunk to chunk, within a set at least; clients count a session's chunks
    from 1 without a gap. `model` names the pose model. `last` ends the set; that chunk may be
    without frames. `preferences` are the athlete's cue preferences; those of the first chunk of a
    set hold for all of it. `pictures` are images of frames, in their order; analysis replaces them
    by `opinion`. `definition` is that of a custom exercise of the athlete, None for the library.
    `measured` is the chunk after it was measured together with others.
    """

    set: int
    sequence: int
    exercise: str
    model: str
    last: bool
    chunk: PoseChunk
    preferences: CuePreferences = DEFAULT_PREFERENCES
    pictures: tuple[FramePicture, ...] = ()
    opinion: Opinion | None = None
    definition: ExerciseDefinition | None = None
    measured: MeasuredChunk | None = None


@value
class SensorSample:
    """Readings of a device at `time_s` since the session began.

    `accelerometer` in m/s² and `gyroscope` in rad/s about the device's own x, y and z axes;
    `heart_rate_bpm` in beats a minute. A reading that was not taken is None.
    """

    time_s: float
    accelerometer: tuple[float, float, float] | None = None
    gyroscope: tuple[float, float, float] | None = None
    heart_rate_bpm: float | None = None


MAX_READINGS: Final = {"accelerometer": 400.0, "gyroscope": 100.0}
"""Limits of phones and watches: 40 times gravity; 16 turns a second."""
HEART_RATES_BPM: Final = (20.0, 300.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class SessionChunk:
    """A frame chunk of a session, with the sensor samples that came with it."""

    session: SessionKey
    message: FrameChunk
    sensors: tuple[SensorSample, ...] = ()

    @property
    def sequence(self) -> int:
        """The chunk's place in its session."""
        return self.message.sequence

    def with_message(self, message: FrameChunk) -> "SessionChunk":
        """Return the same chunk with other frames, without a second validation."""
        if message is self.message:
            return self
        return SessionChunk(session=self.session, message=message, sensors=self.sensors)


@dataclass(frozen=True, kw_only=True, eq=False)
class IngestChunk(SessionChunk):
    """Command to ingest a chunk from a client, validated when it is built (C-01).

    `message.sequence` counts the session's chunks from 1, without a gap. Raises the rejections
    above, and InvalidValue for numbers out of range.
    """

    def __post_init__(self) -> None:
        message = self.message
        within("set", message.set, 1, MAX_SETS)
        within("sequence", message.sequence, 1, MAX_SEQUENCE)
        _check_model(message.model)
        if len(message.chunk) > MAX_FRAMES or len(self.sensors) > MAX_SENSOR_SAMPLES:
            raise TooManyFrames
        if not len(message.chunk) and not self.sensors and not message.last:
            raise FramesMissing
        _check_pictures(message)
        check_chunk(message.chunk)
        for sample in self.sensors:
            _check_sample(sample)


def _check_model(model: str) -> None:
    """Require a printable name: text columns cannot store NUL."""
    within("length of model", len(model), 1, MAX_NAME_LENGTH)
    if not model.isprintable():
        raise InvalidValue(f"model is {model!r}, which cannot be printed.")


def check_chunk(chunk: PoseChunk) -> None:
    """Reject frames that a camera cannot have taken in a session, by one of the errors above."""
    _check_times(chunk)
    _check_landmarks(chunk)


def _check_times(chunk: PoseChunk) -> None:
    times = chunk.times_s
    if not bool(((times >= 0.0) & (times <= MAX_SESSION_S)).all()):  # NaN is neither
        raise TimeOutsideSession
    if bool((np.diff(times) <= 0.0).any()):
        raise TimesNotIncreasing
    if (
        len(times) >= MIN_FRAMES_FOR_RATE
        and (len(times) - 1) / MAX_FRAME_RATE_HZ > times[-1] - times[0]
    ):
        raise TimesTooClose


def _check_landmarks(chunk: PoseChunk) -> None:
    within("aspect ratio", chunk.aspect_ratio, 0.1, 10.0)
    if _is_complete(chunk):
        return
    columns = [chunk.image[:, :, :3]] + ([] if chunk.world is None else [chunk.world])
    for column in columns:
        absent = np.isnan(column)
        if bool((absent != absent[:, :, :1]).any()):
            raise InvalidLandmarks
        if bool((np.abs(column) > MAX_COORDINATE).any()):
            raise InvalidLandmarks(f"A landmark is further away than {MAX_COORDINATE:.0f}.")
    visibility = chunk.image[:, :, 3]
    if bool((np.isnan(visibility) != np.isnan(chunk.image[:, :, 0])).any()):
        raise InvalidLandmarks
    if bool(((visibility < 0.0) | (visibility > 1.0)).any()):
        raise InvalidLandmarks("A visibility is not between 0 and 1.")


def _is_complete(chunk: PoseChunk) -> bool:
    """Return whether all landmarks are given and within bounds: a quick check, mostly true."""
    visibility = chunk.image[:, :, 3]
    points = [chunk.image] if chunk.world is None else [chunk.image, chunk.world]
    return (
        bool(visibility.min(initial=0.0) >= 0.0)  # a comparison with NaN is False, here and below
        and bool(visibility.max(initial=0.0) <= 1.0)
        and all(bool(np.abs(each).max(initial=0.0) <= MAX_COORDINATE) for each in points)
    )


def _check_pictures(message: FrameChunk) -> None:
    pictures = message.pictures
    if len(pictures) > MAX_PICTURES:
        raise TooManyPictures
    if sum(len(picture.jpeg) for picture in pictures) > MAX_PICTURE_BYTES:
        raise TooManyPictures
    frames = [-1, *(picture.frame for picture in pictures), len(message.chunk)]
    if any(later <= earlier for earlier, later in pairwise(frames)):
        raise InvalidPictures


def _check_sample(sample: SensorSample) -> None:
    if not 0.0 <= sample.time_s <= MAX_SESSION_S:
        raise TimeOutsideSession
    readings = {"accelerometer": sample.accelerometer, "gyroscope": sample.gyroscope}
    if sample.heart_rate_bpm is None and not any(readings.values()):
        raise InvalidSensors
    for name, axes in readings.items():
        if axes is not None and not all(abs(each) <= MAX_READINGS[name] for each in axes):
            raise InvalidSensors(f"A reading of the {name} is beyond {MAX_READINGS[name]:.0f}.")
    least, most = HEART_RATES_BPM
    if sample.heart_rate_bpm is not None and not least <= sample.heart_rate_bpm <= most:
        raise InvalidSensors(f"A heart rate is not between {least:.0f} and {most:.0f}.")
