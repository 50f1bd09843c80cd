"""Minimum-jerk fit of a repetition's times.

From rest to rest the jerk is minimal along 10 t^3 - 15 t^4 + 6 t^5 (Flash & Hogan, "The
coordination of arm movements", J Neurosci 5(7), 1985). A repetition is one such path out and one
back. The four times at which these begin and end are those that fit the joint angles best over all
rows; a threshold on the speed would depend on the few rows around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.signals.body import Array

SHORTEST_S: Final = 0.1
"""No way out or back takes less."""

UNSEEN_SHARE: Final = 0.3
"""Maximum share of the time out before the first row, or of the time back after the last one: it
covers a sixth of the way. With more, a return that stopped short would seem unfinished."""

FIRST_STEP_S: Final = 0.08
LAST_STEP_S: Final = 0.004
"""The search begins with steps of a moment (1/15 s) and ends far below what a camera resolves."""

EXACT: Final = 1.0
"""Squared error, in square degrees, of a row that does not count against a curve: no pose is more
exact."""

UNEVEN: Final = 0.5
"""A way back that differs in length from the way out must leave two fifths less unexplained (exp
-0.5 is 0.61): it is rarer, and it would let an unseen return end anywhere."""

TINY: Final = 1e-9

ASIDE: Final = np.concatenate([np.eye(4), -np.eye(4)])
"""The search directions (8, 4): each of the four moments later or earlier."""

LEAST_EXPLAINED: Final = 0.95
"""Share of explained variance below which the movement was not smooth and the fit is rejected."""

CLOSELY_EXPLAINED: Final = 0.98
"""Share of explained variance above which the curve gives the range better than the rows."""


@value
class Moments:
    """Times of leaving rest, reaching the extreme, leaving it, and reaching rest, seconds."""

    started_s: float
    effort_from_s: float
    effort_to_s: float
    ended_s: float


def smooth_path(times_s: Array, began_s: Array | float, over_s: Array | float) -> Array:
    """Share of the path at times (n,), 0..1, of a movement from rest to rest, (n,).

    For several movements, (m, 1), it is (m, n). Each takes at least SHORTEST_S.
    """
    share: Array = (times_s - began_s) / np.maximum(over_s - began_s, SHORTEST_S)
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    way = 6.0 * share
    way -= 15.0
    way *= share
    way += 10.0
    way *= share * share * share
    return way


def fit(times_s: Array, angles_deg: Array, guess: Moments) -> Moments | None:
    """Return the times that fit the angles (k, n) of some joints best, starting from a guess.

    None if the angles do not follow a smooth path out and back.
    """
    curves = _curves(times_s, angles_deg)
    best = np.array([guess.started_s, guess.effort_from_s, guess.effort_to_s, guess.ended_s])
    least = _misfits(curves, best[np.newaxis])[0]
    step_s = FIRST_STEP_S
    while step_s > LAST_STEP_S:
        nearby = best + step_s * ASIDE
        misfits = _misfits(curves, nearby)
        nearest = int(misfits.argmin())
        if misfits[nearest] < least:
            least, best = misfits[nearest], nearby[nearest]
        else:
            step_s /= 2.0
    at: list[float] = best.tolist()
    if not _is_candidate(float(times_s[0]), float(times_s[-1]), at):
        return None
    explained = _explained_share(curves, _Paths(curves, best[np.newaxis]))
    return Moments(*at) if explained >= LEAST_EXPLAINED else None


def swing(times_s: Array, angle_deg: Array, moments: Moments) -> float | None:
    """Degrees between rest and extreme of an angle (n,) that moves smoothly at these times.

    Uses all rows, because minimum and maximum would add their noise. None if the angle does not
    follow the path closely enough.
    """
    at = [moments.started_s, moments.effort_from_s, moments.effort_to_s, moments.ended_s]
    if not _is_candidate(float(times_s[0]), float(times_s[-1]), at):
        return None
    curves = _curves(times_s, angle_deg[np.newaxis])
    paths = _Paths(curves, np.array([at]))
    if _explained_share(curves, paths) < CLOSELY_EXPLAINED:
        return None
    return abs(float((paths.by_out - paths.by_back)[0, 0]) / float(paths.both[0, 0]))


@dataclass(frozen=True, eq=False)
class _Curves:
    """Angles (k, n) around their means at times (n,), and their squares summed, (k,)."""

    times_s: Array
    centred: Array
    squares: Array


def _curves(times_s: Array, angles_deg: Array) -> _Curves:
    centred = angles_deg - angles_deg.mean(axis=1, keepdims=True)
    return _Curves(times_s, centred, (centred * centred).sum(axis=1))


class _Paths:
    """Relation of m paths out and back to some curves, at times (m, 4).

    `squares` (2, m, 1): of the centered paths out and back; `across` (m, 1): their products;
    `both` (m, 1): squares of paths equally far out and back; `by_out`, `by_back` (m, k): products
    with the curves.
    """

    def __init__(self, curves: _Curves, moments: Array) -> None:
        began, over = moments[:, ::2].T[..., np.newaxis], moments[:, 1::2].T[..., np.newaxis]
        ways = smooth_path(curves.times_s, began, over)
        ways -= np.add.reduce(ways, axis=2, keepdims=True) / len(curves.times_s)
        self.squares = np.add.reduce(ways * ways, axis=2, keepdims=True)
        self.across = np.add.reduce(ways[0] * ways[1], axis=1, keepdims=True)
        both = self.squares[0] + self.squares[1] - 2.0 * self.across
        self.both: Array = np.maximum(both, TINY)
        self.by_path: Array = ways @ curves.centred.T
        self.by_out, self.by_back = self.by_path


def _misfits(curves: _Curves, moments: Array) -> Array:
    """Negative log-likelihood, (m,), of curves with unknown noise.

    Each curve is weighted by its own noise, so a hidden limb that jumps about has little influence.
    Infinite for times that are out of order or far from the rows.
    """
    paths = _Paths(curves, moments)
    explained = np.array([_explained(paths), _explained_uneven(paths)])
    left = np.maximum(curves.squares - explained, 0.0)
    left /= len(curves.times_s)
    left += EXACT
    alike, uneven = np.log(left, out=left)
    misfits: Array = np.add.reduce(np.minimum(alike, uneven + UNEVEN), axis=1)
    first_s, last_s = float(curves.times_s[0]), float(curves.times_s[-1])
    misfits[[not _is_candidate(first_s, last_s, at) for at in moments.tolist()]] = np.inf
    return misfits


def _explained_share(curves: _Curves, paths: _Paths) -> float:
    """Share of variance explained in the curve that follows one path best."""
    left = np.maximum(curves.squares - _explained(paths)[0], 0.0)
    return float((1.0 - left / np.maximum(curves.squares, EXACT)).max())


def _explained(paths: _Paths) -> Array:
    """Sum of squares that paths equally far out and back explain, (m, k)."""
    by_both = paths.by_out - paths.by_back
    explained: Array = by_both * by_both / paths.both
    return explained


def _explained_uneven(paths: _Paths) -> Array:
    """Same for paths back that may be longer or shorter than those out."""
    out, back = paths.squares
    determinant = np.maximum(out * back - paths.across * paths.across, TINY)
    of_out, of_back = paths.by_path * paths.by_path * paths.squares[::-1]
    explained: Array = of_out + of_back
    explained -= 2.0 * paths.by_out * paths.by_back * paths.across
    explained /= determinant
    return explained


def _is_candidate(first_s: float, last_s: float, at: Sequence[float]) -> bool:
    """Return whether the four moments are in order and near the rows."""
    start, reach, leave, end = at
    out_s, back_s = reach - start, end - leave
    return (
        out_s >= SHORTEST_S
        and back_s >= SHORTEST_S
        and leave >= reach
        and first_s - start <= UNSEEN_SHARE * out_s
        and end - last_s <= UNSEEN_SHARE * back_s
    )
