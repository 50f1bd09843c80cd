"""Rules of judging a whole set at its end."""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sample_athlete.athlete import landmarks as sample
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.partial_repetitions import accept_partial
from domain.motion.counting.pose_buffer import decode
from domain.motion.counting.set_review import (
    Return,
    Turns,
    count_returns,
    count_set,
    count_turns,
    irregularity,
)
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted, RepetitionRejected, RepetitionsReconciled
from domain.motion.fold import advance, begin, finish, fold
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.axis_scale import restore_scale
from domain.motion.state import Point, SignalTurns
from tests.domain.motion.figure import Pace, Posture, cut, landmarks, part, squats

SQUAT = get_exercise("squat")


def turning_points(efforts: list[float]) -> list[Point]:
    turns = Turns.resume(SignalTurns())
    for index, effort in enumerate(efforts):
        turns.step(index / 15, effort)
    return turns.all()


def wave(*peaks: float, rest: float = 0.0) -> list[float]:
    """Return an effort that goes to each peak and back in a second and a third."""
    up = [index / 10 for index in range(10)]
    efforts = [rest]
    for peak in peaks:
        efforts += [rest + share * (peak - rest) for share in up]
        efforts += [rest + share * (peak - rest) for share in reversed(up)]
    return efforts


def count(*signals: list[float]) -> int | None:
    found = count_set([turning_points(signal) for signal in signals])
    return None if found is None else len(found)


def test_a_steady_set_is_counted_as_it_is() -> None:
    assert count(wave(1, 1, 1, 1), wave(1, 1, 1, 1)) == 4


def test_a_single_live_repetition_has_no_rhythm_to_keep_it() -> None:
    """R-POS-02: the whole set found others; there is no interval between live ones."""
    returns = [Return(s, s + 0.5, s + 1.0, 0.5, 0.5) for s in (2.0, 3.0, 4.0)]
    assert accept_partial({1: (0.0, 0.5, 1.0, 60.0)}, [(0.0, 0.5, 1.0, 60.0)], returns) == []


def test_small_movements_count_if_all_are_small() -> None:
    assert count(wave(0.35, 0.33, 0.36, 0.34), wave(0.35, 0.33, 0.36, 0.34)) == 4


def test_small_movements_among_large_ones_are_not_repetitions() -> None:
    assert count(wave(0.4, 1, 1, 1, 1, 0.4), wave(0.4, 1, 1, 1, 1, 0.4)) == 4


def test_the_signal_that_follows_the_movement_most_regularly_counts() -> None:
    restless = wave(1.0, 0.35, 0.9, 0.5, 1.4)
    erratic = wave(0.4, 0.9, 0.3, 1.2, 0.5)
    steady = wave(0.8, 0.8, 0.8, 0.8, 0.8)
    assert count(restless, erratic, steady) == 5


def test_getting_into_position_is_not_a_repetition() -> None:
    into = [*wave(1.5), *[0.0] * 150, *wave(1, 1, 1, 1)]
    assert count(into, into) == 4


def test_a_small_movement_before_a_rest_is_not_a_repetition() -> None:
    into = [*wave(0.7), *[0.0] * 150, *wave(1, 1, 1, 1)]
    assert count(into, into) == 4


def test_a_first_repetition_counts_however_long_the_rest_after_it() -> None:
    rested = [*wave(1.0), *[0.0] * 150, *wave(1, 1, 1, 1)]
    assert count(rested, rested) == 5


@pytest.mark.parametrize("rest_s", [6, 10, 14])
@pytest.mark.parametrize("exercise", ["squat", "push_up", "sit_up", "shoulder_press", "lunge"])
@pytest.mark.parametrize("metric", [True, False])
def test_a_long_rest_does_not_withdraw_the_first_repetition(
    exercise: str, rest_s: int, *, metric: bool
) -> None:
    """R-POS-02: the athlete waits after the first repetition, then goes on as before."""
    definition = get_exercise(exercise)
    chunk = sample(Performance(exercise=exercise, repetitions=6, landmark_noise_px=2.0, seed=3))
    first = next(f for f in fold(definition, [chunk]).facts if isinstance(f, RepetitionCounted))
    rested = paused(chunk, first.ended_s + 0.1, rest_s)
    if not metric:
        rested = PoseChunk(rested.times_s, rested.image, None, rested.aspect_ratio)
    assert fold(definition, [rested]).state.repetitions == 6


def paused(chunk: PoseChunk, at_s: float, seconds: int) -> PoseChunk:
    """Return the movement with a rest in which the athlete stays as at a time."""
    moment = int((chunk.times_s < at_s).sum())
    frames = np.r_[:moment, np.full(30 * seconds, moment), moment : len(chunk)]
    world = None if chunk.world is None else chunk.world[frames]
    return PoseChunk(np.arange(len(frames)) / 30, chunk.image[frames], world, chunk.aspect_ratio)


def test_standing_up_afterwards_is_not_counted() -> None:
    away = wave(0.6, 0.6, 0.6, 0.6, 0.6, 1.5)
    assert count(away, away) == 5


def test_a_pause_within_a_set_parts_nothing_from_it() -> None:
    paused = [*wave(1, 1, 1), *[0.0] * 150, *wave(1, 1, 1)]
    assert count(paused, paused) == 6


def test_two_repetitions_are_too_few_for_a_rhythm() -> None:
    assert count(wave(1, 1), wave(1, 1)) is None


def test_equal_repetitions_are_perfectly_regular() -> None:
    returns = count_set([turning_points(wave(1, 1, 1, 1)), turning_points(wave(1, 1, 1, 1))])
    assert returns is not None
    assert irregularity(returns) == pytest.approx(0.0, abs=0.05)


