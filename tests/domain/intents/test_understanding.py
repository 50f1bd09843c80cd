"""Classification of recognized speech as intents."""

import pytest
from hypothesis import strategies as st

from domain.intents.classifier import MAX_CHARACTERS, Slots, SpeechTooLong, classify
from domain.intents.normalization import normalize
from domain.intents.vocabulary import (
    Intent,
    Phrase,
    SpeechLanguageUnknown,
    Vocabulary,
    exercise_names,
    get_vocabulary,
    languages,
)
from domain.motion.exercises.library import all_exercises
from tests.specification import for_any, is_refused

VOCABULARIES = [get_vocabulary(language) for language in sorted(languages())]

NAMES = {
    "en": {"exercise": "squats", "equipment": "bench", "body": "knee", "number": "3"},
    "es": {"exercise": "sentadillas", "equipment": "banco", "body": "rodilla", "number": "3"},
    "ru": {"exercise": "приседания", "equipment": "скамья", "body": "колено", "number": "3"},
}

each_language = pytest.mark.parametrize("speech", VOCABULARIES, ids=lambda each: each.language)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Start!", "start"),
        ("Okay coach, let's go", "start"),
        ("let's continue", "start"),
        ("Stop.", "stop"),
        ("can you stop the set right now please", "stop"),
        ("I'm done", "stop"),
        ("PAUSE", "pause"),
        ("hold on a second", "pause"),
        ("next exercise please", "next"),
        ("skip this one", "next"),
        ("undo", "undo_repetition"),
        ("that one didn\u2019t count", "undo_repetition"),
        ("swap the exercise", "swap_exercise"),
        ("can I do something else", "swap_exercise"),
    ],
)
def test_paraphrased_commands_are_understood(text: str, intent: Intent) -> None:
    """R-POS-04: start, stop, pause, next, undo a repetition, swap the exercise."""
    understood = classify(text)
    assert understood.intent == intent
    assert understood.confidence >= 0.75


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("start the squats", Slots(exercise="squat")),
        ("undo the last two reps", Slots(repetitions=2)),
        ("swap squats for lunges", Slots(exercise="squat", instead="lunge")),
        ("I'd rather do lunges than squats", Slots(exercise="squat", instead="lunge")),
        ("can I do lunges instead", Slots(instead="lunge")),
        ("can I do lunges instead of squats", Slots(exercise="squat", instead="lunge")),
        ("there's no barbell", Slots(equipment="barbell")),
        ("someone is using the bench", Slots(equipment="bench")),
        ("I don't have a pull-up bar for pull-ups", Slots("pull_up", equipment="pull_up_bar")),
        ("my knees hurt", Slots(body="knee")),
        ("my back hurts", Slots(body="lower_back")),
        ("deadlifts hurt my lower back", Slots("deadlift", body="lower_back")),
        ("I can't do push-ups because my wrists hurt", Slots("push_up", body="wrist")),
    ],
)
def test_an_intent_carries_its_subject(text: str, slots: Slots) -> None:
    """R-POS-04: substitutions in natural language."""
    assert classify(text).slots == slots


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please",
        "what's the weather like",
        "squats",
        "squats and lunges and push ups",
        "I had pizza for lunch",
        "stop and go",
        "the next train stops at the station in the evening",
    ],
)
def test_unknown_speech_is_classified_as_unknown(text: str) -> None:
    """R-POS-04: also for random text."""
    understood = classify(text)
    assert (understood.intent, understood.slots) == ("unknown", Slots())
    assert understood.confidence < 1.0


@pytest.mark.parametrize(
    "text",
    ["don't stop", "do not start", "never pause", "I'm not done", "I don't want to skip squats"],
)
def test_a_negation_rejects_the_intent(text: str) -> None:
    assert classify(text).intent == "unknown"


def test_a_misheard_word_lowers_the_confidence() -> None:
    clear, mumbled = classify("pause the workout"), classify("pause the workot")
    assert (clear.intent, mumbled.intent) == ("pause", "pause")
    assert mumbled.confidence < clear.confidence == 1.0


@pytest.mark.parametrize(
    ("language", "phrase"),
    [(speech.language, phrase) for speech in VOCABULARIES for phrase in speech.phrases],
    ids=lambda each: " ".join(each.words) if isinstance(each, Phrase) else each,
)
def test_every_phrase_yields_its_listed_intent(language: str, phrase: Phrase) -> None:
    """R-POS-04: no two intents share a phrase."""
    text = " ".join(phrase.words)
    for kind, name in NAMES[language].items():
        text = text.replace(f"{{{kind}}}", name)
    understood = classify(text, language)
    assert understood.intent == phrase.intent
    assert understood.confidence == 1.0


@each_language
def test_no_phrase_is_listed_twice(speech: Vocabulary) -> None:
    """Phrases that differ only in words without meaning are one phrase."""
    listed = [each.words for each in speech.phrases]
    assert len(listed) == len(set(listed))
    assert () not in listed


@each_language
def test_every_name_is_understood(speech: Vocabulary) -> None:
    for words, named in speech.names.items():
        assert normalize(" ".join(words), speech).names == (named,)


words = st.sampled_from(
    [
        *(word for speech in VOCABULARIES for word in speech.words),
        "pizza",
        "7",
        "\u00fc",
        "d'accord",
    ]
)


@for_any(st.lists(words, max_size=20), st.sampled_from(sorted(languages())))
def test_any_text_yields_an_answer(said: list[str], language: str) -> None:
    understood = classify(" ".join(said)[:MAX_CHARACTERS], language)
    assert 0.0 <= understood.confidence <= 1.0
    if understood.intent == "unknown":
        assert understood.slots == Slots()


@for_any(st.text(max_size=MAX_CHARACTERS))
def test_random_landmarks_never_raise_an_error(noise: str) -> None:
    classify(noise)


def test_a_long_speech_is_no_command() -> None:
    is_refused(SpeechTooLong, lambda: classify("a" * (MAX_CHARACTERS + 1)))


def test_only_languages_with_phrases_are_understood() -> None:
    is_refused(SpeechLanguageUnknown, lambda: classify("stopp", "de"))
    assert languages() == {"en", "es", "ru"}


def named(speech: Vocabulary, kind: str) -> set[str]:
    return {each.id for each in speech.names.values() if each.kind == kind}


@each_language
def test_every_exercise_can_be_named(speech: Vocabulary) -> None:
    assert named(speech, "exercise") == set(all_exercises()) == set(exercise_names().entries)


@each_language
def test_equipment_and_strains_of_exercises_can_be_spoken(speech: Vocabulary) -> None:
    entries = exercise_names().entries.values()
    equipment = {need for each in entries for need in each.needs}
    assert equipment == named(speech, "equipment")
    assert {strain for each in entries for strain in each.strains} <= named(speech, "body")
    assert speech.reason_names.keys() == equipment | named(speech, "body")
