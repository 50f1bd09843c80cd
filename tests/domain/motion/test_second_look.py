"""Rules of the second count of a set whose poses have no scale."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.motion.counting.ensemble import candidates, weighted_vote
from domain.motion.counting.median_count import median_count
from domain.motion.counting.phase_tracking import evaluate_harmonics, find_cycles
from domain.motion.counting.pose_buffer import MOST_MOMENTS, append_poses, decode, evenly
from domain.motion.counting.set_review import Return
from domain.motion.counting.trained_model import (
    MEASURES,
    find_trained_model,
    from_plain,
    measure_chunk,
    to_plain,
)
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.fold import advance, begin, fold
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import body_of
from domain.motion.signals.columns import EFFORT, layout_of, observe
from domain.motion.state import MotionState, PoseBuffer
from tests.domain.motion.figure import Pace, chunk_of, cut, landmarks, squats, squatting

SQUAT = get_exercise("squat")
BRISK = Pace(0.6, 0.1, 0.6, 0.2)


def in_a_box(chunk: PoseChunk) -> PoseChunk:
    """Scale each axis to the box around the person, frame by frame, without metric landmarks."""
    points = chunk.image[:, :, :3]
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    image = chunk.image.copy()
    image[:, :, :3] = (points - low) / (high - low)
    return PoseChunk(chunk.times_s, image)


def missed_when_low(chunk: PoseChunk) -> PoseChunk:
    """Remove the pose in the lowest quarter of the movement."""
    effort = observe(SQUAT, layout_of(SQUAT), chunk)[:, EFFORT]
    image = chunk.image.copy()
    image[effort > np.percentile(effort, 75)] = np.nan
    return PoseChunk(chunk.times_s, image)


def count_both_ways(chunk: PoseChunk) -> tuple[list[Return], list[Return]]:
    """Return the squats counted by the learned cycle and by the vote."""
    model = find_trained_model("squat")
    recollection = decode(append_poses(PoseBuffer(), chunk, body_of(chunk).seen))
    assert model is not None
    assert recollection is not None
    measures, times_s = (
        evenly(recollection, measure_chunk(recollection.chunk)),
        recollection.times_s,
    )
    by_round = find_cycles(times_s, measures, recollection.seen, model.round)
    by_vote = weighted_vote(candidates(times_s, measures, model.voters.travel), model.voters.trust)
    return by_round, by_vote


@pytest.mark.parametrize("yaw_deg", [0, 40, 90])
def test_cycle_and_vote_count_a_set_from_any_side(yaw_deg: int) -> None:
    assert [
        len(found) for found in count_both_ways(in_a_box(squats(6, BRISK, yaw_deg=yaw_deg)))
    ] == [6, 6]


def test_a_cycle_continues_over_frames_without_a_person() -> None:
    by_round, _ = count_both_ways(missed_when_low(in_a_box(squats(6, BRISK, yaw_deg=40))))
    assert len(by_round) == 6
    assert all(before.ended_s <= after.started_s for before, after in pairwise(by_round))


def test_standing_still_is_not_a_cycle() -> None:
    times = [index / 30 for index in range(300)]
    noise = np.random.default_rng(1).normal(0.0, 0.004, (len(times), 33, 3))
    still = [landmarks(squatting(0.0), 40) + shaken for shaken in noise]
    assert fold(SQUAT, [in_a_box(chunk_of(times, still))]).state.repetitions == 0


def test_metric_poses_need_no_second_count() -> None:
    assert fold(SQUAT, [squats(3)]).state.memory == PoseBuffer()


def test_exercises_without_a_model_are_not_remembered() -> None:
    deadlift = get_exercise("deadlift")
    assert find_trained_model(deadlift.id) is None
    assert fold(deadlift, [in_a_box(squats(2))]).state.memory == PoseBuffer()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=400), max_size=20))
def test_memory_does_not_depend_on_how_frames_are_cut(lengths: list[int]) -> None:
    long = in_a_box(squats(16, Pace(1.5, 0.5, 1.5, 0.5)))
    memory = PoseBuffer()
    for piece in cut(long, lengths):
        memory = append_poses(memory, piece, body_of(piece).seen)
    assert memory == append_poses(PoseBuffer(), long, body_of(long).seen)
    assert memory.every == 2


def test_a_long_set_is_remembered_coarsely_and_counted_all_the_same() -> None:
    long = in_a_box(squats(30, Pace(1.0, 0.2, 1.0, 0.4)))
    state = fold(SQUAT, [long]).state
    assert state.memory.every == 2
    assert len(state.memory.moments) <= MOST_MOMENTS * 43
    assert state.repetitions == 30


def test_delayed_frames_are_not_remembered() -> None:
    """R-LIV-10."""
    chunk = in_a_box(squats(2))
    state = advance(SQUAT, begin(SQUAT), chunk).state
    assert advance(SQUAT, state, chunk).state == state


def test_a_remembered_set_survives_being_stored() -> None:
    state = advance(SQUAT, begin(SQUAT), in_a_box(squats(2))).state
    assert len(state.memory.moments) > 0
    for codec in (msgspec.json, msgspec.msgpack):
        assert codec.decode(codec.encode(state), type=MotionState) == state


def test_empty_frames_do_not_match_a_learned_exercise() -> None:
    assert decode(PoseBuffer()) is None


def found(count: int) -> list[Return]:
    return [Return(at, at + 0.4, at + 0.9, 1.0, 1.0) for at in range(count)]


@pytest.mark.parametrize(
    ("signals", "by_round", "by_vote", "answer"),
    [(5, 5, 9, 5), (5, 7, 9, 7), (9, 5, 5, 5), (5, 0, 9, 5), (0, 4, 4, 0)],
)
def test_the_median_count_wins_if_all_sources_counted(
    signals: int, by_round: int, by_vote: int, answer: int
) -> None:
    """C-02: a better count replaces the first one."""
    assert len(median_count(found(signals), found(by_round), found(by_vote))) == answer


def test_the_vote_goes_to_the_measures_that_were_right_before() -> None:
    trusted, others = [0.9, 0.9], [0.3, 0.3, 0.3]
    counts = [found(6), found(6), found(2), found(2), found(2)]
    assert len(weighted_vote(counts, trusted + others)) == 6


def test_a_vote_without_counts_has_no_result() -> None:
    assert weighted_vote([[], []], [0.5, 0.5]) == []


def shipped() -> list[str]:
    return [name for name in all_exercises() if find_trained_model(name) is not None]


def test_the_trained_models_are_complete_and_small() -> None:
    assert len(shipped()) >= 10
    for name in shipped():
        model = find_trained_model(name)
        assert model is not None
        assert len(model.round.weights) == len(MEASURES)
        assert len(model.voters.trust) == len(model.voters.travel) == len(MEASURES)
        assert all(0.0 <= trust <= 1.0 for trust in model.voters.trust)
        assert from_plain(to_plain(model)) == model
        assert len(msgspec.json.encode(to_plain(model))) < 4_000


def test_a_learned_cycle_is_closed() -> None:
    """The traced sums turn once, which distinguishes the way out from the way back."""
    model = find_trained_model("squat")
    assert model is not None
    shape = evaluate_harmonics(model.round.harmonics)
    shape -= shape.mean(axis=0)
    turned = np.unwrap(np.arctan2(shape[:, 1], shape[:, 0]))
    assert abs(turned[-1] - turned[0]) == pytest.approx(2 * np.pi, abs=0.5)
