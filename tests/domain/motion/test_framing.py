"""Rules of framing the athlete."""

from dataclasses import replace

import numpy as np
import pytest

from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.body import body_of
from domain.motion.signals.camera_framing import (
    Advice,
    azimuth_deg,
    check_framing,
    is_person_seen,
)
from domain.motion.signals.skeletons import COCO_17, chunk_from
from tests.domain.motion.figure import ABSENT, chunk_of, lying, squats
from tests.domain.motion.projecting import project_to

SQUAT, PLANK, JACK = get_exercise("squat"), get_exercise("plank"), get_exercise("jumping_jack")


@pytest.mark.parametrize(
    ("yaw_deg", "view"), [(0, "front"), (45, "oblique"), (90, "side"), (180, "rear")]
)
def test_the_view_is_estimated(yaw_deg: float, view: str) -> None:
    seen = check_framing(SQUAT, squats(0, yaw_deg=yaw_deg))
    assert (seen.view, seen.missing, seen.advice) == (view, (), ())


@pytest.mark.parametrize("yaw_deg", range(-170, 181, 10))
def test_the_side_is_estimated(yaw_deg: int) -> None:
    """The figure turns to its left by its yaw, so the camera moves to its right."""
    azimuth_deg = check_framing(SQUAT, squats(0, yaw_deg=yaw_deg)).azimuth_deg
    assert azimuth_deg is not None
    assert (azimuth_deg + yaw_deg + 180) % 360 - 180 == pytest.approx(0, abs=1)


@pytest.mark.parametrize("yaw_deg", [-80, -45, -20, 20, 45, 80])
def test_the_side_is_estimated_from_a_flat_pose(yaw_deg: int) -> None:
    video = squats(0, yaw_deg=yaw_deg)
    points = project_to(COCO_17, video)[:, :, :2]
    flat = chunk_from(COCO_17, video.times_s, points, aspect_ratio=video.aspect_ratio)
    assert azimuth_deg(body_of(flat)) == pytest.approx(-yaw_deg, abs=20)


@pytest.mark.parametrize(
    ("yaw_deg", "advice"),
    [
        (90, Advice("turn", degrees=40, side="right")),
        (-90, Advice("turn", degrees=40, side="left")),
        (110, Advice("turn", degrees=20, side="left")),
        (70, Advice("turn", degrees=20, side="right")),
        (0, None),
        (180, None),
    ],
)
def test_framing_advice_gives_direction_and_angle(yaw_deg: float, advice: Advice | None) -> None:
    """Jumping jacks can be judged from any side but the profile; the nearest view is advised."""
    found = check_framing(JACK, squats(0, yaw_deg=yaw_deg)).advice
    assert found == (() if advice is None else (advice,))


@pytest.mark.parametrize("yaw_deg", [-110, -90, -70, 70, 90, 110])
def test_following_the_advice_leads_to_a_good_view(yaw_deg: float) -> None:
    (advice,) = check_framing(JACK, squats(0, yaw_deg=yaw_deg)).advice
    assert advice.degrees is not None
    turned = yaw_deg + (advice.degrees if advice.side == "left" else -advice.degrees)
    assert check_framing(JACK, squats(0, yaw_deg=turned)).advice == ()


def test_a_lying_athlete_is_not_turned_but_gone_round() -> None:
    x, y, z = lying(0.0).T
    (advice, *_) = check_framing(PLANK, chunk_of([0.0], [np.stack([z, y, -x], axis=1)])).advice
    assert (advice.change, advice.degrees) == ("go_round", 90)
    assert check_framing(PLANK, chunk_of([0.0], [lying(0.0)])).advice == ()


def test_feet_outside_the_picture_lead_to_the_advice_to_step_back() -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 1] = 1.2
    seen = check_framing(SQUAT, chunk)
    assert seen.missing == ("left_ankle", "right_ankle")
    assert seen.advice == (Advice("step_back", part="ankle"),)


@pytest.mark.parametrize(
    ("moved", "change"),
    [
        ((0.6, 0.0), "centre"),
        ((-0.6, 0.0), "centre"),
        ((0.0, 0.2), "tilt_down"),
        ((0.0, -0.5), "tilt_up"),
    ],
)
def test_a_body_partly_outside_the_picture_is_advised_to_move_in(
    moved: tuple[float, float], change: str
) -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[:, :, :2] += np.array(moved, np.float32)
    assert [advice.change for advice in check_framing(SQUAT, chunk).advice] == [change]


