"""Measures of an example over time, and how clearly each follows a movement that repeats."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.counting.set_review import Return, count_returns, irregularity
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import (
    ANKLE,
    ELBOW,
    HEEL,
    HIP,
    KNEE,
    SHOULDER,
    TOE,
    WRIST,
    Array,
    Body,
    Pair,
    body_of,
    facing,
    middle,
)
from domain.motion.signals.measures import measure
from domain.motion.signals.resampling import RATE_HZ, TAPS

DEGREES: Final = 15.0
SIZES: Final = 0.1
"""Smallest travel of a signal, degrees and body sizes: less may be noise of the pose model."""

LEAST_MEASURED: Final = 0.9
"""Share of the frames with a person in which a measure must be known."""

LEAST_VISIBLE: Final = 0.5
"""Mean visibility of each joint of a measure, on the side that is seen better. Below it, most of
its places are guesses (MediaPipe's default threshold)."""

MOST_NOISE: Final = 0.08
"""Noise of a signal as a share of its travel. With more, the travel may be noise alone: of a person
who stands still, about an eighth of the travel is the median difference from the smoothed values.
"""

NOISE_WEIGHT: Final = 2.0
SIZE_WEIGHT: Final = 0.1
"""Of doubt, beside irregularity: noise as a share of the travel, and a travel that is small."""

EDGE_PERCENT: Final = 2
"""Percentiles from the low and high end that bound the travel, without single errors."""

END_S: Final = 0.4
"""Seconds at both ends of an example in which the athlete is at rest."""


@value
class Joints:
    """The joints that a measure needs, and its smallest travel."""

    pairs: tuple[Pair, ...]
    least_travel: float


ANGLES: Final[Mapping[str, Joints]] = MappingProxyType(
    {
        "elbow_angle": Joints((SHOULDER, ELBOW, WRIST), DEGREES),
        "shoulder_angle": Joints((HIP, SHOULDER, ELBOW), DEGREES),
        "hip_angle": Joints((SHOULDER, HIP, KNEE), DEGREES),
        "knee_angle": Joints((HIP, KNEE, ANKLE), DEGREES),
    }
)
"""Angles of joints, one of which is the range of motion."""

SIGNALS: Final[Mapping[str, Joints]] = MappingProxyType(
    {
        **ANGLES,
        "trunk_lean": Joints((SHOULDER, HIP), DEGREES),
        "upper_arm_lean": Joints((SHOULDER, ELBOW), DEGREES),
        "shank_lean": Joints((KNEE, ANKLE), DEGREES),
        "wrist_height": Joints((SHOULDER, WRIST), SIZES),
        "elbow_height": Joints((SHOULDER, ELBOW), SIZES),
        "thigh_height": Joints((HIP, KNEE), SIZES),
        "leg_height": Joints((HIP, ANKLE), SIZES),
        "heel_rise": Joints((HEEL, TOE), SIZES),
        "shoulder_over_ankle": Joints((SHOULDER, ANKLE), SIZES),
        "shoulder_over_hip": Joints((SHOULDER, HIP), SIZES),
        "wrist_over_hip": Joints((WRIST, HIP), SIZES),
        "wrist_over_ankle": Joints((WRIST, ANKLE), SIZES),
        "stride": Joints((ANKLE, HIP, SHOULDER), SIZES),
        "ankle_spread": Joints((ANKLE,), SIZES),
        "wrist_spread": Joints((WRIST,), SIZES),
    }
)
"""Measures that may become signals. They follow movements from many cameras, and need no floor."""

WEIGHTY: Final = (SHOULDER, ELBOW, WRIST, HIP, KNEE, ANKLE)
"""Joints whose mean height says whether a movement lifts the body."""


@value
class Candidate:
    """A measure as a signal, with its usual values and its repetitions.

    `shares`: its place between rest (0) and extreme (1) over time. The clearest has the least
    `doubt`.
    """

    name: str
    rest: float
    effort: float
    returns: tuple[Return, ...]
    shares: tuple[float, ...]
    doubt: float


class ExampleVideo:
    """An example, resampled and smoothed as by the fold."""

    def __init__(self, chunks: Sequence[PoseChunk]) -> None:
        self._bodies = [body_of(chunk) for chunk in chunks]
        self._frames_s: Array = np.concatenate([chunk.times_s for chunk in chunks])
        self.seen: npt.NDArray[np.bool_] = np.concatenate([body.seen for body in self._bodies])
        self.times_s: Array = np.arange(self._frames_s[0], self._frames_s[-1], 1.0 / RATE_HZ)

    def candidates(self) -> list[Candidate]:
        """Return the measures that move and repeat, the clearest first."""
        found = [self._candidate(name, joints) for name, joints in SIGNALS.items()]
        return sorted((each for each in found if each), key=lambda each: each.doubt)

    def widest_angle(self) -> str:
        """Return the angle of a joint that travels most."""
        return max(ANGLES, key=self.travel)

    def facing(self) -> float:
        """Return the mean rotation of the trunk: 1 to the camera, 0 sideways, -1 away.

        It is NaN if the trunk is never seen.
        """
        turned = np.concatenate([facing(body) for body in self._bodies])[self.seen]
        measured = turned[~np.isnan(turned)]
        return float(measured.mean()) if len(measured) else np.nan

    def lifts(self, shares: Sequence[float]) -> bool:
        """Return whether the body is higher at the extreme than at rest."""
        heights = self._resampled(np.concatenate([_mean_height(body) for body in self._bodies]))
        if heights is None:
            return False
        place = np.array(shares)
        return bool(np.mean(heights[place > 0.5]) > np.mean(heights[place <= 0.5]))

    def travel(self, name: str) -> float:
        """Return how far a measure goes, 0 if it is unknown."""
        values = self._resampled(self._measured(name))
        return 0.0 if values is None else float(np.ptp(_bounds(values)))

    def _measured(self, name: str) -> Array:
        return np.concatenate([measure(body, name, "mean") for body in self._bodies])

    def _candidate(self, name: str, joints: Joints) -> Candidate | None:
        raw = self._resampled(self._measured(name))
        if raw is None or not self._is_visible(joints.pairs):
            return None
        values = _smoothed(raw)
        low, high = _bounds(values)
        travel = high - low
        if travel < joints.least_travel:
            return None
        end = max(round(END_S * RATE_HZ), 1)
        at_rest = float(np.mean([*values[:end], *values[-end:]]))
        rest, effort = (low, high) if at_rest - low < high - at_rest else (high, low)
        shares = (values - rest) / (effort - rest)
        returns = count_returns(self.times_s, shares)
        noise = float(np.median(np.abs(raw - values))) / travel
        if len(returns) < 2 or noise > MOST_NOISE:
            return None
        size = float(np.log(travel / joints.least_travel))
        doubt = irregularity(returns) + NOISE_WEIGHT * noise - SIZE_WEIGHT * size
        return Candidate(
            name,
            _usual(self.times_s, values, [each.ended_s for each in returns]),
            _usual(self.times_s, values, [each.peak_s for each in returns]),
            tuple(returns),
            tuple(shares.tolist()),
            doubt,
        )

    def _resampled(self, values: Array) -> Array | None:
        """Return values at 15 Hz, None if too many are unknown."""
        is_measured = self.seen & ~np.isnan(values)
        if is_measured.sum() < LEAST_MEASURED * self.seen.sum():
            return None
        resampled: Array = np.interp(self.times_s, self._frames_s[is_measured], values[is_measured])
        return resampled

    def _is_visible(self, pairs: Sequence[Pair]) -> bool:
        visibility = np.concatenate([body.visibility for body in self._bodies])[self.seen]
        return all(float(visibility[:, pair].max(axis=1).mean()) >= LEAST_VISIBLE for pair in pairs)


def _mean_height(body: Body) -> Array:
    height = np.zeros(len(body))
    for pair in WEIGHTY:
        height = height - middle(body.y, pair)
    return height


def _bounds(values: Array) -> tuple[float, float]:
    low, high = np.percentile(values, (EDGE_PERCENT, 100 - EDGE_PERCENT))
    return float(low), float(high)


def _smoothed(values: Array) -> Array:
    reach = len(TAPS) // 2
    smooth: Array = np.convolve(np.pad(values, reach, mode="edge"), TAPS, mode="valid")
    return smooth


def _usual(times_s: Array, values: Array, at_s: Sequence[float]) -> float:
    return float(np.median(np.interp(at_s, times_s, values)))
