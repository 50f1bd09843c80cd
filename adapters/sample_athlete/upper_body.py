"""Exercises the arms drive: push-up, biceps curl, shoulder press."""

from dataclasses import dataclass, replace

import numpy as np

from adapters.sample_athlete.geometry import Array, rows, span, two_bone
from adapters.sample_athlete.limbs import (
    Weights,
    bent,
    both,
    flat_feet,
    hanging,
    on_toes,
    pair,
    weight,
)
from adapters.sample_athlete.skeleton import Body, Posture, hips, shoulders

WRIST_HEIGHT = 0.022
"""Height of the wrist of a hand on the floor, as a fraction of stature."""

LOCKED_ELBOW_DEG = 165.0
"""Elbow angle of a push-up with the arms upright over the hands."""

ELBOWS_ASIDE = 0.45
"""How far the elbows of a push-up point aside for each unit that they point back."""

TOE_STAND_DEG = 72.0
"""Angle of the raised heels in a push-up."""


@dataclass(frozen=True, eq=False)
class _Support:
    """A push-up's body line: where ankles, pelvis and shoulders are (n, 3), seen from the side."""

    ankle: Array
    pelvis: Array
    shoulder: Array
    wrist: Array


def push_up(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """Down and up on hands and toes that stay where they are."""
    sag = 34.0 * weight(weights, "hips_sagging", fraction)
    pike = 42.0 * weight(weights, "hips_piked", fraction)
    line = _support(body, elbow_deg, pike - sag)
    along = line.shoulder - line.pelvis
    pitch = np.rad2deg(np.arctan2(along[:, 2], along[:, 1]))
    shoulder = shoulders(body, line.pelvis, pitch)
    wrists = pair(lambda sign: line.wrist + rows(sign * _hand_width(body), 0.0, 0.0))
    ankles = pair(lambda sign: line.ankle + rows(sign * body.half_hips, 0.0, 0.0))
    aside = ELBOWS_ASIDE + 1.2 * weight(weights, "elbows_flared", fraction)
    back = pair(lambda sign: rows(sign * aside, 0.0, -1.0))
    down = pair(lambda _: rows(np.zeros_like(fraction), -1.0, 0.0))
    return Posture(
        pelvis=line.pelvis,
        trunk_pitch=pitch,
        head_pitch=pitch - 22.0,
        elbows=bent(shoulder, wrists, body.upper_arm, body.forearm, back),
        wrists=wrists,
        hands=pair(lambda sign: rows(np.full_like(fraction, 0.05 * sign), -0.15, 1.0)),
        thumbs=pair(lambda sign: rows(np.full_like(fraction, -sign), 0.0, 0.2)),
        knees=bent(hips(body, line.pelvis), ankles, body.thigh, body.shank, down),
        ankles=ankles,
        foot_pitch=both(fraction, TOE_STAND_DEG, TOE_STAND_DEG),
        foot_yaw=np.zeros(2),
    )


def _hand_width(body: Body) -> float:
    """Half the distance of the hands on the floor: a little wider than the shoulders."""
    return 0.135 * body.stature_m


def _support(body: Body, elbow_deg: Array, bend_deg: Array) -> _Support:
    """Hang the body between its ankles and its wrists, hips bent up (+) or down (-) in degrees.

    The shoulders are where the circle of the body about the ankles meets that of the arms about
    the wrists, so that elbows, hips, hands and feet are all exact.
    """
    still = np.zeros_like(elbow_deg)
    toe = rows(0.0, still + 0.015, 0.0)
    ankle = on_toes(body, toe, still + TOE_STAND_DEG, 0.0)
    wrist = rows(0.0, still + WRIST_HEIGHT * body.stature_m, _wrist_ahead(body, ankle[0]))
    leg = body.straight_leg
    length = span(leg, body.trunk, 180.0 - np.abs(bend_deg))[:, None]
    shoulder = two_bone(ankle, wrist, length, _arm(body, elbow_deg)[:, None], rows(still, 1.0, 0.0))
    towards = rows(still, np.where(bend_deg < 0, -1.0, 1.0), 0.0)
    pelvis = two_bone(ankle, shoulder, leg, body.trunk, towards)
    return _Support(ankle, pelvis, shoulder, wrist)


def _arm(body: Body, elbow_deg: Array) -> Array:
    """Distance (n,) of shoulder and wrist as seen from the side."""
    aside = _hand_width(body) - body.half_shoulders
    reach: Array = np.sqrt(span(body.upper_arm, body.forearm, elbow_deg) ** 2 - aside**2)
    return reach


def _wrist_ahead(body: Body, ankle: Array) -> float:
    """Distance from the toes forward to the hands: under the shoulders of straight arms."""
    height = _arm(body, np.array([LOCKED_ELBOW_DEG]))[0] + WRIST_HEIGHT * body.stature_m
    straight = body.straight_leg + body.trunk
    return float(ankle[2] + np.sqrt(straight**2 - (height - ankle[1]) ** 2))


def biceps_curl(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """Forearms up and down beside a still trunk."""
    swing = weight(weights, "swinging", fraction)
    drift = weight(weights, "elbow_drift", fraction)
    return standing(
        body,
        lean_back_deg=34.0 * swing,
        upper_deg=6.0 + 26.0 * swing + 56.0 * drift,
        elbow_deg=elbow_deg,
        plane_deg=82.0,
        thumbs=pair(lambda sign: rows(np.full_like(fraction, sign), 0.1, 0.1)),
    )


def shoulder_press(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """From hands at the shoulders to arms overhead, in the plane of the shoulder blades."""

    def pressed(upper_deg: Array) -> Posture:
        return standing(
            body,
            lean_back_deg=28.0 * weight(weights, "leaning_back", fraction),
            upper_deg=upper_deg,
            elbow_deg=elbow_deg,
            plane_deg=25.0,
            thumbs=pair(lambda sign: rows(np.full_like(fraction, -sign), 0.1, 0.1)),
        )

    upper_deg = 50.0 + 114.0 * fraction
    lag_deg = 48.0 * fraction * weight(weights, "uneven_arms", fraction)
    return with_right_arm(pressed(upper_deg), pressed(upper_deg - lag_deg))


def with_right_arm(posture: Posture, other: Posture) -> Posture:
    """A posture with the right arm of another one."""

    def mixed(own: Array, foreign: Array) -> Array:
        return np.stack([own[:, 0], foreign[:, 1]], axis=1)

    return replace(
        posture,
        elbows=mixed(posture.elbows, other.elbows),
        wrists=mixed(posture.wrists, other.wrists),
        hands=mixed(posture.hands, other.hands),
    )


def standing(
    body: Body,
    *,
    lean_back_deg: Array,
    upper_deg: Array,
    elbow_deg: Array,
    plane_deg: float,
    thumbs: Array,
) -> Posture:
    """A body on both feet; leaning back pushes the hips forward, as balance asks."""
    stance = 0.075 * body.stature_m
    still = np.zeros_like(elbow_deg)
    leg = body.straight_leg
    ahead = 0.004 * lean_back_deg
    height = np.sqrt(leg**2 - ahead**2 - (stance - body.half_hips) ** 2)
    pelvis = rows(still, body.ankle_height + height, ahead)
    ankles = flat_feet(still + stance, still + body.ankle_height)
    shoulder = shoulders(body, pelvis, -lean_back_deg)
    elbows, wrists, fore = hanging(body, shoulder, upper_deg, elbow_deg, plane_deg)
    forward = pair(lambda sign: rows(still + 0.15 * sign, 0.0, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=-lean_back_deg,
        head_pitch=-0.3 * lean_back_deg,
        elbows=elbows,
        wrists=wrists,
        hands=fore,
        thumbs=thumbs,
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, forward),
        ankles=ankles,
        foot_pitch=both(elbow_deg, 0.0, 0.0),
        foot_yaw=np.array([10.0, 10.0]),
    )
