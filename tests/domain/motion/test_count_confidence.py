"""Rules of the confidence of a set's count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sample_athlete.athlete import landmarks as sample
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.count_confidence import (
    DOUBTFUL,
    Evidence,
    confidence_model,
    count_confidence,
    evidence,
    probability,
)
from domain.motion.counting.median_count import ThreeCounts
from domain.motion.counting.set_review import Return
from domain.motion.counting.trained_model import MEASURES
from domain.motion.exercises.library import get_exercise
from domain.motion.fold import advance, begin, finish, fold
from domain.motion.landmarks import PoseChunk

SQUAT = get_exercise("squat")
SHARE = st.floats(0.0, 1.0)
NUMBER = st.floats(0.0, 3.0)


def without_scale(chunk: PoseChunk) -> PoseChunk:
    return PoseChunk(chunk.times_s, chunk.image, None, chunk.aspect_ratio)


def returns(number: int) -> list[Return]:
    return [Return(2.0 * n, 2.0 * n + 1.0, 2.0 * n + 2.0, 1.0, 1.0) for n in range(number)]


def counts(signals: int, by_round: int, by_vote: int, unseen: float = 0.0) -> ThreeCounts:
    answer = sorted((signals, by_round, by_vote))[1]
    votes = [returns(by_vote)] * len(MEASURES)
    found = (returns(signals), returns(by_round), returns(by_vote), returns(answer))
    return ThreeCounts(*found, votes, [1.0] * len(votes), unseen)


def confidence(found: ThreeCounts) -> float:
    return probability(evidence(found), confidence_model())


def test_a_steady_set_is_counted_with_confidence() -> None:
    """R-POS-02."""
    state = fold(SQUAT, [without_scale(sample(Performance(repetitions=6)))]).state
    rated = count_confidence(SQUAT, state)
    assert state.repetitions == 6
    assert rated is not None
    assert rated > 0.9


def test_counters_that_disagree_make_a_count_doubtful() -> None:
    assert confidence(counts(8, 8, 8)) > DOUBTFUL > confidence(counts(8, 16, 30))


def test_a_count_is_surer_if_more_of_the_set_was_seen() -> None:
    assert confidence(counts(8, 8, 8)) > confidence(counts(8, 8, 8, unseen=0.4))


def test_a_set_without_repetitions_has_the_least_regularity() -> None:
    assert confidence(counts(0, 0, 0)) < confidence(counts(8, 8, 8))


@given(NUMBER, NUMBER, NUMBER, SHARE, NUMBER)
def test_no_doubt_raises_the_confidence(
    apart: float, scatter: float, irregularity: float, unseen: float, more: float
) -> None:
    numbers = (apart, scatter, irregularity, unseen)
    before = probability(Evidence(*numbers), confidence_model())
    assert 0.0 < before < 1.0
    for index in range(len(numbers)):
        worse = [number + more * (index == place) for place, number in enumerate(numbers)]
        assert probability(Evidence(*worse), confidence_model()) <= before


def test_the_confidence_does_not_depend_on_how_frames_are_cut() -> None:
    chunk = without_scale(sample(Performance(repetitions=4, landmark_noise_px=2.0)))
    state = begin(SQUAT)
    for first in range(0, len(chunk), 7):
        part = slice(first, first + 7)
        piece = PoseChunk(chunk.times_s[part], chunk.image[part], None, chunk.aspect_ratio)
        state = advance(SQUAT, state, piece).state
    state = finish(SQUAT, state).state
    assert count_confidence(SQUAT, state) == count_confidence(SQUAT, fold(SQUAT, [chunk]).state)


@pytest.mark.parametrize("exercise", ["squat", "biceps_curl"])
def test_metric_poses_and_exercises_without_a_model_have_no_confidence(exercise: str) -> None:
    definition = get_exercise(exercise)
    chunk = sample(Performance(exercise=exercise, repetitions=3))
    if exercise == "biceps_curl":
        chunk = without_scale(chunk)
    assert count_confidence(definition, fold(definition, [chunk]).state) is None


def test_a_set_in_which_nobody_was_seen_has_no_confidence() -> None:
    nobody = PoseChunk(np.arange(30) / 30, np.full((30, 33, 4), np.nan, np.float32))
    assert count_confidence(SQUAT, fold(SQUAT, [nobody]).state) is None
