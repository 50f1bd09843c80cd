"""People move as smoothly as they can, and so even a trembling curve tells when they moved.

From rest to rest the jerk is least along 10 t^3 - 15 t^4 + 6 t^5 (Flash & Hogan, "The coordination
of arm movements", J Neurosci 5(7), 1985). A repetition is one such way out and one back. The four
moments at which these begin and end are those that fit the joint angles best, all rows counting:
a threshold on the speed would hang on the few rows around it.
"""

from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.body import Array

SHORTEST_S: Final = 0.1
"""No way out or back takes less."""

UNSEEN_SHARE: Final = 0.3
"""Share of the time out before the first row, or of the time back after the last one, at most: in
it a sixth of the way is gone. A way back that stopped short would else seem still under way."""

FIRST_STEP_S: Final = 0.08
LAST_STEP_S: Final = 0.004
"""The search begins with steps of a moment (1/15 s) and ends far below what a camera resolves."""

EXACT: Final = 1.0
"""Square degrees a row may be off without being held against a curve: no pose is better."""

UNEVEN: Final = 0.5
"""A way back not as long as the way out must leave two fifths less unexplained (exp -0.5 is 0.61):
it is the rarer thing, and with it a way not seen to its end could end anywhere."""

TINY: Final = 1e-9

LEAST_EXPLAINED: Final = 0.95
"""Share of a curve's variance below which the movement was not smooth, and tells nothing."""

CLOSELY_EXPLAINED: Final = 0.98
"""Share of a curve's variance above which its way says better than its rows how far it went."""


@value
class Moments:
    """When a repetition leaves rest, reaches its extreme, leaves it, and is back, seconds."""

    started_s: float
    effort_from_s: float
    effort_to_s: float
    ended_s: float


def smoothed_way(times_s: Array, began_s: float, over_s: float) -> Array:
    """Share of the way at these times (n,), 0..1, of a movement from rest to rest."""
    share = np.clip((times_s - began_s) / (over_s - began_s), 0.0, 1.0)
    way: Array = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    return way


def fitted(times_s: Array, angles_deg: Array, guess: Moments) -> Moments | None:
    """Give the moments that fit some joints' angles (k, n) best, beginning with a guess.

    None where the angles do not follow a smooth way out and back.
    """
    centred = angles_deg - angles_deg.mean(axis=1, keepdims=True)
    best = guess
    least = _misfit(times_s, centred, best)
    step_s = FIRST_STEP_S
    while step_s > LAST_STEP_S:
        misfits = [(_misfit(times_s, centred, near), near) for near in _nearby(best, step_s)]
        misfit, near = min(misfits, key=lambda each: each[0])
        if misfit < least:
            least, best = misfit, near
        else:
            step_s /= 2.0
    return best if _explained(times_s, centred, best) >= LEAST_EXPLAINED else None


def swing(times_s: Array, angle_deg: Array, moments: Moments) -> float | None:
    """Degrees between rest and the extreme of an angle (n,) that moves smoothly at these moments.

    All rows say it together, where the least and the greatest would add their noise to it. None
    where the angle does not follow so closely that its extremes are known by its way.
    """
    centred = (angle_deg - angle_deg.mean())[np.newaxis]
    ways = _ways(times_s, moments)
    if ways is None or _explained(times_s, centred, moments) < CLOSELY_EXPLAINED:
        return None
    way = ways[0] - ways[1]
    return abs(float(centred[0] @ way) / float(way @ way))


def _nearby(now: Moments, step_s: float) -> list[Moments]:
    start, reach, leave, end = now.started_s, now.effort_from_s, now.effort_to_s, now.ended_s
    return [
        moments
        for by in (step_s, -step_s)
        for moments in (
            Moments(start + by, reach, leave, end),
            Moments(start, reach + by, leave, end),
            Moments(start, reach, leave + by, end),
            Moments(start, reach, leave, end + by),
        )
    ]


def _misfit(times_s: Array, centred: Array, moments: Moments) -> float:
    """Logarithm of the likelihood, negative, of curves whose noise is not known.

    It weighs each curve by its own noise: a hidden limb that jumps about has little to say.
    """
    ways = _ways(times_s, moments)
    if ways is None:
        return float("inf")
    left = np.log(_left(centred, ways[0] - ways[1]) / len(times_s) + EXACT)
    uneven = np.log(_left_uneven(centred, *ways) / len(times_s) + EXACT)
    return float(np.minimum(left, uneven + UNEVEN).sum())


def _explained(times_s: Array, centred: Array, moments: Moments) -> float:
    """Share of the variance of the curve that follows best, there and back alike."""
    ways = _ways(times_s, moments)
    if ways is None:
        return 0.0
    left = _left(centred, ways[0] - ways[1])
    return float((1.0 - left / np.maximum(_squares(centred), EXACT)).max())


def _left(centred: Array, way: Array) -> Array:
    """Squares of curves (k, n) that a way (n,), as far back as out, leaves unexplained, (k,)."""
    left: Array = _squares(centred) - (centred @ way) ** 2 / float(way @ way)
    return np.maximum(left, 0.0)


def _left_uneven(centred: Array, out: Array, back: Array) -> Array:
    """The same of a way out and one back that may be longer or shorter."""
    across = float(out @ back)
    determinant = max(float(out @ out) * float(back @ back) - across * across, TINY)
    by_out, by_back = centred @ out, centred @ back
    explained = by_out**2 * float(back @ back) - 2.0 * by_out * by_back * across
    left = _squares(centred) - (explained + by_back**2 * float(out @ out)) / determinant
    return np.maximum(left, 0.0)


def _ways(times_s: Array, moments: Moments) -> tuple[Array, Array] | None:
    """The ways out and back, centred, (n,); None for moments out of order or far from the rows."""
    out_s = moments.effort_from_s - moments.started_s
    back_s = moments.ended_s - moments.effort_to_s
    if min(out_s, back_s) < SHORTEST_S or moments.effort_to_s < moments.effort_from_s:
        return None
    before_s, after_s = times_s[0] - moments.started_s, moments.ended_s - times_s[-1]
    if before_s > UNSEEN_SHARE * out_s or after_s > UNSEEN_SHARE * back_s:
        return None
    out = smoothed_way(times_s, moments.started_s, moments.effort_from_s)
    back = smoothed_way(times_s, moments.effort_to_s, moments.ended_s)
    return out - out.mean(), back - back.mean()


def _squares(curves: Array) -> Array:
    squares: Array = (curves * curves).sum(axis=1)
    return squares
