"""Quality and training time of the item model, beside popularity, item-kNN and implicit ALS.

No public log of fitness interactions is available as a package, so the data are generated: athletes
with a few tastes each, items of one taste each with a Zipf popularity, and tastes that change in
time. The figures say how the methods compare on such data, not how they do for people.

All interactions before one time are for training; what an athlete does first after it, and had not
done before, is to be found (NDCG@10 and recall@10, means over athletes). The references are a
popularity ranking, item-kNN by the cosine of items (Sarwar et al., WWW 2001) and ALS for implicit
feedback (Hu, Koren & Volinsky, ICDM 2008), of 32 factors and 8 sweeps.

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
import numpy.typing as npt

from domain.guidance.item_model import train

Matrix = npt.NDArray[np.float64]

TASTES: Final = 12
BEST: Final = 10
FACTORS: Final = 32
SWEEPS: Final = 8
WEIGHT: Final = 20.0
"""Confidence of ALS in an interaction, more than in a missing one."""


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


def interactions(before: list[list[int]], items: int) -> Matrix:
    """Return a row for each person, with 1 for each item that they did."""
    matrix = np.zeros((len(before), items))
    for row, done in enumerate(before):
        matrix[row, done] = 1.0
    return matrix


def by_popularity(done: Matrix) -> Matrix:
    """Score all items by how many people did them."""
    return np.broadcast_to(done.sum(axis=0), done.shape)


def by_knn(done: Matrix) -> Matrix:
    """Score items by their cosine with those that a person did."""
    gram = done.T @ done
    lengths = np.sqrt(np.maximum(np.diag(gram), 1.0))
    cosines = gram / lengths[:, None] / lengths[None, :]
    np.fill_diagonal(cosines, 0.0)
    scores: Matrix = done @ cosines
    return scores


def by_als(done: Matrix) -> Matrix:
    """Score items by alternating least squares."""
    chance = np.random.default_rng(0)
    people = chance.normal(scale=0.1, size=(done.shape[0], FACTORS))
    items = chance.normal(scale=0.1, size=(done.shape[1], FACTORS))
    for _ in range(SWEEPS):
        people = _solved(done, items)
        items = _solved(done.T, people)
    scores: Matrix = people @ items.T
    return scores


def _solved(done: Matrix, other: Matrix) -> Matrix:
    base = other.T @ other + 5.0 * np.eye(FACTORS)
    solved = np.zeros((done.shape[0], FACTORS))
    for row, weights in enumerate(done):
        chosen = other[weights > 0.0]
        left = base + WEIGHT * chosen.T @ chosen
        solved[row] = np.linalg.solve(left, (1.0 + WEIGHT) * chosen.sum(axis=0))
    return solved


def by_model(done: Matrix) -> Matrix:
    """Score items by the model that Kinelog trains."""
    sequences = [[f"{item:05}" for item in np.flatnonzero(row)] for row in done]
    model = train(sequences)
    if model is None:
        raise ValueError("there are too few people for a model")
    weights = np.zeros((done.shape[1], done.shape[1]))
    for item, others in model.weights.items():
        for other, weight in others:
            weights[int(other), int(item)] = weight
    scores: Matrix = done @ weights
    return scores


METHODS: Final[dict[str, Callable[[Matrix], Matrix]]] = {
    "popularity": by_popularity,
    "item-kNN": by_knn,
    "implicit ALS": by_als,
    "Kinelog": by_model,
}


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
        ndcg, recall = quality(np.where(done > 0.0, -np.inf, scores), after)
        measured[name] = {
            "ndcg_10": round(ndcg, 4),
            "recall_10": round(recall, 4),
            "seconds": round(took, 2),
        }
    return measured


def quality(scores: Matrix, after: list[set[int]]) -> tuple[float, float]:
    """Return the means of NDCG@10 and recall@10 over people who did something new."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :BEST]
    discounts = 1.0 / np.log2(np.arange(2, BEST + 2))
    gains: list[float] = []
    recalls: list[float] = []
    for row, wanted in zip(best, after, strict=True):
        if not wanted:
            continue
        hits = np.array([item in wanted for item in row])
        gains.append(float(discounts[hits].sum() / discounts[: len(wanted)].sum()))
        recalls.append(float(hits.sum()) / min(len(wanted), BEST))
    return float(np.mean(gains)), float(np.mean(recalls))


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
