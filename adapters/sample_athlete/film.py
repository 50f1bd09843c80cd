"""A film of the sample athlete, with the truth about it lying beside it."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import numpy as np

from adapters.sample_athlete.athlete import (
    Truth,
    camera,
    companion_offset,
    frame_times,
    passer_by,
    pose,
    truth,
)
from adapters.sample_athlete.background import cast_shadow, room
from adapters.sample_athlete.body_parts import parts
from adapters.sample_athlete.geometry import Array
from adapters.sample_athlete.performance import Performance
from adapters.sample_athlete.renderer import ATHLETE, COMPANION, Image, Painter
from adapters.sample_athlete.skeleton import Figure, moved

ProgressReport = Callable[[int, int], None]
"""Told how many frames are done, of how many."""

CONSTANT_RATE_FACTOR: Final = "23"
BATCH: Final = 300
"""Frames posed and projected at once, so that a long film needs no more memory than a short one."""


def film(performance: Performance, path: Path, progress: ProgressReport | None = None) -> Truth:
    """Write an H.264 film (yuv420p, playable while it loads) and its truth as JSON beside it.

    The film appears under its name only when it is whole. Raises OSError where it cannot be
    written.
    """
    happened = truth(performance)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with _Reel(performance, unfinished) as reel:
            for number, image in enumerate(pictures(performance), start=1):
                reel.add(image)
                if progress is not None:
                    progress(number, performance.frames)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    truth_path(path).write_text(json.dumps(happened.as_json(), indent=2) + "\n", encoding="utf-8")
    return happened


class _Reel:
    """An open film; PyAV's packets are typed in part, so they are handled as they come."""

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
        """Append one picture."""
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = self._frames, self._frame_s
        self._frames += 1
        self._container.mux(self._stream.encode(frame))


def truth_path(video: Path) -> Path:
    """Where the truth about a film lies: squat.mp4 has squat.truth.json."""
    return video.with_suffix(".truth.json")


def pictures(performance: Performance) -> Iterator[Image]:
    """The frames of the film, one after the other, blue-green-red."""
    lens = camera(performance)
    background = room(lens)
    grain = _Grain(performance)
    times = frame_times(performance)
    for first in range(0, len(times), BATCH):
        people = _people(performance, times[first : first + BATCH])
        wardrobe = (ATHLETE, COMPANION, COMPANION)
        painter = Painter(lens, [(parts(who), wardrobe[i]) for i, who in enumerate(people)])
        for frame in range(len(times[first : first + BATCH])):
            canvas = background.copy()
            for who in people:
                cast_shadow(canvas, lens, who.points[frame])
            painter.paint(canvas, frame)
            yield grain.over(canvas)


def _people(performance: Performance, times_s: Array) -> list[Figure]:
    """Nobody, the athlete, or the athlete and a companion doing the same or one passing by."""
    athlete = pose(performance, times_s)
    everybody = [athlete, moved(athlete, companion_offset(performance))]
    passing = [passer_by(performance, times_s)] if performance.passer_by else []
    return [*everybody[: performance.people], *passing]


class _Grain:
    """The noise of a camera's sensor: one seeded sheet, laid over each frame at another place."""

    def __init__(self, performance: Performance) -> None:
        self._size = (performance.height, performance.width)
        self._random = np.random.default_rng(performance.seed)
        self._sheet: Array | None = None
        if performance.image_noise:
            self._sheet = self._random.normal(scale=performance.image_noise, size=(*self._size, 3))

    def over(self, image: Image) -> Image:
        if self._sheet is None:
            return image
        down, right = (int(self._random.integers(side)) for side in self._size)
        sheet: Array = np.roll(self._sheet, (down, right), axis=(0, 1))
        return np.clip(np.rint(image + sheet), 0, 255).astype(np.uint8)
