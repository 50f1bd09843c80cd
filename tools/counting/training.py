"""Training of the learned counters: the shape of a cycle and the measures that follow it.

Training is deterministic: the same examples give the same numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from domain.motion.counting.ensemble import LEAST_TRAVEL, candidates
from domain.motion.counting.phase_tracking import Cycle, standardize, trace_phase
from domain.motion.counting.pose_buffer import append_poses, decode, evenly
from domain.motion.counting.set_review import Return, irregularity
from domain.motion.counting.trained_model import TrainedModel, measure_chunk
from domain.motion.signals.body import Array, body_of
from domain.motion.state import PoseBuffer
from tools.counting.examples import Example

Complexes = npt.NDArray[np.complex128]

LEAST_EXAMPLES = 4
"""Minimum number of clips; fewer show one athlete's style, not an exercise."""

RIDGE = 1.0
"""Weight of the penalty on large weights; the measures are standardized."""

ALIGNMENTS = 6
"""Iterations of phase alignment between clips, which begin at different phases; enough to
converge."""

BINS, HARMONICS = 24, 4
"""The learned round is the mean of the examples in 24 parts of it, smoothed to three harmonics."""

LONGEST_ROUND = 2.5
"""A wait longer than this many usual cycles is a pause."""

PACE_ROOM = 0.25
"""Added to the deviation of log seconds: other athletes are slower and faster than the examples."""


@dataclass(frozen=True)
class Prepared:
    """Example in the domain's format, with the count of each measure by its own range."""

    example: Example
    times_s: Array
    measures: Array
    seen: npt.NDArray[np.bool_]
    standard: Array
    travel: Array
    rounds: tuple[tuple[float, float], ...]


def prepare(example: Example) -> Prepared | None:
    """Prepare a clip and find its cycles; None if no person is detected."""
    chunk = example.chunk
    recollection = decode(append_poses(PoseBuffer(), chunk, body_of(chunk).seen))
    if recollection is None:
        return None
    measures = evenly(recollection, measure_chunk(recollection.chunk))
    low, high = np.percentile(measures, (5, 95), axis=0)
    rounds = example.boundaries
    if len(rounds) < 2:
        rounds = _probable_rounds(recollection.times_s, measures, high - low, example.truth)
    return Prepared(
        example=example,
        times_s=recollection.times_s,
        measures=measures,
        seen=recollection.seen,
        standard=standardize(measures),
        travel=high - low,
        rounds=rounds,
    )


def _probable_rounds(
    times_s: Array, measures: Array, travel: Array, truth: int
) -> tuple[tuple[float, float], ...]:
    """Return the cycles between extremes, by the most regular measure that counted correctly."""
    right = [
        returns
        for returns in candidates(times_s, measures / np.maximum(travel, LEAST_TRAVEL))
        if len(returns) == truth
    ]
    if truth < 2 or not right:
        return ()
    best: list[Return] = min(right, key=irregularity)
    between = [(before.peak_s, after.peak_s) for before, after in pairwise(best)]
    usual = float(np.median([after - before for before, after in between]))
    return tuple((a, b) for a, b in between if b - a < LONGEST_ROUND * usual)


def train(prepared: Iterable[Prepared]) -> dict[str, TrainedModel]:
    """Train a counter for every exercise with enough examples."""
    by_exercise: dict[str, list[Prepared]] = defaultdict(list)
    for each in prepared:
        by_exercise[each.example.exercise].append(each)
    learned: dict[str, TrainedModel] = {}
    for name, clips in sorted(by_exercise.items()):
        learned_round = _round(clips)
        if len(clips) < LEAST_EXAMPLES or learned_round is None:
            continue
        learned[name] = TrainedModel(learned_round)
    return learned


