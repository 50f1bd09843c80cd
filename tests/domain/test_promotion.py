"""Promotion gate: off-policy estimates, and which models serve (R-REC-10)."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from statistics import fmean

import pytest

from domain.guidance.events import (
    Comparison,
    ModelEvent,
    ModelEvidence,
    ModelPromoted,
    ModelRefused,
    RecommendedItem,
)
from domain.guidance.exploration import explored
from domain.guidance.item_model import ItemModel
from domain.guidance.off_policy import (
    FEWEST_LISTS,
    MARGIN,
    ShownItems,
    compare,
    is_not_worse,
    ranking_by,
)
from domain.guidance.promotion import RECOMMENDATION_MODEL, DecideModel, ServingModel

AT = datetime(2030, 1, 1, tzinfo=UTC)
ITEMS = [f"item{number}" for number in range(5)]
LIKED = {"item0": 0.1, "item1": 0.15, "item2": 0.2, "item3": 0.5, "item4": 0.7}
"""Probabilities with which users open an item in the first place."""

PLACES = (1.0, 0.7, 0.5, 0.35, 0.25)
"""How much less an item is opened in later places."""


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311  a test's own chance


def model(*best: str) -> ItemModel:
    """Return a model that puts items in this order after `start` was trained."""
    weights = {
        f"exercise/{item}": (("exercise/start", 1.0 - 0.2 * place),)
        for place, item in enumerate(best)
    }
    return ItemModel("planted", 50, weights)


BETTER = model("item4", "item3", "item2", "item1", "item0")
WORSE = model("item0", "item1", "item2", "item3", "item4")
TRAINED = frozenset({"exercise/start"})


def shown(ranked: Sequence[str], random: Random, share: float = 0.2) -> ShownItems:
    """Show a list, and let a user open what they like."""
    placed = explored(ranked, share, random)
    items = tuple(
        RecommendedItem("exercise", item, 0.5, propensity, rank, 0.1, None)
        for item, rank, propensity in placed
    )
    succeeded = tuple(
        random.random() < LIKED[each.item_id] * attention
        for each, attention in zip(items, PLACES, strict=True)
    )
    return ShownItems(items, succeeded, TRAINED)


def value_of(ranked: Sequence[str]) -> float:
    """Return the true expected successes of a list in this order."""
    return sum(LIKED[item] * attention for item, attention in zip(ranked, PLACES, strict=True))


def test_the_propensity_is_the_share_of_lists_in_which_an_item_has_its_place() -> None:
    """R-REC-10: impressions have true propensities."""
    random, lists = chance(7), 20_000
    seen = Counter(
        (place, item, round(propensity, 6))
        for _ in range(lists)
        for place, (item, _, propensity) in enumerate(explored(ITEMS, 0.2, random))
    )
    for (_, _, propensity), times in seen.items():
        assert times / lists == pytest.approx(propensity, abs=0.015)
    assert len(seen) == len(ITEMS) ** 2
    assert [rank for _, rank, _ in explored(ITEMS, 0.0, random)] == [1, 2, 3, 4, 5]


def test_the_estimate_is_unbiased_and_its_interval_covers_the_truth() -> None:
    """R-REC-10: inverse propensity scoring, beside what was simulated."""
    served = ["item2", "item0", "item4", "item1", "item3"]
    order = sorted(ITEMS, key=lambda item: -LIKED[item])
    truth = value_of(order) - value_of(served)
    estimates: list[Comparison] = []
    for seed in range(40):
        random = chance(seed)
        found = compare(BETTER, [shown(served, random) for _ in range(1_000)])
        assert found is not None
        estimates.append(found)
    assert fmean(each.difference for each in estimates) == pytest.approx(truth, abs=0.04)
    covered = sum(each.low <= truth <= each.high for each in estimates)
    assert covered >= 34, "95 % of the intervals, less chance"


def test_a_model_places_items_by_its_affinities_and_no_model_by_the_rules() -> None:
    lists = shown(ITEMS, chance(1), 0.0)
    assert ranking_by(BETTER, lists) == (5, 4, 3, 2, 1)
    assert ranking_by(None, lists) == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(("candidate", "expected"), [(BETTER, True), (WORSE, False)])
def test_a_planted_worse_model_is_refused(candidate: ItemModel, *, expected: bool) -> None:
    """R-REC-10: lists were in a good order; a model that reverses it is refused."""
    random = chance(3)
    served = ["item4", "item3", "item2", "item1", "item0"]
    comparison = compare(candidate, [shown(served, random) for _ in range(2_000)])
    assert comparison is not None
    assert is_not_worse(comparison) == expected
    (decided,) = decide(comparison=comparison)
    assert isinstance(decided, ModelPromoted if expected else ModelRefused)


def test_few_lists_are_no_comparison() -> None:
    random = chance(2)
    lists = [shown(ITEMS, random) for _ in range(FEWEST_LISTS)]
    assert compare(BETTER, lists[1:]) is None
    assert compare(BETTER, lists) is not None


def decide(
    state: ServingModel | None = None,
    *,
    model: str | None = "new",
    hits: float = 0.5,
    comparison: Comparison | None = None,
) -> tuple[ModelEvent, ...]:
    evidence = ModelEvidence(50, 400, AT, 9_000, hits, 0.4, comparison)
    request = DecideModel(model=model, evidence=evidence, at=AT)
    return RECOMMENDATION_MODEL.decide(request, state or ServingModel("old"))


def compared(low: float) -> Comparison:
    return Comparison(500, 200, low + 0.05, low, low + 0.1)


@pytest.mark.parametrize(
    ("changes", "obstacle", "serving"),
    [
        ({}, None, "new"),
        ({"comparison": compared(-MARGIN)}, None, "new"),
        ({"comparison": compared(-MARGIN - 0.01)}, "worse_in_use", "old"),
        ({"hits": 0.39}, "worse_in_trial", None),
        ({"model": None}, "too_few_people", None),
    ],
)
def test_each_decision_says_why_and_which_model_serves(
    changes: dict[str, object], obstacle: str | None, serving: str | None
) -> None:
    """R-REC-10: a model that users liked less leaves the one before in its place."""
    (decided,) = decide(**changes)  # type: ignore[arg-type]
    assert getattr(decided, "obstacle", None) == obstacle
    state = RECOMMENDATION_MODEL.evolve(ServingModel("old"), decided)
    assert state.model == serving
    assert decide(state, **changes) == (), "the same decision is recorded once"  # type: ignore[arg-type]
