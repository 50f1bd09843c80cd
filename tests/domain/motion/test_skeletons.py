"""Rules of pose sources other than BlazePose."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.facts import FaultSeen, RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import LANDMARK_COUNT, Landmark
from domain.motion.signals.skeletons import (
    BLAZEPOSE_33,
    COCO_17,
    HALPE_26,
    SKELETONS,
    JointsNotGiven,
    Skeleton,
    UnknownSkeleton,
    chunk_from,
    get_skeleton,
    require_joints,
    to_canonical,
)
from tests.domain.motion.figure import squats
from tests.domain.motion.projecting import project_to

EVERY = pytest.mark.parametrize("source", SKELETONS.values(), ids=lambda source: source.name)
FLAT = pytest.mark.parametrize("source", [COCO_17, HALPE_26], ids=lambda source: source.name)


def test_the_sources_have_as_many_points_as_their_names_say() -> None:
    """R-POS-01."""
    assert {name: len(source.points) for name, source in SKELETONS.items()} == {
        "blazepose33": 33, "coco17": 17, "halpe26": 26,
    }  # fmt: skip


@EVERY
def test_each_point_has_one_place_or_none(source: Skeleton) -> None:
    """C-03: the mappings are total and injective."""
    assert len(source.landmarks) == len(source.points)
    assert len(source.given) + source.landmarks.count(None) == len(source.points)
    assert len(source.given) + len(source.absent) == LANDMARK_COUNT


@EVERY
def test_left_and_right_are_not_swapped(source: Skeleton) -> None:
    for point, landmark in zip(source.points, source.landmarks, strict=True):
        if landmark is not None:
            for side in ("left", "right"):
                assert (side in point) == (side in landmark.name.lower())


def test_every_point_of_coco_is_one_of_blazepose_and_of_halpe() -> None:
    assert None not in COCO_17.landmarks
    assert HALPE_26.points[:17] == COCO_17.points
    assert [
        point
        for point, mark in zip(HALPE_26.points, HALPE_26.landmarks, strict=True)
        if mark is None
    ] == ["head", "neck", "hip", "left_small_toe", "right_small_toe"]


@EVERY
@given(data=st.data())
def test_points_are_kept_and_none_is_invented(source: Skeleton, data: st.DataObject) -> None:
    """C-03: missing points are marked absent, never invented."""
    shape = (data.draw(st.integers(0, 3)), len(source.points))
    anywhere = st.floats(-2, 2, width=32)
    points = data.draw(arrays(np.float32, (*shape, 2), elements=anywhere))
    scores = data.draw(arrays(np.float32, shape, elements=st.floats(0, 1, width=32)))
    image = to_canonical(source, points, scores)
    assert image.shape == (shape[0], LANDMARK_COUNT, 4)
    for column, landmark in enumerate(source.landmarks):
        if landmark is not None:
            assert (image[:, landmark, :2] == points[:, column]).all()
            assert (image[:, landmark, 3] == scores[:, column]).all()
    assert np.isnan(image[:, source.absent, :3]).all()
    assert (image[:, source.absent, 3] == 0.0).all()
    assert np.isnan(image[:, :, 2]).all()


def test_a_point_that_is_not_finite_is_absent_and_the_others_stay() -> None:
    points = np.ones((1, 17, 2))
    points[0, 3, 1] = np.inf
    image = to_canonical(COCO_17, points)
    assert np.isnan(image[0, Landmark.LEFT_EAR, :3]).all()
    assert image[0, Landmark.LEFT_EAR, 3] == 0.0
    assert (image[0, [Landmark.NOSE, Landmark.RIGHT_EAR], 3] == 1.0).all()


@pytest.mark.parametrize(
    ("points", "scores"),
    [((2, 26, 2), None), ((2, 17, 4), None), ((17, 2), None), ((2, 17, 2), (2, 16))],
)
def test_arrays_of_different_lengths_are_refused(
    points: tuple[int, ...], scores: tuple[int, ...] | None
) -> None:
    with pytest.raises(ValueError, match="are"):
        to_canonical(COCO_17, np.zeros(points), None if scores is None else np.zeros(scores))


@FLAT
@pytest.mark.parametrize("yaw_deg", [0, 45, 90])
def test_squats_are_counted_from_each_source(source: Skeleton, yaw_deg: float) -> None:
    """R-POS-01: the fold needs joints, not a specific model."""
    video = squats(5, yaw_deg=yaw_deg)
    points = project_to(source, video)
    chunk = chunk_from(
        source, video.times_s, points[:, :, :2], points[:, :, 2], aspect_ratio=video.aspect_ratio
    )
    assert fold(get_exercise("squat"), [chunk]).state.repetitions == 5


def test_faults_a_source_cannot_show_are_not_reported() -> None:
    video = squats(2, yaw_deg=90)
    points = project_to(COCO_17, video)
    chunk = chunk_from(COCO_17, video.times_s, points[:, :, :2], aspect_ratio=video.aspect_ratio)
    facts = fold(get_exercise("squat"), [chunk]).facts
    assert "heels_rising" not in {fact.fault for fact in facts if isinstance(fact, FaultSeen)}


@pytest.mark.parametrize(("source", "is_named"), [(COCO_17, True), (HALPE_26, False)])
def test_faults_that_a_source_cannot_show_are_named(source: Skeleton, *, is_named: bool) -> None:
    """C-03: a repetition names the faults that could not be judged."""
    video = squats(2, yaw_deg=90)
    points = project_to(source, video)
    chunk = chunk_from(source, video.times_s, points[:, :, :2], aspect_ratio=video.aspect_ratio)
    facts = fold(get_exercise("squat"), [chunk]).facts
    counted = [fact.unjudged for fact in facts if isinstance(fact, RepetitionCounted)]
    assert ["heels_rising" in unjudged for unjudged in counted] == [is_named] * 2


@FLAT
def test_each_shipped_exercise_is_counted_from_each_source(source: Skeleton) -> None:
    for definition in all_exercises().values():
        require_joints(definition, source)


def test_an_exercise_whose_joints_are_not_given_is_refused_with_their_names() -> None:
    """C-03: the exercise states which joints it needs."""
    calf_raise = replace(
        get_exercise("squat"), name="Calf raise", joints=("left_heel", "left_ankle")
    )
    require_joints(calf_raise, HALPE_26)
    with pytest.raises(JointsNotGiven, match="Calf raise needs left_heel, which coco17"):
        require_joints(calf_raise, COCO_17)


def test_a_skeleton_is_found_by_its_name() -> None:
    assert get_skeleton("blazepose33") is BLAZEPOSE_33
    with pytest.raises(UnknownSkeleton, match="coco17"):
        get_skeleton("coco18")
