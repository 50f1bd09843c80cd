"""Cross-validation of counting accuracy on clips outside of the training data.

    python -m tools.counting.cross_validate --examples LANDMARKS MANIFEST [--examples ...]

The clips are divided into folds; each fold is counted by what was learned from the others. The
exercise is given, and each clip is counted once. The figures are means over several partitions:
those of a single partition vary by a hundredth or two.

Four counters are shown: `signals`, by the definition's signals alone; `round` and `vote`,
the two learned ones; and `middle`, the median of the three, which Kinelog uses for
poses of unknown scale. Only the latter three learn; the signals are the same in every fold.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from domain.motion.counting.median_count import count_three_ways
from domain.motion.counting.set_review import Return
from domain.motion.counting.trained_model import TrainedModel
from domain.motion.exercises.library import get_exercise
from domain.motion.fold import fold
from domain.motion.set_segmentation import confirmed_repetitions
from tools.counting.count_accuracy import Counted, figures, names
from tools.counting.examples import add_arguments, cut, read_sources
from tools.counting.simulated import ATHLETES, with_athletes
from tools.counting.train import prepared
from tools.counting.training import Prepared, train

COUNTERS = ("signals", "round", "vote", "middle")
FIGURES = ("exact", "obo", "mae")

Answers = dict[str, list[Counted]]
Clips = Sequence[tuple[Prepared, list[Return]]]
"""Clips, each with the count of its signals alone."""


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(
        description="Cross-validate the count of repetitions.",
        epilog="The first examples are scored; all are learned from.",
    )
    add_arguments(parser)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--partitions", type=int, default=3)
    parser.add_argument(
        "--athletes", type=int, default=ATHLETES, help="simulated sets per exercise"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    sources = [prepared(source) for source in read_sources(options)]
    clips = [clip for source in sources for clip in source]
    scored = {clip.example.clip for clip in sources[0]}
    by_signals = [signals_alone(clip) for clip in clips]
    tries = [
        answers(clips, by_signals, options.folds, partition, options.athletes)
        for partition in range(options.partitions)
    ]
    results = summary(tries, scored)
    print(json.dumps(results, indent=2) if options.json else table(results))
    return 0


def read_clips(options: argparse.Namespace) -> Clips:
    """Read and prepare all clips that the arguments name, and count each by its signals alone."""
    ready = [clip for source in read_sources(options) for clip in prepared(source)]
    return [(clip, signals_alone(clip)) for clip in ready]


def signals_alone(clip: Prepared) -> list[Return]:
    """Return the count of the fold without learned counters; sizes of repetitions are left out."""
    definition = get_exercise(clip.example.exercise)
    unlearned = replace(definition, id=f"{definition.id}_unlearned")
    counted = confirmed_repetitions(fold(unlearned, cut(clip.example.chunk)).facts)
    return [
        Return(each.started_s, (each.started_s + each.ended_s) / 2.0, each.ended_s, 0.0, 0.0)
        for each in sorted(counted, key=lambda each: each.started_s)
    ]


def answers(
    clips: Sequence[Prepared],
    by_signals: Sequence[list[Return]],
    folds: int,
    partition: int,
    athletes: int,
) -> Answers:
    """Count every clip by what was learned from the other folds."""
    results: Answers = {counter: [] for counter in COUNTERS}
    for left_out, others in divide(len(clips), folds, partition):
        model = train(with_athletes([clips[index] for index in others], athletes))
        for index in left_out:
            clip = clips[index]
            example = clip.example
            found = counted(clip, by_signals[index], model.get(example.exercise))
            for counter, returns in found.items():
                results[counter].append(
                    Counted(example.clip, example.exercise, example.truth, len(returns))
                )
    return results


def divide(clips: int, folds: int, partition: int) -> Iterator[tuple[list[int], list[int]]]:
    """Divide clips at random: for each fold its clips, and the others."""
    order: list[int] = np.random.default_rng(partition).permutation(clips).tolist()
    for first in range(folds):
        left_out = order[first::folds]
        yield left_out, sorted(set(order) - set(left_out))


def counted(
    clip: Prepared, by_signals: list[Return], model: TrainedModel | None
) -> dict[str, list[Return]]:
    """Count a clip by all counters; without learned ones the signals' count stands for all."""
    if model is None:
        return dict.fromkeys(COUNTERS, by_signals)
    counts = count_three_ways(by_signals, clip.times_s, clip.measures, clip.seen, model)
    found = (counts.counted, counts.by_round, counts.by_vote, counts.answer)
    return dict(zip(COUNTERS, found, strict=True))


def summary(tries: Sequence[Answers], scored: set[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Mean figures over the partitions: by exercise and in total, by counter."""
    exercises = names([each for each in tries[0]["signals"] if each.clip in scored])
    results: dict[str, dict[str, dict[str, float]]] = {}
    for name in [*exercises, "total"]:
        results[name] = {}
        for counter in COUNTERS:
            found = [
                figures(
                    [
                        clip
                        for clip in each[counter]
                        if clip.clip in scored and name in {clip.exercise, "total"}
                    ]
                )
                for each in tries
            ]
            results[name][counter] = {
                key: float(np.mean([one[key] for one in found])) for key in ("clips", *FIGURES)
            }
    return results


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Write a line per exercise and one for the total: three figures for each counter."""
    head = "".join(f"{counter:^21}" for counter in COUNTERS)
    under = "".join("".join(f"{figure:>7}" for figure in FIGURES) for _ in COUNTERS)
    lines = [f"{'':<20}{head}", f"{'exercise':<14}{'clips':>6}{under}"]
    for name, counters in results.items():
        clips = counters["signals"]["clips"]
        cells = "".join(f"{counters[each][key]:>7.3f}" for each in COUNTERS for key in FIGURES)
        lines.append(f"{name:<14}{clips:>6.0f}{cells}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
