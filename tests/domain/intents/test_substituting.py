"""Substitutes for an exercise that an athlete cannot do, and the reason."""

import pytest

from domain.intents.substitution import Substitution, find_substitute
from domain.intents.vocabulary import exercise_names
from domain.motion.exercises.library import all_exercises

SPARING_THE_BACK = (
    "Squat trains much of what deadlift does, with no equipment and sparing your lower back."
)


@pytest.mark.parametrize(
    ("exercise", "why", "instead", "reason"),
    [
        ("squat", {}, "lunge", "Lunge trains the same movement as squat."),
        (
            "bench_press",
            {"lacking": "bench"},
            "push_up",
            "Push-up trains the same movement as bench press, with no equipment.",
        ),
        (
            "push_up",
            {"hurting": "wrist"},
            "bench_press",
            "Bench press trains the same movement as push-up, sparing your wrist.",
        ),
        (
            "pull_up",
            {"lacking": "pull_up_bar"},
            "biceps_curl",
            "Biceps curl trains much of what pull-up does, without a pull-up bar.",
        ),
        (
            "deadlift",
            {"hurting": "lower_back"},
            "squat",
            SPARING_THE_BACK,
        ),
        ("squat", {"instead": "plank"}, "plank", "Plank trains another movement than squat."),
    ],
)
def test_an_exercise_for_the_same_muscles_is_offered_with_the_reason(
    exercise: str, why: dict[str, str], instead: str, reason: str
) -> None:
    """R-POS-04: by movement pattern and equipment."""
    assert find_substitute(exercise, **why) == Substitution(exercise, instead, reason)


@pytest.mark.parametrize(
    ("exercise", "why"),
    [
        ("squat", {"lacking": "barbell"}),
        ("squat", {"hurting": "neck"}),
        ("squat", {"instead": "squat"}),
        ("yoga", {}),
        ("jumping_jack", {"hurting": "knee"}),
    ],
    ids=["needs no barbell", "strains no neck", "the same", "not known", "nothing near it"],
)
def test_no_substitute_is_offered_if_none_is_needed_or_none_fits(
    exercise: str, why: dict[str, str]
) -> None:
    assert find_substitute(exercise, **why) is None


@pytest.mark.parametrize("exercise", all_exercises())
def test_every_exercise_has_a_substitute_without_the_painful_joint(exercise: str) -> None:
    entries = exercise_names().entries
    offered = find_substitute(exercise)
    assert offered is not None
    assert offered.instead != exercise
    for strained in entries[exercise].strains:
        spared = find_substitute(exercise, hurting=strained)
        assert spared is None or strained not in entries[spared.instead].strains
    for needed in entries[exercise].needs:
        bare = find_substitute(exercise, lacking=needed)
        assert bare is not None
        assert needed not in entries[bare.instead].needs
