"""A repetition much shallower than the others counts with its fault, or has a reason."""

from functools import cache

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.facts import MotionFact, RepetitionRejected
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import confirmed_repetitions

NOT_PERFORMED = {"plank", "pommel_horse"}
"""A hold, and an exercise whose range the sample athlete cannot shorten."""

EXERCISES = sorted(set(all_exercises()) - NOT_PERFORMED)
FULL = 5
FPS = 15


@cache
def repetition(exercise: str, depth: float, noise_px: float, seed: int) -> PoseChunk:
    return landmarks(
        Performance(
            exercise=exercise,
            repetitions=1,
            depth=depth,
            idle_before_s=0.2,
            idle_after_s=0.2,
            landmark_noise_px=noise_px,
            seed=seed,
            fps=FPS,
        )
    )


def facts_of(exercise: str, depths: list[float], noise_px: float = 0.0) -> tuple[MotionFact, ...]:
    """Fold one repetition of each depth, a share of the full range, one after the other."""
    chunks = [repetition(exercise, depth, noise_px, seed) for seed, depth in enumerate(depths)]
    starts = np.cumsum([0.0, *(chunk.times_s[-1] + 1 / FPS for chunk in chunks[:-1])])
    joined = PoseChunk(
        np.concatenate([c.times_s + start for c, start in zip(chunks, starts, strict=True)]),
        np.concatenate([chunk.image for chunk in chunks]),
        np.concatenate([chunk.world for chunk in chunks if chunk.world is not None]),
        chunks[0].aspect_ratio,
    )
    return fold(get_exercise(exercise), [joined]).facts


def rejections(facts: tuple[MotionFact, ...]) -> list[str]:
    return [fact.reason for fact in facts if isinstance(fact, RepetitionRejected)]


@pytest.mark.parametrize("position", [0, 2, FULL])
@pytest.mark.parametrize("depth", [0.25, 0.35, 0.5])
@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_shallow_repetition_never_disappears(exercise: str, depth: float, position: int) -> None:
    """R-POS-02: first, in the middle or last, it is counted or rejected."""
    depths = [1.0] * FULL
    depths.insert(position, depth)
    facts = facts_of(exercise, depths)
    assert len(confirmed_repetitions(facts)) + len(rejections(facts)) == FULL + 1


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_quarter_repetition_is_rejected_as_too_shallow(exercise: str) -> None:
    """R-POS-02."""
    facts = facts_of(exercise, [1.0, 1.0, 0.25, 1.0, 1.0])
    assert rejections(facts) == ["too_shallow"]
    assert len(confirmed_repetitions(facts)) == 4


@pytest.mark.parametrize("exercise", EXERCISES)
def test_noise_at_rest_is_not_reported_as_a_shallow_repetition(exercise: str) -> None:
    """R-POS-02: two pixels of noise on every landmark are no movement."""
    assert "too_shallow" not in rejections(facts_of(exercise, [1.0] * FULL, noise_px=2.0))
