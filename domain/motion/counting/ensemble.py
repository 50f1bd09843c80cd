"""Ensemble of counters: one per measure, with weighted votes.

Each measure counts on its own. Its vote is weighted by its accuracy on examples of the exercise and
by the regularity of the repetitions it counts.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.counting.set_review import Return, count_returns, irregularity
from domain.motion.signals.body import Array

SHARPNESS: Final = 8
"""Exponent of a measure's trust: the best third of the measures decides."""

MOST_IRREGULAR: Final = 3.0
"""Cap of the irregularity."""

SAME: Final = 0.04
"""Counts support each other within one and this share."""

LEAST_TRAVEL: Final = 1e-3


@value
class Voters:
    """Trained weights of an exercise's measures: usual travel, and trust 0..1, each (k)."""

    travel: tuple[float, ...]
    trust: tuple[float, ...]


def candidates(times_s: Array, measures: Array, travel: Sequence[float]) -> list[list[Return]]:
    """Count by each measure (n, k), in units of its usual travel."""
    shares = measures / np.maximum(np.array(travel), LEAST_TRAVEL)
    return [count_returns(times_s, column) for column in shares.T]


def weighted_vote(found: Sequence[list[Return]], trust: Sequence[float]) -> list[Return]:
    """Return the count with most support, as counted by the most trusted measure that gave it."""
    counts = counts_of(found)
    if not counts.any():
        return []
    weights = vote_weights(found, trust)
    support = {
        count: float(weights @ np.maximum(1.0 - np.abs(counts - count) / (1.0 + SAME * count), 0.0))
        for count in np.unique(counts[counts > 0])
    }
    best = max(support, key=support.__getitem__)
    return found[int(np.argmax(np.where(counts == best, weights, -1.0)))]


def counts_of(found: Sequence[list[Return]]) -> Array:
    """Return the number of repetitions by each measure, (k)."""
    return np.array([len(returns) for returns in found], dtype=float)


def vote_weights(found: Sequence[list[Return]], trust: Sequence[float]) -> Array:
    """Return the weight of each measure's vote (k), 0 if it counted nothing."""
    weights = np.array(trust) ** SHARPNESS * np.exp([-disagreement(returns) for returns in found])
    return np.asarray(np.where(counts_of(found) == 0.0, 0.0, weights))


def disagreement(returns: Sequence[Return]) -> float:
    """Irregularity of the counted repetitions, at most `MOST_IRREGULAR`."""
    return min(irregularity(returns), MOST_IRREGULAR) if len(returns) >= 2 else MOST_IRREGULAR
