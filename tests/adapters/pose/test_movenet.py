import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_cache_path

from adapters.pose.isolated import IsolatedPoseEstimator, SinglePoseEstimator
from adapters.pose.model_file import PoseModelSource, PoseModelUnavailable
from adapters.pose.movenet import (
    MoveNetPoseEstimator,
    Network,
    Pixels,
    Points,
    Square,
    cut,
    is_person,
    square_around,
    whole,
)
from adapters.pose.movenet_model import MODEL_FILE, MOVENET
from adapters.sample_athlete.performance import Performance
from application.kernel.video import Pose, VideoFrame
from domain.motion.landmarks import Landmark
from domain.motion.signals.skeletons import COCO_17
from tools.film_studio.video import render_frames

EXPECTED = Path(__file__).with_name("movenet")
JOINTS = sorted(COCO_17.given)
BODY = [joint for joint in JOINTS if joint >= Landmark.LEFT_SHOULDER]


@cache
def frames(people: int, count: int = 30) -> tuple[VideoFrame, ...]:
    """Return the beginning of a squat filmed at an angle."""
    performance = Performance(exercise="squat", repetitions=1, people=people, azimuth_deg=30)
    images = zip(render_frames(performance), range(count), strict=False)
    return tuple(VideoFrame(n / 30, np.flip(image, axis=2)) for image, n in images)


def track(estimator: IsolatedPoseEstimator, shown: Sequence[VideoFrame]) -> list[Pose | None]:
    with estimator.tracker() as tracker:
        return [tracker.track(frame) for frame in shown]


def found(estimator: IsolatedPoseEstimator, rgb: Pixels) -> Pose:
    with estimator.image_detector() as detector:
        pose = detector.detect(rgb)
    assert pose is not None
    return pose


def in_pixels(pose: Pose, rgb: Pixels) -> npt.NDArray[np.float64]:
    """Return the body's joints in pixels."""
    height, width = rgb.shape[:2]
    return np.asarray(pose.image[BODY, :2] * (width, height), np.float64)


def test_a_count_names_movenet_and_its_content(movenet: SinglePoseEstimator) -> None:
    """R-POS-01."""
    assert movenet.model == f"movenet-singlepose-lightning/{MOVENET.sha256[:12]}"


