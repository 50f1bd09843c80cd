from dataclasses import replace

import numpy as np
import pytest

from adapters.sample_athlete.athlete import camera, frame_times, landmarks, passer_by, pose
from adapters.sample_athlete.geometry import angle_at
from adapters.sample_athlete.movements import JOINTS, MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.landmarks import Landmark, PoseChunk

NOISY = Performance(exercise="lunge", repetitions=2, landmark_noise_px=3.0, seed=7)


def world_of(chunk: PoseChunk) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    assert chunk.world is not None
    return chunk.world


def test_the_same_performance_gives_the_same_landmarks_to_the_bit() -> None:
    one, other = landmarks(NOISY), landmarks(NOISY)
    assert np.array_equal(one.image, other.image)
    assert np.array_equal(world_of(one), world_of(other))


def test_another_seed_gives_other_noise() -> None:
    other = Performance(exercise="lunge", repetitions=2, landmark_noise_px=3.0, seed=8)
    assert not np.array_equal(landmarks(NOISY).image, landmarks(other).image)


def test_noise_has_the_requested_strength_in_pixels_and_metres() -> None:
    clean = Performance(exercise="lunge", repetitions=2)
    moved = (landmarks(NOISY).image - landmarks(clean).image)[..., :2] * np.array([640.0, 480.0])
    assert moved.std() == pytest.approx(3.0, rel=0.03)
    lens = camera(clean)
    distance = np.linalg.norm(lens.position - np.array([0.0, 0.8, -0.3]))
    drift = world_of(landmarks(NOISY)) - world_of(landmarks(clean))
    assert drift.std() == pytest.approx(3.0 * distance / lens.focal_px, rel=0.1)


def test_frames_are_taken_evenly() -> None:
    chunk = landmarks(Performance(repetitions=1, fps=25))
    assert chunk.times_s[0] == 0.0
    assert np.diff(chunk.times_s) == pytest.approx(1 / 25)
    assert len(chunk) == Performance(repetitions=1, fps=25).frames


@pytest.mark.parametrize("exercise", MOVEMENTS)
def test_world_landmarks_are_centred_between_the_hips_and_keep_angles(exercise: str) -> None:
    performance = Performance(exercise=exercise, repetitions=1, azimuth_deg=30.0)
    world = world_of(landmarks(performance)).astype(np.float64)
    hips = world[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    assert hips == pytest.approx(np.zeros_like(hips), abs=1e-6)
    joint = JOINTS[performance.movement.driving_joint]
    true = angle_at(pose(performance, frame_times(performance)).points, *joint)
    assert angle_at(world, *joint) == pytest.approx(true, abs=0.01)


def test_seen_from_in_front_left_is_right_the_nose_is_nearer_and_above() -> None:
    chunk = landmarks(Performance(repetitions=0, azimuth_deg=0.0, elevation_deg=0.0))
    image, world = chunk.image[0], world_of(chunk)[0]
    for points in (image, world):
        assert points[Landmark.LEFT_HIP, 0] > points[Landmark.RIGHT_HIP, 0]
        assert points[Landmark.NOSE, 1] < points[Landmark.LEFT_HIP, 1]
        assert points[Landmark.NOSE, 2] < 0 < points[Landmark.LEFT_HEEL, 2]


def test_the_far_side_is_seen_less_surely_from_the_side() -> None:
    seen = landmarks(Performance(repetitions=0, azimuth_deg=90.0)).image[0, :, 3]
    assert seen[Landmark.LEFT_KNEE] > 0.9
    assert 0.2 < seen[Landmark.RIGHT_KNEE] < 0.5
    assert seen[Landmark.RIGHT_HIP] > 0.9
    front = landmarks(Performance(repetitions=0, azimuth_deg=0.0)).image[0, :, 3]
    assert float(front.min()) > 0.9


def test_in_an_empty_room_no_frame_has_a_pose() -> None:
    chunk = landmarks(Performance(people=0))
    assert len(chunk) == Performance(people=0).frames
    assert not chunk.has_pose.any()


def test_with_one_person_every_frame_has_a_pose() -> None:
    assert landmarks(NOISY).has_pose.all()


def test_the_athlete_leaves_after_the_last_repetition() -> None:
    stays = Performance(repetitions=2, idle_after_s=4.0)
    staying, leaving = landmarks(stays), landmarks(replace(stays, leaves=True))
    last = staying.times_s < stays.duration_s - stays.idle_after_s
    assert np.array_equal(staying.image[last], leaving.image[last])
    assert (leaving.image[-1, :, 0] > 1.0).all()
    assert (leaving.image[-1, :, 3] < 0.5).all()


def test_a_passer_by_walks_behind_the_athlete() -> None:
    filmed = Performance(repetitions=2, passer_by=True)
    times = np.array([0.0, filmed.duration_s / 2, filmed.duration_s])
    lens = camera(filmed)
    across = lens.seen(passer_by(filmed, times).points)
    assert (across[0, :, 0] < 0).all()
    assert (across[-1, :, 0] > filmed.width).all()
    athlete = lens.seen(pose(filmed, times).points)
    assert across[1, :, 2].min() > athlete[1, :, 2].max()
    assert np.array_equal(
        landmarks(filmed).image, landmarks(replace(filmed, passer_by=False)).image
    )
