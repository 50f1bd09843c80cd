"""Cross-validation of form analysis: how it does on films of sources that its bounds never saw.

The shipped bounds were chosen on labeled films, so figures on the same films flatter. Here the
sources are divided into folds. For the films of one fold, each bound comes from the correct films
of the other folds: their 97.5 % quantile, and one spread of its measurement. Quantile and margin
are fixed. Each film has the median of its repetitions.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from application.analysis.form_evaluation import LabelledFilm, auc_of, parts_of
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.form.faults import chance_beyond
from domain.motion.landmarks import PoseChunk

Method = Literal["rules", "prior", "own best", "model"]
"""`rules`: bounds alone. `prior`: each value is drawn to the mean of correct films, by the ratio of
its variance to theirs. `own best`: the difference to the film's best repetition has a bound, too.
`model`: a logistic regression on the distances to the bounds, with no negative weight."""

METHODS: Final[tuple[Method, ...]] = get_args(Method)

QUANTILE: Final = 0.975
MARGIN: Final = 1.0
"""Spreads between the quantile and the bound."""

SEVERE: Final = 6.0
"""Spreads beyond its bound at which a fault is severe, and counts twice."""

FOLDS: Final = 5
PARTITIONS: Final = 4

MODEL_QUANTILE: Final = 0.93
"""Share of its correct training films that the model reports nothing of."""

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MeasuredFilm:
    """What a film shows of each fault that can be judged, higher where it is worse.

    `worse`: the median repetition. `apart`: how much worse that is than the best repetition.
    `spreads`: of the measurement. Faults that could not be judged have no entry.
    """

    film: LabelledFilm
    worse: dict[str, float]
    apart: dict[str, float]
    spreads: dict[str, float]


@dataclass(frozen=True)
class CrossValidated:
    """Accuracy of a method on films of unseen sources, the mean over all partitions."""

    exercise: str
    method: Method
    films: int
    faulty: int
    sources: int
    recall: float
    false_alarms: float
    auc: float


def measure_film(film: LabelledFilm, chunks: Sequence[PoseChunk]) -> MeasuredFilm | None:
    """Measure the repetitions of a film; None if it has none. Raises UnknownExercise."""
    definition = get_exercise(film.exercise)
    parts = [part for part in parts_of(film, chunks) if isinstance(part, RepetitionCounted)]
    if not parts:
        return None
    worse: dict[str, float] = {}
    apart: dict[str, float] = {}
    spreads: dict[str, float] = {}
    for fault in definition.faults:
        found = [
            (fault.excess(each.measured, fault.bound), fault.spread(part.view))
            for part in parts
            for each in part.judgements
            if each.fault == fault.id and part.view is not None
        ]
        if found:
            worse[fault.id] = median(value for value, _ in found)
            apart[fault.id] = worse[fault.id] - min(value for value, _ in found)
            spreads[fault.id] = fmean(spread for _, spread in found)
    return MeasuredFilm(film, worse, apart, spreads)


def cross_validate(films: Sequence[MeasuredFilm]) -> list[CrossValidated]:
    """Cross-validate each exercise that has correct and wrong films of at least five sources."""
    results: list[CrossValidated] = []
    for exercise in sorted({each.film.exercise for each in films}):
        group = [each for each in films if each.film.exercise == exercise]
        sources = {each.film.source for each in group}
        if len(sources) >= FOLDS and len({each.film.wrong for each in group}) == 2:
            table = _Table(exercise, group)
            results += [table.cross_validate(method) for method in METHODS]
    return results


class _Table:
    """Values of the films of one exercise, (films, faults), NaN where not judged."""

    def __init__(self, exercise: str, films: Sequence[MeasuredFilm]) -> None:
        faults = get_exercise(exercise).faults
        self.exercise = exercise
        self.wrong = np.array([each.film.wrong for each in films], np.bool_)
        self.sources = [each.film.source for each in films]
        self.penalties = np.array([fault.penalty for fault in faults])
        ids = [fault.id for fault in faults]
        self.worse, self.apart, self.spreads = (
            np.array([[values.get(fault, math.nan) for fault in ids] for values in column])
            for column in (
                [each.worse for each in films],
                [each.apart for each in films],
                [each.spreads for each in films],
            )
        )
        shared = Counter(self.sources)
        self.weights = np.array([1.0 / math.sqrt(shared[each]) for each in self.sources])

    def cross_validate(self, method: Method) -> CrossValidated:
        """Return the figures of a method."""
        figures: list[tuple[float, float, float]] = []
        for partition in range(PARTITIONS):
            reported, scores = np.zeros(len(self.wrong), np.bool_), np.zeros(len(self.wrong))
            fold = self._folds(partition)
            for number in range(FOLDS):
                test = fold == number
                seen, score = self._judge(method, ~test)
                reported[test], scores[test] = seen[test], score[test]
            auc = auc_of(scores, self.wrong)
            figures.append(
                (
                    float(reported[self.wrong].mean()),
                    float(reported[~self.wrong].mean()),
                    math.nan if auc is None else auc,
                )
            )
        recall, false_alarms, area = (fmean(column) for column in zip(*figures, strict=True))
        counts = len(self.wrong), int(self.wrong.sum()), len(set(self.sources))
        return CrossValidated(self.exercise, method, *counts, recall, false_alarms, area)

    def _folds(self, partition: int) -> npt.NDArray[np.int64]:
        order = sorted(set(self.sources))
        np.random.default_rng(partition).shuffle(order)
        fold = {source: number % FOLDS for number, source in enumerate(order)}
        return np.array([fold[source] for source in self.sources])

    def _judge(self, method: Method, training: Flags) -> tuple[Flags, Array]:
        """Judge all films by bounds of the training films."""
        worse, spreads = self.worse, self.spreads
        if method == "prior":
            worse, spreads = self._drawn_to_mean(training)
        beyond = self._beyond(worse, spreads, training)
        if method == "model":
            return self._by_model(beyond, training)
        if method == "own best":
            beyond = np.fmax(beyond, self._beyond(self.apart, spreads, training))
        chances = np.vectorize(chance_beyond, otypes=[np.float64])(np.nan_to_num(beyond), 1.0)
        sizes = self.penalties * (1.0 + np.clip(beyond / SEVERE, 0.0, 1.0))
        score = np.where(np.isnan(beyond), 0.0, sizes * chances).sum(axis=1)
        seen = np.asarray((np.nan_to_num(beyond, nan=-np.inf) > 0.0).any(axis=1), np.bool_)
        return seen, score

    def _beyond(self, values: Array, spreads: Array, training: Flags) -> Array:
        """Distance of each value beyond its bound, in spreads."""
        beyond = np.full(values.shape, math.nan)
        for column in range(values.shape[1]):
            correct = training & ~self.wrong & ~np.isnan(values[:, column])
            if correct.any():
                bound = _quantile(values[correct, column], self.weights[correct])
                beyond[:, column] = (values[:, column] - bound) / spreads[:, column] - MARGIN
        return beyond

    def _drawn_to_mean(self, training: Flags) -> tuple[Array, Array]:
        """Return the mean and the deviation of what each value may be, given correct films."""
        drawn, spreads = self.worse.copy(), self.spreads.copy()
        for column in range(drawn.shape[1]):
            correct = training & ~self.wrong & ~np.isnan(drawn[:, column])
            if correct.sum() < 2:
                continue
            mean, variance = drawn[correct, column].mean(), drawn[correct, column].var()
            error = self.spreads[:, column] ** 2
            trust = np.maximum(variance, 1e-12) / np.maximum(variance + error, 1e-12)
            drawn[:, column] = mean + trust * (drawn[:, column] - mean)
            spreads[:, column] *= np.sqrt(trust)
        return drawn, spreads

    def _by_model(self, beyond: Array, training: Flags) -> tuple[Flags, Array]:
        inputs = np.clip(np.nan_to_num(beyond, nan=-3.0), -3.0, 6.0)
        weights = self.weights[training] / self.weights[training].sum()
        slopes, level = np.zeros(inputs.shape[1]), 0.0
        for _ in range(300):
            chance = 1.0 / (1.0 + np.exp(-(inputs[training] @ slopes + level)))
            error = weights * (chance - self.wrong[training])
            gradient = inputs[training].T @ error + 0.02 * slopes
            slopes = np.maximum(slopes - 0.1 * gradient, 0.0)
            level -= 0.1 * float(error.sum())
        score: Array = inputs @ slopes + level
        bound = np.quantile(score[training & ~self.wrong], MODEL_QUANTILE)
        return score > bound, score


def _quantile(values: Array, weights: Array) -> float:
    """Weighted quantile; films of one source share their weight."""
    order: Any = np.argsort(values)
    passed = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(passed, QUANTILE)), len(values) - 1)])
