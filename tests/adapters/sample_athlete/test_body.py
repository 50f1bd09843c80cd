from itertools import pairwise

import numpy as np
import pytest

from adapters.sample_athlete.athlete import frame_times, pose
from adapters.sample_athlete.geometry import Array, angle_at, two_bone
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from adapters.sample_athlete.skeleton import Body
from domain.motion.landmarks import Landmark
from domain.values import Tempo

BONES = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW), (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW), (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE), (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE), (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER), (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER), (Landmark.RIGHT_HIP, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL), (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX),
    (Landmark.LEFT_WRIST, Landmark.LEFT_INDEX), (Landmark.NOSE, Landmark.LEFT_EAR),
)  # fmt: skip

QUICK = Tempo(0.5, 0.1, 0.5, 0.1)


def performed(exercise: str, *faults: str, depth: float = 1.0) -> Array:
    """Return the landmarks (n, 33, 3) of two quick repetitions, in meters."""
    performance = Performance(
        exercise=exercise, faults=faults, depth=depth, repetitions=2, tempo=QUICK, fps=60
    )
    return pose(performance, frame_times(performance)).points


def at_turn(points: Array) -> Array:
    """Return the landmarks (33, 3) in the middle of the first pause away from rest."""
    turn: Array = points[round((1.0 + 0.55) * 60)]
    return turn


def every_way() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (name, faults)
        for name, movement in MOVEMENTS.items()
        for faults in [
            (),
            *(
                (each,)
                for each in (*movement.faults, *movement.short_ranges, *movement.short_returns)
            ),
        ]
    ]


@pytest.mark.parametrize("depth", [0.3, 1.1])
@pytest.mark.parametrize(("exercise", "faults"), every_way())
def test_no_bone_changes_its_length(exercise: str, faults: tuple[str, ...], depth: float) -> None:
    points = performed(exercise, *faults, depth=depth)
    for start, end in BONES:
        lengths = np.linalg.norm(points[:, start] - points[:, end], axis=-1)
        assert float(np.ptp(lengths)) < 1e-9, (start.name, end.name)


@pytest.mark.parametrize("depth", [0.1, 0.7, 1.1])
@pytest.mark.parametrize("exercise", MOVEMENTS)
def test_all_faults_at_once_are_within_reach(exercise: str, depth: float) -> None:
    faults = MOVEMENTS[exercise].faults
    assert np.isfinite(performed(exercise, *faults, depth=depth)).all()


@pytest.mark.parametrize(("exercise", "faults"), every_way())
def test_no_landmark_is_below_the_floor(exercise: str, faults: tuple[str, ...]) -> None:
    assert float(performed(exercise, *faults)[..., 1].min()) > 0.0


@pytest.mark.parametrize(("exercise", "faults"), every_way())
def test_a_body_never_jumps_from_one_frame_to_the_next(
    exercise: str, faults: tuple[str, ...]
) -> None:
    points = performed(exercise, *faults)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    assert float(steps.max()) < 0.15  # 9 m/s of a fingertip in a half-second jumping jack


@pytest.mark.parametrize("exercise", ["squat", "biceps_curl", "shoulder_press"])
def test_feet_do_not_move(exercise: str) -> None:
    feet = performed(exercise)[:, Landmark.LEFT_ANKLE : Landmark.RIGHT_FOOT_INDEX + 1]
    assert float(np.ptp(feet, axis=0).max()) < 1e-9


def test_when_the_heels_rise_the_toes_stay() -> None:
    points = performed("squat", "heels_rising")
    toes = points[:, [Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX]]
    heels = points[:, [Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL], 1]
    assert float(np.ptp(toes, axis=0).max()) < 0.05
    assert float(np.ptp(heels, axis=0).min()) > 0.08


def test_in_an_uneven_press_one_hand_stays_below_the_other() -> None:
    left, right = at_turn(performed("shoulder_press", "uneven_arms"))[
        [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST], 1
    ]
    assert float(left - right) > 0.15


def test_a_knee_caves_in_towards_the_other() -> None:
    def apart(*faults: str) -> float:
        knees = at_turn(performed("lunge", *faults))[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 0]
        return float(knees[0] - knees[1])

    assert apart("knee_caving_in") < 0.5 * apart()


def test_in_a_lunge_the_leading_foot_and_the_trailing_toes_stay_where_they_are() -> None:
    points = performed("lunge")
    held = points[
        :,
        [
            Landmark.LEFT_ANKLE,
            Landmark.LEFT_HEEL,
            Landmark.LEFT_FOOT_INDEX,
            Landmark.RIGHT_FOOT_INDEX,
        ],
    ]
    assert float(np.ptp(held, axis=0).max()) < 1e-9


def test_in_a_push_up_hands_and_toes_stay_where_they_are() -> None:
    points = performed("push_up", "hips_sagging")
    held = points[
        :,
        [
            Landmark.LEFT_WRIST,
            Landmark.RIGHT_WRIST,
            Landmark.LEFT_FOOT_INDEX,
            Landmark.RIGHT_FOOT_INDEX,
        ],
    ]
    assert float(np.ptp(held, axis=0).max()) < 1e-9


@pytest.mark.parametrize("exercise", sorted(set(MOVEMENTS) - {"lunge"}))
def test_left_and_right_are_mirror_images(exercise: str) -> None:
    points = performed(exercise)
    for left in (mark for mark in Landmark if mark.name.startswith("LEFT_")):
        right = Landmark[left.name.replace("LEFT", "RIGHT")]
        mirrored = points[:, right] * np.array([-1.0, 1.0, 1.0])
        assert points[:, left] == pytest.approx(mirrored, abs=1e-9)


