"""Rules of the second count of a set whose poses have no scale."""

from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.motion.counting.ensemble import (
    candidates,
    in_local_range,
    plausibility,
    weigh_votes,
    weighted_vote,
)
from domain.motion.counting.median_count import count_or_median, median_count, without_cut_ones
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
from domain.motion.signals.body import Array, body_of
from domain.motion.signals.columns import EFFORT, measure_for
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
    effort = measure_for(SQUAT, chunk).rows[:, EFFORT]
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
    shares = in_local_range(measures)
    votes = candidates(times_s, shares)
    return by_round, weighted_vote(votes, weigh_votes(times_s, shares, votes))


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


def at_peaks(*peaks_s: float, size: float = 1.0) -> list[Return]:
    return [Return(peak_s - 0.4, peak_s, peak_s + 0.4, size, size) for peak_s in peaks_s]


def wave(seconds: float, period_s: float, shape: Callable[[float], float] = float) -> Array:
    """Return two measures of a movement that repeats, (n, 2); `shape` sets its size at a time."""
    times_s = np.arange(0.0, seconds, 1 / 15)
    size = np.array([shape(float(at)) for at in times_s])
    phase = 2.0 * np.pi * times_s / period_s
    return np.stack([size * np.cos(phase), size * np.sin(phase)], axis=1)


def test_the_weightier_votes_win() -> None:
    counts = [found(6), found(6), found(2), found(2), found(2)]
    assert len(weighted_vote(counts, np.array([0.9, 0.9, 0.3, 0.3, 0.3]))) == 6


def test_a_vote_without_counts_has_no_result() -> None:
    assert weighted_vote([[], []], np.array([0.5, 0.5])) == []


def test_a_measure_that_counted_nothing_has_no_weight() -> None:
    body = wave(20.0, 2.0, lambda _: 1.0)
    weights = weigh_votes(np.arange(len(body)) / 15, body, [at_peaks(2.0, 4.0, 6.0), []])
    assert weights.tolist() == [1.0, 0.0]


def test_repetitions_are_plausible_if_the_body_moves_alike_in_them() -> None:
    body = wave(20.0, 2.0, lambda _: 1.0)
    times_s = np.arange(len(body)) / 15
    right = plausibility(times_s, body, at_peaks(*range(2, 20, 2)))
    assert right > 0.7
    for wrong in (at_peaks(*range(2, 20, 4)), at_peaks(*range(2, 20)), at_peaks(2, 5, 9, 13, 18)):
        assert plausibility(times_s, body, wrong) < right - 0.3


def test_two_repetitions_are_too_few_to_be_plausible() -> None:
    body = wave(6.0, 2.0, lambda _: 1.0)
    assert plausibility(np.arange(len(body)) / 15, body, at_peaks(2.0, 4.0)) < -1.0


def test_smaller_movements_after_a_cut_of_the_video_are_counted() -> None:
    body = wave(40.0, 2.0, lambda at_s: 1.0 if at_s < 20.0 else 0.25)
    times_s = np.arange(len(body)) / 15
    assert all(len(returns) <= 11 for returns in candidates(times_s, body / 2.0))
    assert all(len(returns) >= 16 for returns in candidates(times_s, in_local_range(body)))


def test_repetitions_that_the_ends_of_the_poses_cut_are_not_counted() -> None:
    times_s = np.arange(0.0, 10.0, 1 / 15)
    assert without_cut_ones(at_peaks(0.2, 2.2, 4.2, 6.2, 8.2, 9.8), times_s) == at_peaks(
        2.2, 4.2, 6.2, 8.2
    )


def test_a_small_movement_that_the_signals_did_not_count_is_partial() -> None:
    """C-02: the median keeps a movement of the usual size that only the other counters saw."""
    signals = at_peaks(2.0, 4.0, 8.0, 10.0)
    whole = at_peaks(2.0, 4.0, 6.0, 8.0, 10.0)
    partial = [*at_peaks(2.0, 4.0), *at_peaks(6.0, size=0.6), *at_peaks(8.0, 10.0)]
    assert count_or_median(signals, whole, whole) == whole
    assert count_or_median(signals, partial, partial) == signals


def shipped() -> list[str]:
    return [name for name in all_exercises() if find_trained_model(name) is not None]


def test_the_trained_models_are_complete_and_small() -> None:
    assert len(shipped()) >= 10
    for name in shipped():
        model = find_trained_model(name)
        assert model is not None
        assert len(model.round.weights) == len(MEASURES)
        assert from_plain(to_plain(model)) == model
        assert len(msgspec.json.encode(to_plain(model))) < 3_000


def test_a_learned_cycle_is_closed() -> None:
    """The traced sums turn once, which distinguishes the way out from the way back."""
    model = find_trained_model("squat")
    assert model is not None
    shape = evaluate_harmonics(model.round.harmonics)
    shape -= shape.mean(axis=0)
    turned = np.unwrap(np.arctan2(shape[:, 1], shape[:, 0]))
    assert abs(turned[-1] - turned[0]) == pytest.approx(2 * np.pi, abs=0.5)
