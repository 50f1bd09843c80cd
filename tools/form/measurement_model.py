"""Measure how precisely landmarks show what faults are judged by, on videos of people.

    python -m tools.form.measurement_model FOLDER --labels FILE.csv --cache LANDMARKS [...] --write

Several folders may be given, each with its labels; `kinelog form evaluate` describes the files and
makes the landmarks. The spread of a fault's value from a view has two parts:

- Repeatability: consecutive repetitions of a set are nearly the same movement, so their difference
  is mostly measurement error, and overestimates it by what the athlete changed. The difference of
  two errors has the standard deviation of one times the square root of 2.
- Agreement of the sides: both sides of a symmetric exercise do the same, so what they differ by is
  an error of one video that repeats. The mean of two errors has half the standard deviation of
  their difference.

Both are robust: 1.4826 times the median of the differences' sizes (Rousseeuw & Croux, "Alternatives
to the median absolute deviation", J Am Stat Assoc 88, 1993), and each video counts the same. Holds
repeat nothing and are not measured.

With enough videos labeled as correct, `correct` is their median, and `limit` the value that 1 in 20
of them exceeds. The value of a video is the median of its repetitions.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import hypot, sqrt
from pathlib import Path
from statistics import median
from typing import Final, Literal

import numpy as np

from bootstrap.cli.form_videos import VideoFolder
from domain.motion.exercises import measurement_model
from domain.motion.exercises.definition import ExerciseDefinition, Side
from domain.motion.exercises.library import get_exercise
from domain.motion.exercises.measurement_model import unit_of
from domain.motion.facts import RepetitionCounted
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import REST_S, confirmed_repetitions, fold_sets
from domain.motion.signals.measures import LIMB

SHIPPED: Final = Path(measurement_model.__file__).with_suffix(".json")

LEAST_VIDEOS: Final = 3
"""Fewer videos of one view say nothing of others; the spread of all faults of its unit is used."""

LEAST_CORRECT: Final = 20
"""Fewer correct videos of one view do not show how much people differ."""

COMMON: Final = 0.05
"""Share of the correct videos beyond the limit."""

SIDES: Final[tuple[Side, Side]] = ("left", "right")

ROBUST: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


Part = Literal["repetitions", "sides"]


@dataclass(frozen=True)
class Difference:
    """Difference of a fault's value between two repetitions, or the two sides of one."""

    part: Part
    exercise: str
    fault: str
    view: str
    video: str
    size: float


@dataclass(frozen=True)
class Usual:
    """Median value of a fault in the repetitions of a correct video from a view."""

    exercise: str
    fault: str
    view: str
    value: float


def main() -> int:
    """Measure the spreads; print them, or write the shipped model."""
    parser = argparse.ArgumentParser(description="Measure the spread of what faults are judged by.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--exercise", default="")
    parser.add_argument("--write", action="store_true", help=f"write {SHIPPED.name}")
    options = parser.parse_args()
    differences: list[Difference] = []
    usual: list[Usual] = []
    for folder, labels in zip(options.folders, options.labels, strict=True):
        videos = VideoFolder.open(folder, labels, options.exercise, options.cache)
        for video, chunk in videos.landmarks():
            differences += differences_of(video.label.file, video.label.exercise, chunk)
            usual += [] if video.label.wrong else usual_of(video.label.exercise, chunk)
    text = json.dumps(model_of(differences, usual), indent=2) + "\n"
    if options.write:
        SHIPPED.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def differences_of(video: str, exercise: str, chunk: PoseChunk) -> Iterator[Difference]:
    """Yield the differences of each judged value of a video."""
    definition = get_exercise(exercise)
    repetitions = _repetitions(definition, chunk)
    for first, second in pairwise(repetitions):
        if first.view == second.view and second.started_s - first.ended_s < REST_S:
            yield from _differences("repetitions", video, exercise, first, second)
    left, right = (_repetitions(_one_side(definition, side), chunk) for side in SIDES)
    for one, other in zip(left, right, strict=True):
        yield from _differences("sides", video, exercise, one, other)


