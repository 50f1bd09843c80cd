"""Exercises on the floor or on a bench: sit-up, bench press, plank."""

import numpy as np

from adapters.sample_athlete.geometry import Array, axes_pitched, place, rows, span, two_bone
from adapters.sample_athlete.limbs import (
    Weights,
    bent,
    both,
    flat_feet,
    on_toes,
    pair,
    planar,
    weight,
)
from adapters.sample_athlete.skeleton import Body, Posture, hips, shoulders
from adapters.sample_athlete.upper_body import TOE_STAND_DEG

SEAT_HEIGHT = 0.055
"""Height of the hip joints of a person lying on the floor, as a fraction of stature."""

BENCH_HEIGHT = 0.26
"""Height of the hip joints of a person lying on a bench, as a fraction of stature."""

GRIP = 0.24
"""Half the distance of the hands on a bar, as a fraction of stature: twice the shoulders'."""

FOREARM_HEIGHT = 0.025
"""Height of elbow and wrist of a forearm on the floor, as a fraction of stature."""


def sit_up(body: Body, fraction: Array, hip_deg: Array, weights: Weights) -> Posture:
    """From lying to sitting, knees bent, feet on the floor, hands on the chest."""
    still = np.zeros_like(fraction)
    pelvis = rows(0.0, still + SEAT_HEIGHT * body.stature_m, 0.0)
    knee_deg = 88.0 + 64.0 * weight(weights, "legs_moving", fraction)
    drop = pelvis[:, 1] - body.ankle_height
    far = np.sqrt(span(body.thigh, body.shank, knee_deg) ** 2 - drop**2)
    ankles = pair(lambda sign: rows(sign * body.half_hips, still + body.ankle_height, far))
    up = pair(lambda _: rows(still, 1.0, 0.0))
    knees = bent(hips(body, pelvis), ankles, body.thigh, body.shank, up)
    thigh = knees[:, 0] - hips(body, pelvis)[:, 0]
    raised = np.rad2deg(np.arctan2(thigh[:, 1], thigh[:, 2]))
    pitch = 90.0 - raised - planar(body, hip_deg)
    shoulder = shoulders(body, pelvis, pitch)
    axes = axes_pitched(pitch)
    chest = np.array([[sign * 0.060, 0.240, 0.100] for sign in (1.0, -1.0)]) * body.stature_m
    wrists = place(pelvis, axes, chest)
    ahead = axes[:, None, 2] + pair(lambda sign: rows(still + sign, 0.0, 0.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=pitch,
        head_pitch=pitch + 14.0,
        elbows=bent(shoulder, wrists, body.upper_arm, body.forearm, ahead),
        wrists=wrists,
        hands=pair(lambda sign: rows(still - sign, 0.0, 0.0)) + 0.3 * axes[:, None, 1],
        thumbs=np.repeat(axes[:, None, 1], 2, axis=1),
        knees=knees,
        ankles=ankles,
        foot_pitch=both(fraction, 0.0, 0.0),
        foot_yaw=np.zeros(2),
    )


def bench_press(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """A bar down to the chest and up again, lying on a bench with the feet on the floor."""
    still = np.zeros_like(fraction)
    pelvis = rows(0.0, still + BENCH_HEIGHT * body.stature_m, 0.0)
    lying = still - 90.0
    shoulder = shoulders(body, pelvis, lying)
    uneven_deg = 70.0 * fraction * weight(weights, "uneven_arms", fraction)
    wrists = np.stack(
        [
            shoulder[:, 0] + _over_shoulder(body, elbow_deg, 1.0),
            shoulder[:, 1] + _over_shoulder(body, elbow_deg + uneven_deg, -1.0),
        ],
        axis=1,
    )
    ankles = flat_feet(still + 0.09 * body.stature_m, still + body.ankle_height)
    ankles = ankles + np.array([0.0, 0.0, 0.31 * body.stature_m])
    flared = pair(lambda sign: rows(still + sign, -0.6, 0.3))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=lying,
        head_pitch=lying,
        elbows=bent(shoulder, wrists, body.upper_arm, body.forearm, flared),
        wrists=wrists,
        hands=pair(lambda _: rows(still, 1.0, 0.1)),
        thumbs=pair(lambda sign: rows(still - sign, 0.0, 0.1)),
        knees=bent(
            hips(body, pelvis), ankles, body.thigh, body.shank,
            pair(lambda sign: rows(still + 0.2 * sign, 1.0, 0.6)),
        ),
        ankles=ankles,
        foot_pitch=both(fraction, 0.0, 0.0),
        foot_yaw=np.array([12.0, 12.0]),
    )  # fmt: skip


def _over_shoulder(body: Body, elbow_deg: Array, sign: float) -> Array:
    """From a shoulder to the hand on the bar above it (n, 3)."""
    aside = GRIP * body.stature_m - body.half_shoulders
    reach = span(body.upper_arm, body.forearm, elbow_deg)
    return rows(sign * aside, np.sqrt(reach**2 - aside**2), 0.0)


def plank(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """Held on forearms and toes; only faults move."""
    sag = 30.0 * weight(weights, "hips_sagging", fraction)
    pike = 52.0 * weight(weights, "hips_piked", fraction)
    knee_deg = 175.0 - 58.0 * weight(weights, "knees_bent", fraction)
    still = np.zeros_like(elbow_deg)
    ankle = on_toes(body, rows(0.0, still + 0.015, 0.0), still + TOE_STAND_DEG, 0.0)
    elbow = rows(0.0, still + FOREARM_HEIGHT * body.stature_m, _elbow_ahead(body, ankle[0]))
    leg = span(body.thigh, body.shank, knee_deg)
    length = _length(leg, body.trunk, 180.0 - np.abs(pike - sag))
    shoulder = two_bone(ankle, elbow, length[:, None], body.upper_arm, rows(still, 1.0, 0.0))
    bends = rows(still, np.where(sag > pike, -1.0, 1.0), 0.0)
    pelvis = two_bone(ankle, shoulder, leg[:, None], body.trunk, bends)
    along = shoulder - pelvis
    pitch = np.rad2deg(np.arctan2(along[:, 2], along[:, 1]))
    elbows = pair(lambda sign: elbow + rows(still + sign * body.half_shoulders, 0.0, 0.0))
    ankles = pair(lambda sign: ankle + rows(still + sign * body.half_hips, 0.0, 0.0))
    down = pair(lambda _: rows(still, -1.0, 0.0))
    ahead = pair(lambda _: rows(still, 0.0, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=pitch,
        head_pitch=pitch - 18.0,
        elbows=elbows,
        wrists=elbows + body.forearm * ahead,
        hands=ahead,
        thumbs=pair(lambda _: rows(still, 1.0, 0.0)),
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, down),
        ankles=ankles,
        foot_pitch=both(fraction, TOE_STAND_DEG, TOE_STAND_DEG),
        foot_yaw=np.zeros(2),
    )


def _length(leg: Array, trunk: float, bent_deg: Array) -> Array:
    """Distance (n,) of ankle and shoulder, the hips bent."""
    cosine = np.cos(np.deg2rad(bent_deg))
    distance: Array = np.sqrt(leg**2 + trunk**2 - 2.0 * leg * trunk * cosine)
    return distance


def _elbow_ahead(body: Body, ankle: Array) -> float:
    """Distance from the toes forward to the elbows, under the shoulders of a straight body."""
    height = body.upper_arm + FOREARM_HEIGHT * body.stature_m
    straight = body.straight_leg + body.trunk
    return float(ankle[2] + np.sqrt(straight**2 - (height - ankle[1]) ** 2))
