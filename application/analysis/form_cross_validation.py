"""Cross-validation of form analysis: how it does on videos of sources that its bounds never saw.

The shipped bounds were chosen on labeled videos, so figures on the same videos flatter. Here the
sources are divided into folds. For the videos of one fold, each bound comes from the correct videos
of the other folds: their 97.5 % quantile, and one spread of its measurement. Quantile and margin
are fixed. Each video has the median of its repetitions.

The form score of the videos that have one is cross-validated, too, with and without its other
parts.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from application.analysis.form_evaluation import LabeledVideo, auc_of, parts_of
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.form.faults import LEAST_JUDGED, chance_beyond, tempo_control
from domain.motion.form.form_score import FormInputs, Penalty, form_score
from domain.motion.landmarks import PoseChunk

Method = Literal["rules", "confirmed", "prior", "own best", "model", "signed model"]
"""`rules`: bounds alone. `confirmed`: only faults that were right within the other folds, so that
no video has a part in the choice of what it is judged by. `prior`: each value is drawn to the mean
of correct videos, by the ratio of its variance to theirs. `own best`: the difference to the video's
best repetition has a bound, too. `model`: a logistic regression on the distances to the bounds,
with no negative weight. `signed model`: one on the values, with weights of any sign."""

METHODS: Final[tuple[Method, ...]] = get_args(Method)

QUANTILE: Final = 0.975
MARGIN: Final = 1.0
"""Spreads between the quantile and the bound."""

SEVERE: Final = 6.0
"""Spreads beyond its bound at which a fault is severe, and counts twice."""

FormName = Literal["whole", "without range", "without tempo", "faults alone", "chosen"]
"""Which parts a form score has. `chosen`: in each fold, those whose cross-validation within the
other folds has the greatest AUC."""

FORMS: Final[dict[FormName, frozenset[str]]] = {
    "whole": frozenset({"range", "tempo", "symmetry"}),
    "without range": frozenset({"tempo", "symmetry"}),
    "without tempo": frozenset({"range", "symmetry"}),
    "faults alone": frozenset(),
}

FOLDS: Final = 5
PARTITIONS: Final = 4

MODEL_QUANTILE: Final = 0.93
"""Share of its correct training videos that the model reports nothing of."""

LEAST_PRECISION: Final = 0.75
"""Share of its reports that must be right for a fault to be confirmed by other videos."""

STEPS: Final = 300
"""Steps of gradient descent of a model."""

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MeasuredVideo:
    """What a video shows of each fault that can be judged, higher where it is worse.

    `worse`: the median repetition. `apart`: how much worse that is than the best repetition.
    `spreads`: of the measurement. Faults that could not be judged have no entry. `parts`: the
    medians of the other parts of the form score, 0..1.
    """

    label: LabeledVideo
    worse: dict[str, float]
    apart: dict[str, float]
    spreads: dict[str, float]
    parts: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class CrossValidated:
    """Accuracy of a method on videos of unseen sources, the mean over all partitions."""

    exercise: str
    method: Method
    videos: int
    faulty: int
    sources: int
    recall: float
    false_alarms: float
    auc: float


@dataclass(frozen=True)
class CrossValidatedForm:
    """How a form score orders videos of unseen sources, the mean over all partitions.

    `videos`: those of which enough could be judged; `faulty`: the wrong ones of them.
    """

    exercise: str
    form: FormName
    videos: int
    faulty: int
    auc: float


def measure_video(video: LabeledVideo, chunks: Sequence[PoseChunk]) -> MeasuredVideo | None:
    """Measure the repetitions of a video; None if it has none. Raises UnknownExercise."""
    definition = get_exercise(video.exercise)
    parts = [part for part in parts_of(video, chunks) if isinstance(part, RepetitionCounted)]
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
    return MeasuredVideo(video, worse, apart, spreads, _other_parts(definition, parts))


def _other_parts(
    definition: ExerciseDefinition, repetitions: Sequence[RepetitionCounted]
) -> dict[str, float]:
    target_deg = definition.range_of_motion.target_deg
    found: dict[str, list[float]] = {"range": [], "tempo": [], "symmetry": []}
    for each in repetitions:
        if each.range_of_motion_deg is not None:
            found["range"].append(min(each.range_of_motion_deg / target_deg, 1.0))
        if each.tempo is not None:
            found["tempo"].append(tempo_control(definition, each.tempo))
        if each.symmetry is not None:
            found["symmetry"].append(each.symmetry)
    return {part: median(values) for part, values in found.items() if values}


def cross_validate(videos: Sequence[MeasuredVideo]) -> list[CrossValidated]:
    """Cross-validate each exercise that has correct and wrong videos of at least five sources."""
    return [table.cross_validate(method) for table in _tables(videos) for method in METHODS]


def cross_validate_form(videos: Sequence[MeasuredVideo]) -> list[CrossValidatedForm]:
    """Cross-validate the form score of each exercise that has such videos."""
    return [each for table in _tables(videos) for each in table.cross_validate_form()]


def _tables(videos: Sequence[MeasuredVideo]) -> Iterator["_Table"]:
    for exercise in sorted({each.label.exercise for each in videos}):
        group = [each for each in videos if each.label.exercise == exercise]
        sources = {each.label.source for each in group}
        if len(sources) >= FOLDS and len({each.label.wrong for each in group}) == 2:
            yield _Table(exercise, group)


class _Table:
    """Values of the videos of one exercise, (videos, faults), NaN where not judged."""

    def __init__(self, exercise: str, videos: Sequence[MeasuredVideo]) -> None:
        faults = get_exercise(exercise).faults
        self.exercise = exercise
        self.wrong = np.array([each.label.wrong for each in videos], np.bool_)
        self.sources = [each.label.source for each in videos]
        self.penalties = np.array([fault.penalty for fault in faults])
        ids = [fault.id for fault in faults]
        self.worse, self.apart, self.spreads = (
            np.array([[values.get(fault, math.nan) for fault in ids] for values in column])
            for column in (
                [each.worse for each in videos],
                [each.apart for each in videos],
                [each.spreads for each in videos],
            )
        )
        self.parts = [each.parts for each in videos]
        judged = np.where(np.isnan(self.worse), 0.0, self.penalties).sum(axis=1)
        self.has_form = judged >= LEAST_JUDGED * self.penalties.sum()
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
                seen, score = self._judge(method, fold, number)
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

    def cross_validate_form(self) -> Iterator[CrossValidatedForm]:
        """Yield the figures of each form score; none if too few videos have one."""
        seen = self.has_form
        if len(set(self.wrong[seen])) < 2:
            return
        aucs: dict[FormName, list[float]] = {}
        for partition in range(PARTITIONS):
            fold = self._folds(partition)
            worse = {name: np.zeros(len(self.wrong)) for name in get_args(FormName)}
            for number in range(FOLDS):
                test = fold == number
                chosen = max(FORMS, key=lambda name: self._auc_within(name, fold, number))
                for name, values in worse.items():
                    parts = FORMS[chosen if name == "chosen" else name]
                    values[test] = self._worse_form(parts, ~test)[test]
            for name, values in worse.items():
                area = auc_of(values[seen], self.wrong[seen])
                aucs.setdefault(name, []).append(math.nan if area is None else area)
        counts = int(seen.sum()), int(self.wrong[seen].sum())
        for name, areas in aucs.items():
            yield CrossValidatedForm(self.exercise, name, *counts, fmean(areas))

    def _auc_within(self, name: FormName, fold: npt.NDArray[np.int64], left_out: int) -> float:
        """AUC of a form score, cross-validated without one fold."""
        others = fold != left_out
        worse = np.zeros(len(self.wrong))
        for number in set(range(FOLDS)) - {left_out}:
            test = fold == number
            worse[test] = self._worse_form(FORMS[name], others & ~test)[test]
        seen = self.has_form & others
        return auc_of(worse[seen], self.wrong[seen]) or 0.0

    def _worse_form(self, parts: frozenset[str], training: Flags) -> Array:
        """1 minus the form of all videos, by bounds of the training videos."""
        sizes, chances = self._penalties(self._beyond(self.worse, self.spreads, training))
        result = np.zeros(len(self.wrong))
        for video, others in enumerate(self.parts):
            used = {part: value for part, value in others.items() if part in parts}
            penalties = tuple(
                Penalty(size, chance)
                for size, chance in zip(sizes[video], chances[video], strict=True)
                if not math.isnan(size)
            )
            tempo = used.get("tempo", 1.0)  # the same for all videos, so it changes no order
            inputs = FormInputs(penalties, used.get("range"), tempo, used.get("symmetry"))
            result[video] = 1.0 - form_score(inputs)
        return result

    def _penalties(self, beyond: Array) -> tuple[Array, Array]:
        """Size and probability of each penalty; the size of a fault that was not judged is NaN."""
        chances = np.vectorize(chance_beyond, otypes=[np.float64])(np.nan_to_num(beyond), 1.0)
        return self.penalties * (1.0 + np.clip(beyond / SEVERE, 0.0, 1.0)), chances

    def _folds(self, partition: int) -> npt.NDArray[np.int64]:
        order = sorted(set(self.sources))
        np.random.default_rng(partition).shuffle(order)
        fold = {source: number % FOLDS for number, source in enumerate(order)}
        return np.array([fold[source] for source in self.sources])

    def _judge(
        self, method: Method, fold: npt.NDArray[np.int64], left_out: int
    ) -> tuple[Flags, Array]:
        """Judge all videos by bounds of the videos of the other folds."""
        training = fold != left_out
        worse, spreads = self.worse, self.spreads
        if method == "signed model":
            return self._by_signed_model(training)
        if method == "prior":
            worse, spreads = self._drawn_to_mean(training)
        beyond = self._beyond(worse, spreads, training)
        if method == "model":
            return self._by_model(beyond, training)
        if method == "confirmed":
            beyond[:, ~self._confirmed(fold, left_out)] = math.nan
        if method == "own best":
            beyond = np.fmax(beyond, self._beyond(self.apart, spreads, training))
        sizes, chances = self._penalties(beyond)
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

    def _confirmed(self, fold: npt.NDArray[np.int64], left_out: int) -> Flags:
        """Return which faults are right when cross-validated without one fold."""
        others = fold != left_out
        reported = np.zeros(self.worse.shape, np.bool_)
        for number in set(range(FOLDS)) - {left_out}:
            test = fold == number
            beyond = self._beyond(self.worse, self.spreads, others & ~test)
            reported[test] = (np.nan_to_num(beyond, nan=-np.inf) > 0.0)[test]
        right = reported[others & self.wrong].sum(axis=0)
        given = reported[others].sum(axis=0)
        confirmed: Flags = (given > 0) & (right >= LEAST_PRECISION * given)
        return confirmed

    def _drawn_to_mean(self, training: Flags) -> tuple[Array, Array]:
        """Return the mean and the deviation of what each value may be, given correct videos."""
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
        """Score by distances beyond the bounds; each can only make it worse."""
        inputs = np.clip(np.nan_to_num(beyond, nan=-3.0), -3.0, 6.0)
        return self._regression(inputs, training, least=0.0)

    def _by_signed_model(self, training: Flags) -> tuple[Flags, Array]:
        """Score by the values themselves, standardized; a value may count in either direction."""
        inputs = np.zeros(self.worse.shape)
        for column in range(len(self.penalties)):
            values = self.worse[training, column]
            values = values[~np.isnan(values)]
            if len(values) > 1 and values.std() > 0.0:
                standardized = (self.worse[:, column] - values.mean()) / values.std()
                inputs[:, column] = np.nan_to_num(standardized)
        return self._regression(inputs, training, least=-math.inf)

    def _regression(self, inputs: Array, training: Flags, *, least: float) -> tuple[Flags, Array]:
        """Fit a logistic regression, no weight below `least`, and judge all videos by it."""
        weights = self.weights[training] / self.weights[training].sum()
        slopes, level = np.zeros(inputs.shape[1]), 0.0
        for _ in range(STEPS):
            chance = 1.0 / (1.0 + np.exp(-(inputs[training] @ slopes + level)))
            error = weights * (chance - self.wrong[training])
            gradient = inputs[training].T @ error + 0.02 * slopes
            slopes = np.maximum(slopes - 0.1 * gradient, least)
            level -= 0.1 * float(error.sum())
        score: Array = inputs @ slopes + level
        bound = np.quantile(score[training & ~self.wrong], MODEL_QUANTILE)
        return score > bound, score


def _quantile(values: Array, weights: Array) -> float:
    """Weighted quantile; videos of one source share their weight."""
    order: Any = np.argsort(values)
    passed = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(int(np.searchsorted(passed, QUANTILE)), len(values) - 1)])
