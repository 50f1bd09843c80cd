"""Quality of the item model on MovieLens 100K, a public log of people, beside simpler models.

The log is split by time, for all people at once: the first three fifths of the interactions are for
training while parameters are chosen on the fourth fifth; then the first four fifths are for
training, and the last fifth is the test, which chooses nothing. To be found is what a person who
is known by then does for the first time, of the items that are known by then.

Popularity has no parameter. Those of item-kNN, implicit ALS and EASE are the best by NDCG@10 of a
grid on the fourth fifth. `Kinelog` is what `train_model` trains, with the parameters of the
product, and ranks by the affinities of the model alone. The rules, features, constraints and
exploration of `GET /v1/recommend` do not apply: movies have no level, equipment or body parts, and
the people no training. Nor does the gate apply, which needs lists that were shown.

The intervals are of 95 %, by the percentiles of bootstrap samples of the people of the test. The
interval of the difference from the product's model is of the same samples.

Run `python -m benchmarks.recommending_movielens [--json]`. It downloads the log once
(`tools/movielens.py`).
"""

import argparse
import itertools
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from benchmarks._item_rankings import (
    Matrix,
    by_als,
    by_ease,
    by_knn,
    by_model,
    by_popularity,
    interactions,
    qualities,
)
from domain.kernel import value
from tools.local_services.binaries import ProgramMissing
from tools.movielens import Interaction, load_movielens

CHOOSING: Final = (3 / 5, 4 / 5)
TESTING: Final = (4 / 5, 1.0)
"""Shares of the interactions up to which training, and what is to be found, go."""

SAMPLES: Final = 2_000
"""Bootstrap samples."""

OURS: Final = "Kinelog"

Method = Callable[..., Matrix]

METHODS: Final[dict[str, tuple[Method, dict[str, Sequence[Any]]]]] = {
    "popularity": (by_popularity, {}),
    "item-kNN": (by_knn, {"neighbors": (20, 100, None), "shrinkage": (0, 10, 100)}),
    "implicit ALS": (
        by_als,
        {"factors": (8, 16, 32), "weight": (1, 5, 20), "regularization": (5, 20)},
    ),
    "EASE": (
        by_ease,
        {"regularization": (30, 100, 200, 300, 1000), "neighbors": (50, 200, None)},
    ),
    OURS: (by_model, {}),
}
"""Models, each with the values of the parameters that are chosen."""


@value
class Split:
    """What people did up to a time, by person and item, and what was new to each after it."""

    done: Matrix
    after: list[set[int]]


def split(log: Sequence[Interaction], trained: float, found: float) -> Split:
    """Split a log, oldest first, where a share of it ends; what is to be found ends at another.

    Interactions at the time of the split are all before it. People and items that are not known by
    then are left out.
    """
    ends = [log[round(share * len(log)) - 1].at_s for share in (trained, found)]
    before = [each for each in log if each.at_s <= ends[0]]
    people = {name: row for row, name in enumerate(dict.fromkeys(each.person for each in before))}
    items = {name: at for at, name in enumerate(sorted({each.item for each in before}))}
    did: list[list[int]] = [[] for _ in people]
    for each in before:
        did[people[each.person]].append(items[each.item])
    after: list[set[int]] = [set() for _ in people]
    for each in log:
        if ends[0] < each.at_s <= ends[1] and each.person in people and each.item in items:
            after[people[each.person]].add(items[each.item])
    new = [later - set(earlier) for later, earlier in zip(after, did, strict=True)]
    return Split(interactions(did, len(items)), new)


def best_parameters(
    method: Method, grid: dict[str, Sequence[Any]], choosing: Split
) -> dict[str, Any]:
    """Return the parameters with the highest NDCG@10; of equals, the first."""
    options = [dict(zip(grid, each, strict=True)) for each in itertools.product(*grid.values())]

    def ndcg(parameters: dict[str, Any]) -> float:
        scores = method(choosing.done, **parameters)
        return float(qualities(scores, choosing.done, choosing.after)[:, 0].mean())

    return max(options, key=ndcg) if len(options) > 1 else {}


def interval(values: Matrix, chosen: "np.ndarray[Any, np.dtype[np.int64]]") -> list[list[float]]:
    """Return the low end, mean and high end of each column; `chosen`: rows of each sample."""
    means = values[chosen].mean(axis=1)
    ends = np.percentile(means, [2.5, 97.5], axis=0)
    rows = np.stack([ends[0], values.mean(axis=0), ends[1]], axis=1)
    return [[round(float(each), 4) for each in row] for row in rows]


def measure(log: Sequence[Interaction]) -> dict[str, Any]:
    """Return figures of the split and of each method, with what was chosen."""
    choosing, testing = split(log, *CHOOSING), split(log, *TESTING)
    chosen = {
        name: best_parameters(method, grid, choosing) for name, (method, grid) in METHODS.items()
    }
    found: dict[str, Matrix] = {}
    for name, (method, _) in METHODS.items():
        scores = partial(method, **chosen[name])(testing.done)
        found[name] = qualities(scores, testing.done, testing.after)
    people = len(found[OURS])
    samples = np.random.default_rng(0).integers(people, size=(SAMPLES, people))
    methods: dict[str, Any] = {}
    for name, values in found.items():
        ndcg, recall = interval(values, samples)
        more_ndcg, more_recall = interval(values - found[OURS], samples)
        methods[name] = {
            "parameters": chosen[name],
            "ndcg_10": ndcg,
            "recall_10": recall,
            "more_ndcg_10": more_ndcg,
            "more_recall_10": more_recall,
        }
    return {
        "trained_people": len(testing.done),
        "trained_items": testing.done.shape[1],
        "chosen_on_people": sum(1 for each in choosing.after if each),
        "tested_people": people,
        "to_be_found": sum(len(each) for each in testing.after),
        "methods": methods,
    }


def shown(figures: Sequence[float]) -> str:
    """Return a mean with its interval."""
    low, mean, high = figures
    return f"{mean:6.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        measured = measure(load_movielens())
    except ProgramMissing as missing:
        raise SystemExit(str(missing)) from None
    if arguments.json:
        print(json.dumps(measured))
        return
    print(
        f"MovieLens 100K: {measured['trained_people']} people and {measured['trained_items']} items"
        f" in training; {measured['to_be_found']} interactions of {measured['tested_people']}"
        f" people to be found; chosen on {measured['chosen_on_people']} people"
    )
    for name, each in measured["methods"].items():
        print(
            f"{name:13} NDCG@10 {shown(each['ndcg_10'])}  recall@10 {shown(each['recall_10'])}"
            f"  {json.dumps(each['parameters'])}"
        )
    print(f"\nMore than {OURS}:")
    for name, each in measured["methods"].items():
        if name != OURS:
            print(
                f"{name:13} NDCG@10 {shown(each['more_ndcg_10'])}"
                f"  recall@10 {shown(each['more_recall_10'])}"
            )


if __name__ == "__main__":
    main()
