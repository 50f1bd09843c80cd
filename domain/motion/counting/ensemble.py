"""Ensemble of counters: one per measure, with votes weighted by how alike its repetitions are.

Each measure counts on its own, in units of its range around each moment: after a cut of the video,
or as the athlete tires, smaller repetitions are repetitions still. A count is plausible if in each
of its repetitions the whole body moves alike, but not in both halves of each alike; and if they
cover the set and are regular. Nothing of this is learned.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.motion.counting.phase_tracking import standardize
from domain.motion.counting.set_review import Return, count_returns, irregularity
from domain.motion.signals.body import Array
from domain.motion.signals.resampling import RATE_HZ

WINDOW: Final = 10 * RATE_HZ
"""Samples around a moment that define a measure's range there."""

HOP: Final = RATE_HZ
"""Samples between two windows; the range is interpolated between them."""

LEAST_SHARE: Final = 0.6
"""The range around a moment is at least this share of the whole set's: a rest is not movement."""

LEAST_TRAVEL: Final = 1e-3

FEWEST: Final = 3
"""With fewer repetitions, nothing can be said about how alike they are."""

PARTS: Final = 12
"""Moments of a cycle that are compared with those of the other cycles."""

LONGEST_CYCLE: Final = 2.0
"""A cycle longer than this many usual ones contains a pause."""

IRREGULARITY_COST: Final = 0.3
"""Plausibility that one unit of irregularity costs."""

IMPLAUSIBLE: Final = -9.0
"""Plausibility of a count without cycles to compare."""

SHARPNESS: Final = 10.0
"""Votes are weighted by the exponential of this many times their plausibility."""

MOST_IRREGULAR: Final = 3.0
"""Cap of the irregularity."""

SAME: Final = 0.04
"""Counts support each other within one and this share."""

TINY: Final = 1e-9


def in_local_range(measures: Array) -> Array:
    """Center measures (n, k) in their range around each moment, whose size becomes 1."""
    length = len(measures)
    first = np.append(np.arange(0, max(length - WINDOW, 0), HOP), max(length - WINDOW, 0))
    ranges = [np.percentile(measures[at : at + WINDOW], (5, 95), axis=0) for at in first.tolist()]
    middles = first + min(WINDOW, length) / 2.0
    low = _everywhere(length, middles, np.array([each[0] for each in ranges]))
    high = _everywhere(length, middles, np.array([each[1] for each in ranges]))
    whole = np.ptp(np.percentile(measures, (5, 95), axis=0), axis=0)
    least = LEAST_SHARE * np.maximum(whole, LEAST_TRAVEL)
    return np.asarray((measures - (low + high) / 2.0) / np.maximum(high - low, least))


def _everywhere(length: int, middles: Array, bounds: Array) -> Array:
    """Interpolate bounds of windows (w, k) to all moments, (length, k)."""
    columns: list[Array] = [np.interp(np.arange(length), middles, column) for column in bounds.T]
    return np.stack(columns, axis=1)


def candidates(times_s: Array, shares: Array) -> list[list[Return]]:
    """Count by each measure (n, k), in units of its range."""
    return [count_returns(times_s, column) for column in shares.T]


def weigh_votes(times_s: Array, shares: Array, found: Sequence[list[Return]]) -> Array:
    """Return the weight of each measure's vote (k), by measures (n, k); 0 if it counted nothing."""
    body = standardize(shares)
    plausible = np.array([plausibility(times_s, body, returns) for returns in found])
    weights = np.exp(SHARPNESS * (plausible - plausible.max()))
    return np.asarray(np.where(counts_of(found) == 0.0, 0.0, weights))


def plausibility(times_s: Array, body: Array, returns: Sequence[Return]) -> float:
    """Return how much of the movement (n, k) the repetitions explain, less their irregularity.

    A cycle from peak to peak is explained by the mean of all cycles, and by its neighbor. If the
    halves of the cycles are alike, as with both legs in turn, they are the repetitions instead.
    """
    if len(returns) < FEWEST:
        return IMPLAUSIBLE
    peaks = np.array([each.peak_s for each in returns])
    lengths = np.diff(peaks)
    whole = lengths < LONGEST_CYCLE * np.median(lengths)
    begins, ends = peaks[:-1][whole], peaks[1:][whole]
    if len(begins) < FEWEST - 1:
        return IMPLAUSIBLE
    by_mean, by_neighbor = _explained(_cycles(times_s, body, begins, ends))
    middles = (begins + ends) / 2.0
    halves = np.sort(np.concatenate([begins, middles])), np.sort(np.concatenate([middles, ends]))
    by_half, _ = _explained(_cycles(times_s, body, *halves))
    covered = float((ends - begins).sum() / (times_s[-1] - times_s[0]))
    explained = (by_mean + by_neighbor) / 2.0 - max(by_half, 0.0)
    return explained * covered - IRREGULARITY_COST * disagreement(returns)


def _cycles(times_s: Array, body: Array, begins: Array, ends: Array) -> Array:
    """Return the movement in equal parts of each cycle, (cycles, PARTS, k)."""
    shares = (np.arange(PARTS) + 0.5) / PARTS
    at = (begins[:, np.newaxis] + np.outer(ends - begins, shares) - times_s[0]) * RATE_HZ
    before = np.clip(at.astype(np.intp), 0, len(body) - 2)
    after = np.clip(at - before, 0.0, 1.0)[:, :, np.newaxis]
    return np.asarray(body[before] * (1.0 - after) + body[before + 1] * after)


def _explained(cycles: Array) -> tuple[float, float]:
    """Share of the movement that the mean cycle explains, and that each cycle's neighbor does."""
    unbiased = len(cycles) / (len(cycles) - 1)
    total = max(float(((cycles - cycles.mean(axis=(0, 1))) ** 2).sum()), TINY)
    from_mean = float(((cycles - cycles.mean(axis=0)) ** 2).sum()) * unbiased
    from_neighbor = float((np.diff(cycles, axis=0) ** 2).sum()) / 2.0 * unbiased
    return 1.0 - from_mean / total, 1.0 - from_neighbor / total


def weighted_vote(found: Sequence[list[Return]], weights: Array) -> list[Return]:
    """Return the count with most support, as counted by the weightiest measure that gave it."""
    counts = counts_of(found)
    if not counts.any():
        return []
    support = {
        count: float(weights @ np.maximum(1.0 - np.abs(counts - count) / (1.0 + SAME * count), 0.0))
        for count in np.unique(counts[counts > 0])
    }
    best = max(support, key=support.__getitem__)
    return found[int(np.argmax(np.where(counts == best, weights, -1.0)))]


def counts_of(found: Sequence[list[Return]]) -> Array:
    """Return the number of repetitions by each measure, (k)."""
    return np.array([len(returns) for returns in found], dtype=float)


def disagreement(returns: Sequence[Return]) -> float:
    """Irregularity of the counted repetitions, at most `MOST_IRREGULAR`."""
    return min(irregularity(returns), MOST_IRREGULAR) if len(returns) >= 2 else MOST_IRREGULAR
