import numpy as np
import pytest

from adapters.sample_athlete.athlete import camera, frame_times, pose
from adapters.sample_athlete.camera import Camera, axes_of_view, framing
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.values import Tempo

STRAIGHT = Camera(np.array([0.0, 1.0, 4.0]), axes_of_view(0.0, 0.0), 500.0, 640, 480)


def test_the_point_looked_at_is_in_the_middle_at_its_distance() -> None:
    assert STRAIGHT.seen(np.array([0.0, 1.0, 0.0])) == pytest.approx([320.0, 240.0, 4.0])


def test_objects_at_twice_the_distance_have_half_the_size() -> None:
    near, far = STRAIGHT.seen(np.array([[0.5, 1.0, 2.0], [0.5, 1.0, 0.0]]))
    assert near[0] - 320.0 == pytest.approx(2.0 * (far[0] - 320.0))
    assert far[0] - 320.0 == pytest.approx(500.0 * 0.5 / 4.0)


def test_from_in_front_the_athletes_left_is_on_the_right_of_the_picture_and_up_is_up() -> None:
    x, y, _ = STRAIGHT.seen(np.array([0.3, 1.3, 0.0]))
    assert x > 320.0
    assert y < 240.0


@pytest.mark.parametrize("azimuth_deg", [-90.0, 0.0, 35.0, 90.0, 180.0])
@pytest.mark.parametrize("elevation_deg", [0.0, 20.0])
def test_the_axes_of_a_view_are_a_rotation(azimuth_deg: float, elevation_deg: float) -> None:
    axes = axes_of_view(azimuth_deg, elevation_deg)
    assert axes @ axes.T == pytest.approx(np.eye(3))
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2])


def test_from_the_side_the_athlete_faces_left() -> None:
    assert axes_of_view(90.0, 0.0) @ np.array([0.0, 0.0, 1.0]) == pytest.approx([-1.0, 0.0, 0.0])


@pytest.mark.parametrize("size", [(640, 480), (480, 854), (320, 320)])
@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0, 90.0])
@pytest.mark.parametrize("exercise", MOVEMENTS)
def test_the_whole_movement_is_in_the_picture(
    exercise: str, azimuth_deg: float, size: tuple[int, int]
) -> None:
    performance = Performance(
        exercise=exercise,
        azimuth_deg=azimuth_deg,
        width=size[0],
        height=size[1],
        repetitions=1,
        tempo=Tempo(0.5, 0.1, 0.5, 0.1),
    )
    points = pose(performance, frame_times(performance)).points
    seen = camera(performance).seen(points)[..., :2] / np.array(size)
    assert float(seen.min()) > 0.04
    assert float(seen.max()) < 0.96


def test_the_outermost_point_is_near_the_edge() -> None:
    corners = np.array([[-1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [0.0, 1.0, 0.5]])
    lens = framing(corners, azimuth_deg=0.0, elevation_deg=0.0, width=400, height=400)
    seen = lens.seen(corners)
    assert float(np.abs(seen[:, :2] - 200.0).max()) == pytest.approx(168.0, abs=0.5)
