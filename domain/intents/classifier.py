"""Intent classifier with rejection.

A wrong guess would end a set or remove a repetition; asking again costs little. Doubtful phrases
are therefore classified as `unknown`.
"""

from difflib import SequenceMatcher
from typing import Final

from domain.intents.normalization import NormalizedText, normalize
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent, Phrase, Vocabulary, get_vocabulary
from domain.kernel import Rejected, value

MIN_CONFIDENCE: Final = 0.75
"""Minimum similarity to a phrase, 0..1: three of four words, and all names."""

MARGIN: Final = 0.1
"""If a second intent is closer than this to the best one, both are doubtful."""

MAX_CHARACTERS: Final = 300
"""Maximum characters of a phrase: twenty seconds of speech."""


class SpeechTooLong(Rejected):
    """The text is too long. Send one sentence of at most 300 characters."""

    code = "intent.too_long"
    kind = "invalid"


@value
class Slots:
    """Slots of an intent: ids of exercises, equipment and a body part, and a number.

    `exercise` is the exercise to leave or to start; `instead` is its replacement.
    """

    exercise: str | None = None
    instead: str | None = None
    equipment: str | None = None
    body: str | None = None
    repetitions: int | None = None


@value
class Classification:
    """An intent with its confidence, 0..1, and slots; `unknown` has no slots."""

    intent: Intent
    confidence: float
    slots: Slots = Slots()


def classify(text: str, language: str = DEFAULT_LANGUAGE) -> Classification:
    """Classify recognized speech. Raises SpeechTooLong and SpeechLanguageUnknown."""
    if len(text) > MAX_CHARACTERS:
        raise SpeechTooLong
    spoken = get_vocabulary(language)
    normalized = normalize(text, spoken)
    best: dict[Intent, tuple[float, Phrase]] = {}
    for phrase in spoken.phrases:
        if _contradicts(phrase, normalized, spoken):
            continue
        likeness = SequenceMatcher(None, normalized.words, phrase.words, autojunk=False).ratio()
        if likeness > best.get(phrase.intent, (0.0, phrase))[0]:
            best[phrase.intent] = likeness, phrase
    return _chosen(normalized, best)


def _contradicts(phrase: Phrase, normalized: NormalizedText, speech: Vocabulary) -> bool:
    """True if the kinds of names differ, only one is negated, or another command is negated, too.

    "I do not want to skip squats" resembles "I do not want to do squats".
    """
    placeholders = [word for word in phrase.words if word.startswith("{")]
    if sorted(placeholders) != sorted(f"{{{name.kind}}}" for name in normalized.names):
        return True
    is_negated = bool(speech.negations.intersection(phrase.words))
    if is_negated != bool(speech.negations.intersection(normalized.words)):
        return True
    others = set(normalized.words).difference(phrase.words)
    return is_negated and any(
        speech.commands.get(word, phrase.intent) != phrase.intent for word in others
    )


def _chosen(normalized: NormalizedText, best: dict[Intent, tuple[float, Phrase]]) -> Classification:
    ranked = sorted(best.items(), key=lambda each: -each[1][0])
    if not ranked:
        return Classification("unknown", 0.0)
    intent, (likeness, phrase) = ranked[0]
    confidence = round(likeness * normalized.confidence, 3)
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    if confidence < MIN_CONFIDENCE or likeness - next_best < MARGIN:
        return Classification("unknown", confidence)
    return Classification(intent, confidence, _slots(normalized, phrase))


def _slots(normalized: NormalizedText, phrase: Phrase) -> Slots:
    """Assign names to slots, in the order of the phrase, kind by kind."""
    values: dict[str, str] = {}
    for kind in {name.kind for name in normalized.names}:
        places = [slot for slot in phrase.slots if slot == kind or (kind, slot) == REPLACED]
        ids = [name.id for name in normalized.names if name.kind == kind]
        values.update(zip(places, ids, strict=True))
    count = values.get("number")
    return Slots(
        exercise=values.get("exercise"),
        instead=values.get("instead"),
        equipment=values.get("equipment"),
        body=values.get("body"),
        repetitions=None if count is None else int(count),
    )


REPLACED: Final = ("exercise", "instead")
"""The replacement is an exercise, too."""
