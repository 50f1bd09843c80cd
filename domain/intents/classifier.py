"""Intent classifier with rejection.

A wrong guess would end a set or remove a repetition; asking again costs little. Doubtful phrases
are therefore classified as `unknown`.
"""

from difflib import SequenceMatcher
from typing import Final

from domain.intents.normalization import NormalizedText, normalize
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent, Phrase, get_vocabulary
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
    said = normalize(text, spoken)
    best: dict[Intent, tuple[float, Phrase]] = {}
    for phrase in spoken.phrases:
        if _contradicts(phrase, said, spoken.negations):
            continue
        likeness = SequenceMatcher(None, said.words, phrase.words, autojunk=False).ratio()
        if likeness > best.get(phrase.intent, (0.0, phrase))[0]:
            best[phrase.intent] = likeness, phrase
    return _chosen(said, best)


def _contradicts(phrase: Phrase, said: NormalizedText, negations: frozenset[str]) -> bool:
    """True if the kinds of names differ, or only one of the two is negated."""
    placeholders = [word for word in phrase.words if word.startswith("{")]
    if sorted(placeholders) != sorted(f"{{{name.kind}}}" for name in said.names):
        return True
    return bool(negations.intersection(said.words)) != bool(negations.intersection(phrase.words))


def _chosen(said: NormalizedText, best: dict[Intent, tuple[float, Phrase]]) -> Classification:
    ranked = sorted(best.items(), key=lambda each: -each[1][0])
    if not ranked:
        return Classification("unknown", 0.0)
    intent, (likeness, phrase) = ranked[0]
    confidence = round(likeness * said.confidence, 3)
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    if confidence < MIN_CONFIDENCE or likeness - next_best < MARGIN:
        return Classification("unknown", confidence)
    return Classification(intent, confidence, _slots(said, phrase))


def _slots(said: NormalizedText, phrase: Phrase) -> Slots:
    """Assign names to slots, in the order of the phrase, kind by kind."""
    found: dict[str, str] = {}
    for kind in {name.kind for name in said.names}:
        places = [slot for slot in phrase.slots if slot == kind or (kind, slot) == REPLACED]
        named = [name.id for name in said.names if name.kind == kind]
        found.update(zip(places, named, strict=True))
    count = found.get("number")
    return Slots(
        exercise=found.get("exercise"),
        instead=found.get("instead"),
        equipment=found.get("equipment"),
        body=found.get("body"),
        repetitions=None if count is None else int(count),
    )


REPLACED: Final = ("exercise", "instead")
"""The replacement is an exercise, too."""