def usual_of(exercise: str, chunk: PoseChunk) -> Iterator[Usual]:
    """Yield the median of each judged value of a video, by view."""
    found: dict[tuple[str, str], list[float]] = {}
    for repetition in _repetitions(get_exercise(exercise), chunk):
        for each in repetition.judgements:
            if repetition.view is not None:
                found.setdefault((each.fault, repetition.view), []).append(each.measured)
    for (fault, view), values in found.items():
        yield Usual(exercise, fault, view, median(values))


def _repetitions(definition: ExerciseDefinition, chunk: PoseChunk) -> list[RepetitionCounted]:
    sets = fold_sets(definition, [chunk], float(chunk.times_s[-1]))
    return [each for one in sets for each in confirmed_repetitions(one.facts)]


def _one_side(definition: ExerciseDefinition, side: Side) -> ExerciseDefinition:
    """Return the definition with only the faults of limbs, each judged by one side."""
    faults = [fault for fault in definition.faults if fault.measure in LIMB]
    return replace(definition, faults=tuple(replace(fault, sides=side) for fault in faults))


def _differences(
    part: Part, video: str, exercise: str, one: RepetitionCounted, other: RepetitionCounted
) -> Iterator[Difference]:
    others = {each.fault: each.measured for each in other.judgements}
    for each in one.judgements:
        if each.fault in others and one.view is not None:
            size = abs(others[each.fault] - each.measured)
            yield Difference(part, exercise, each.fault, one.view, video, size)


def model_of(
    differences: Iterable[Difference], usual: Iterable[Usual] = ()
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the plain data of the model."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for one in usual:
        values.setdefault((one.exercise, one.fault, one.view), []).append(one.value)
    by_fault: dict[tuple[str, str, str], list[Difference]] = {}
    by_unit: dict[str, list[Difference]] = {"degrees": [], "lengths": []}
    for each in differences:
        by_fault.setdefault((each.exercise, each.fault, each.view), []).append(each)
        measure = get_exercise(each.exercise).fault(each.fault).measure
        by_unit[unit_of(measure)].append(each)
    return {
        "spreads": {
            " ".join(key): _spread(group) | _correct(*key[:2], values.get(key, []))
            for key, group in sorted(by_fault.items())
            if len({each.video for each in group if each.part == "repetitions"}) >= LEAST_VIDEOS
        },
        "pooled": {unit: _spread(group) for unit, group in by_unit.items()},
    }


def _correct(exercise: str, fault: str, values: Sequence[float]) -> dict[str, float]:
    if len(values) < LEAST_CORRECT:
        return {}
    is_low = get_exercise(exercise).fault(fault).below is not None
    limit = float(np.quantile(values, COMMON if is_low else 1.0 - COMMON))
    return {"correct": round(median(values), 4), "limit": round(limit, 4)}


def _spread(group: Sequence[Difference]) -> dict[str, float]:
    repeated = [each for each in group if each.part == "repetitions"]
    sides = [each for each in group if each.part == "sides"]
    spread = hypot(_deviation(repeated) / sqrt(2.0), _deviation(sides) / 2.0)
    videos = len({each.video for each in repeated})
    return {"spread": round(spread, 4), "repetitions": len(repeated), "videos": videos}


def _deviation(group: Sequence[Difference]) -> float:
    """Standard deviation of the differences, 0 for none; each video counts the same."""
    if not group:
        return 0.0
    videos = Counter(each.video for each in group)
    ranked = sorted((each.size, 1.0 / videos[each.video]) for each in group)
    passed = accumulate(share for _, share in ranked)
    return ROBUST * next(
        size
        for (size, _), share in zip(ranked, passed, strict=True)
        if share >= len(videos) / 2.0 - 1e-9
    )


if __name__ == "__main__":
    raise SystemExit(main())
