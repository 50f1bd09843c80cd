"""Phase tracking on a learned cycle.

A repetition is one cycle of a phase. For each exercise, training finds two weighted sums of the
measures that trace a cycle, and their shape along it. The most likely cycles of a set are found as
in bar tracking of music: phase and tempo are hidden, the tempo changes rarely, the phase may pause
(Whiteley, Cemgil & Godsill, "Bayesian modelling of temporal structure in musical audio", 2006;
decoded by Viterbi's algorithm). Samples without a pose carry no evidence; the phase continues.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.counting.set_review import Return
from domain.motion.signals.body import Array
from domain.motion.signals.resampling import RATE_HZ

Whole = npt.NDArray[np.intp]

PHASES: Final = 96
"""Steps of a round."""

PACES: Final = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16])
"""Steps a moment: standing still, then rounds of 6.4 s to 0.4 s."""

DEVIATION: Final = 0.6
"""Usual distance of the traced sums from the learned round, whose radius is about 1."""

LEAST_LIKELY: Final = 2.0
"""Most that one moment can count against a round: one failed pose proves nothing."""

CHANGE_OF_PACE: Final = 1.0
"""Cost of going on at the next faster or slower pace, in log-likelihood."""

UNUSUAL_PACE: Final = 0.1
"""Cost a moment of a pace, times half its squared distance from the usual one in deviations."""

MOST_UNUSUAL: Final = 8.0

STILL: Final = 0.05
"""Cost of a moment of standing still."""

LEAST_ROUND: Final = 0.6
"""Share of a round that must be gone through."""

LEAST_SIZE: Final = 0.5
"""Share of the usual size that a round must have."""

LEAST_LIKENESS: Final = 0.4
"""Least correlation of a round with the learned one."""

CLEAREST: Final = 3.0
"""Standardised measures beyond this are a failed pose."""

TINY: Final = 1e-9


@value
class Cycle:
    """Trained cycle of an exercise.

    `weights` (measures x 2): weights of the two sums. `harmonics` (2 x h): for each sum the
    coefficients of its Fourier series along the cycle, as (real, imaginary). `pace`: mean and
    standard deviation of the logarithm of a cycle's seconds.
    """

    weights: tuple[tuple[float, float], ...]
    harmonics: tuple[tuple[tuple[float, float], ...], ...]
    pace: tuple[float, float]


def standardize(measures: Array) -> Array:
    """Remove the athlete's proportions and the camera's view from the measures of a set (n, k)."""
    low, middle, high = np.percentile(measures, (5, 50, 95), axis=0)
    spread = np.maximum((high - low) / 2.5, 1e-3)
    return np.asarray(np.clip((measures - middle) / spread, -CLEAREST, CLEAREST))


def trace_phase(standard: Array, weights: Array) -> Array:
    """Return the two sums (n, 2), centered; the first one's range is -1..1."""
    sums = standard @ weights
    low, high = np.percentile(sums, (5, 95), axis=0)
    return np.asarray((sums - (low + high) / 2.0) / max((high[0] - low[0]) / 2.0, 1e-6))


