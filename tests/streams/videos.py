"""Sets in half-second chunks, and the messages that carry them."""

from functools import cache

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.live.chunk import FrameChunk
from domain.motion.landmarks import PoseChunk

EXERCISES = ("squat", "biceps_curl")


@cache
def video(exercise: str = "squat", take: int = 1) -> tuple[PoseChunk, ...]:
    """Return a set of twenty repetitions."""
    whole = landmarks(
        Performance(exercise=exercise, repetitions=20, landmark_noise_px=1.0, seed=take)
    )
    assert whole.world is not None
    return tuple(
        PoseChunk(
            whole.times_s[at : at + 15],
            whole.image[at : at + 15],
            whole.world[at : at + 15],
            whole.aspect_ratio,
        )
        for at in range(0, len(whole), 15)
    )


def chunk_message(
    sequence: int,
    *,
    number: int = 1,
    exercise: str = "squat",
    take: int = 1,
    last: bool = False,
    at: int | None = None,
) -> FrameChunk:
    """Return the message of this chunk of a set; `at` selects another chunk of the video."""
    return FrameChunk(
        set=number,
        sequence=sequence,
        exercise=exercise,
        model="mannequin",
        last=last,
        chunk=video(exercise, take)[sequence - 1 if at is None else at],
    )
