"""Nested cross-validation: the accuracy of counting, with each choice made inside the folds.

    python -m tools.counting.nested_cross_validate --examples LANDMARKS MANIFEST [--examples ...]

Of each fold's other clips, divided into folds again, the best way to count is chosen: the number of
simulated sets per exercise that are trained with, and the counter. What was chosen counts the fold.
The figures are thus of clips that neither training nor choice has seen.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tools.counting.count_accuracy import Counted, figures
from tools.counting.cross_validate import COUNTERS, Clips, counted, divide, read_clips
from tools.counting.examples import add_arguments
from tools.counting.simulated import with_athletes
from tools.counting.training import train

ATHLETES = (0, 4, 8)
"""Numbers of simulated sets per exercise to choose from."""


@dataclass(frozen=True)
class Way:
    """One way to count: simulated sets per exercise in training, and the counter."""

    athletes: int
    counter: str


def main() -> int:
    """Print the figures, of each partition and their mean, and how often each way was chosen."""
    parser = argparse.ArgumentParser(description="Cross-validate counting with its choices.")
    add_arguments(parser)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--partitions", type=int, default=3)
    options = parser.parse_args()
    clips = read_clips(options)
    chosen: Counter[Way] = Counter()
    found: list[dict[str, float]] = []
    for partition in range(options.partitions):
        results: list[Counted] = []
        for way, fold in nested(clips, options.folds, partition):
            chosen[way] += 1
            results += fold
        found.append(figures(results))
        print(f"partition {partition}: {line(found[-1])}", flush=True)
    keys = ("clips", "exact", "obo", "mae")
    mean = {key: float(np.mean([each[key] for each in found])) for key in keys}
    print(f"mean: {line(mean)}")
    for way, times in chosen.most_common():
        print(f"chosen {times} times: {way.counter}, {way.athletes} simulated sets per exercise")
    return 0


def nested(clips: Clips, folds: int, partition: int) -> Iterator[tuple[Way, list[Counted]]]:
    """For each fold, return the way chosen on the other clips, and the counts by it."""
    for left_out, others in divide(len(clips), folds, partition):
        taught = [clips[index] for index in others]
        way = choose(taught, folds, partition)
        counts = count_all_ways(taught, [clips[index] for index in left_out], way.athletes)
        yield way, counts[way.counter]


def choose(clips: Clips, folds: int, partition: int) -> Way:
    """Choose the way with the most counts within one by cross-validation, of equals by MAE."""
    scores: dict[Way, tuple[float, float]] = {}
    for athletes in ATHLETES:
        counts: dict[str, list[Counted]] = defaultdict(list)
        for left_out, others in divide(len(clips), folds, partition):
            taught = [clips[index] for index in others]
            found = count_all_ways(taught, [clips[index] for index in left_out], athletes)
            for counter, results in found.items():
                counts[counter] += results
        for counter, results in counts.items():
            accuracy = figures(results)
            scores[Way(athletes, counter)] = (accuracy["obo"], -accuracy["mae"])
    return max(scores, key=scores.__getitem__)


def count_all_ways(taught: Clips, unseen: Clips, athletes: int) -> dict[str, list[Counted]]:
    """Count clips by all counters, trained on others and on simulated sets."""
    models = train(with_athletes([clip for clip, _ in taught], athletes))
    results: dict[str, list[Counted]] = {counter: [] for counter in COUNTERS}
    for clip, by_signals in unseen:
        example = clip.example
        for counter, returns in counted(clip, by_signals, models.get(example.exercise)).items():
            results[counter].append(
                Counted(example.clip, example.exercise, example.truth, len(returns))
            )
    return results


def line(accuracy: dict[str, float]) -> str:
    """Write figures in a line."""
    return (
        f"exact {accuracy['exact']:.3f}, OBO {accuracy['obo']:.3f}, MAE {accuracy['mae']:.3f} "
        f"of {accuracy['clips']:.0f} clips"
    )


if __name__ == "__main__":
    sys.exit(main())
