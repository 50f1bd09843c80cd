"""What the application needs of moving pictures: frames with their time, and the pose in each."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected
from domain.motion.landmarks import Floats


class VideoMissing(Rejected):
    """There is no file at this path, or it may not be read."""

    code = "video.missing"
    kind = "not_found"


class VideoEmpty(Rejected):
    """The file holds no picture at all."""

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


class NoPersonInVideo(Rejected):
    """No person was found in the video."""

    code = "video.nobody"
    kind = "invalid"


class SeveralPeopleInVideo(Rejected):
    """More than one person trains in the video, and repetitions belong to one athlete."""

    code = "video.several_people"
    kind = "invalid"


class VideoUnwritable(Rejected):
    """The video cannot be written to this place."""

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
    """One person in one frame: `image` (33, 4) and `world` (33, 3), units as in `PoseChunk`."""

    image: Floats
    world: Floats


class Video(Protocol):
    """An opened video, read once from its first frame to its last."""

    @property
    def shape(self) -> VideoShape: ...

    def frames(self) -> Iterator[VideoFrame]:
        """Give every frame in order, times strictly increasing.

        Raises VideoUnreadable or VideoTruncated, the latter after the last good frame.
        """
        ...


class VideoDecoder(Protocol):
    """Opens video files. Raises VideoMissing, VideoEmpty or VideoUnreadable."""

    def open(self, path: Path) -> AbstractContextManager[Video]: ...


class PoseTracker(Protocol):
    """Follows one person through the frames of one video or camera."""

    def track(self, frame: VideoFrame) -> Pose | None:
        """Find the person in the next frame; None where nobody is seen. Times must increase."""
        ...


class PoseEstimator(Protocol):
    """Makes trackers, and looks whether a picture shows several people."""

    @property
    def model(self) -> str:
        """Name and version of the model, stored with every count it leads to."""
        ...

    def tracker(self) -> AbstractContextManager[PoseTracker]: ...

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        """Count in each frame, by itself, the people of comparable size: 0, 1, or 2 for more."""
        ...


@dataclass(frozen=True)
class OverlayCaption:
    """What is written over one frame: the count so far, the movement's phase, cue and form 0..1.

    `cue` is None while there is nothing to say, `form` while there is nothing to judge.
    """

    count: int
    phase: str
    cue: str | None = None
    form: float | None = None


class Overlay(Protocol):
    """A video being written with a skeleton and captions drawn in."""

    def write(self, frame: VideoFrame, pose: Pose | None, caption: OverlayCaption) -> None: ...


class OverlaySink(Protocol):
    """Writes such videos. Raises VideoUnwritable; leaves nothing behind after an error."""

    def open(self, path: Path, shape: VideoShape) -> AbstractContextManager[Overlay]: ...
