"""Simulated clips to train with: sets of the sample athlete, in the form of landmark collections.

Bodies, cameras, tempi, depths and the noise of landmarks are random, and one frame in ten has no
pose, as in the collections. The same numbers give the same clips.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.landmarks import PoseChunk
from domain.values import Tempo
from tools.counting.examples import Example, boxed
from tools.counting.training import LEAST_EXAMPLES, Prepared, prepare

ATHLETES: Final = 8
"""Sets per exercise that the shipped models are trained with."""

UNSEEN: Final = 0.1
"""Share of frames without a pose."""


def with_athletes(clips: Iterable[Prepared], number: int) -> list[Prepared]:
    """Add sets of the sample athlete to each exercise that has enough clips of people."""
    people = list(clips)
    found = Counter(each.example.exercise for each in people)
    enough = sorted(name for name, times in found.items() if times >= LEAST_EXAMPLES)
    performed = [
        perform(name, index) for name in enough if name in MOVEMENTS for index in range(number)
    ]
    return [*people, *(each for each in performed if each is not None)]


@cache
def perform(exercise: str, index: int) -> Prepared | None:
    """Simulate one set of an exercise by a random athlete; None if no pose is left."""
    random = np.random.default_rng((crc32(exercise.encode()), index))
    slowness = float(random.uniform(0.4, 1.6))
    performance = Performance(
        exercise=exercise,
        repetitions=int(random.integers(4, 10)),
        tempo=Tempo(1.2 * slowness, 0.2 * slowness, slowness, 0.2 * slowness),
        depth=float(random.uniform(0.7, 1.0)),
        azimuth_deg=float(random.uniform(0.0, 180.0)),
        elevation_deg=float(random.uniform(0.0, 20.0)),
        stature_m=float(random.uniform(1.55, 1.95)),
        landmark_noise_px=float(random.uniform(1.0, 6.0)),
        seed=index,
    )
    chunk = landmarks(performance)
    begins = [
        performance.idle_before_s + number * performance.repetition_s
        for number in range(performance.repetitions)
    ]
    between = tuple((begin, begin + performance.repetition_s) for begin in begins)
    clip = boxed(Example(f"{exercise} {index}", exercise, performance.repetitions, chunk, between))
    image = clip.chunk.image.copy()
    image[random.random(len(image)) < UNSEEN] = np.nan
    return prepare(replace(clip, chunk=PoseChunk(chunk.times_s, image)))
