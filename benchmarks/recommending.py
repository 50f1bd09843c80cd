"""Quality and training time of the item model on generated data, beside simpler models.

The data are generated: athletes with a few tastes each, items of one taste each with a Zipf
popularity, and tastes that change in time. The figures say how the methods compare on such data,
not how they do for people; `benchmarks.recommending_movielens` has a public log of people.

All interactions before one time are for training; what an athlete does first after it, and had not
done before, is to be found (NDCG@10 and recall@10, means over athletes). The references are
popularity, item-kNN and implicit ALS, of 32 factors and 8 sweeps.

With `--before`, the last third of what each did before the split is to be found from the rest: such
figures may choose parameters, those after the split may not.

Run `python -m benchmarks.recommending [--json] [--before] [--people N] [--items N]`.
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks._item_rankings import (
    Matrix,
    by_als,
    by_knn,
    by_model,
    by_popularity,
    interactions,
    qualities,
)

TASTES: Final = 12

METHODS: Final[dict[str, Callable[[Matrix], Matrix]]] = {
    "popularity": by_popularity,
    "item-kNN": by_knn,
    "implicit ALS": by_als,
    "Kinelog": by_model,
}


def histories(people: int, items: int, seed: int) -> tuple[list[list[int]], list[set[int]]]:
    """Return what each person did before the split in order, and what was new to them after it."""
    chance = np.random.default_rng(seed)
    kinds = chance.integers(TASTES, size=items)
    popularity = 1.0 / (1.0 + chance.permutation(items)) ** 0.7
    before: list[list[int]] = []
    after: list[set[int]] = []
    for _ in range(people):
        taste = chance.dirichlet(np.full(TASTES, 0.15))
        later = 0.7 * taste + 0.3 * chance.dirichlet(np.full(TASTES, 0.15))
        counts = 5 + chance.integers(25), 3 + chance.integers(10)
        chosen: list[list[int]] = []
        for mixture, count in zip((taste, later), counts, strict=True):
            weights = popularity * (mixture[kinds] + 0.01)
            drawn = chance.choice(items, size=count, p=weights / weights.sum())
            chosen.append([int(each) for each in drawn])
        before.append(list(dict.fromkeys(chosen[0])))
        after.append(set(chosen[1]) - set(chosen[0]))
    return before, after


def split_again(before: list[list[int]]) -> tuple[list[list[int]], list[set[int]]]:
    """Return what each did before the split without its last third, and that third."""
    kept = [len(each) - max(1, len(each) // 3) for each in before]
    parts = list(zip(before, kept, strict=True))
    return [each[:count] for each, count in parts], [set(each[count:]) for each, count in parts]


def measure(people: int, items: int, *, before_split: bool = False) -> dict[str, dict[str, float]]:
    """Return NDCG@10, recall@10 and seconds of training and scoring, by method."""
    before, after = histories(people, items, seed=1)
    if before_split:
        before, after = split_again(before)
    done = interactions(before, items)
    measured: dict[str, dict[str, float]] = {}
    for name, method in METHODS.items():
        begun = time.perf_counter()
        scores = method(done)
        took = time.perf_counter() - begun
        ndcg, recall = qualities(scores, done, after).mean(axis=0)
        measured[name] = {
            "ndcg_10": round(float(ndcg), 4),
            "recall_10": round(float(recall), 4),
            "seconds": round(took, 2),
        }
    return measured


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--before", action="store_true")
    arguments = parser.parse_args()
    measured = measure(arguments.people, arguments.items, before_split=arguments.before)
    if arguments.json:
        result: dict[str, Any] = {"people": arguments.people, "items": arguments.items} | measured
        print(json.dumps(result))
        return
    print(f"{arguments.people} people, {arguments.items} items; generated data")
    for name, figures in measured.items():
        print(
            f"{name:14} NDCG@10 {figures['ndcg_10']:.3f}  recall@10 {figures['recall_10']:.3f}"
            f"  {figures['seconds']:6.2f} s"
        )


if __name__ == "__main__":
    main()
