"""The item model learns what people train together, and nothing of single people."""

import random

import pytest

from domain.guidance.candidates import exercise_candidate
from domain.guidance.features import Features, Preferences
from domain.guidance.item_model import (
    FEWEST,
    FEWEST_PEOPLE,
    NEIGHBORS,
    History,
    train,
    try_model,
)
from domain.guidance.ranking import recommend

LEGS = [f"workout/legs{n}" for n in range(12)]
ARMS = [f"workout/arms{n}" for n in range(12)]
POPULAR = [f"workout/popular{n}" for n in range(12)]


def people(seed: int = 1, number: int = 120) -> list[History]:
    """Return people of two kinds, who train what suits their kind, and something popular first."""
    chance = random.Random(seed)  # noqa: S311  a test's own chance
    return [
        [*chance.sample(POPULAR, 3), *chance.sample(LEGS if each % 2 else ARMS, 5)]
        for each in range(number)
    ]


def test_what_is_trained_together_has_affinity() -> None:
    """R-REC-10"""
    model = train(people())
    assert model is not None
    affinities = model.affinities({LEGS[0], LEGS[1]})
    of_legs, of_arms = (sum(affinities.get(each, 0.0) for each in kind) for kind in (LEGS, ARMS))
    assert of_legs > 10 * of_arms
    assert max(affinities.values()) == 1.0


def test_the_same_histories_give_the_same_model_in_any_order() -> None:
    """R-REC-10"""
    histories = people()
    first = train(histories)
    assert first == train(list(reversed(histories)))
    assert first != train([*histories, [LEGS[0], ARMS[0]]])


def test_items_of_few_people_are_in_no_model() -> None:
    """R-REC-10, C-41: nor do few people make one."""
    rare: History = ["workout/rare", LEGS[0]]
    model = train([*people(), *[rare] * (FEWEST - 1)])
    assert model is not None
    assert "workout/rare" not in model.weights
    assert not any("workout/rare" in dict(weights) for weights in model.weights.values())
    assert "workout/rare" in (train([*people(), *[rare] * FEWEST]) or model).weights
    assert train(people(number=FEWEST_PEOPLE - 1)) is None
    assert train([]) is None


def test_a_model_keeps_what_suits_an_item_not_what_does_not() -> None:
    """R-REC-10: a few items that suit are kept among many that many people train instead."""
    others: list[History] = [[f"workout/other{n}", "workout/also"] for n in range(2 * NEIGHBORS)]
    model = train([*[[LEGS[0], LEGS[1]]] * 10, *[[LEGS[0], "workout/also"]] * 5, *others * 10])
    assert model is not None
    assert LEGS[1] in dict(model.weights[LEGS[0]])
    assert all(weight > 0.0 for each in model.weights.values() for _, weight in each)
    assert max(len(each) for each in model.weights.values()) == NEIGHBORS


def test_a_model_that_learned_something_is_not_worse_than_popularity() -> None:
    """R-REC-10: compared on items that neither had seen."""
    trial = try_model(people())
    assert trial.people == 120
    assert trial.hits > trial.popular_hits
    assert trial.is_not_worse


def test_a_model_of_chance_is_refused() -> None:
    """R-REC-10: where popularity is all there is to learn."""
    chance = random.Random(5)  # noqa: S311  a test's own chance
    weights = [1 / (n + 1) for n in range(200)]
    items = [f"workout/{n}" for n in range(200)]
    histories = [list(dict.fromkeys(chance.choices(items, weights, k=9))) for _ in range(400)]
    trial = try_model(histories)
    assert trial.people > 100
    assert trial.hits < trial.popular_hits
    assert not trial.is_not_worse


def test_without_people_no_model_serves() -> None:
    """R-REC-10"""
    assert not try_model([]).is_not_worse


@pytest.mark.parametrize("wanted", ["lunge", "push_up"])
def test_a_model_changes_the_order_of_what_has_a_reason(wanted: str) -> None:
    """R-REC-05, R-REC-10"""
    together: History = ["exercise/squat", f"exercise/{wanted}"]
    others: History = ["exercise/plank", "exercise/sit_up"]
    model = train([*[together] * 30, *[others] * 30])
    features = Features(preferences=Preferences(equipment=()), performed=frozenset({"squat"}))
    candidates = [exercise_candidate(each, each) for each in ("lunge", "push_up", "sit_up")]
    by_rules = {each.item.id: each.score for each in recommend(features, candidates)}
    by_model = {each.item.id: each.score for each in recommend(features, candidates, model=model)}
    assert by_rules.keys() == by_model.keys()
    assert by_model[wanted] > by_rules[wanted]
    assert by_model["sit_up"] == by_rules["sit_up"]
