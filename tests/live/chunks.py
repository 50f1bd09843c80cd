"""Performances of the sample athlete, cut into the chunks that a client sends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.live.chunk import FrameChunk, IngestChunk, SensorSample, SessionKey
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.motion.landmarks import PoseChunk

NOW = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
MODEL = "mannequin"
FPS = 15


@cache
def video(exercise: str = "squat", repetitions: int = 4, seed: int = 1) -> PoseChunk:
    """Return a whole set."""
    return landmarks(
        Performance(
            exercise=exercise,
            repetitions=repetitions,
            fps=FPS,
            landmark_noise_px=1.0,
            seed=seed,
        )
    )


def cut(whole: PoseChunk, offset_s: float = 0.0, frames: int = 8) -> Iterator[PoseChunk]:
    """Split it into chunks, `offset_s` later in the session."""
    assert whole.world is not None
    for at in range(0, len(whole), frames):
        part = slice(at, at + frames)
        yield PoseChunk(
            whole.times_s[part] + offset_s,
            whole.image[part],
            whole.world[part],
            whole.aspect_ratio,
        )


def take(
    session: str,
    *,
    tenant: str = DEFAULT_TENANT,
    exercise: str = "squat",
    repetitions: int = 4,
    number: int = 1,
    after: int = 0,
    offset_s: float = 0.0,
) -> list[IngestChunk]:
    """Return a set as chunks; `after` is the number of chunks before it in the session."""
    chunks = list(cut(video(exercise, repetitions), offset_s))
    return [
        command(
            session,
            after + place,
            chunk,
            tenant=tenant,
            exercise=exercise,
            number=number,
            last=place == len(chunks),
        )
        for place, chunk in enumerate(chunks, start=1)
    ]


def command(
    session: str,
    sequence: int,
    chunk: PoseChunk | None = None,
    *,
    tenant: str = DEFAULT_TENANT,
    exercise: str = "squat",
    number: int = 1,
    last: bool = False,
    sensors: tuple[SensorSample, ...] = (),
) -> IngestChunk:
    """Return the command of one chunk; by default it has the video's frames at its position."""
    frames = list(cut(video()))[sequence - 1] if chunk is None else chunk
    return IngestChunk(
        session=SessionKey(TenantId(tenant), SessionId(session)),
        message=FrameChunk(
            set=number,
            sequence=sequence,
            exercise=exercise,
            model=MODEL,
            last=last,
            chunk=frames,
        ),
        sensors=sensors,
    )


def as_json(request: IngestChunk) -> dict[str, Any]:
    """Return a command as the JSON body of a client."""
    message, chunk = request.message, request.message.chunk
    assert chunk.world is not None
    return {
        "sessionId": request.session.session_id,
        "sequence": message.sequence,
        "set": message.set,
        "exercise": message.exercise,
        "model": message.model,
        "aspectRatio": chunk.aspect_ratio,
        "last": message.last,
        "frames": [
            {"timeMs": 1000.0 * time, "landmarks": image, "worldLandmarks": world}
            for time, image, world in zip(
                chunk.times_s.tolist(), chunk.image.tolist(), chunk.world.tolist(), strict=True
            )
        ],
        "sensors": [
            {
                "timeMs": 1000.0 * sample.time_s,
                "accelerometer": sample.accelerometer,
                "gyroscope": sample.gyroscope,
                "heartRateBpm": sample.heart_rate_bpm,
            }
            for sample in request.sensors
        ],
    }
