import numpy as np
import pytest

from adapters.pose.person_selection import comparable, in_picture, looks, whole
from domain.motion.landmarks import LANDMARK_COUNT, Floats

ASPECT_RATIO = 16 / 9


def body(x: float, y: float = 0.5, height: float = 0.6, visibility: float = 1.0) -> Floats:
    """Return a standing person with the middle of the body at (x, y), a third as wide as high."""
    spread = np.linspace(-0.5, 0.5, LANDMARK_COUNT)
    image: Floats = np.zeros((LANDMARK_COUNT, 4), np.float32)
    image[:, 0] = x + np.where(np.arange(LANDMARK_COUNT) % 2, 1, -1) * height / 6 / ASPECT_RATIO
    image[:, 1] = y + spread * height
    image[:, 3] = visibility
    return image


def test_an_empty_room_has_no_people() -> None:
    assert comparable([], ASPECT_RATIO) == 0


def test_two_athletes_side_by_side_are_two() -> None:
    assert comparable([body(0.3), body(0.7, height=0.5)], ASPECT_RATIO) == 2


def test_a_distant_person_is_not_a_second_athlete() -> None:
    assert comparable([body(0.3), body(0.7, height=0.2)], ASPECT_RATIO) == 1


def test_two_detections_of_one_body_are_one_athlete() -> None:
    assert comparable([body(0.5), body(0.52, y=0.45)], ASPECT_RATIO) == 1


@pytest.mark.parametrize("place", [(-0.02, 0.5), (0.5, 0.9)], ids=["left", "bottom"])
def test_a_body_that_leaves_the_picture_is_incomplete(place: tuple[float, float]) -> None:
    assert not whole(body(*place, height=1.2))


def test_a_guessed_body_is_incomplete() -> None:
    assert whole(body(0.5))
    assert not whole(body(0.5, visibility=0.3))


def test_a_wide_picture_is_analyzed_in_halves() -> None:
    wide = np.zeros((10, 41, 3), np.uint8)
    assert [piece.shape for piece in looks(wide)] == [(10, 20, 3), (10, 21, 3)]
    assert [piece.shape for piece in looks(wide[:, :16])] == [(10, 16, 3)]


def test_a_body_found_in_one_half_has_coordinates_of_the_whole_picture() -> None:
    placed = in_picture(body(0.5), offset=0.5, share=0.5)
    assert placed[:, 0].mean() == pytest.approx(0.75, abs=0.01)
    assert (placed[:, 1:] == body(0.5)[:, 1:]).all()