def test_segments_have_the_proportions_of_a_body() -> None:
    body = Body(stature_m=1.80)
    assert body.thigh == pytest.approx(0.441)
    assert body.ankle_height + body.shank + body.thigh == pytest.approx(0.530 * 1.80)
    assert body.ankle_height + body.shank + body.thigh + body.trunk == pytest.approx(0.818 * 1.80)


def test_a_limb_is_not_stretched_to_reach() -> None:
    origin, far, forward = np.zeros((1, 3)), np.array([[0.0, -2.0, 0.0]]), np.array([[0.0, 0, 1.0]])
    with pytest.raises(ValueError, match="cannot reach"):
        two_bone(origin, far, 0.4, 0.4, forward)


def apart(points: Array, one: Landmark, other: Landmark) -> float:
    return float(np.linalg.norm(points[one] - points[other]))


def test_knees_caving_in_come_nearer_than_the_ankles() -> None:
    good, faulty = at_turn(performed("squat")), at_turn(performed("squat", "knees_caving_in"))
    assert apart(good, Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE) > apart(
        good, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE
    )
    assert apart(faulty, Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE) < 0.7 * apart(
        faulty, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE
    )


@pytest.mark.parametrize(
    ("exercise", "fault", "least_deg", "most_deg"),
    [("squat", "trunk_lean", 31.0, 33.0), ("shoulder_press", "leaning_back", -29.0, -27.0)],
)
def test_a_leaning_trunk_leans(
    exercise: str, fault: str, least_deg: float, most_deg: float
) -> None:
    more = lean_deg(at_turn(performed(exercise, fault))) - lean_deg(at_turn(performed(exercise)))
    assert least_deg < more < most_deg


def lean_deg(points: Array) -> float:
    along = points[Landmark.LEFT_SHOULDER] - points[Landmark.LEFT_HIP]
    return float(np.rad2deg(np.arctan2(along[2], along[1])))


@pytest.mark.parametrize(
    ("fault", "hip_deg"), [(None, 180.0), ("hips_sagging", 146.0), ("hips_piked", 138.0)]
)
def test_the_body_line_of_a_push_up_is_straight_or_broken_at_the_hips(
    fault: str | None, hip_deg: float
) -> None:
    turn = at_turn(performed("push_up", *([fault] if fault else [])))
    middle = np.stack([turn[list(pair)].mean(axis=0) for pair in ((11, 12), (23, 24), (27, 28))])
    assert angle_at(middle[None], 0, 1, 2)[0] == pytest.approx(hip_deg, abs=0.5)
    between = (middle[0] + middle[2]) / 2.0
    if fault is not None:
        assert (middle[1, 1] > between[1]) == (fault == "hips_piked")


@pytest.mark.parametrize("fault", ["swinging", "elbow_drift"])
def test_the_elbow_of_a_faulty_curl_leaves_the_side(fault: str) -> None:
    good, faulty = at_turn(performed("biceps_curl")), at_turn(performed("biceps_curl", fault))
    upper_arm = faulty[Landmark.LEFT_ELBOW] - faulty[Landmark.LEFT_SHOULDER]
    still = good[Landmark.LEFT_ELBOW] - good[Landmark.LEFT_SHOULDER]
    assert upper_arm[2] > still[2] + 0.10


def test_a_swinging_curl_moves_the_trunk_and_a_drifting_elbow_does_not() -> None:
    assert lean_deg(at_turn(performed("biceps_curl", "swinging"))) == pytest.approx(-34.0)
    assert lean_deg(at_turn(performed("biceps_curl", "elbow_drift"))) == pytest.approx(0.0)


def test_a_knee_over_the_toe_passes_the_toe() -> None:
    good, faulty = at_turn(performed("lunge")), at_turn(performed("lunge", "knee_over_toe"))
    assert good[Landmark.LEFT_KNEE, 2] < good[Landmark.LEFT_FOOT_INDEX, 2] - 0.05
    assert faulty[Landmark.LEFT_KNEE, 2] > faulty[Landmark.LEFT_FOOT_INDEX, 2]


def test_low_arms_end_below_the_head() -> None:
    good, faulty = (
        at_turn(performed("jumping_jack")),
        at_turn(performed("jumping_jack", "arms_low")),
    )
    assert good[Landmark.LEFT_WRIST, 1] > good[Landmark.LEFT_EYE, 1] + 0.2
    assert faulty[Landmark.LEFT_WRIST, 1] < faulty[Landmark.LEFT_EYE, 1]


def test_a_fault_is_made_only_in_its_repetition() -> None:
    performance = Performance(
        faults=("knees_caving_in",), faulty_repetitions=(2,), repetitions=3, tempo=QUICK, fps=60
    )
    points = pose(performance, frame_times(performance)).points
    knees = np.linalg.norm(points[:, Landmark.LEFT_KNEE] - points[:, Landmark.RIGHT_KNEE], axis=-1)
    turns = [knees[round((1.55 + each * 1.2) * 60)] for each in range(3)]
    assert turns[0] == pytest.approx(turns[2])
    assert turns[1] < turns[0] - 0.2
    for one, next_one in pairwise(knees):
        assert abs(one - next_one) < 0.05
