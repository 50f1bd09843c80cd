"""Renderer of a sample athlete's performance as a video, with a file of its ground truth."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import numpy as np

from adapters.sample_athlete.athlete import (
    GroundTruth,
    camera,
    companion_offset,
    frame_times,
    passer_by,
    pose,
    truth,
)
from adapters.sample_athlete.geometry import Array
from adapters.sample_athlete.performance import Performance
from adapters.sample_athlete.skeleton import Figure, moved
from tools.film_studio.background import cast_shadow, render_background
from tools.film_studio.body_parts import parts
from tools.film_studio.renderer import ATHLETE, COMPANION, Image, Renderer

ProgressReport = Callable[[int, int], None]
"""Receives the number of finished frames and of all frames."""

CONSTANT_RATE_FACTOR: Final = "23"
BATCH: Final = 300
"""Frames posed and projected at once, so that memory does not grow with the length of the video."""


def render_video(
    performance: Performance, path: Path, progress: ProgressReport | None = None
) -> GroundTruth:
    """Write an H.264 video (yuv420p, index first) and a JSON file of its ground truth.

    The video appears under its name only when it is complete. Raises OSError if it cannot be
    written.
    """
    ground_truth = truth(performance)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with _VideoWriter(performance, unfinished) as writer:
            for number, image in enumerate(render_frames(performance), start=1):
                writer.add(image)
                if progress is not None:
                    progress(number, performance.frames)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    text = json.dumps(ground_truth.as_json(), indent=2) + "\n"
    truth_path(path).write_text(text, encoding="utf-8")
    return ground_truth


class _VideoWriter:
    """An open video file. PyAV's packets are only partly typed, so they are Any."""

    def __init__(self, performance: Performance, path: Path) -> None:
        self._container: Any = av.open(
            str(path), "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._stream: Any = self._container.add_stream("libx264", rate=performance.fps)
        self._stream.width, self._stream.height = performance.width, performance.height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": CONSTANT_RATE_FACTOR}
        self._frames = 0
        self._frame_s = Fraction(1, performance.fps)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with self._container:
            if error is None:
                self._container.mux(self._stream.encode(None))

    def add(self, image: Image) -> None:
        """Append one frame."""
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = self._frames, self._frame_s
        self._frames += 1
        self._container.mux(self._stream.encode(frame))


def truth_path(video: Path) -> Path:
    """Return the path of a video's ground truth: squat.mp4 has squat.truth.json."""
    return video.with_suffix(".truth.json")


def render_frames(performance: Performance) -> Iterator[Image]:
    """Render the frames of a video in order, in blue, green, red."""
    lens = camera(performance)
    background = render_background(lens)
    noise = _SensorNoise(performance)
    times = frame_times(performance)
    for first in range(0, len(times), BATCH):
        people = _people(performance, times[first : first + BATCH])
        outfits = (ATHLETE, COMPANION, COMPANION)
        renderer = Renderer(lens, [(parts(who), outfits[i]) for i, who in enumerate(people)])
        for frame in range(len(times[first : first + BATCH])):
            canvas = background.copy()
            for who in people:
                cast_shadow(canvas, lens, who.points[frame])
            renderer.render(canvas, frame)
            yield noise.add_to(canvas)


def _people(performance: Performance, times_s: Array) -> list[Figure]:
    """Return the athlete, a companion doing the same, and a passer-by, as far as there are any."""
    athlete = pose(performance, times_s)
    everybody = [athlete, moved(athlete, companion_offset(performance))]
    passing = [passer_by(performance, times_s)] if performance.passer_by else []
    return [*everybody[: performance.people], *passing]


class _SensorNoise:
    """Noise of a camera sensor: one seeded sheet, shifted for each frame."""

    def __init__(self, performance: Performance) -> None:
        self._size = (performance.height, performance.width)
        self._random = np.random.default_rng(performance.seed)
        self._sheet: Array | None = None
        if performance.image_noise:
            self._sheet = self._random.normal(scale=performance.image_noise, size=(*self._size, 3))

    def add_to(self, image: Image) -> Image:
        if self._sheet is None:
            return image
        down, right = (int(self._random.integers(side)) for side in self._size)
        sheet: Array = np.roll(self._sheet, (down, right), axis=(0, 1))
        return np.clip(np.rint(image + sheet), 0, 255).astype(np.uint8)
