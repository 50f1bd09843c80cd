"""Exercises the legs drive: squat, lunge, jumping jack."""

import numpy as np

from adapters.sample_athlete.geometry import Array, rows, unit
from adapters.sample_athlete.limbs import (
    Weights,
    bent,
    both,
    flat_feet,
    hanging,
    hip_over_ankle,
    on_toes,
    pair,
    weight,
)
from adapters.sample_athlete.skeleton import Body, Posture, hips, shoulders


def squat(body: Body, fraction: Array, knee_deg: Array, weights: Weights) -> Posture:
    """Down between planted feet, the arms going forward to balance."""
    bend = 180.0 - knee_deg
    stance = 0.110 * body.stature_m
    hip = hip_over_ankle(body, knee_deg, 0.24 * bend, stance - body.half_hips)
    raised = 30.0 * weight(weights, "heels_rising", fraction)
    lift = _lifted(body, raised)
    pelvis = rows(0.0, body.ankle_height + hip[:, 0], hip[:, 1]) + lift
    half_width = np.full_like(fraction, stance)
    ankles = flat_feet(half_width, np.full_like(fraction, body.ankle_height)) + lift[:, None]
    outwards = 0.30 - 0.48 * weight(weights, "knees_caving_in", fraction)
    pitch = 0.38 * bend + 32.0 * weight(weights, "trunk_lean", fraction)
    shoulder = shoulders(body, pelvis, pitch)
    elbows, wrists, fore = hanging(body, shoulder, 12.0 + 65.0 * fraction, 165.0, 75.0)
    towards = pair(lambda sign: rows(sign * outwards, 0.0, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=pitch,
        head_pitch=0.25 * pitch,
        elbows=elbows,
        wrists=wrists,
        hands=fore,
        thumbs=pair(lambda sign: rows(-sign * 0.6, 0.8, np.full_like(fraction, 0.3))),
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, towards),
        ankles=ankles,
        foot_pitch=np.stack([raised, raised], axis=-1),
        foot_yaw=np.array([15.0, 15.0]),
    )


def _lifted(body: Body, raised_deg: Array) -> Array:
    """Movement (n, 3) of an ankle when the heel leaves the floor and the toes stay."""
    toe = np.zeros((len(raised_deg), 3))
    flat = np.zeros_like(raised_deg)
    moved: Array = on_toes(body, toe, raised_deg, 0.0) - on_toes(body, toe, flat, 0.0)
    return moved


def lunge(body: Body, fraction: Array, knee_deg: Array, weights: Weights) -> Posture:
    """Down between a leading left foot and a trailing right one on its toes, both planted."""
    bend = 180.0 - knee_deg
    ahead = weight(weights, "knee_over_toe", fraction) * fraction
    shin = 0.30 * (bend - 90.0) + 28.0 * ahead
    track = 0.070 * body.stature_m
    hip = hip_over_ankle(body, knee_deg, shin, track - body.half_hips)
    pelvis = rows(0.0, body.ankle_height + hip[:, 0], hip[:, 1])
    raised = 42.0 + 20.0 * fraction + 14.0 * ahead
    toe = rows(-track, np.zeros_like(fraction) + 0.015, -0.475 * body.stature_m)
    leading = rows(track, np.full_like(fraction, body.ankle_height), 0.0)
    ankles = np.stack([leading, on_toes(body, toe, raised, -2.0)], axis=1)
    pitch = 4.0 + 6.0 * fraction + 28.0 * weight(weights, "trunk_lean", fraction)
    shoulder = shoulders(body, pelvis, pitch)
    elbows, wrists, thumbs = _hands_on_hips(body, pelvis, shoulder)
    inwards = 0.55 * weight(weights, "knee_caving_in", fraction)
    forward = pair(lambda sign: rows(0.05 * sign - (sign > 0) * inwards, -0.05, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=pitch,
        head_pitch=0.4 * pitch,
        elbows=elbows,
        wrists=wrists,
        hands=pair(lambda sign: rows(np.full_like(fraction, -0.5 * sign), -0.5, 0.7)),
        thumbs=thumbs,
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, forward),
        ankles=ankles,
        foot_pitch=np.stack([np.zeros_like(fraction), raised], axis=-1),
        foot_yaw=np.array([4.0, 2.0]),
    )


def _hands_on_hips(body: Body, pelvis: Array, shoulder: Array) -> tuple[Array, Array, Array]:
    """Elbows, wrists and directions of the thumbs (n, 2, 3) of hands resting on the hips."""
    frames = len(pelvis)
    offset = np.array([[sign * 0.112, 0.055, -0.005] for sign in (1.0, -1.0)]) * body.stature_m
    wrists = pelvis[:, None, :] + offset
    aside = pair(lambda sign: rows(np.full(frames, sign), 0.0, -0.6))
    elbows = bent(shoulder, wrists, body.upper_arm, body.forearm, aside)
    return elbows, wrists, unit(pair(lambda sign: rows(np.full(frames, -0.1 * sign), 1.0, -0.3)))


def jumping_jack(body: Body, fraction: Array, shoulder_deg: Array, weights: Weights) -> Posture:
    """Arms up and feet apart, and back, with a low hop between."""
    apart = 1.0 - weight(weights, "feet_narrow", fraction)
    half_width = (0.045 + 0.170 * fraction * apart) * body.stature_m
    hop = 0.16 * np.maximum(fraction * (1.0 - fraction), 0.0)
    leg = body.straight_leg
    ankle_height = body.ankle_height + hop
    hip_height = ankle_height + np.sqrt(leg**2 - (half_width - body.half_hips) ** 2)
    pelvis = rows(0.0, hip_height, 0.0)
    ankles = flat_feet(half_width, ankle_height)
    upright = np.zeros_like(fraction)
    shoulder = shoulders(body, pelvis, upright)
    slant = np.rad2deg(np.arctan2(body.half_shoulders - body.half_hips, body.trunk))
    elbows, wrists, fore = hanging(body, shoulder, shoulder_deg - slant, 168.0, 0.0)
    forward = pair(lambda sign: rows(np.full_like(fraction, 0.2 * sign), 0.0, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=upright,
        head_pitch=upright,
        elbows=elbows,
        wrists=wrists,
        hands=fore,
        thumbs=forward,
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, forward),
        ankles=ankles,
        foot_pitch=both(fraction, 0.0, 0.0),
        foot_yaw=np.array([12.0, 12.0]),
    )
