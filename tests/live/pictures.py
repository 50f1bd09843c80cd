"""A set of the sample athlete as JPEG images, as a client sends them."""

import io
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from platformdirs import user_cache_path

from adapters.pose.model_file import MODEL_FILE
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.video import FramePicture
from application.live.chunk import IngestChunk
from domain.motion.landmarks import PoseChunk
from tests.live.chunks import as_json, command
from tests.live.stub_pose_estimator import unseen
from tools.film_studio.video import render_frames

CACHE: Path = user_cache_path("kinelog")
MODEL: Path = CACHE / MODEL_FILE
"""The pose model, once it is built on this machine."""
FPS = 10
REPETITIONS = 2
PERFORMANCE = Performance(
    exercise="squat", repetitions=REPETITIONS, fps=FPS, width=320, height=240, azimuth_deg=30
)


@cache
def jpegs() -> tuple[bytes, ...]:
    """Return the whole video, picture by picture."""
    return tuple(map(_jpeg, render_frames(PERFORMANCE)))


def _jpeg(image: Any) -> bytes:
    content = io.BytesIO()
    Image.fromarray(np.flip(image, axis=2).copy()).save(content, "JPEG", quality=70)
    return content.getvalue()


def pictured(session: str, *, alone: bool = True, frames: int = 5) -> Iterator[IngestChunk]:
    """Yield the video's chunks with a picture in each frame; `alone`: without landmarks."""
    whole = landmarks(PERFORMANCE)
    assert whole.world is not None
    shots = jpegs()
    for sequence, at in enumerate(range(0, len(whole), frames), start=1):
        part = slice(at, at + frames)
        chunk = PoseChunk(
            whole.times_s[part], whole.image[part], whole.world[part], whole.aspect_ratio
        )
        request = command(session, sequence, chunk, last=at + frames >= len(whole))
        shown = tuple(FramePicture(frame, jpeg) for frame, jpeg in enumerate(shots[part]))
        message = replace(request.message, chunk=unseen(chunk) if alone else chunk, pictures=shown)
        yield replace(request, message=message)


def json_of(request: IngestChunk) -> dict[str, Any]:
    """Return a chunk of pictures only as the JSON body of a client."""
    whole = replace(request.message, chunk=_somebody(request.message.chunk), pictures=())
    body = as_json(replace(request, message=whole))
    images = {each.frame: b64encode(each.jpeg).decode() for each in request.message.pictures}
    body["frames"] = [
        {"timeMs": frame["timeMs"], "image": images.get(number)}
        for number, frame in enumerate(body["frames"])
    ]
    return body


def _somebody(chunk: PoseChunk) -> PoseChunk:
    frames = len(chunk)
    return PoseChunk(
        chunk.times_s,
        np.zeros((frames, 33, 4), np.float32),
        np.zeros((frames, 33, 3), np.float32),
        chunk.aspect_ratio,
    )