def _round(clips: Sequence[Prepared]) -> Cycle | None:
    shown = [(clip, phase) for clip in clips if (phase := _phase(clip)) is not None]
    if len(shown) < LEAST_EXAMPLES:
        return None
    weights = _weights(shown)
    seconds = [np.log(np.median([end - begin for begin, end in clip.rounds])) for clip, _ in shown]
    return Cycle(
        weights=tuple((float(a), float(b)) for a, b in np.round(weights, 4)),
        harmonics=_harmonics(shown, weights),
        pace=(round(float(np.mean(seconds)), 4), round(float(np.std(seconds)) + PACE_ROOM, 4)),
    )


def _phase(clip: Prepared) -> Array | None:
    """Return the phase angle at each moment, NaN outside of cycles and without a person."""
    phase = np.full(len(clip.times_s), np.nan)
    for begin, end in clip.rounds:
        if end - begin > 0.05:
            within = (clip.times_s >= begin) & (clip.times_s < end)
            phase[within] = 2.0 * np.pi * (clip.times_s[within] - begin) / (end - begin)
    phase[~clip.seen] = np.nan
    return phase if np.count_nonzero(~np.isnan(phase)) >= 10 else None


def _weights(shown: Sequence[tuple[Prepared, Array]]) -> Array:
    """Fit the point on the unit circle by ridge regression, with the clips' phases aligned.

    The first direction is the one in which the clips' own directions agree most.
    """
    squares: list[Array] = []
    towards: list[Complexes] = []
    for clip, phase in shown:
        valid = ~np.isnan(phase)
        standard, circle = clip.standard[valid], -np.exp(-1j * phase[valid])
        squares.append(standard.T @ standard / len(standard))
        towards.append(standard.T @ (circle - circle.mean()) / len(standard))
    mean = np.mean(squares, axis=0)
    agreed = sum(
        np.outer(each, each.conj()) / (np.vdot(each, each).real + 1e-9) for each in towards
    )
    direction: Complexes = np.linalg.eigh(agreed)[1][:, -1]
    weights: Complexes = direction
    for _ in range(ALIGNMENTS):
        turned = [np.exp(1j * np.angle(np.vdot(each, direction))) * each for each in towards]
        penalised = mean + RIDGE * np.eye(len(mean))
        weights = np.linalg.solve(penalised, np.mean(turned, axis=0))
        direction = mean @ weights
    weights = weights * np.exp(-1j * _lead(shown, towards, weights))
    return np.stack([weights.real, weights.imag], axis=1)


def _lead(
    shown: Sequence[tuple[Prepared, Array]], towards: Sequence[Complexes], weights: Complexes
) -> float:
    """Return the angle by which the trace is ahead of the phase, so that cycles begin at rest.

    Only labeled boundaries are at rest; found cycles begin at any extreme.
    """
    labeled = [
        np.vdot(each, weights) / (np.linalg.norm(each) + 1e-9)
        for (clip, _), each in zip(shown, towards, strict=True)
        if len(clip.example.boundaries) >= 2
    ]
    return float(np.angle(np.sum(labeled))) if labeled else 0.0


def _harmonics(
    shown: Sequence[tuple[Prepared, Array]], weights: Array
) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the mean trace along the cycle, with the clips' phases aligned."""
    sums, moments = np.zeros((BINS, 2)), np.zeros(BINS)
    for clip, phase in shown:
        valid = ~np.isnan(phase)
        trace = trace_phase(clip.standard, weights)[valid]
        point = trace[:, 0] + 1j * trace[:, 1]
        shift = np.angle(np.mean(point * np.conj(-np.exp(-1j * phase[valid]))))
        bins = ((phase[valid] - shift) / (2.0 * np.pi) * BINS).astype(int) % BINS
        moments += np.bincount(bins, minlength=BINS) / len(bins)
        for column in (0, 1):
            sums[:, column] += np.bincount(bins, trace[:, column], BINS) / len(bins)
    mean = sums / np.maximum(moments, 1e-6)[:, np.newaxis]
    series = np.fft.rfft(mean, axis=0)[:HARMONICS] / BINS
    return tuple(
        tuple((round(float(c.real), 5), round(float(c.imag), 5)) for c in column)
        for column in series.T
    )