def evaluate_harmonics(harmonics: Sequence[Sequence[tuple[float, float]]]) -> Array:
    """Evaluate the learned cycle, (PHASES, 2)."""
    series = np.zeros((PHASES // 2 + 1, len(harmonics)), complex)
    for column, coefficients in enumerate(harmonics):
        for order, (real, imaginary) in enumerate(coefficients):
            series[order, column] = complex(real, imaginary) * PHASES
    return np.asarray(np.fft.irfft(series, PHASES, axis=0))


def find_cycles(
    times_s: Array, measures: Array, seen: npt.NDArray[np.bool_], learned: Cycle
) -> list[Return]:
    """Find the repetitions in measures (n, k) of a set; only samples `seen` (n,) carry evidence."""
    trace = trace_phase(standardize(measures), np.array(learned.weights))
    shape = evaluate_harmonics(learned.harmonics)
    distance = ((trace[:, np.newaxis, :] - shape) ** 2).sum(axis=2)
    likelihood = -np.minimum(distance / (2.0 * DEVIATION**2), LEAST_LIKELY)
    likelihood[~seen] = 0.0
    path = viterbi(likelihood, learned.pace)
    return _complete(times_s, trace, seen, path, shape)


def viterbi(likelihood: Array, pace: tuple[float, float]) -> Whole:
    """Return the most likely phase (n,) for likelihoods (n, PHASES), in steps since the start."""
    cost = _cost_of_pace(pace)[:, np.newaxis]
    before = (np.arange(PHASES) - PACES[:, np.newaxis]) % PHASES
    cells = before + PHASES * np.arange(len(PACES))[:, np.newaxis]  # the same, in a flat score
    score = np.zeros((len(PACES), PHASES))
    came_from = np.zeros((len(likelihood), *score.shape), np.int8)
    for moment, likely in enumerate(likelihood):
        best, changed, choice = score.copy(), score - CHANGE_OF_PACE, came_from[moment]
        # If scores are equal, prefer the slower pace, then the unchanged one.
        np.copyto(choice[1:], -1, where=changed[:-1] >= best[1:])
        np.maximum(best[1:], changed[:-1], out=best[1:])
        np.copyto(choice[:-1], 1, where=changed[1:] > best[:-1])
        np.maximum(best[:-1], changed[1:], out=best[:-1])
        score = best.take(cells) + likely - cost
    return _backtrack(came_from, score)


def _cost_of_pace(pace: tuple[float, float]) -> Array:
    seconds = PHASES / RATE_HZ / PACES[1:]
    unusual = ((np.log(seconds) - pace[0]) / pace[1]) ** 2 / 2.0
    return np.concatenate([[STILL], UNUSUAL_PACE * np.minimum(unusual, MOST_UNUSUAL)])


def _backtrack(came_from: npt.NDArray[np.int8], score: Array) -> Whole:
    """Backtrack from the most likely end.

    `came_from` (n, paces, phases) is 1 for a faster predecessor. The result has the phases before
    each sample.
    """
    row, phase = divmod(int(score.argmax()), PHASES)
    steps = np.zeros(len(came_from), np.intp)
    for moment in range(len(came_from) - 1, 0, -1):
        steps[moment] = PACES[row]
        phase = (phase - PACES[row]) % PHASES
        row += came_from[moment, row, phase]
    steps[0] = phase
    return np.cumsum(steps)


def _complete(
    times_s: Array, trace: Array, seen: npt.NDArray[np.bool_], path: Whole, shape: Array
) -> list[Return]:
    """Keep the cycles that are complete, large enough and similar to the learned one."""
    found: list[tuple[Return, float, float]] = []
    for number in range(path[0] // PHASES, path[-1] // PHASES + 1):
        moments = np.flatnonzero(path // PHASES == number)
        if not len(moments) or np.ptp(path[moments]) + 1 < LEAST_ROUND * PHASES:
            continue
        shown = moments[seen[moments]]
        if len(shown) >= 3:
            size, likeness = _fit(trace[shown], shape[path[shown] % PHASES])
            found.append((_return(times_s, path, moments, size), size, likeness))
    if not found:
        return []
    usual = float(np.median([size for _, size, _ in found]))
    return [
        each
        for each, size, likeness in found
        if size >= LEAST_SIZE * usual and likeness >= LEAST_LIKENESS
    ]


def _fit(trace: Array, shape: Array) -> tuple[float, float]:
    """Size of the trace relative to the learned cycle, and their correlation."""
    trace, shape = trace - trace.mean(axis=0), shape - shape.mean(axis=0)
    product, own, learned = (trace * shape).sum(), (trace * trace).sum(), (shape * shape).sum()
    return float(product / max(learned, TINY)), float(product / np.sqrt(max(own * learned, TINY)))


def _return(times_s: Array, path: Whole, moments: Whole, size: float) -> Return:
    middle = moments[np.abs(path[moments] % PHASES - PHASES // 2).argmin()]
    first, last = moments[0], moments[-1]
    return Return(float(times_s[first]), float(times_s[middle]), float(times_s[last]), size, size)
