"""Reasons as sentences, in every language (R-REC-06)."""

import re
from typing import Final

import pytest

from application.guidance.texts import PACKAGE, reason_text
from application.kernel.catalogues import languages
from domain.guidance.reasons import Claim, Reason
from domain.intents.vocabulary import exercise_names

PATTERNS: Final = sorted({each.pattern for each in exercise_names().entries.values()})


def _about(pattern: str, done: int, sets: int) -> Reason:
    claims = (
        Claim(f"sets_14_days.{pattern}", "is", done), Claim(f"item.sets.{pattern}", "is", sets)
    )  # fmt: skip
    return Reason("neglected_pattern", claims, 1.0)


REASONS: Final = [
    Reason("wanted", (Claim("item.wanted", "is", 1),), 2.0),
    *(
        Reason(
            "more_like_wanted",
            (Claim(f"wanted.{each}", "is", 1), Claim(f"item.sets.{each}", "is", 1)),
            1.5,
        )
        for each in PATTERNS
    ),
    Reason("next_in_plan", (Claim("item.planned", "is", 1),), 3.0),
    *(_about(each, 3, 9) for each in PATTERNS),
    _about("squat", 0, 1),
    *(
        Reason(
            "suits_goal",
            (
                Claim("preferences.goal", "is", goal),
                Claim(f"item.goal_sets.{goal}", "is", 4),
                Claim("item.sets", "is", 5),
            ),
            0.8,
        )
        for goal in ("strength", "muscle", "endurance")
    ),
    Reason(
        "short_after_bad_sleep",
        (Claim("health.sleep_change", "is", -12), Claim("item.minutes", "is", 15)),
        1.0,
    ),
    Reason(
        "fits_time",
        (Claim("item.minutes", "is", 15), Claim("preferences.minutes", "at_least", 15)),
        0.5,
    ),
    *(
        Reason(
            "fits_level",
            (Claim("item.level", "is", level), Claim("fitness_level", "is", level)),
            0.6,
        )
        for level in ("beginner", "intermediate", "advanced")
    ),
    Reason(
        "no_equipment",
        (Claim("item.needs", "is", 0), Claim("preferences.equipment", "is", 0)),
        0.3,
    ),
    *(Reason("completed_before", (Claim("item.completed", "is", n),), 0.4) for n in (1, 2, 5, 21)),
    Reason(
        "completed_before",
        (Claim("item.completed", "is", 0), Claim("item.performed", "is", 1)),
        0.1,
    ),
    Reason(
        "not_done_yet",
        (Claim("item.completed", "is", 0), Claim("item.performed", "is", 0)),
        0.2,
    ),
]


@pytest.mark.parametrize("language", sorted(languages(PACKAGE)))
def test_every_reason_is_a_sentence_of_its_own(language: str) -> None:
    texts = [reason_text(each, language) for each in REASONS]
    assert all(not text[0].islower() and text.endswith((".", ")")) for text in texts), texts
    assert len(set(texts)) == len(texts)


def test_a_sentence_has_the_numbers_of_its_claims() -> None:
    assert reason_text(_about("squat", 0, 9), "en") == (
        "You did no sets of squatting exercises in 14 days; this has 9."
    )
    goal_claims = [each for each in REASONS if each.code == "suits_goal"]
    assert reason_text(goal_claims[1], "en-GB").startswith("4 of its 5 sets have 7 to 12")
    assert reason_text(REASONS[-1], "fi") == "You have not done it yet."
    sleep = next(each for each in REASONS if each.code == "short_after_bad_sleep")
    assert re.findall(r"\d+", reason_text(sleep, "en")) == ["12", "15"]
