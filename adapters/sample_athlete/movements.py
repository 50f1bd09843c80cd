"""Movements of the exercises, each driven by one joint that bends from rest to its turn and back.

The angles are typical of trained adults (Neumann, "Kinesiology of the Musculoskeletal System", 3rd
ed., 2017); they are the sample's exact ground truth in any case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from adapters.sample_athlete.floor_exercises import bench_press, plank, sit_up
from adapters.sample_athlete.geometry import Array
from adapters.sample_athlete.lifts import deadlift, front_raise, rope_pushdown
from adapters.sample_athlete.limbs import Weights
from adapters.sample_athlete.lower_body import jumping_jack, lunge, squat
from adapters.sample_athlete.pulling import pull_up
from adapters.sample_athlete.skeleton import Body, Posture
from adapters.sample_athlete.upper_body import biceps_curl, push_up, shoulder_press
from domain.motion.landmarks import Landmark

JOINTS: Final[Mapping[str, tuple[Landmark, Landmark, Landmark]]] = MappingProxyType(
    {
        "knee": (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
        "elbow": (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
        "shoulder": (Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
        "hip": (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    }
)
"""The three landmarks of each driving joint, on the left side (the leading one of a lunge)."""


@dataclass(frozen=True)
class Movement:
    """One exercise: its driving joint goes from `rest_deg` to `turn_deg` and back.

    `faults` are deviations of the body; `short_ranges` are faults of range, with the share of the
    range they reach, which may be more than the whole; `short_returns` are faults of rest, with the
    share of the range they stop at on the way back. `usual_azimuth_deg` is the view that shows the
    exercise best. A position that is `held` does not move: its repetitions are only periods in
    which faults are made.
    """

    driving_joint: str
    rest_deg: float
    turn_deg: float
    begins_with: Literal["eccentric", "concentric"]
    pose: Callable[[Body, Array, Array, Weights], Posture]
    faults: tuple[str, ...]
    short_ranges: Mapping[str, float]
    short_returns: Mapping[str, float]
    usual_azimuth_deg: float
    held: bool = False

    def driving_angle(self, fraction: Array) -> Array:
        """Degrees (n,) of the driving joint at shares of the full range (n,)."""
        angle: Array = self.rest_deg + (self.turn_deg - self.rest_deg) * fraction
        return angle

    def posture(self, body: Body, fraction: Array, weights: Weights) -> Posture:
        """The body at these shares of the full range."""
        return self.pose(body, fraction, self.driving_angle(fraction), weights)


MOVEMENTS: Final[Mapping[str, Movement]] = MappingProxyType(
    {
        "squat": Movement(
            driving_joint="knee",
            rest_deg=175.0,
            turn_deg=75.0,
            begins_with="eccentric",
            pose=squat,
            faults=("knees_caving_in", "trunk_lean", "heels_rising"),
            short_ranges={"shallow": 0.66},
            short_returns={},
            usual_azimuth_deg=40.0,
        ),
        "push_up": Movement(
            driving_joint="elbow",
            rest_deg=165.0,
            turn_deg=75.0,
            begins_with="eccentric",
            pose=push_up,
            faults=("hips_sagging", "hips_piked", "elbows_flared"),
            short_ranges={"partial_range": 0.6},
            short_returns={"no_lockout": 0.4},
            usual_azimuth_deg=75.0,
        ),
        "biceps_curl": Movement(
            driving_joint="elbow",
            rest_deg=160.0,
            turn_deg=45.0,
            begins_with="concentric",
            pose=biceps_curl,
            faults=("swinging", "elbow_drift"),
            short_ranges={"partial_range": 0.6},
            short_returns={},
            usual_azimuth_deg=45.0,
        ),
        "shoulder_press": Movement(
            driving_joint="elbow",
            rest_deg=60.0,
            turn_deg=165.0,
            begins_with="concentric",
            pose=shoulder_press,
            faults=("leaning_back", "uneven_arms"),
            short_ranges={"no_lockout": 0.5},
            short_returns={"partial_lowering": 0.45},
            usual_azimuth_deg=20.0,
        ),
        "jumping_jack": Movement(
            driving_joint="shoulder",
            rest_deg=20.0,
            turn_deg=165.0,
            begins_with="concentric",
            pose=jumping_jack,
            faults=("feet_narrow",),
            short_ranges={"arms_low": 0.55},
            short_returns={"arms_not_lowered": 0.42},
            usual_azimuth_deg=0.0,
        ),
        "lunge": Movement(
            driving_joint="knee",
            rest_deg=170.0,
            turn_deg=90.0,
            begins_with="eccentric",
            pose=lunge,
            faults=("knee_over_toe", "trunk_lean", "knee_caving_in"),
            short_ranges={"shallow": 0.62},
            short_returns={},
            usual_azimuth_deg=60.0,
        ),
        "pull_up": Movement(
            driving_joint="elbow",
            rest_deg=165.0,
            turn_deg=35.0,
            begins_with="concentric",
            pose=pull_up,
            faults=("swinging",),
            short_ranges={"chin_below_bar": 0.6},
            short_returns={"no_full_hang": 0.35},
            usual_azimuth_deg=20.0,
        ),
        "sit_up": Movement(
            driving_joint="hip",
            rest_deg=126.0,
            turn_deg=55.0,
            begins_with="concentric",
            pose=sit_up,
            faults=("legs_moving",),
            short_ranges={"partial_range": 0.4},
            short_returns={"not_lowered": 0.45},
            usual_azimuth_deg=90.0,
        ),
        "deadlift": Movement(
            driving_joint="hip",
            rest_deg=166.0,
            turn_deg=75.0,
            begins_with="eccentric",
            pose=deadlift,
            faults=("straight_legs", "uneven_arms"),
            short_ranges={},
            short_returns={"no_lockout": 0.3},
            usual_azimuth_deg=70.0,
        ),
        "bench_press": Movement(
            driving_joint="elbow",
            rest_deg=165.0,
            turn_deg=60.0,
            begins_with="eccentric",
            pose=bench_press,
            faults=("uneven_arms",),
            short_ranges={"partial_range": 0.56},
            short_returns={"no_lockout": 0.3},
            usual_azimuth_deg=40.0,
        ),
        "front_raise": Movement(
            driving_joint="shoulder",
            rest_deg=15.0,
            turn_deg=90.0,
            begins_with="concentric",
            pose=front_raise,
            faults=("swinging", "bent_elbows"),
            short_ranges={"partial_range": 0.6, "too_high": 1.7},
            short_returns={},
            usual_azimuth_deg=60.0,
        ),
        "rope_pushdown": Movement(
            driving_joint="elbow",
            rest_deg=75.0,
            turn_deg=165.0,
            begins_with="concentric",
            pose=rope_pushdown,
            faults=("elbow_drift", "trunk_lean"),
            short_ranges={"no_lockout": 0.6},
            short_returns={},
            usual_azimuth_deg=60.0,
        ),
        "plank": Movement(
            driving_joint="elbow",
            rest_deg=90.0,
            turn_deg=90.0,
            begins_with="eccentric",
            pose=plank,
            faults=("hips_sagging", "hips_piked", "knees_bent"),
            short_ranges={},
            short_returns={},
            usual_azimuth_deg=90.0,
            held=True,
        ),
    }
)
