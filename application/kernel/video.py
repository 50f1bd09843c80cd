"""Ports for video, images and poses."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected
from domain.motion.landmarks import Floats

MAX_IMAGE_BYTES: Final = 512 * 1024
"""Of one image; a JPEG of 1280 x 720 has about 150 KB."""
MAX_IMAGE_SIDE: Final = 1920
"""Pixels. Larger images show no more of a pose, and cost memory to open."""
MIN_IMAGE_SIDE: Final = 16

VIDEO_TYPE: Final = "video/mp4"


class VideoMissing(Rejected):
    """There is no readable file at this path."""

    code = "video.missing"
    kind = "not_found"


class VideoEmpty(Rejected):
    """The file contains no frame."""

    code = "video.empty"
    kind = "invalid"


class VideoUnreadable(Rejected):
    """The file is not a video that can be decoded."""

    code = "video.unreadable"
    kind = "invalid"


class VideoTruncated(Rejected):
    """The file ends before the video does."""

    code = "video.truncated"
    kind = "invalid"


class VideoTooLarge(Rejected):
    """The video is larger or longer than this server accepts."""

    code = "video.too_large"
    kind = "invalid"


class VideoDecodingFailed(Rejected):
    """The video cannot be decoded with the memory and time that a video may take."""

    code = "video.decoding_failed"
    kind = "invalid"


class DecoderUnavailable(Rejected):
    """No process could be started to decode the file. Try again."""

    code = "video.decoder_unavailable"
    kind = "unavailable"


class PoseDetectionFailed(Rejected):
    """Poses could not be found with the memory and time that an image may take."""

    code = "pose.detection_failed"
    kind = "invalid"


class PoseDetectorUnavailable(Rejected):
    """No process could be started to find poses. Try again."""

    code = "pose.detector_unavailable"
    kind = "unavailable"


PROCESS_ENDED: Final = (VideoDecodingFailed, PoseDetectionFailed)
"""Refusals if a child process was ended: by the system, as for memory, or by the video."""


class EncoderUnavailable(Rejected):
    """No process could be started to encode the video. Try again."""

    code = "video.encoder_unavailable"
    kind = "unavailable"


class NoPersonInVideo(Rejected):
    """No person was found in the video."""

    code = "video.nobody"
    kind = "invalid"


class SeveralPeopleInVideo(Rejected):
    """More than one person trains in the video. Film one athlete."""

    code = "video.several_people"
    kind = "invalid"


class VideoUnwritable(Rejected):
    """The video cannot be written."""

    code = "video.unwritable"
    kind = "invalid"


@dataclass(frozen=True, eq=False)
class VideoFrame:
    """One image: `rgb` (height, width, 3) uint8, shown `time_s` seconds after the first one."""

    time_s: float
    rgb: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class VideoShape:
    """A video's size in pixels as shown (rotation applied), frames a second, and length.

    `frame_count` is what the file declares, None where it does not; it guides progress only.
    `media_type` is what a browser calls the container.
    """

    width: int
    height: int
    fps: float
    frame_count: int | None
    duration_s: float | None
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one frame: `image` (33, 4) and `world` (33, 3), units as in `PoseChunk`.

    `world` is None if the model gives no metres.
    """

    image: Floats
    world: Floats | None


class Video(Protocol):
    """An opened video, read once from its first frame to its last."""

    @property
    def shape(self) -> VideoShape: ...

    def frames(self) -> Iterator[VideoFrame]:
        """Yield every frame in order, times strictly increasing.

        Raises what the decoder does, and VideoTruncated after the last good frame.
        """
        ...


class VideoDecoder(Protocol):
    """Opens video files.

    Raises VideoMissing, VideoEmpty, VideoUnreadable, VideoTooLarge, VideoDecodingFailed or
    DecoderUnavailable; frames, VideoTruncated and the last three.
    """

    def open(self, path: Path) -> AbstractContextManager[Video]: ...


class PoseTracker(Protocol):
    """Tracks one person through the frames of a video or camera."""

    def track(self, frame: VideoFrame) -> Pose | None:
        """Return the pose in the next frame, None if nobody is visible. Times must increase."""
        ...


class PoseEstimator(Protocol):
    """Creates trackers, and counts the people in an image."""

    @property
    def model(self) -> str:
        """Name and version of the model, stored with every count that is based on it."""
        ...

    def tracker(self) -> AbstractContextManager[PoseTracker]: ...

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        """Count the people of comparable size in each frame: 0, 1, or 2 for more."""
        ...


@dataclass(frozen=True)
class OverlayCaption:
    """Caption of one frame: the count so far, the phase of the movement, cue and form 0..1.

    `cue` is None if there is none, `form` is None before the first repetition.
    """

    count: int
    phase: str
    cue: str | None = None
    form: float | None = None


class Overlay(Protocol):
    """A video being written with a skeleton and captions drawn in."""

    def write(self, frame: VideoFrame, pose: Pose | None, caption: OverlayCaption) -> None: ...


class OverlaySink(Protocol):
    """Opens overlay videos. Raises VideoUnwritable; leaves no file behind after an error."""

    def open(self, path: Path, shape: VideoShape) -> AbstractContextManager[Overlay]: ...


class PictureRefused(Rejected):
    """An image must be a complete JPEG of at most 512 KiB, with sides of 16 to 1920 pixels."""

    code = "picture.refused"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class FramePicture:
    """The image of a frame of a chunk, counted from 0, as the client sent it.

    It shows a person: it is never logged.
    """

    frame: int
    jpeg: bytes = field(repr=False)


class ImageCodec(Protocol):
    """Checks images."""

    def check(self, picture: bytes) -> None:
        """Decode an image. Raises PictureRefused."""
        ...


class VideoEncoder(Protocol):
    """Encodes images as a video."""

    def encode(self, pictures: Iterable[tuple[float, bytes]]) -> AbstractContextManager[BinaryIO]:
        """Open an MP4 of images, each shown from its time in seconds to the time of the next.

        All have the size of the first. The file exists in memory only, until the block ends. Raises
        PictureRefused, VideoEmpty, VideoUnwritable, EncoderUnavailable, and what `pictures` raises.
        """
        ...
