"""Overlay video: the original with the skeleton, the count and the cues drawn on it."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError

from adapters.video.captions import counter_label, cue_label
from adapters.video.drawing import Colour, Ink, Picture, Point, draw_capsule, draw_disc, draw_label
from adapters.video.encoding import ENCODING, FAST_START, TICKS_PER_S
from application.kernel.video import (
    OverlayCaption,
    Pose,
    VideoEmpty,
    VideoFrame,
    VideoShape,
    VideoUnwritable,
)
from domain.motion.landmarks import Landmark

VISIBLE: Final = 0.5
"""Minimum visibility of a landmark that is drawn."""

LEFT_COLOUR: Final[Colour] = (255, 159, 28)
RIGHT_COLOUR: Final[Colour] = (46, 196, 255)
MIDDLE_COLOUR: Final[Colour] = (245, 247, 250)
SHADOW: Final = Ink((0, 0, 0), 0.45)

LEFT_CHAINS: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, Landmark.LEFT_INDEX),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX, Landmark.LEFT_ANKLE),
)
RIGHT_CHAINS: Final = (
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST, Landmark.RIGHT_INDEX),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
    (Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX, Landmark.RIGHT_ANKLE),
)
MIDDLE_CHAINS: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
)
COLOURED_LIMBS: Final = tuple(
    (start, end, colour)
    for chains, colour in (
        (MIDDLE_CHAINS, MIDDLE_COLOUR),
        (RIGHT_CHAINS, RIGHT_COLOUR),
        (LEFT_CHAINS, LEFT_COLOUR),
    )
    for chain in chains
    for start, end in pairwise(chain)
)
"""All drawn limbs: their two ends and their color."""


class PyAvOverlaySink:
    """Writes MP4 files with PyAV."""

    @contextmanager
    def open(self, path: Path, shape: VideoShape) -> Generator["OverlayWriter"]:
        """Open a file that exists only after it was written completely.

        Raises VideoUnwritable, and VideoEmpty where no frame was written.
        """
        temporary = _beside(path)
        try:
            with av.open(str(temporary), "w", format="mp4", container_options=FAST_START) as file:
                writer = OverlayWriter(file, shape)
                yield writer
                writer.finish()
            _rename(temporary, path)
        except FFmpegError as failed:
            raise VideoUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed
        finally:
            temporary.unlink(missing_ok=True)


class OverlayWriter:
    """Draws onto frames and appends them to a file; the first frame determines the size."""

    # The container and its stream are Any because PyAV's packets are not completely typed.
    def __init__(self, container: Any, shape: VideoShape) -> None:
        self._container = container
        self._rate = Fraction(shape.fps).limit_denominator(1001)
        self._stream: Any = None
        self._last_tick = -1

    def write(self, frame: VideoFrame, pose: Pose | None, caption: OverlayCaption) -> None:
        """Draw on a copy of a frame and append it."""
        height, width = (side // 2 * 2 for side in frame.rgb.shape[:2])  # H.264 wants even sides
        picture = frame.rgb[:height, :width].copy()
        if pose is not None:
            draw_skeleton(picture, pose)
        draw_caption(picture, caption)
        self._append(picture, frame.time_s)

    def finish(self) -> None:
        """Flush the encoder. Raises VideoEmpty if there was no frame."""
        if self._stream is None:
            raise VideoEmpty("There is no frame to draw on.")
        self._container.mux(self._stream.encode(None))

    def _append(self, picture: Picture, time_s: float) -> None:
        if self._stream is None:
            self._stream = self._begin(picture)
        encoded = av.VideoFrame.from_ndarray(picture, format="rgb24")
        self._last_tick = max(self._last_tick + 1, round(time_s * TICKS_PER_S))
        encoded.pts, encoded.time_base = self._last_tick, Fraction(1, TICKS_PER_S)
        self._container.mux(self._stream.encode(encoded))

    def _begin(self, picture: Picture) -> Any:
        stream = self._container.add_stream("libx264", rate=self._rate, options=ENCODING)
        stream.height, stream.width = picture.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        return stream


def draw_skeleton(picture: Picture, pose: Pose) -> None:
    """Draw the limbs with two visible ends: left orange, right blue, the trunk white."""
    height, width = picture.shape[:2]
    radius = max(1.5, min(height, width) / 160)
    visible = np.nan_to_num(pose.image[:, 3]) >= VISIBLE
    points: list[Point] = [(x * width, y * height) for x, y in pose.image[:, :2].tolist()]
    limbs = [limb for limb in COLOURED_LIMBS if visible[limb[0]] and visible[limb[1]]]
    for start, end, _ in limbs:
        draw_capsule(picture, points[start], points[end], radius * 1.7, SHADOW)
    for start, end, colour in limbs:
        draw_capsule(picture, points[start], points[end], radius, Ink(colour))
    for joint in {joint for limb in limbs for joint in limb[:2]}:
        draw_disc(picture, points[joint], radius * 1.3, Ink(MIDDLE_COLOUR))


def draw_caption(picture: Picture, caption: OverlayCaption) -> None:
    """Draw the counter at the top left and the cue, if there is one, at the bottom."""
    height, width = picture.shape[:2]
    side = min(height, width)
    margin = side // 30
    percent = None if caption.form is None else round(100 * caption.form)
    counter = counter_label(caption.count, caption.phase, percent, max(24, side // 6))
    draw_label(picture, counter, margin, margin)
    if caption.cue:
        cue = cue_label(caption.cue, max(12, side // 20), width - 2 * margin)
        left, top = (width - cue.shape[1]) // 2, height - cue.shape[0] - margin
        draw_label(picture, cue, max(0, left), max(0, top))


def _beside(path: Path) -> Path:
    """Create a temporary file in the same folder, so that renaming it is atomic."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".mp4")
    except OSError as failed:
        raise VideoUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed
    os.close(handle)
    Path(name).chmod(0o644)
    return Path(name)


def _rename(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as failed:
        raise VideoUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed
