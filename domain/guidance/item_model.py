"""Item model: what people train who also train something else, learned from completed workouts.

It is EASE (H. Steck, Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019): the weights of
a linear regression of each item on all others, in closed form. It holds items and weights only, and
no item that fewer than FEWEST people trained, so nobody's training can be read from it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np

from domain.kernel import value

FEWEST: Final = 5
"""People who must have trained an item, for it to be in a model."""

FEWEST_PEOPLE: Final = 20
"""People whose training makes a model."""

MOST_ITEMS: Final = 2_000
"""Items of a model, the most popular first; the closed form takes their number cubed."""

REGULARIZATION: Final = 100.0
"""Added to each item's count; larger values need more people for the same weight.

On generated data of 60 to 10,000 people, 100 ranks better than 10 at every size
(`benchmarks/recommending.py`).
"""

NEIGHBORS: Final = 50
"""Positive weights that are kept for each item, the largest.

Without its negative weights an item still ranks by what suits it, and they would take the places of
positive ones. By NDCG@10 that ranks better on MovieLens, and as well on generated data
(`benchmarks/recommending_movielens.py`, `benchmarks/recommending.py`).
"""

DECIMALS: Final = 4

BEST: Final = 10
"""Items whose hits a trial counts."""

History = Sequence[str]
"""Items that a person trained, each once, in order of the first time."""


@value
class ItemModel:
    """Weights by item, then by the item that someone has trained.

    `id` is a hash of the content: the same histories give the same model. `people` is the number
    of those who trained at least two items of the model.
    """

    id: str
    people: int
    weights: Mapping[str, tuple[tuple[str, float], ...]]

    def affinities(self, trained: Collection[str]) -> dict[str, float]:
        """Return how much each item suits somebody who has trained these: 0..1, without zeros."""
        sums = {
            item: sum(weight for other, weight in weights if other in trained)
            for item, weights in self.weights.items()
        }
        largest = max(sums.values(), default=0.0)
        if largest <= 0.0:
            return {}
        return {item: round(each / largest, DECIMALS) for item, each in sums.items() if each > 0.0}


@value
class ModelTrial:
    """Comparison on what each person trained last, which neither ranking had seen.

    Shares of the people whose last item was among the best ten, 0..1: of the model, and of the most
    popular items.
    """

    people: int
    hits: float
    popular_hits: float

    @property
    def is_not_worse(self) -> bool:
        """Return whether the model may serve: it found at least as much as popularity did."""
        return self.people > 0 and self.hits >= self.popular_hits


def train(histories: Collection[History]) -> ItemModel | None:
    """Train a model. None without enough people and items."""
    items = _items(histories)
    index = {item: number for number, item in enumerate(items)}
    rows = [[index[each] for each in history if each in index] for history in histories]
    rows = [row for row in rows if len(row) > 1]
    if len(rows) < FEWEST_PEOPLE or len(items) < 2:
        return None
    gram = np.zeros((len(items), len(items)))
    for row in rows:
        gram[np.ix_(row, row)] += 1.0
    inverse = np.linalg.inv(gram + REGULARIZATION * np.eye(len(items)))
    matrix = -inverse / np.diag(inverse)
    np.fill_diagonal(matrix, 0.0)
    weights = {item: _largest(matrix[:, number], items) for item, number in index.items()}
    content = repr((len(rows), sorted(weights.items())))
    return ItemModel(sha256(content.encode()).hexdigest(), len(rows), weights)


def try_model(histories: Collection[History]) -> ModelTrial:
    """Compare a model with popularity on the last item of each person."""
    earlier = [history[:-1] for history in histories if len(history) > 2]
    last = [history[-1] for history in histories if len(history) > 2]
    model = train(earlier)
    if model is None:
        return ModelTrial(0, 0.0, 0.0)
    popular = Counter(item for history in earlier for item in history)
    hits = popular_hits = people = 0
    for history, wanted in zip(earlier, last, strict=True):
        if wanted not in model.weights:
            continue
        people += 1
        affinities = model.affinities(history)
        hits += wanted in _best(affinities, history)
        popular_hits += wanted in _best(popular, history)
    if not people:
        return ModelTrial(0, 0.0, 0.0)
    return ModelTrial(people, round(hits / people, 4), round(popular_hits / people, 4))


def _best(points: Mapping[str, float], trained: History) -> set[str]:
    """Return the best items that are new to somebody; of equals, the first by name."""
    new = (item for item in points if item not in trained)
    return set(sorted(new, key=lambda item: (-points[item], item))[:BEST])


def _items(histories: Collection[History]) -> list[str]:
    counts = Counter(item for history in histories for item in set(history))
    enough = [(-count, item) for item, count in counts.items() if count >= FEWEST]
    return sorted(item for _, item in sorted(enough)[:MOST_ITEMS])


def _largest(
    column: "np.ndarray[tuple[int], np.dtype[np.float64]]", items: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Return the largest positive weights, in order of their items."""
    rounded = [
        (item, round(float(each), DECIMALS)) for item, each in zip(items, column, strict=True)
    ]
    positive = [each for each in rounded if each[1] > 0.0]
    return tuple(sorted(sorted(positive, key=lambda each: (-each[1], each[0]))[:NEIGHBORS]))
