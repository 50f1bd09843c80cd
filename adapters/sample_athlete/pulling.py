"""Exercise in which the body hangs from its hands: the pull-up."""

import numpy as np

from adapters.sample_athlete.geometry import Array, rows, span
from adapters.sample_athlete.limbs import Weights, bent, both, pair, weight
from adapters.sample_athlete.skeleton import Body, Posture, hips, shoulders

BAR_HEIGHT = 1.32
"""Height of the bar, as a fraction of stature: the feet hang free."""

GRIP = 0.175
"""Half the distance of the hands, as a fraction of stature: a little wider than the shoulders."""


def pull_up(body: Body, fraction: Array, elbow_deg: Array, weights: Weights) -> Posture:
    """Up to a bar and down again, the hands where they are, the legs in line with the trunk."""
    grip, bar = GRIP * body.stature_m, BAR_HEIGHT * body.stature_m
    reach = span(body.upper_arm, body.forearm, elbow_deg)
    below = np.sqrt(reach**2 - (grip - body.half_shoulders) ** 2)
    pitch = 34.0 * weight(weights, "swinging", fraction)
    swung = np.deg2rad(pitch)
    along = rows(0.0, np.cos(swung), np.sin(swung))
    pelvis = rows(0.0, bar - below, 0.0) - body.trunk * along
    shoulder = shoulders(body, pelvis, pitch)
    wrists = pair(lambda sign: rows(np.full_like(fraction, sign * grip), bar, 0.0))
    ankles = hips(body, pelvis) - body.straight_leg * along[:, None]
    down = pair(lambda sign: rows(np.full_like(fraction, sign), -0.6, 0.1))
    ahead = pair(lambda _: rows(np.zeros_like(fraction), 0.0, 1.0))
    return Posture(
        pelvis=pelvis,
        trunk_pitch=pitch,
        head_pitch=np.full_like(fraction, -10.0),
        elbows=bent(shoulder, wrists, body.upper_arm, body.forearm, down),
        wrists=wrists,
        hands=pair(lambda _: rows(np.zeros_like(fraction), 1.0, 0.2)),
        thumbs=pair(lambda sign: rows(np.full_like(fraction, -sign), 0.0, 0.1)),
        knees=bent(hips(body, pelvis), ankles, body.thigh, body.shank, ahead),
        ankles=ankles,
        foot_pitch=both(fraction, 35.0, 35.0),
        foot_yaw=np.zeros(2),
    )
