"""Demonstration of an exercise: one faultless repetition of the sample athlete, for drawing."""

from functools import cache
from typing import Final

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.landmarks import PoseChunk

FRAMES_PER_SECOND: Final = 12
"""Enough for a drawing, and little to send."""

STILL_S: Final = 0.5
"""Seconds without movement before and after the repetition."""


@cache
def demonstration(exercise: str) -> PoseChunk | None:
    """Return one repetition (or some seconds of a hold) in the usual view; None if unknown.

    Times are in seconds. The frames can be played in a loop: the last is like the first.
    """
    if exercise not in MOVEMENTS:
        return None
    return landmarks(
        Performance(
            exercise=exercise,
            repetitions=1,
            fps=FRAMES_PER_SECOND,
            width=480,
            height=480,
            idle_before_s=STILL_S,
            idle_after_s=STILL_S,
        )
    )
