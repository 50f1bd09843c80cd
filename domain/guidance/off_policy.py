"""Off-policy evaluation: what a model would have led to, estimated from lists that were shown.

Each success counts with the inverse of the propensity of its place (inverse propensity scoring), if
the model had given the item the same place: the item-position model of S. Li et al., Offline
Evaluation of Ranking Policies with Click Models, KDD 2018. It assumes that a success depends on the
item and its place, and not on the other items.
"""

from collections.abc import Collection, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from domain.guidance.events import Comparison, RecommendedItem
from domain.guidance.item_model import ItemModel
from domain.guidance.ranking import Placed, item_key, model_score, place_all
from domain.kernel import value

FEWEST_LISTS: Final = 200
"""Lists that make a comparison."""

CONFIDENCE: Final = 1.96
"""Standard errors on each side of a 95 % confidence interval."""

MARGIN: Final = 0.1
"""Successes of a list that a model may lead to less, at the low end of the interval."""


@value
class ShownItems:
    """A list that a user saw: its items by place, and what they had trained before.

    `succeeded`: whether they opened or trained the item in this place soon after.
    """

    items: tuple[RecommendedItem, ...]
    succeeded: tuple[bool, ...]
    trained: frozenset[str]


def ranking_by(model: ItemModel | None, shown: ShownItems) -> tuple[int, ...]:
    """Return the place, from 1, that a model gives to each item; None: the rules alone."""
    affinities = {} if model is None else model.affinities(shown.trained)
    placed = [
        Placed(
            score=model_score(
                each.rules_score, affinities.get(item_key(each.kind, each.item_id), 0.0)
            ),
            kind=each.kind,
            pattern=each.pattern,
            tie=(each.rank,),
        )
        for each in shown.items
    ]
    places = {index: place for place, index in enumerate(place_all(placed, len(placed)), 1)}
    return tuple(places[index] for index in range(len(placed)))


def compare(model: ItemModel | None, lists: Collection[ShownItems]) -> Comparison | None:
    """Compare a model with the rankings of the time, on the same lists. None for too few."""
    if len(lists) < FEWEST_LISTS:
        return None
    differences = [_difference(each, ranking_by(model, each)) for each in lists]
    mean = fmean(differences)
    half = CONFIDENCE * stdev(differences) / sqrt(len(differences))
    return Comparison(
        lists=len(differences),
        successes=sum(sum(each.succeeded) for each in lists),
        difference=round(mean, 4),
        low=round(mean - half, 4),
        high=round(mean + half, 4),
    )


def _difference(shown: ShownItems, ranking: Sequence[int]) -> float:
    """Return the estimated successes of a list: of a ranking, less those of its own ranks."""
    return sum(
        ((own == place) - (each.rank == place)) / each.propensity
        for place, (each, own, success) in enumerate(
            zip(shown.items, ranking, shown.succeeded, strict=True), 1
        )
        if success
    )


def is_not_worse(comparison: Comparison) -> bool:
    """Return whether a model is not worse, by a non-inferiority test.

    The low end of the interval may be at most MARGIN below what was shown.
    """
    return comparison.low >= -MARGIN
