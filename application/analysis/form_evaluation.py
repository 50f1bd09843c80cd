"""Evaluation of form analysis on labeled videos: faults that are reported, and those labeled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.exercises.library import get_exercise
from domain.motion.facts import HoldMeasured, RepetitionCounted
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import confirmed_repetitions, fold_sets

BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Bounds of the calibration: the score in five equal parts."""

RESAMPLES: Final = 500
"""Number of resamples of the sources for the interval of an AUC."""


@dataclass(frozen=True)
class LabeledVideo:
    """One video and its label.

    `wrong` without `faults` says that the form is wrong, not how. Videos of one `source` show the
    same person or place, so they are not independent.
    """

    file: str
    exercise: str
    source: str
    wrong: bool
    faults: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VideoForm:
    """What the analysis says of a video.

    `form`: mean form of its repetitions or holds, 0..1; None if none was assessed. `shares`: for
    each fault that could be judged, the share 0..1 of the repetitions with it.
    """

    label: LabeledVideo
    repetitions: int
    form: float | None
    shares: dict[str, float]

    @property
    def reported(self) -> bool:
        """Return whether a fault was reported in any repetition."""
        return any(share > 0.0 for share in self.shares.values())


@dataclass(frozen=True)
class CalibrationBin:
    """Videos whose score is from `low` to `high`, and how many of them have the fault."""

    low: float
    high: float
    videos: int
    faulty: int


@dataclass(frozen=True)
class FormFigures:
    """Accuracy for one fault of an exercise; `fault` None is any fault, scored by 1 - mean form.

    `videos`: videos whose label tells. `judged`: those of them that could be judged; all other
    numbers are of these. `faulty`: videos with the fault. `false_alarms`: share of the other videos
    for which it is reported. A share of nothing is None. `auc_interval`: 95 % of the AUCs of random
    samples of the sources.
    """

    exercise: str
    fault: str | None
    sources: int
    videos: int
    judged: int
    faulty: int
    precision: float | None
    recall: float | None
    false_alarms: float | None
    auc: float | None
    auc_interval: tuple[float, float] | None
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True)
class _Judged:
    source: str
    faulty: bool
    reported: bool
    score: float


def parts_of(
    video: LabeledVideo, chunks: Sequence[PoseChunk]
) -> list[RepetitionCounted | HoldMeasured]:
    """Analyze a video as its exercise; return its repetitions and holds. Raises UnknownExercise."""
    duration_s = float(chunks[-1].times_s[-1]) if chunks else 0.0
    parts: list[RepetitionCounted | HoldMeasured] = []
    for one in fold_sets(get_exercise(video.exercise), chunks, duration_s):
        parts += confirmed_repetitions(one.facts)
        parts += [fact for fact in one.facts if isinstance(fact, HoldMeasured)]
    return parts


def judge(video: LabeledVideo, chunks: Sequence[PoseChunk]) -> VideoForm:
    """Analyze the landmarks of a video as its exercise. Raises UnknownExercise."""
    definition = get_exercise(video.exercise)
    parts = parts_of(video, chunks)
    forms = [part.form for part in parts if part.form is not None]
    shares: dict[str, float] = {}
    for fault in definition.faults:
        found = [fault.id in part.faults for part in parts if fault.id not in part.unjudged]
        if found:
            shares[fault.id] = sum(found) / len(found)
    return VideoForm(video, len(parts), sum(forms) / len(forms) if forms else None, shares)


def evaluate(videos: Iterable[VideoForm]) -> list[FormFigures]:
    """Return the figures of each exercise: first any fault, then each fault that is labeled."""
    by_exercise: dict[str, list[VideoForm]] = {}
    for video in videos:
        by_exercise.setdefault(video.label.exercise, []).append(video)
    results: list[FormFigures] = []
    for exercise, group in sorted(by_exercise.items()):
        scored = [
            _Judged(each.label.source, each.label.wrong, each.reported, 1.0 - each.form)
            for each in group
            if each.form is not None
        ]
        results.append(_figures(exercise, None, len(group), scored))
        named = [each for each in group if each.label.faults or not each.label.wrong]
        for fault in get_exercise(exercise).faults:
            if any(fault.id in each.label.faults for each in named):
                judged = [
                    _Judged(
                        each.label.source,
                        fault.id in each.label.faults,
                        each.shares[fault.id] > 0.0,
                        each.shares[fault.id],
                    )
                    for each in named
                    if fault.id in each.shares
                ]
                results.append(_figures(exercise, fault.id, len(named), judged))
    return results


def _figures(
    exercise: str, fault: str | None, videos: int, judged: Sequence[_Judged]
) -> FormFigures:
    reported = sum(each.reported for each in judged)
    faulty = sum(each.faulty for each in judged)
    hits = sum(each.reported and each.faulty for each in judged)
    return FormFigures(
        exercise=exercise,
        fault=fault,
        sources=len({each.source for each in judged}),
        videos=videos,
        judged=len(judged),
        faulty=faulty,
        precision=_share(hits, reported),
        recall=_share(hits, faulty),
        false_alarms=_share(reported - hits, len(judged) - faulty),
        auc=_auc(judged),
        auc_interval=_auc_interval(judged),
        calibration=tuple(_calibration(judged)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _auc(judged: Sequence[_Judged]) -> float | None:
    scores = np.array([each.score for each in judged])
    return auc_of(scores, np.array([each.faulty for each in judged], np.bool_))


def auc_of(scores: npt.NDArray[np.float64], faulty: npt.NDArray[np.bool_]) -> float | None:
    """Return the share of pairs of a faulty and another video whose scores are in order."""
    above = scores[faulty][:, None] - scores[~faulty][None, :]
    if above.size == 0:
        return None
    return float(((above > 0.0) + 0.5 * (above == 0.0)).mean())


def _auc_interval(judged: Sequence[_Judged]) -> tuple[float, float] | None:
    by_source: dict[str, list[_Judged]] = {}
    for each in judged:
        by_source.setdefault(each.source, []).append(each)
    groups = list(by_source.values())
    rng = np.random.default_rng(0)
    draws: list[list[int]] = rng.integers(len(groups) or 1, size=(RESAMPLES, len(groups))).tolist()
    aucs = [_auc([each for index in draw for each in groups[index]]) for draw in draws]
    defined = [auc for auc in aucs if auc is not None]
    if len(defined) < RESAMPLES // 2:
        return None
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def _calibration(judged: Sequence[_Judged]) -> Iterable[CalibrationBin]:
    for low, high in pairwise(BINS):
        within = [
            each
            for each in judged
            if low <= each.score < high or (high == BINS[-1] and each.score == high)
        ]
        yield CalibrationBin(low, high, len(within), sum(each.faulty for each in within))
