"""Skeleton: segments of human proportions, joined so that no bone changes its length.

Lengths are fractions of stature after Drillis & Contini, "Body Segment Parameters" (1966), as
printed in Winter, "Biomechanics and Motor Control of Human Movement", 4th ed. (2009), fig. 4.1.
Axes of the stage, in metres: x to the athlete's left, y up, z where the athlete faces; the floor
is y = 0. Every array has the frames of a performance as its first axis (n).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from adapters.sample_athlete.geometry import (
    SIDES,
    Array,
    axes_of_foot,
    axes_pitched,
    place,
    span,
    unit,
)
from domain.motion.landmarks import LANDMARK_COUNT, Landmark

HEAD_POINTS: Final[dict[Landmark, tuple[float, float, float]]] = {
    Landmark.NOSE: (0.0, 0.090, 0.072),
    Landmark.LEFT_EYE_INNER: (0.010, 0.106, 0.058),
    Landmark.LEFT_EYE: (0.018, 0.106, 0.056),
    Landmark.LEFT_EYE_OUTER: (0.026, 0.106, 0.052),
    Landmark.RIGHT_EYE_INNER: (-0.010, 0.106, 0.058),
    Landmark.RIGHT_EYE: (-0.018, 0.106, 0.056),
    Landmark.RIGHT_EYE_OUTER: (-0.026, 0.106, 0.052),
    Landmark.LEFT_EAR: (0.043, 0.098, 0.010),
    Landmark.RIGHT_EAR: (-0.043, 0.098, 0.010),
    Landmark.MOUTH_LEFT: (0.014, 0.066, 0.058),
    Landmark.MOUTH_RIGHT: (-0.014, 0.066, 0.058),
}
"""Face points in the head's axes (left, up, forward) from the base of the neck, as fractions of
stature: eyes at 0.936 and chin at 0.870 of stature, the base of the neck at 0.830."""


@dataclass(frozen=True)
class Body:
    """Lengths of one athlete's segments, in metres, from the stature.

    `legs` and `arms` are factors of their usual length for the stature, 1 being usual.
    """

    stature_m: float = 1.75
    legs: float = 1.0
    arms: float = 1.0

    @property
    def shank(self) -> float:
        return 0.246 * self.stature_m * self.legs

    @property
    def thigh(self) -> float:
        return 0.245 * self.stature_m * self.legs

    @property
    def straight_leg(self) -> float:
        """From hip to ankle of a standing leg, the knee at 175 degrees: not quite locked."""
        return float(span(self.thigh, self.shank, np.array(175.0)))

    @property
    def trunk(self) -> float:
        """From the line of the hips to the line of the shoulders (0.818 - 0.530)."""
        return 0.288 * self.stature_m

    @property
    def neck(self) -> float:
        """From the line of the hips to the base of the neck."""
        return 0.300 * self.stature_m

    @property
    def upper_arm(self) -> float:
        return 0.186 * self.stature_m * self.arms

    @property
    def forearm(self) -> float:
        return 0.146 * self.stature_m * self.arms

    @property
    def half_shoulders(self) -> float:
        """Half the distance of the shoulder joints; the acromia (0.129) lie a little outside."""
        return 0.112 * self.stature_m

    @property
    def half_hips(self) -> float:
        """Half the distance of the hip joints: 36 % of the inter-spinal distance of about 0.14.

        Bell, Brand & Pedersen, "Prediction of hip joint centre location" (1989).
        """
        return 0.050 * self.stature_m

    @property
    def ankle_height(self) -> float:
        return 0.039 * self.stature_m


@dataclass(frozen=True, eq=False)
class Posture:
    """Positions of a body's joints over time, as a movement defines them.

    `pelvis` (n, 3) lies between the hips. Pitches (n,) are degrees forward of upright. `elbows`,
    `wrists`, `knees`, `ankles` are (n, 2, 3), left before right. `thumbs` (n, 2, 3) say where the
    thumbs point. `hands` (n, 2, 3) say where the fingers point. `foot_pitch` (n, 2) is degrees of
    raised heel, `foot_yaw` (2,) degrees of toes turned out.
    """

    pelvis: Array
    trunk_pitch: Array
    head_pitch: Array
    elbows: Array
    wrists: Array
    hands: Array
    thumbs: Array
    knees: Array
    ankles: Array
    foot_pitch: Array
    foot_yaw: Array


@dataclass(frozen=True, eq=False)
class Figure:
    """A body in its postures: `points` (n, 33, 3) are the landmarks on the stage, in metres."""

    body: Body
    posture: Posture
    points: Array

    def __len__(self) -> int:
        return len(self.points)


def hips(body: Body, pelvis: Array) -> Array:
    """The two hip joints (n, 2, 3)."""
    aside = np.array([[sign * body.half_hips, 0.0, 0.0] for sign in SIDES])
    joints: Array = pelvis[:, None, :] + aside
    return joints


def shoulders(body: Body, pelvis: Array, trunk_pitch: Array) -> Array:
    """The two shoulder joints (n, 2, 3)."""
    offsets = np.array([[sign * body.half_shoulders, body.trunk, 0.0] for sign in SIDES])
    return place(pelvis, axes_pitched(trunk_pitch), offsets)


def neck_base(body: Body, posture: Posture) -> Array:
    """Return the base of the neck (n, 3)."""
    up = np.array([[0.0, body.neck, 0.0]])
    return place(posture.pelvis, axes_pitched(posture.trunk_pitch), up)[:, 0]


def signed_yaw(posture: Posture) -> Array:
    """Yaw (2,) about the vertical, towards +x, of feet turned out to their own sides."""
    yaw: Array = posture.foot_yaw * np.array(SIDES)
    return yaw


def figure(body: Body, posture: Posture) -> Figure:
    """The 33 landmarks of a body in its postures."""
    points = np.empty((len(posture.pelvis), LANDMARK_COUNT, 3))
    head = np.array(list(HEAD_POINTS.values())) * body.stature_m
    base = neck_base(body, posture)
    points[:, list(HEAD_POINTS)] = place(base, axes_pitched(posture.head_pitch), head)
    points[:, [11, 12]] = shoulders(body, posture.pelvis, posture.trunk_pitch)
    points[:, [13, 14]] = posture.elbows
    points[:, [15, 16]] = posture.wrists
    points[:, [23, 24]] = hips(body, posture.pelvis)
    points[:, [25, 26]] = posture.knees
    points[:, [27, 28]] = posture.ankles
    _place_hands(body, posture, points)
    _place_feet(body, posture, points)
    return Figure(body, posture, points)


def _place_hands(body: Body, posture: Posture, points: Array) -> None:
    """Knuckles of the little and index finger, and the thumb: in the plane of the hand."""
    fingers = unit(posture.hands)
    along = np.sum(posture.thumbs * fingers, axis=-1, keepdims=True)
    thumb = unit(posture.thumbs - along * fingers)
    for rows_of, ahead, aside in (
        ([17, 18], 0.050, -0.020),
        ([19, 20], 0.056, 0.014),
        ([21, 22], 0.034, 0.028),
    ):
        points[:, rows_of] = (
            posture.wrists + body.stature_m * ahead * fingers + body.stature_m * aside * thumb
        )


HEEL: Final = (0.0, -0.032, -0.036)
TOE: Final = (0.0, -0.030, 0.098)
"""Heel and big toe in the foot's axes from the ankle, as fractions of stature (foot: 0.152)."""


