"""Rules of standing well before the camera."""

import pytest

from domain.motion.catalogue import exercise
from domain.motion.framing import framing
from domain.motion.landmarks import Landmark
from tests.domain.motion.figure import ABSENT, chunk_of, squats


@pytest.mark.parametrize(
    ("yaw_deg", "view"), [(0, "front"), (45, "oblique"), (90, "side"), (180, "rear")]
)
def test_the_view_is_told(yaw_deg: float, view: str) -> None:
    seen = framing(exercise("squat"), squats(0, yaw_deg=yaw_deg))
    assert (seen.view, seen.missing, seen.advice) == (view, (), ())


def test_feet_out_of_the_picture_are_asked_for() -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 1] = 1.2
    seen = framing(exercise("squat"), chunk)
    assert seen.missing == ("left_ankle", "right_ankle")
    assert seen.advice == ("Step back until the camera sees your ankles",)


def test_the_far_side_may_be_hidden_from_the_side() -> None:
    chunk = squats(0, yaw_deg=90)
    chunk.image[:, Landmark.LEFT_ANKLE, 3] = 0.1
    assert framing(exercise("squat"), chunk).advice == ()


def test_a_plank_is_judged_from_the_side() -> None:
    seen = framing(exercise("plank"), squats(0, yaw_deg=0))
    assert seen.advice == ("Turn until the camera sees you from the side",)


def test_nobody_is_asked_to_step_in() -> None:
    assert framing(exercise("squat"), chunk_of([0.0], [ABSENT])).advice == (
        "Step into the picture",
    )
