"""Fit the confidence of a count, and measure by nested cross-validation how well it is calibrated.

    python -m tools.counting.count_confidence --examples LANDMARKS MANIFEST [--examples ...]
        [--partitions 5] [--plot docs/confidence.svg] [--write]

Each clip is counted by models trained on the other folds. Its confidence is fitted to counts of
those other clips, which are divided into folds again, so that no model counts what it was trained
on. `--write` fits the shipped confidence to the cross-validated counts of all clips.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from domain.motion.counting.count_confidence import (
    DOUBTFUL,
    ConfidenceModel,
    Evidence,
    evidence,
    probability,
)
from domain.motion.counting.median_count import count_three_ways
from domain.motion.signals.body import Array
from tools.counting.cross_validate import Clips, divide, read_clips
from tools.counting.examples import add_arguments
from tools.counting.simulated import ATHLETES, with_athletes
from tools.counting.training import train

SHIPPED = Path(__file__).parents[2] / "domain" / "motion" / "counting" / "count_confidence.json"

PENALTY = 3.0
"""Ridge penalty on the weights of standardized numbers."""

LEAST_PENALTY = 1e-3
"""Penalty on the constant: it stays finite if every count is right."""

STEPS = 30
"""Newton's steps; it converges within ten."""

BOUNDS = (0.0, 0.5, DOUBTFUL, 0.8, 0.9, 1.0)
"""Bounds of the groups of the reliability table."""


@dataclass(frozen=True)
class Rated:
    """Count of a clip by models that had not seen it: its evidence, and if it is within one."""

    found: Evidence
    right: bool


@dataclass(frozen=True)
class Group:
    """Counts of similar confidence: number, mean confidence, and share within one."""

    low: float
    high: float
    counts: int
    confidence: float
    right: float


def main() -> int:
    """Print the reliability table; write the plot and the shipped confidence if asked for."""
    parser = argparse.ArgumentParser(description="Calibrate the confidence of counts.")
    add_arguments(parser)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--partitions", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="SVG file of the reliability diagram")
    parser.add_argument("--write", action="store_true", help="write the shipped confidence")
    options = parser.parse_args()
    clips = read_clips(options)
    tries = [nested(clips, options.folds, each) for each in range(options.partitions)]
    print(report(tries))
    if options.plot is not None:
        plot(groups(*pooled(tries)), options.plot)
    if options.write:
        write(fit([r for each in range(options.partitions) for r in rate(clips, 5, each)]))
    return 0


def rate(clips: Clips, folds: int, partition: int) -> Iterator[Rated]:
    """Count each clip by models trained on the other folds."""
    for left_out, others in divide(len(clips), folds, partition):
        yield from rate_by([clips[index] for index in others], [clips[i] for i in left_out])


def rate_by(taught: Clips, counted: Clips) -> Iterator[Rated]:
    """Count clips by models trained on others; exercises without a model have no confidence."""
    models = train(with_athletes([clip for clip, _ in taught], ATHLETES))
    for clip, by_signals in counted:
        model = models.get(clip.example.exercise)
        if model is not None:
            counts = count_three_ways(by_signals, clip.times_s, clip.measures, clip.seen, model)
            off = abs(len(counts.answer) - clip.example.truth)
            yield Rated(evidence(counts), right=off <= 1)


def nested(clips: Clips, folds: int, partition: int) -> tuple[Array, Array]:
    """Return the confidence of each count (n), and whether it is within one (n).

    Neither the models nor the confidence were fitted to the clip.
    """
    confidences: list[float] = []
    right: list[bool] = []
    for left_out, others in divide(len(clips), folds, partition):
        taught = [clips[index] for index in others]
        model = fit(list(rate(taught, folds, partition)))
        for each in rate_by(taught, [clips[index] for index in left_out]):
            confidences.append(probability(each.found, model))
            right.append(each.right)
    return np.array(confidences), np.array(right, dtype=float)


def fit(rated: Sequence[Rated]) -> ConfidenceModel:
    """Fit the logistic regression by Newton's method."""
    rows = np.array([each.found.as_row() for each in rated])
    right = np.array([each.right for each in rated], dtype=float)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    penalty = PENALTY * np.eye(design.shape[1])
    penalty[0, 0] = LEAST_PENALTY
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (chance - right) + penalty @ weights
        curvature = (design * (chance * (1.0 - chance))[:, np.newaxis]).T @ design + penalty
        weights = weights - np.linalg.solve(curvature, slope)
    scaled = weights[1:] / spread
    constant = float(weights[0] - scaled @ mean)
    return ConfidenceModel(round(constant, 4), tuple(float(w) for w in np.round(scaled, 4)))


def write(model: ConfidenceModel) -> None:
    """Write the shipped confidence."""
    plain = {"constant": model.constant, "weights": model.weights}
    SHIPPED.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {SHIPPED.name}")


def pooled(tries: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Join the confidences and results of all partitions."""
    return np.concatenate([c for c, _ in tries]), np.concatenate([right for _, right in tries])


def groups(confidences: Array, right: Array, bounds: Sequence[float] = BOUNDS) -> list[Group]:
    """Group counts by confidence; empty groups are left out."""
    found: list[Group] = []
    for low, high in pairwise(bounds):
        within = (confidences >= low) & ((confidences < high) | (high == 1.0))
        if within.any():
            means = float(confidences[within].mean()), float(right[within].mean())
            found.append(Group(low, high, int(within.sum()), *means))
    return found


def calibration_error(confidences: Array, right: Array) -> float:
    """Expected calibration error: mean distance between confidence and share, by group."""
    table = groups(confidences, right)
    return sum(g.counts * abs(g.confidence - g.right) for g in table) / len(right)


def chance_error(confidences: Array) -> float:
    """Calibration error of perfectly calibrated confidences, by chance, for so many clips."""
    random = np.random.default_rng(0)
    draws = (random.random(len(confidences)) < confidences for _ in range(1000))
    return float(np.mean([calibration_error(confidences, draw.astype(float)) for draw in draws]))


def report(tries: Sequence[tuple[Array, Array]]) -> str:
    """Write the reliability table and the figures of calibration, means of the partitions."""
    confidences, right = pooled(tries)
    table = [*groups(confidences, right), *groups(confidences, right, (0.0, DOUBTFUL, 1.0))]
    lines = [f"{'confidence':<14}{'clips':>8}{'mean':>8}{'within one':>12}"]
    lines += [
        f"{g.low:.2f} to {g.high:.2f}{g.counts / len(tries):>10.1f}{g.confidence:>8.2f}"
        f"{g.right:>12.3f}"
        for g in table
    ]
    share = float(right.mean())
    error = np.mean([calibration_error(*each) for each in tries])
    by_chance = np.mean([chance_error(each) for each, _ in tries])
    brier = float(((confidences - right) ** 2).mean())
    lines += [
        f"expected calibration error: {error:.3f}; of perfect confidences: {by_chance:.3f}",
        f"Brier score: {brier:.3f}; of a constant: {share * (1.0 - share):.3f}",
    ]
    return "\n".join(lines)


def plot(table: Sequence[Group], into: Path) -> None:
    """Draw the reliability diagram; the same figures give the same file."""
    mpl.rcParams["svg.hashsalt"] = "kinelog"
    figure, axes = plt.subplots(figsize=(4.8, 4.4))
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linestyle=":", label="perfectly calibrated")
    means, shares = [g.confidence for g in table], [g.right for g in table]
    axes.plot(means, shares, marker="o", color="#1f6feb", label="Kinelog, cross-validated")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share of counts within one")
    axes.legend(loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(into, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
