"""Exercises that lift a weight with the body upright or bent at the hips."""

import numpy as np

from adapters.sample_athlete.geometry import Array, rows
from adapters.sample_athlete.limbs import (
    Weights,
    bent,
    both,
    flat_feet,
    hanging,
    hip_over_ankle,
    pair,
    planar,
    weight,
)
from adapters.sample_athlete.skeleton import Body, Posture, hips, shoulders
from adapters.sample_athlete.upper_body import standing, with_right_arm


def deadlift(body: Body, fraction: Array, hip_deg: Array, weights: Weights) -> Posture:
    """Down with a weight by bending at the hips, the arms hanging, the knees giving way a little.

    Thigh and trunk lie in one plane with the feet under the hips, so that the hips' angle is exact.
    """
    bend = 8.0 + 36.0 * fraction * (1.0 - weight(weights, "straight_legs", fraction))
    shin = 0.24 * bend
    hip = hip_over_ankle(body, 180.0 - bend, shin, 0.0)
    pelvis = rows(0.0, body.ankle_height + hip[:, 0], hip[:, 1])
    still = np.zeros_like(fraction)
    ankles = flat_feet(still + body.half_hips, still + body.ankle_height)
    pitch = 180.0 - planar(body, hip_deg) - (bend - shin)
    shoulder = shoulders(body, pelvis, pitch)
    forward = pair(lambda _: rows(still, 0.0, 1.0))

    def lifted(elbow_deg: Array) -> Posture:
        elbows, wrists, fore = hanging(body, shoulder, still + 2.0, elbow_deg, 80.0)
        return Posture(
            pelvis=pelvis,
            trunk_pitch=pitch,
            head_pitch=0.7 * pitch,
            elbows=elbows,
            wrists=wrists,
            hands=fore,
            thumbs=pair(lambda sign: rows(still - sign, 0.0, 0.1)),
            knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, forward),
            ankles=ankles,
            foot_pitch=both(fraction, 0.0, 0.0),
            foot_yaw=np.zeros(2),
        )

    drawn_up = 110.0 * weight(weights, "uneven_arms", fraction)
    return with_right_arm(lifted(still + 172.0), lifted(172.0 - drawn_up))


def front_raise(body: Body, fraction: Array, shoulder_deg: Array, weights: Weights) -> Posture:
    """Straight arms up before the body and down again."""
    lean = 26.0 * weight(weights, "swinging", fraction)
    return standing(
        body,
        lean_back_deg=lean,
        upper_deg=planar(body, shoulder_deg) + lean,
        elbow_deg=172.0 - 66.0 * weight(weights, "bent_elbows", fraction),
        plane_deg=90.0,
        thumbs=pair(lambda sign: rows(np.full_like(fraction, -sign), 0.3, 0.1)),
    )


def rope_pushdown(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """Forearms down against a rope from above, with the upper arms beside the trunk."""
    lean = 4.0 + 52.0 * weight(weights, "trunk_lean", fraction)
    return standing(
        body,
        lean_back_deg=-lean,
        upper_deg=18.0 - lean + 42.0 * weight(weights, "elbow_drift", fraction),
        elbow_deg=elbow_deg,
        plane_deg=84.0,
        thumbs=pair(lambda sign: rows(np.full_like(fraction, -sign), 0.5, 0.1)),
    )