def test_the_converted_network_gives_what_tensorflow_js_gives(movenet: SinglePoseEstimator) -> None:
    """R-POS-01: `athlete.csv` is what TensorFlow.js 4.22 found in `athlete.png`."""
    assert movenet.model
    picture = cv2.imread(str(EXPECTED / "athlete.png"))
    assert picture is not None
    rgb = np.asarray(picture[:, :, ::-1], np.uint8)
    side = rgb.shape[0]
    points = Network(user_cache_path("kinelog") / MODEL_FILE).find(rgb, Square(0, 0, side))
    with (EXPECTED / "athlete.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(row["point"] for row in rows) == COCO_17.points
    expected = [(float(row["x"]), float(row["y"]), float(row["score"])) for row in rows]
    assert points / (side, side, 1) == pytest.approx(np.array(expected), abs=1e-4)


def test_the_17_points_of_an_athlete_are_found_and_no_others(movenet: SinglePoseEstimator) -> None:
    """R-POS-01, C-03: heels, feet and hands are absent, and so are depth and metres."""
    for pose in track(movenet, frames(1)):
        assert pose is not None
        assert pose.world is None
        assert (pose.image.shape, pose.image.dtype) == ((33, 4), np.dtype(np.float32))
        assert np.isfinite(pose.image[JOINTS][:, [0, 1, 3]]).all()
        assert ((pose.image[:, 3] >= 0) & (pose.image[:, 3] <= 1)).all()
        absent = pose.image[list(COCO_17.absent)]
        assert np.isnan(absent[:, :3]).all()
        assert (absent[:, 3] == 0).all()
        assert np.isnan(pose.image[:, 2]).all()


def test_both_models_see_the_same_joints(
    movenet: SinglePoseEstimator, estimator: IsolatedPoseEstimator
) -> None:
    """R-POS-01: left is the athlete's left; within a tenth of the athlete's height."""
    shown = frames(1)
    for one, other in zip(track(movenet, shown)[5:], track(estimator, shown)[5:], strict=True):
        assert one is not None
        assert other is not None
        places = in_pixels(one, shown[0].rgb), in_pixels(other, shown[0].rgb)
        apart = np.linalg.norm(places[0] - places[1], axis=1)
        assert apart.max() < 0.1 * np.ptp(places[1][:, 1])


@pytest.mark.parametrize("people", [0, 1, 2])
def test_people_are_counted_by_blazepose(movenet: SinglePoseEstimator, people: int) -> None:
    """MoveNet for one person cannot tell whether there are two."""
    assert list(movenet.people(frames(people)[::15])) == [people] * 2


def test_an_empty_room_has_no_pose(movenet: SinglePoseEstimator) -> None:
    black = VideoFrame(1.0, np.zeros((240, 320, 3), np.uint8))
    assert track(movenet, [*frames(0)[:5], black]) == [None] * 6


def test_an_athlete_who_comes_back_is_found_again(movenet: SinglePoseEstimator) -> None:
    shown = [*frames(1)[:3], *frames(0)[:2], *frames(1)[:3]]
    seen = [pose is not None for pose in track(movenet, shown)]
    assert seen == [True] * 3 + [False] * 2 + [True] * 3


def test_every_tracker_starts_from_nothing(movenet: SinglePoseEstimator) -> None:
    first, again = (track(movenet, frames(1)[:4]) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert one is not None
        assert other is not None
        assert np.array_equal(one.image, other.image, equal_nan=True)


@pytest.mark.parametrize(
    "margins", [((0, 0), (200, 200)), ((300, 0), (0, 0)), ((0, 500), (3, 0)), ((1, 0), (900, 0))]
)
def test_joints_stay_where_they_are_in_videos_of_any_shape(
    movenet: SinglePoseEstimator, margins: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    """Two pictures that only differ by black margins have the same joints."""
    rgb = frames(1)[0].rgb
    larger = np.pad(rgb, (*margins, (0, 0)))
    corner = (margins[1][0], margins[0][0])
    here, there = in_pixels(found(movenet, rgb), rgb), in_pixels(found(movenet, larger), larger)
    apart = np.linalg.norm(here - (there - corner), axis=1)
    assert apart.max() < 0.06 * np.ptp(here[:, 1])


def test_a_picture_is_read_as_it_is_whatever_its_memory_layout(
    movenet: SinglePoseEstimator,
) -> None:
    rgb = frames(1)[0].rgb
    apart = np.concatenate([rgb, np.zeros_like(rgb)], axis=1)[:, : rgb.shape[1]]
    assert not apart.flags.c_contiguous
    one, other = found(movenet, apart), found(movenet, rgb)
    assert np.array_equal(one.image, other.image, equal_nan=True)


@pytest.mark.parametrize("content", [b"no model", b""])
def test_a_file_that_is_not_a_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.onnx").write_bytes(content)
    source = PoseModelSource(tmp_path, tmp_path / "a.onnx", MOVENET)
    broken = SinglePoseEstimator(source, IsolatedPoseEstimator(source))
    with pytest.raises(PoseModelUnavailable, match="is not a MoveNet model"), broken.tracker():
        pass


def test_a_file_that_cannot_be_read_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(PoseModelUnavailable):
        _ = MoveNetPoseEstimator(tmp_path / "nowhere.onnx").network


sides = st.integers(16, 500)
scores = st.floats(0, 1)
places = st.floats(-200, 700)
points = st.lists(st.tuples(places, places, scores), min_size=17, max_size=17).map(np.array)


@given(points, sides, sides)
def test_the_next_cut_is_a_part_that_can_be_looked_at(
    points: Points, width: int, height: int
) -> None:
    """However wild the points are: finite, not larger than the whole, and overlapping the image."""
    square = square_around(points, width, height)
    assert 1 <= square.side <= max(width, height) + 1
    assert cut(np.zeros((height, width, 3), np.uint8), square, 32).shape == (32, 32, 3)


@given(sides, sides)
def test_the_whole_image_is_in_the_first_cut(width: int, height: int) -> None:
    square = whole(width, height)
    assert square.left <= 0
    assert square.top <= 0
    assert square.left + square.side >= width
    assert square.top + square.side >= height


@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(8, 90))
def test_a_cut_shows_the_image_and_black_beyond(left: int, top: int, side: int) -> None:
    rgb = np.full((30, 50, 3), 200, np.uint8)
    part = cut(rgb, Square(left, top, side), side)
    rows, columns = np.mgrid[0:side, 0:side]
    inside = (rows + top >= 0) & (rows + top < 30) & (columns + left >= 0) & (columns + left < 50)
    assert (part[inside] == 200).all()
    assert (part[~inside] == 0).all()


def test_a_cut_follows_the_person() -> None:
    """Points of a person 100 pixels wide in the right half of a wide image."""
    person = np.column_stack([np.linspace(800, 900, 17), np.linspace(300, 500, 17), np.ones(17)])
    square = square_around(person, 1000, 600)
    assert square.left <= 800
    assert square.top <= 300
    assert square.left + square.side >= 900
    assert square.top + square.side >= 500
    assert square.side < 600


def test_points_without_a_sure_torso_are_looked_for_everywhere() -> None:
    unsure = np.column_stack([np.full(17, 100.0), np.full(17, 100.0), np.full(17, 0.1)])
    assert square_around(unsure, 640, 480) == whole(640, 480)
    assert not is_person(unsure)
