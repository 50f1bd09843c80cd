"""Ranking: score all candidates, exclude by constraints, diversify, and return the best."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from domain.guidance.candidates import Candidate
from domain.guidance.constraints import violated
from domain.guidance.features import Features
from domain.guidance.item_model import ItemModel
from domain.guidance.reasons import Reason, facts_of, holds, reasons_for
from domain.kernel import value

MODEL: Final = "rules-2"
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
    """A recommended item. `score` is 0..1; `reason` is the strongest of those that hold.

    `rules_score` is its score without a model.
    """

    item: Candidate
    score: float
    reason: Reason
    rules_score: float


@value
class Placed:
    """What the place of an item depends on; of equal scores, the least `tie` comes first."""

    score: float
    kind: str
    pattern: str | None
    tie: tuple[int | str, ...]


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
    items = list(candidates)
    features = replace(features, wanted_patterns=_wanted_patterns(features, items))
    affinities = {} if model is None else model.affinities(trained_items(features))
    scored = [
        scored
        for each in items
        if not violated(features, each)
        for scored in [_scored(features, each, affinities)]
        if scored is not None
    ]
    return _diversified(scored, count)


def _wanted_patterns(features: Features, candidates: Iterable[Candidate]) -> Mapping[str, int]:
    wanted = (each for each in candidates if (each.kind, each.id) in features.wanted)
    return Counter(each.main_pattern for each in wanted if each.main_pattern is not None)


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
    rules_score = min(1.0, round(sum(each.points for each in reasons) / MAX_POINTS, 4))
    score = model_score(rules_score, affinities.get(item_key(item.kind, item.id), 0.0))
    return Recommendation(item, score, reasons[0], rules_score)


def model_score(rules_score: float, affinity: float) -> float:
    """Return the score of an item with a model, from that of the rules and its affinity."""
    return min(1.0, round(rules_score + MODEL_POINTS * affinity / MAX_POINTS, 4))


def _diversified(scored: Iterable[Recommendation], count: int) -> tuple[Recommendation, ...]:
    """Return the best. Of equal scores, what needs less equipment comes first."""
    items = list(scored)
    placed = [
        Placed(
            each.score,
            each.item.kind,
            each.item.main_pattern,
            (len(each.item.needs), each.item.kind, each.item.id),
        )
        for each in items
    ]
    return tuple(items[index] for index in place_all(placed, count))


def place_all(items: Sequence[Placed], count: int) -> list[int]:
    """Return the indexes of the best items in order of their places."""
    remaining = sorted(range(len(items)), key=lambda each: (-items[each].score, items[each].tie))
    kinds: Counter[str] = Counter()
    patterns: Counter[str | None] = Counter()
    chosen: list[int] = []
    while remaining and len(chosen) < count:
        best = max(remaining, key=lambda each: _reduced(items[each], kinds, patterns))
        remaining.remove(best)
        chosen.append(best)
        kinds[items[best].kind] += 1
        patterns[items[best].pattern] += 1
    return chosen


def _reduced(item: Placed, kinds: Counter[str], patterns: Counter[str | None]) -> float:
    similar = SAME_PATTERN * patterns[item.pattern] if item.pattern is not None else 0.0
    return item.score - (SAME_KIND * kinds[item.kind] + similar) / MAX_POINTS
