"""Ranking: score all candidates, exclude by constraints, diversify, and return the best."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from domain.guidance.candidates import Candidate
from domain.guidance.constraints import violated
from domain.guidance.features import Features
from domain.guidance.reasons import Reason, facts_of, holds, reasons_for
from domain.kernel import value

MODEL: Final = "rules-1"
"""Name and version of the model. Change it with any rule, weight or bound."""

MAX_RECOMMENDATIONS: Final = 10

MAX_POINTS: Final = 8.0
"""No sum of points is greater, so that a score is at most 1."""

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
    features: Features, candidates: Iterable[Candidate], count: int = MAX_RECOMMENDATIONS
) -> tuple[Recommendation, ...]:
    """Return the best candidates that no constraint excludes, best first, each with a reason.

    The order of the candidates does not matter. An item loses points for each similar item before
    it, which affects the order, not its score.
    """
    scored = [
        scored
        for each in candidates
        if not violated(features, each)
        for scored in [_scored(features, each)]
        if scored is not None
    ]
    return _diversified(scored, count)


def _scored(features: Features, item: Candidate) -> Recommendation | None:
    """Score an item by the reasons that hold; None if there is none."""
    facts = facts_of(features, item)
    reasons = [each for each in reasons_for(features, item) if holds(each, facts)]
    if not reasons:
        return None
    points = sum(each.points for each in reasons)
    return Recommendation(item, round(points / MAX_POINTS, 4), reasons[0])


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
