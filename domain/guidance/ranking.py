"""Ranking: score all candidates, exclude by constraints, diversify, and return the best."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from domain.guidance.candidates import Candidate
from domain.guidance.constraints import violated
from domain.guidance.features import Features
from domain.guidance.item_model import ItemModel
from domain.guidance.reasons import Reason, facts_of, holds, reasons_for
from domain.kernel import value

MODEL: Final = "rules-1"
"""Name and version of the model. Change it with any rule, weight or bound."""

MAX_RECOMMENDATIONS: Final = 10

MAX_POINTS: Final = 8.0
"""No sum of points is greater, so that a score is at most 1."""

MODEL_POINTS: Final = 1.5
"""Points, at most, for what people train who also train what the athlete does."""

SAME_KIND: Final = 0.15
SAME_PATTERN: Final = 0.3
"""Points that an item loses for each item of its kind, or main movement pattern, before it."""


@value
class Recommendation:
    """A recommended item. `score` is 0..1; `reason` is the strongest of those that hold."""

    item: Candidate
    score: float
    reason: Reason


def recommend(
    features: Features,
    candidates: Iterable[Candidate],
    count: int = MAX_RECOMMENDATIONS,
    model: ItemModel | None = None,
) -> tuple[Recommendation, ...]:
    """Return the best candidates that no constraint excludes, best first, each with a reason.

    A model changes the order of what has a reason, and recommends nothing by itself. The order of
    the candidates does not matter. An item loses points for each similar item before it, which
    affects the order, not its score.
    """
    affinities = {} if model is None else model.affinities(trained_items(features))
    scored = [
        scored
        for each in candidates
        if not violated(features, each)
        for scored in [_scored(features, each, affinities)]
        if scored is not None
    ]
    return _diversified(scored, count)


def trained_items(features: Features) -> frozenset[str]:
    """Return what an athlete has trained, as items of models."""
    workouts = (item_key("workout", each) for each in features.completed)
    return frozenset(workouts).union(item_key("exercise", each) for each in features.performed)


def item_key(kind: str, item_id: str) -> str:
    """Return the name of an item in models."""
    return f"{kind}/{item_id}"


def _scored(
    features: Features, item: Candidate, affinities: Mapping[str, float]
) -> Recommendation | None:
    """Score an item by the reasons that hold, and the model; None if there is no reason."""
    facts = facts_of(features, item)
    reasons = [each for each in reasons_for(features, item) if holds(each, facts)]
    if not reasons:
        return None
    points = sum(each.points for each in reasons)
    points += MODEL_POINTS * affinities.get(item_key(item.kind, item.id), 0.0)
    return Recommendation(item, min(1.0, round(points / MAX_POINTS, 4)), reasons[0])


def _diversified(scored: Iterable[Recommendation], count: int) -> tuple[Recommendation, ...]:
    remaining = sorted(scored, key=_order)
    kinds: Counter[str] = Counter()
    patterns: Counter[str | None] = Counter()
    chosen: list[Recommendation] = []
    while remaining and len(chosen) < count:
        best = max(remaining, key=lambda each: _reduced(each, kinds, patterns))
        remaining.remove(best)
        chosen.append(best)
        kinds[best.item.kind] += 1
        patterns[best.item.main_pattern] += 1
    return tuple(chosen)


def _order(each: Recommendation) -> tuple[float, int, str, str]:
    """Return the sort key: of equal scores, what needs less equipment comes first."""
    return -each.score, len(each.item.needs), each.item.kind, each.item.id


def _reduced(each: Recommendation, kinds: Counter[str], patterns: Counter[str | None]) -> float:
    pattern = each.item.main_pattern
    similar = SAME_PATTERN * patterns[pattern] if pattern is not None else 0.0
    return each.score - (SAME_KIND * kinds[each.item.kind] + similar) / MAX_POINTS
