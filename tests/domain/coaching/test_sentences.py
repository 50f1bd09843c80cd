"""Rules of which sentences may be spoken."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.cues import FramingChecked, Observation, SetEnded, choose_cue
from domain.coaching.phrasebook import get_phrases, languages
from domain.coaching.preferences import CuePreferences, Verbosity
from domain.coaching.sentences import MAX_METERS, all_sentences, phrases_for
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.facts import FaultSeen, PraiseEarned
from domain.motion.signals.camera_framing import Advice
from domain.values import UnknownExercise

VERBOSITIES: tuple[Verbosity, ...] = ("captions", "short", "full")

advices = st.one_of(
    st.builds(Advice, st.sampled_from(["step_in", "come_closer", "centre", "tilt_up"])),
    st.builds(
        lambda steps: Advice("come_closer", metres=steps / 2),
        st.integers(1, int(2 * MAX_METERS)),
    ),
    st.builds(
        lambda change, steps, side: Advice(change, degrees=10 * steps, side=side),
        st.sampled_from(["turn", "go_round"]),
        st.integers(1, 18),
        st.sampled_from(["left", "right"]),
    ),
)


def said(
    exercise: ExerciseDefinition, coach: CueMemory, what: Observation, verbosity: Verbosity
) -> tuple[CueMemory, Cue | None]:
    return choose_cue(exercise, coach, what, CuePreferences(verbosity=verbosity))


@given(advices, st.sampled_from(VERBOSITIES))
def test_every_framing_advice_can_be_spoken(advice: Advice, verbosity: Verbosity) -> None:
    """R-LIV-16"""
    squat = all_exercises()["squat"]
    coach, _ = said(squat, CueMemory(), FramingChecked(advice, 0.0, "rest"), verbosity)
    _, cue = said(squat, coach, FramingChecked(advice, 2.0, "rest"), verbosity)
    assert cue is not None
    assert cue.say in {"", *all_sentences("en")}
    assert cue.text in all_sentences("en")


@pytest.mark.parametrize("verbosity", VERBOSITIES)
@pytest.mark.parametrize("exercise", all_exercises().values(), ids=lambda each: each.id)
def test_every_correction_and_praise_may_be_spoken(
    exercise: ExerciseDefinition, verbosity: Verbosity
) -> None:
    """R-LIV-16: and is cached when the set begins."""
    cached = {"", *phrases_for(exercise.id, "en")}
    for fault in exercise.faults:
        _, cue = said(exercise, CueMemory(), FaultSeen(fault.id, fault.cue, 1.0, 0), verbosity)
        assert cue is not None
        assert {cue.say, cue.text} <= cached
    clean = CueMemory(repetitions=3, clean=3, latest_clean=True)
    for praise in exercise.praise:
        _, cue = said(exercise, clean, PraiseEarned(praise, 1.0, 3), verbosity)
        assert cue is not None
        assert {cue.say, cue.text} <= cached
    _, cue = said(exercise, clean, SetEnded(1.0), verbosity)
    assert cue is not None
    assert {cue.say, cue.text} <= cached


def test_safety_phrases_come_first() -> None:
    caption, *others = phrases_for("squat", "en")
    assert caption == "Come back into the picture"
    assert others[0] == "Push your knees out, over your toes."


def test_unknown_sentences_are_refused() -> None:
    """R-LIV-16: the endpoint is no public speech service."""
    assert "Buy my potion." not in all_sentences("en")
    assert "Turn about 35 degrees to your left." not in all_sentences("en")
    assert "Come about {metres} metres closer to the camera." not in all_sentences("en")
    assert len(all_sentences("en")) < 1000
    with pytest.raises(UnknownExercise):
        phrases_for("yoga", "en")


def test_guide_sentences_have_bounded_numbers() -> None:
    """R-LIV-16"""
    said = all_sentences("en")
    for part in ("Get ready.", "Squat.", "Set 2 of 3.", "1 repetition.", "12 repetitions.", "5"):
        assert part in said
    for part in ("Next: Push-up.", "Rest.", "90 seconds.", "The rest is over.", "Set done."):
        assert part in said
    for part in ("Yoga.", "Set 3 of 2.", "Set 1 of 11.", "0 repetitions.", "1 repetitions."):
        assert part not in said
    for part in ("101 repetitions.", "301 seconds.", "101", "-1", "{number}", "1.5 repetitions."):
        assert part not in said


@pytest.mark.parametrize("language", sorted(languages()))
def test_each_language_has_guide_phrases_with_valid_placeholders(language: str) -> None:
    guide = get_phrases(language).guide
    braces = {name for said in guide.values() for _, name, _, _ in Formatter().parse(said) if name}
    assert braces == {"name", "number", "sets"}
    assert set(guide) == set(get_phrases("en").guide)


@pytest.mark.parametrize("language", sorted(languages()))
def test_each_language_has_page_phrases(language: str) -> None:
    assert {"left"} <= set(get_phrases(language).pages)
