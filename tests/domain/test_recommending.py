"""Recommendations: constraints, reasons that hold, diversity (R-REC-05, R-REC-06)."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guidance.candidates import Candidate, ItemKind, content_of, exercise_candidate
from domain.guidance.constraints import Constraint, counterfactuals, violated, with_change
from domain.guidance.features import (
    LEVELS,
    Features,
    Preferences,
    RecentTraining,
    body_parts,
    equipment,
    level_of,
)
from domain.guidance.ranking import MAX_RECOMMENDATIONS, recommend
from domain.guidance.reasons import Claim, Reason, facts_of, holds, reasons_for
from domain.ids import ExerciseId
from domain.workouts.events import PrescribedExercise

PATTERNS = ("squat", "push", "pull", "core")
EQUIPMENT = sorted(equipment())
BODY_PARTS = sorted(body_parts())


def _some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


GOALS = st.sampled_from(("strength", "muscle", "endurance"))
PREFERENCES = st.builds(
    Preferences,
    goal=st.none() | GOALS,
    minutes=st.none() | st.integers(5, 240),
    equipment=st.none() | _some(EQUIPMENT).map(lambda each: tuple(sorted(each))),
    spared=_some(BODY_PARTS).map(lambda each: tuple(sorted(each))),
)
IDS = [f"item-{number}" for number in range(12)]
FEATURES = st.builds(
    Features,
    fitness_level=st.sampled_from(LEVELS),
    preferences=PREFERENCES,
    health_metrics=st.dictionaries(st.just("sleep_change"), st.integers(-50, 50)),
    recent=st.none()
    | st.builds(
        RecentTraining,
        sessions=st.integers(0, 14),
        pattern_sets=st.dictionaries(st.sampled_from(PATTERNS), st.integers(1, 30)),
    ),
    completed=st.dictionaries(st.sampled_from(IDS), st.integers(1, 9)),
    planned=_some(IDS),
    enrolled=_some(IDS),
    dismissed=st.frozensets(
        st.tuples(st.sampled_from(("plan", "workout", "video")), st.sampled_from(IDS)), max_size=4
    ),
)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        kind=st.sampled_from(("plan", "workout", "video")),
        id=st.sampled_from(IDS),
        title=st.just("Item"),
        level=st.none() | st.sampled_from(LEVELS),
        needs=_some(EQUIPMENT),
        strains=_some(BODY_PARTS),
        minutes=st.none() | st.integers(1, 120),
        pattern_sets=st.dictionaries(st.sampled_from(PATTERNS), st.integers(1, 12)),
        is_described=st.booleans(),
        is_open=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda each: (each.kind, each.id),
)


@given(FEATURES, CANDIDATES)
def test_no_recommendation_violates_a_constraint(
    features: Features, candidates: list[Candidate]
) -> None:
    recommended = recommend(features, candidates)
    assert len(recommended) <= MAX_RECOMMENDATIONS
    for each in recommended:
        preferences, item = features.preferences, each.item
        assert not item.strains & set(preferences.spared)
        assert preferences.equipment is None or item.needs <= set(preferences.equipment)
        assert None in {preferences.minutes, item.minutes} or item.minutes <= preferences.minutes  # type: ignore[operator]
        assert item.is_open
        assert (item.kind, item.id) not in features.dismissed
        assert item.kind != "plan" or item.id not in features.enrolled
        assert item.level != "advanced" or features.fitness_level != "beginner"


@given(FEATURES, CANDIDATES)
def test_every_recommendation_has_a_reason_that_holds(
    features: Features, candidates: list[Candidate]
) -> None:
    for each in recommend(features, candidates):
        assert holds(each.reason, facts_of(features, each.item))
        assert 0.0 <= each.score <= 1.0


@given(FEATURES, CANDIDATES, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(
    features: Features, candidates: list[Candidate], chance: Random
) -> None:
    shuffled = chance.sample(candidates, len(candidates))
    assert recommend(features, shuffled) == recommend(features, candidates)


@given(FEATURES, CANDIDATES)
def test_ten_items_are_recommended_where_ten_are_allowed(
    features: Features, candidates: list[Candidate]
) -> None:
    allowed = [each for each in candidates if not violated(features, each)]
    assert len(recommend(features, candidates)) == min(len(allowed), MAX_RECOMMENDATIONS)


@given(FEATURES, CANDIDATES)
def test_each_counterfactual_excludes_its_item(
    features: Features, candidates: list[Candidate]
) -> None:
    for each in recommend(features, candidates):
        for change in counterfactuals(features, each.item):
            changed = with_change(features, change, equipment())
            assert change.constraint in violated(changed, each.item)
            assert each.item not in [other.item for other in recommend(changed, candidates)]


@given(FEATURES, CANDIDATES, st.integers(-20, 20).filter(bool))
def test_a_reason_with_a_wrong_number_does_not_hold(
    features: Features, candidates: list[Candidate], error: int
) -> None:
    for item in candidates:
        facts = facts_of(features, item)
        for reason in reasons_for(features, item):
            for place, claim in enumerate(reason.claims):
                if claim.relation != "is" or isinstance(claim.value, str):
                    continue
                wrong = [*reason.claims]
                wrong[place] = replace(claim, value=claim.value + error)
                assert not holds(replace(reason, claims=tuple(wrong)), facts)


def test_a_reason_about_what_is_not_given_does_not_hold() -> None:
    claim = Claim("health.sleep_change", "at_most", -7)
    assert not holds(Reason("short_after_bad_sleep", (claim,), 1.0), {})
    assert not holds(Reason("not_done_yet", (), 1.0), {"item.completed": 0})


@pytest.mark.parametrize(
    ("constraint", "features", "item"),
    [
        ("injury", {"preferences": Preferences(spared=("knee",))}, {"strains": {"knee"}}),
        ("injury", {"preferences": Preferences(spared=("knee",))}, {"is_described": False}),
        ("equipment", {"preferences": Preferences(equipment=())}, {"needs": {"barbell"}}),
        ("time", {"preferences": Preferences(minutes=20)}, {"minutes": 21}),
        ("level", {"fitness_level": "beginner"}, {"level": "advanced"}),
        ("entitlement", {}, {"is_open": False}),
        ("dismissed", {"dismissed": {("plan", "a")}}, {}),
        ("enrolled", {"enrolled": {"a"}}, {}),
    ],
)
def test_each_constraint_excludes_by_its_name(
    constraint: Constraint, features: dict[str, object], item: dict[str, object]
) -> None:
    candidate = Candidate("plan", "a", "Plan", **item)  # type: ignore[arg-type]
    assert violated(Features(**features), candidate) == (constraint,)  # type: ignore[arg-type]
    assert violated(Features(), Candidate("plan", "a", "Plan")) == ()


def test_more_of_what_is_wanted_comes_first_but_not_past_a_constraint() -> None:
    """R-REC-05, R-REC-09: the item, then what trains the same; each with its reason."""
    legs = Candidate("workout", "legs", "Legs", pattern_sets={"squat": 9})
    lunges = Candidate("workout", "lunges", "Lunges", pattern_sets={"squat": 5})
    arms = Candidate("workout", "arms", "Arms", pattern_sets={"curl": 5})
    hurts = Candidate(
        "workout", "jumps", "Jumps", pattern_sets={"squat": 5}, strains=frozenset({"knee"})
    )
    features = Features(
        preferences=Preferences(spared=("knee",)),
        wanted=frozenset({("workout", "legs"), ("workout", "jumps")}),
    )
    found = recommend(features, [arms, lunges, legs, hurts])
    assert [(each.item.id, each.reason.code) for each in found] == [
        ("legs", "wanted"),
        ("lunges", "more_like_wanted"),
        ("arms", "not_done_yet"),
    ]


def test_what_was_trained_least_is_the_reason() -> None:
    legs = Candidate("workout", "legs", "Legs", pattern_sets={"squat": 9})
    push = Candidate("workout", "push", "Push", pattern_sets={"push": 9})
    recent = RecentTraining(sessions=4, pattern_sets={"push": 12, "squat": 1})
    first, second = recommend(Features(recent=recent), [push, legs])
    assert (first.item.id, first.reason.code) == ("legs", "neglected_pattern")
    assert first.reason.value_of("sets_14_days.squat") == 1
    assert first.reason.value_of("item.sets.squat") == 9
    assert second.reason.code == "not_done_yet"


@pytest.mark.parametrize("kind", ["plan", "video"])
def test_a_plan_or_video_that_was_finished_is_not_called_new(kind: ItemKind) -> None:
    """A workout of the same id is another item."""
    items = [Candidate(kind, "a", "A"), Candidate("workout", "a", "A")]
    found = recommend(Features(finished={(kind, "a"): 2}), items)
    reasons = {each.item.kind: each.reason for each in found}
    assert reasons[kind].value_of("item.completed") == 2
    assert reasons["workout"].code == "not_done_yet"


def test_of_equal_items_the_one_with_less_equipment_comes_first() -> None:
    exercises = [exercise_candidate(name, name) for name in ("bench_press", "push_up")]
    assert [each.item.id for each in recommend(Features(), exercises)] == ["push_up", "bench_press"]


def test_the_next_workout_of_a_plan_comes_first() -> None:
    items = [Candidate("workout", name, name) for name in ("a", "b", "c")]
    best = recommend(Features(planned=frozenset({"b"})), items)[0]
    assert (best.item.id, best.reason.code) == ("b", "next_in_plan")


def test_a_short_workout_is_recommended_after_bad_sleep() -> None:
    items = [Candidate("workout", str(minutes), "", minutes=minutes) for minutes in (15, 45)]
    tired = Features(health_metrics={"sleep_change": -12})
    best, other = recommend(tired, items)
    assert (best.item.id, best.reason.code) == ("15", "short_after_bad_sleep")
    assert other.reason.code == "not_done_yet"


def test_a_list_does_not_repeat_one_movement_or_kind() -> None:
    squats = [
        Candidate("workout", f"squats-{number}", "", pattern_sets={"squat": 9})
        for number in range(3)
    ]
    others = [
        Candidate("workout", "pulls", "", pattern_sets={"pull": 9}),
        Candidate("plan", "plan", "", pattern_sets={"push": 9}),
    ]
    order = [each.item.id for each in recommend(Features(), [*squats, *others], 3)]
    assert sorted(order) == ["plan", "pulls", "squats-0"]


@pytest.mark.parametrize("is_described", [True, False])
def test_no_equipment_is_a_reason_if_all_exercises_are_described(*, is_described: bool) -> None:
    """R-REC-06"""
    features = Features(preferences=Preferences(equipment=()))
    item = Candidate("video", "a", "Video", is_described=is_described)
    codes = {reason.code for reason in reasons_for(features, item)}
    assert ("no_equipment" in codes) == is_described
    assert ("item.needs" in facts_of(features, item)) == is_described


def test_a_workout_with_a_custom_exercise_is_not_described() -> None:
    """R-REC-05"""
    squat = PrescribedExercise(ExerciseId("squat"), 3, target_repetitions=10, rest_s=60)
    custom = replace(squat, exercise_id=ExerciseId("custom-1"))
    assert content_of([squat]).is_described
    assert not content_of([squat, custom]).is_described


def test_a_workout_is_described_by_its_exercises() -> None:
    content = content_of(
        [
            PrescribedExercise(ExerciseId("squat"), 3, target_repetitions=10, rest_s=60),
            PrescribedExercise(ExerciseId("bench_press"), 2, target_repetitions=5, rest_s=120),
            PrescribedExercise(ExerciseId("plank"), 1, target_hold_s=60, rest_s=0),
        ]
    )
    assert content.pattern_sets == {"squat": 3, "push": 2, "support": 1}
    assert content.goal_sets == {"muscle": 3, "strength": 2}
    assert content.needs == {"barbell", "bench"}
    assert "knee" in content.strains
    seconds = 3 * (35 + 60) + 2 * (17.5 + 120) + 60
    assert content.minutes == -(-seconds // 60)


def test_an_exercise_is_a_candidate_with_what_it_needs() -> None:
    candidate = exercise_candidate("bench_press", "Bench press")
    assert candidate.needs == {"barbell", "bench"}
    assert candidate.main_pattern == "push"


def test_a_level_follows_from_the_number_of_sessions() -> None:
    assert [level_of(number) for number in (0, 11, 12, 74, 75)] == [
        "beginner", "beginner", "intermediate", "intermediate", "advanced",
    ]  # fmt: skip