def foot_points(body: Body, ankles: Array, foot_axes: Array, offset: tuple[float, ...]) -> Array:
    """A point of both feet (n, 2, 3), given in the foot's axes as fractions of stature."""
    offsets = np.array(offset) * body.stature_m
    points: Array = ankles + np.einsum("j,nsjc->nsc", offsets, foot_axes)
    return points


def _place_feet(body: Body, posture: Posture, points: Array) -> None:
    foot_axes = axes_of_foot(posture.foot_pitch, signed_yaw(posture))
    points[:, [29, 30]] = foot_points(body, posture.ankles, foot_axes, HEEL)
    points[:, [31, 32]] = foot_points(body, posture.ankles, foot_axes, TOE)


def moved(figure: Figure, offset: Array) -> Figure:
    """The same figure elsewhere: `offset` (3,), or each frame its own (n, 3), metres away."""
    of_each = offset if offset.ndim == 1 else offset[:, None]
    posture = replace(
        figure.posture,
        pelvis=figure.posture.pelvis + offset,
        elbows=figure.posture.elbows + of_each,
        wrists=figure.posture.wrists + of_each,
        knees=figure.posture.knees + of_each,
        ankles=figure.posture.ankles + of_each,
    )
    return replace(figure, posture=posture, points=figure.points + of_each)
