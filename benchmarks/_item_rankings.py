"""Item models that are compared, and how well they rank.

Each scores all items for each person, from what they did: popularity, item-kNN by the cosine of
items (Sarwar et al., WWW 2001), ALS for implicit feedback (Hu, Koren & Volinsky, ICDM 2008), EASE
(Steck, WWW 2019), and EASE as Kinelog trains it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.guidance.item_model import DECIMALS, ItemModel, train

Matrix = npt.NDArray[np.float64]

BEST: Final = 10


def interactions(done: Sequence[Sequence[int]], items: int) -> Matrix:
    """Return a row for each person, with 1 for each item that they did."""
    matrix = np.zeros((len(done), items))
    for row, each in enumerate(done):
        matrix[row, list(each)] = 1.0
    return matrix


def by_popularity(done: Matrix) -> Matrix:
    """Score all items by how many people did them."""
    return np.broadcast_to(done.sum(axis=0), done.shape)


def by_knn(done: Matrix, neighbors: int | None = None, shrinkage: float = 0.0) -> Matrix:
    """Score items by their cosine with those that a person did.

    `neighbors`: items that count for each item, the nearest; None: all. `shrinkage` is added to the
    denominator, so that items of few people are less near.
    """
    gram = done.T @ done
    lengths = np.sqrt(np.maximum(np.diag(gram), 1.0))
    cosines = gram / (np.outer(lengths, lengths) + shrinkage)
    np.fill_diagonal(cosines, 0.0)
    scores: Matrix = done @ _nearest(cosines, neighbors)
    return scores


def by_als(
    done: Matrix,
    factors: int = 32,
    weight: float = 20.0,
    regularization: float = 5.0,
    sweeps: int = 8,
) -> Matrix:
    """Score items by alternating least squares.

    `weight`: confidence in an interaction, more than in a missing one.
    """
    chance = np.random.default_rng(0)
    people = chance.normal(scale=0.1, size=(done.shape[0], factors))
    items = chance.normal(scale=0.1, size=(done.shape[1], factors))
    for _ in range(sweeps):
        people = _solved(done, items, weight, regularization)
        items = _solved(done.T, people, weight, regularization)
    scores: Matrix = people @ items.T
    return scores


def by_ease(done: Matrix, regularization: float, neighbors: int | None = None) -> Matrix:
    """Score items by EASE, of all items; with the `neighbors` largest weights of each."""
    gram = done.T @ done
    inverse = np.linalg.inv(gram + regularization * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    scores: Matrix = done @ _nearest(weights, neighbors)
    return scores


def by_model(done: Matrix) -> Matrix:
    """Score items by their affinities (`ItemModel.affinities`) of the model that Kinelog trains.

    Raises ValueError if the people are too few for a model.
    """
    model = kinelog_model(done)
    weights = np.zeros((done.shape[1], done.shape[1]))
    for item, others in model.weights.items():
        for other, weight in others:
            weights[int(other), int(item)] = weight
    sums: Matrix = done @ weights
    largest = sums.max(axis=1, keepdims=True)
    shares = np.divide(sums, largest, out=np.zeros_like(sums), where=largest > 0.0)
    affinities: Matrix = np.round(shares, DECIMALS)
    return affinities


def kinelog_model(done: Matrix) -> ItemModel:
    """Train as `train_model` does. Items are named by their columns, as `item_names` does."""
    names = item_names(done.shape[1])
    model = train([[names[item] for item in np.flatnonzero(row)] for row in done])
    if model is None:
        raise ValueError("there are too few people for a model")
    return model


def item_names(items: int) -> list[str]:
    """Return a name for each column, in the order of the columns."""
    return [f"{item:05}" for item in range(items)]


def qualities(scores: Matrix, done: Matrix, after: Sequence[set[int]]) -> Matrix:
    """Return a row with NDCG@10 and recall@10 of each person who did something new.

    Recall is the share of what they did, or of ten, if they did more.
    """
    best = np.argsort(-np.where(done > 0.0, -np.inf, scores), axis=1, kind="stable")[:, :BEST]
    discounts = 1.0 / np.log2(np.arange(2, BEST + 2))
    rows: list[tuple[float, float]] = []
    for ranked, wanted in zip(best, after, strict=True):
        if wanted:
            hits = np.array([item in wanted for item in ranked])
            gain = float(discounts[hits].sum() / discounts[: len(wanted)].sum())
            rows.append((gain, float(hits.sum()) / min(len(wanted), BEST)))
    return np.array(rows).reshape(-1, 2)


def _solved(done: Matrix, other: Matrix, weight: float, regularization: float) -> Matrix:
    factors = other.shape[1]
    base = other.T @ other + regularization * np.eye(factors)
    solved = np.zeros((done.shape[0], factors))
    for row, each in enumerate(done):
        chosen = other[each > 0.0]
        left = base + weight * chosen.T @ chosen
        solved[row] = np.linalg.solve(left, (1.0 + weight) * chosen.sum(axis=0))
    return solved


def _nearest(weights: Matrix, neighbors: int | None) -> Matrix:
    """Return the weights without all but the largest of each column."""
    if neighbors is None or neighbors >= len(weights):
        return weights
    kept = np.argsort(-weights, axis=0, kind="stable")[:neighbors]
    nearest = np.zeros_like(weights)
    np.put_along_axis(nearest, kept, np.take_along_axis(weights, kept, axis=0), axis=0)
    return nearest
