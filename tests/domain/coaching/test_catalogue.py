"""Rules of the coach's catalog of phrases."""

import tomllib
from importlib.resources import files
from typing import get_args

import pytest

from domain.coaching.cue_memory import CueMemory
from domain.coaching.cue_ranking import LONGEST_TEXT
from domain.coaching.cues import FramingChecked, choose_cue
from domain.coaching.phrasebook import (
    Category,
    Phrase,
    Phrasebook,
    get_phrases,
    get_rules,
    languages,
)
from domain.coaching.preferences import CuePreferences
from domain.motion.exercises.library import all_exercises
from domain.motion.signals.camera_framing import Advice, Change

OWN_CUES = ("hurried", "corrected", "clean_set")
"""Cues that do not come from a fault; `clean_set` has words of the exercise."""
FAULTS = [(each.id, fault.id) for each in all_exercises().values() for fault in each.faults]


def phrases(language: str) -> list[Phrase]:
    phrasebook = get_phrases(language)
    return [*phrasebook.phrases.values(), *phrasebook.framing.values()]


def test_english_is_spoken() -> None:
    assert "en" in languages()
    assert "rules" not in languages()


@pytest.mark.parametrize("language", sorted(languages()))
def test_captions_are_short_and_speech_has_few_words(language: str) -> None:
    """R-POS-06: short sentences."""
    for phrase in phrases(language):
        assert len(phrase.text or "") <= LONGEST_TEXT
        assert len((phrase.say or "").split()) <= 12


@pytest.mark.parametrize(
    ("exercise", "fault"), FAULTS, ids=lambda each: str(getattr(each, "id", each))
)
def test_every_shipped_fault_has_its_rule_and_its_words(exercise: str, fault: str) -> None:
    """A fault added to an exercise is added to `cues/rules.toml` and to each language."""
    assert fault in get_rules().cues
    for language in languages():
        assert get_phrases(language).phrase(exercise, fault).say


def test_every_sentence_of_an_exercise_fits_a_caption() -> None:
    for definition in all_exercises().values():
        sentences = [*definition.praise, *(fault.cue for fault in definition.faults)]
        assert all(len(sentence) <= LONGEST_TEXT for sentence in sentences)


@pytest.mark.parametrize("language", sorted(languages()))
def test_each_language_has_phrases_for_all_built_in_cues(language: str) -> None:
    phrasebook = get_phrases(language)
    for cue in OWN_CUES:
        phrase = phrasebook.phrase("any", cue)
        assert phrase.text
        assert phrase.say
    assert set(phrasebook.framing) == {*get_args(Change), "come_closer_by"}
    assert {"left", "right"} <= set(phrasebook.fillings)


def test_phrases_belong_to_existing_cues() -> None:
    named = {fault for _, fault in FAULTS} | {*OWN_CUES, "clean"}
    assert set(get_rules().cues) == named
    for language in languages():
        assert {cue for _, cue in get_phrases(language).phrases} <= named


def test_each_rule_names_its_source() -> None:
    rules = tomllib.loads((files("domain.coaching") / "cues" / "rules.toml").read_text("utf-8"))
    assert rules["source"]
    assert all(each["source"] for each in (*rules["categories"], *rules["cues"]))


def test_safety_comes_first_and_praise_last() -> None:
    order = sorted(get_rules().categories.values(), key=lambda rule: rule.priority)
    assert [rule.category for rule in order] == list(get_args(Category))
    assert (order[0].category, order[-1].category) == ("safety", "praise")


def test_an_unlisted_fault_is_a_form_fault() -> None:
    assert get_rules().of("brand_new").category == "form"
    assert get_phrases("en").phrase("squat", "brand_new") == Phrase(None, None)


ADVICE = [
    (Advice("turn", degrees=30, side="right"), "Turn 30° to your right"),
    (Advice("go_round", degrees=120, side="left"), "Move the camera 120° to your left"),
    (Advice("step_back", part="shoulder"), "Step back, your shoulders are cut off"),
    (Advice("step_back", part="foot_index"), "Step back, your toes are cut off"),
    (Advice("show", part="mouth"), "Show your mouths to the camera"),
    (Advice("come_closer", metres=1.5), "Come 1.5 m closer"),
    (Advice("come_closer"), "Come closer to the camera"),
    (Advice("tilt_up"), "Tilt the camera up"),
]  # fmt: skip


@pytest.mark.parametrize(("advice", "text"), ADVICE, ids=lambda each: getattr(each, "change", None))
def test_direction_and_amount_are_filled_in(advice: Advice, text: str) -> None:
    squat, usual = all_exercises()["squat"], CuePreferences()
    coach, _ = choose_cue(squat, CueMemory(), FramingChecked(advice, 0.0, "rest"), usual)
    _, cue = choose_cue(squat, coach, FramingChecked(advice, 2.0, "rest"), usual)
    assert cue is not None
    assert cue.text == text
    assert len(cue.text) <= LONGEST_TEXT
    assert len(cue.say.split()) <= 12
    assert "{" not in cue.say


def test_phrases_of_an_exercise_override_general_ones() -> None:
    own, common = Phrase("Own", None), Phrase("Common", None)
    phrasebook = Phrasebook(
        "xx", {("squat", "shallow"): own, ("", "shallow"): common}, {}, {}, {}, {}, {}
    )
    assert phrasebook.phrase("squat", "shallow") == own
    assert phrasebook.phrase("lunge", "shallow") == common