def test_a_distant_athlete_is_advised_to_come_closer() -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[:, :, :2] = 0.5 + (chunk.image[:, :, :2] - 0.5) / 4
    seen = check_framing(SQUAT, chunk)
    assert seen.fills == pytest.approx(0.1, abs=0.05)
    (advice,) = seen.advice
    assert advice.change == "come_closer"
    assert seen.distance_m is not None
    assert advice.metres == pytest.approx(seen.distance_m * 0.75, abs=1.5)
    flat = PoseChunk(chunk.times_s, chunk.image * (1, 1, 0, 1), None, chunk.aspect_ratio)
    assert check_framing(SQUAT, flat).advice == (Advice("come_closer"),)


def test_an_athlete_whose_body_points_at_the_camera_is_not_far_away() -> None:
    """R-POS-06: a plank from the front covers little of the picture."""
    x, y, z = lying(0.0).T
    ahead = check_framing(PLANK, chunk_of([0.0], [np.stack([z, y, -x], axis=1)]))
    across = check_framing(PLANK, chunk_of([0.0], [lying(0.0)]))
    assert ahead.fills == pytest.approx(across.fills, rel=0.25)


def test_joints_that_an_exercise_does_not_need_show_how_near_the_athlete_is() -> None:
    """R-POS-06: a pull-up needs shoulders to wrists only."""
    pull_up = get_exercise("pull_up")
    assert check_framing(pull_up, squats(0)).fills == check_framing(SQUAT, squats(0)).fills


def test_hidden_joints_are_named_in_the_advice() -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 3] = 0.2
    seen = check_framing(SQUAT, chunk)
    assert seen.missing == ("left_knee", "right_knee")
    assert seen.advice == (Advice("show", part="knee"),)
    assert seen.visibility == pytest.approx(0.8)


def test_the_far_side_may_be_hidden_from_the_side() -> None:
    chunk = squats(0, yaw_deg=90)
    chunk.image[:, Landmark.LEFT_ANKLE, 3] = 0.1
    assert check_framing(SQUAT, chunk).advice == ()


@pytest.mark.parametrize("nothing", [np.nan, 0.0])
def test_an_empty_picture_asks_the_athlete_to_step_in(nothing: float) -> None:
    """AI-Coach-PT/ExerSights issue 92: there was no advice until a pose was found."""
    seen = check_framing(SQUAT, chunk_of([0.0], [ABSENT]))
    assert seen.advice == (Advice("step_in"),)
    empty = PoseChunk(np.zeros(1), np.full((1, 33, 4), nothing, np.float32))
    assert check_framing(SQUAT, empty) == seen
    assert not is_person_seen(body_of(empty))


def test_frames_without_a_person_do_not_count_against_the_framing() -> None:
    chunk = squats(0, yaw_deg=0)
    chunk.image[::2] = np.nan
    assert check_framing(SQUAT, chunk).advice == ()
    assert is_person_seen(body_of(chunk))


def test_a_pose_without_shoulders_is_not_an_athlete() -> None:
    chunk = squats(0, yaw_deg=0)
    assert chunk.world is not None
    shoulders = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    chunk.image[:, shoulders], chunk.world[:, shoulders] = np.nan, np.nan
    assert check_framing(SQUAT, chunk).advice == (Advice("step_in"),)
    assert not is_person_seen(body_of(chunk))


def test_a_point_without_a_side_may_be_needed() -> None:
    sees_face = replace(SQUAT, joints=("nose", *SQUAT.joints))
    chunk = squats(0, yaw_deg=90)
    chunk.image[:, Landmark.NOSE, 3] = 0.1
    seen = check_framing(sees_face, chunk)
    assert (seen.missing, seen.advice) == (("nose",), (Advice("show", part="nose"),))


@pytest.mark.parametrize("every", [1, 3], ids=["all-frames", "some-frames"])
def test_the_stature_is_measured_where_all_of_it_is_seen(every: int) -> None:
    """A landmark may be missing, such as a hidden knee."""
    chunk = squats(0)
    assert chunk.world is not None
    image, world = chunk.image.copy(), chunk.world.copy()
    for points in (image, world):
        points[::every, Landmark.LEFT_KNEE] = np.nan
    seen = check_framing(SQUAT, replace(chunk, image=image, world=world))
    stature = None if every == 1 else pytest.approx(check_framing(SQUAT, chunk).fills, rel=0.05)
    assert seen.fills == stature
    assert "come_closer" not in [each.change for each in seen.advice]