@given(st.lists(st.sampled_from([0.0, 0.04, 0.1, 0.3, 0.5, 1.0, 1.2, math.nan]), max_size=80))
def test_batch_and_incremental_counting_agree(
    efforts: list[float],
) -> None:
    """The number of samples at a turning point does not change the repetitions (C-30)."""
    times = np.array([index / 15 for index in range(len(efforts))])
    turns = Turns.resume(SignalTurns())
    for time_s, effort in zip(times, efforts, strict=True):
        turns.step(time_s, effort)
    assert count_returns(times, np.array(efforts)) == count_turns(turns)


def set_with_a_curtsy() -> PoseChunk:
    """Return four deep squats after a movement that counts until deeper ones follow."""
    curtsy, deep = squats(1, depth_deg=72), squats(4, depth_deg=125)
    assert curtsy.world is not None
    assert deep.world is not None
    return PoseChunk(
        np.concatenate([curtsy.times_s, deep.times_s + curtsy.times_s[-1] + 1 / 30]),
        np.concatenate([curtsy.image, deep.image]),
        np.concatenate([curtsy.world, deep.world]),
        deep.aspect_ratio,
    )


def test_the_end_of_a_set_withdraws_false_repetitions() -> None:
    """C-02: a correction is a fact of its own."""
    state, facts, _ = fold(SQUAT, [set_with_a_curtsy()])
    live = [fact.number for fact in facts if isinstance(fact, RepetitionCounted)]
    assert live == [1, 2, 3, 4, 5]
    assert facts[-1] == RepetitionsReconciled(repetitions=4, withdrawn=(1,), added=())
    assert isinstance(facts[-2], RepetitionRejected)
    assert facts[-2].reason == "not_periodic"
    assert state.repetitions == 4


def normalised(chunk: PoseChunk) -> PoseChunk:
    """Scale each axis to the box around the person, frame by frame, as some data sets do."""
    points = chunk.image[:, :, :3]
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    image = chunk.image.copy()
    image[:, :, :3] = (points - low) / (high - low)
    return PoseChunk(chunk.times_s, image)


def test_poses_normalised_to_a_box_are_counted_too() -> None:
    assert fold(SQUAT, [normalised(squats(4, yaw_deg=40))]).state.repetitions == 4


@pytest.mark.parametrize(("gap_s", "is_reviewed"), [(60.0, True), (8 * 3600.0, False)])
def test_a_set_that_was_left_open_for_hours_is_not_reviewed(
    gap_s: float, *, is_reviewed: bool
) -> None:
    """Otherwise its end would take minutes and gigabytes. The live count stands."""
    chunk = normalised(squats(4, yaw_deg=40))
    later = replace(chunk, times_s=chunk.times_s + gap_s)
    state = advance(SQUAT, advance(SQUAT, begin(SQUAT), chunk).state, later).state
    assert (decode(state.memory) is not None) == is_reviewed
    assert finish(SQUAT, state).state.repetitions == 8


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=40), max_size=60))
def test_normalised_poses_do_not_depend_on_how_frames_are_cut(lengths: list[int]) -> None:
    chunk = normalised(squats(3, Pace(0.7, 0.2, 0.6, 0.3), yaw_deg=40))
    assert fold(SQUAT, cut(chunk, lengths)) == fold(SQUAT, [chunk])


def test_bone_lengths_reveal_the_axis_scale() -> None:
    points = landmarks(Posture(knee_flexion=90, trunk_lean=30), yaw_deg=50)[np.newaxis]
    x, y, z = (points[:, :, axis].astype(float) for axis in range(3))
    stretched = (x * 0.6, y * 0.3, z * 0.9)
    truth, naive, undone = (
        knee_angle(*axes) for axes in ((x, y, z), stretched, restore_scale(np.stack(stretched)))
    )
    assert abs(undone - truth) < abs(naive - truth) / 2


def knee_angle(*axes: npt.NDArray[np.float64]) -> float:
    hip, knee, ankle = (
        np.array([axis[0, joint] for axis in axes])
        for joint in (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE)
    )
    thigh, shank = hip - knee, ankle - knee
    cosine = thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank)
    return float(np.degrees(np.arccos(cosine)))


def test_a_movement_that_the_end_of_a_set_adds_is_not_also_rejected() -> None:
    """C-02: the set ends late in the third repetition, which still counts."""
    whole = sample(Performance(repetitions=3, landmark_noise_px=1.0, idle_before_s=0.3))
    facts = fold(SQUAT, [part(whole, 0, int((whole.times_s < 8.8).sum()))]).facts
    assert facts[-1] == RepetitionsReconciled(repetitions=3, withdrawn=(), added=(3,))
    assert not [fact for fact in facts if isinstance(fact, RepetitionRejected)]


def test_a_repetition_found_at_the_end_has_only_its_times() -> None:
    """C-02: unmeasured values stay empty."""
    shallow = Performance(repetitions=5, faults=("shallow",), faulty_repetitions=(2, 3))
    strict = replace(SQUAT, counting=replace(SQUAT.counting, adaptive_share=0.6))
    facts = fold(strict, [sample(shallow)]).facts
    added = [fact for fact in facts if isinstance(fact, RepetitionCounted) and fact.tempo is None]
    assert len(added) == 1
    assert (added[0].form, added[0].range_of_motion_deg, added[0].faults) == (None, None, ())
    assert added[0].started_s < added[0].ended_s
    correction = facts[-1]
    assert isinstance(correction, RepetitionsReconciled)
    assert correction.added == (added[0].number,)
    assert correction.repetitions == len([f for f in facts if isinstance(f, RepetitionCounted)])
