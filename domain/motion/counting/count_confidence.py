"""Confidence of a finished set's count: probability that it is off by at most one repetition.

A logistic regression on four numbers, of sets whose poses have no scale. `count_confidence.json`
was fitted by `python -m tools.counting.count_confidence` to counts by models that had not seen the
clip. Other sets have no confidence: there are too few wrong counts of metric poses to learn from.
"""

import json
from functools import cache
from importlib.resources import files
from math import exp, log1p, sqrt
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.counting.ensemble import counts_of, disagreement
from domain.motion.counting.median_count import ThreeCounts, count_by_model
from domain.motion.counting.set_review import Turns, count_by_signals
from domain.motion.counting.trained_model import find_trained_model
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.state import MotionState

DOUBTFUL: Final = 2 / 3
"""A count whose confidence is below this is uncertain: it is wrong by two or more once in three."""

TINY: Final = 1e-9


@value
class Evidence:
    """Numbers that tell right counts from wrong ones; larger ones speak against the count.

    `apart`: logarithm of 1 + the difference between the highest and lowest of the three counts.
    `scatter`: logarithm of 1 + the deviation of the measures' votes from the count.
    `irregularity`: of the counted repetitions. `unseen`: share of the set without a pose.
    """

    apart: float
    scatter: float
    irregularity: float
    unseen: float

    def as_row(self) -> tuple[float, ...]:
        """The numbers in the order of their weights."""
        return (self.apart, self.scatter, self.irregularity, self.unseen)


@value
class ConfidenceModel:
    """Fitted logistic regression: a constant, and a weight for each number of the evidence."""

    constant: float
    weights: tuple[float, ...]


def count_confidence(definition: ExerciseDefinition, state: MotionState) -> float | None:
    """Return the confidence 0..1 of the count of a finished set, None if it cannot be known."""
    model = find_trained_model(definition.id)
    if model is None:
        return None
    progress = state.progress
    turns = [Turns.resume(channel) for channel in progress.channels]
    counted = count_by_signals(turns, progress.counted, definition.counting.least_swing)
    counts = count_by_model(counted, state.memory, model)
    return None if counts is None else probability(evidence(counts), confidence_model())


def evidence(counts: ThreeCounts) -> Evidence:
    """Summarize how the counters agree, how regular the repetitions are, and what was not seen."""
    numbers = [len(each) for each in (counts.counted, counts.by_round, counts.by_vote)]
    weights = np.array(counts.weights)
    squares = (counts_of(counts.votes) - len(counts.answer)) ** 2
    variance = float(weights @ squares / max(float(weights.sum()), TINY))
    return Evidence(
        apart=log1p(max(numbers) - min(numbers)),
        scatter=log1p(sqrt(variance)),
        irregularity=disagreement(counts.answer),
        unseen=counts.unseen,
    )


def probability(found: Evidence, model: ConfidenceModel) -> float:
    """Return the probability that a count with this evidence is off by at most one."""
    return 1.0 / (1.0 + exp(-model.constant - float(np.dot(model.weights, found.as_row()))))


@cache
def confidence_model() -> ConfidenceModel:
    """Read the shipped model."""
    path = files("domain.motion.counting") / "count_confidence.json"
    plain = json.loads(path.read_text(encoding="utf-8"))
    return ConfidenceModel(plain["constant"], tuple(plain["weights"]))
