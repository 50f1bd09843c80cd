"""What an athlete wants is understood from a phrase, or it is not understood: nobody guesses.

A wrong guess ends a set or takes a repetition away, while asking again costs a breath.
"""

from difflib import SequenceMatcher
from typing import Final

from domain.intents.normalization import NormalizedText, normalize
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent, Phrase, get_vocabulary
from domain.kernel import Rejected, value

LEAST: Final = 0.75
"""How like a phrase must be what was heard, 0..1: three of four words, and all names."""

MARGIN: Final = 0.1
"""Another intent that is this near makes both doubtful."""

LONGEST: Final = 300
"""Characters of what is taken for one wish: twenty seconds of speech."""


class SpeechTooLong(Rejected):
    """A wish is one sentence, of at most 300 characters."""

    code = "intent.too_long"
    kind = "invalid"


@value
class Slots:
    """What a wish is about: ids of exercises, equipment and a part of the body, and how many.

    `exercise` is the one to be left, or to be started; `instead` the one wanted for it.
    """

    exercise: str | None = None
    instead: str | None = None
    equipment: str | None = None
    body: str | None = None
    repetitions: int | None = None


@value
class Classification:
    """What somebody wants, how surely 0..1, and what about; `unknown` has no slots."""

    intent: Intent
    confidence: float
    slots: Slots = Slots()


def classify(text: str, language: str = DEFAULT_LANGUAGE) -> Classification:
    """Understand recognised speech. Raises SpeechTooLong and SpeechLanguageUnknown."""
    if len(text) > LONGEST:
        raise SpeechTooLong
    spoken = get_vocabulary(language)
    said = normalize(text, spoken)
    best: dict[Intent, tuple[float, Phrase]] = {}
    for phrase in spoken.phrases:
        if _says_something_else(phrase, said, spoken.negations):
            continue
        likeness = SequenceMatcher(None, said.words, phrase.words, autojunk=False).ratio()
        if likeness > best.get(phrase.intent, (0.0, phrase))[0]:
            best[phrase.intent] = likeness, phrase
    return _chosen(said, best)


def _says_something_else(phrase: Phrase, said: NormalizedText, negations: frozenset[str]) -> bool:
    """Whether other kinds of names are in it, or a `not` is in one of the two alone."""
    placeholders = [word for word in phrase.words if word.startswith("{")]
    if sorted(placeholders) != sorted(f"{{{name.kind}}}" for name in said.names):
        return True
    return bool(negations.intersection(said.words)) != bool(negations.intersection(phrase.words))


def _chosen(said: NormalizedText, best: dict[Intent, tuple[float, Phrase]]) -> Classification:
    ranked = sorted(best.items(), key=lambda each: -each[1][0])
    if not ranked:
        return Classification("unknown", 0.0)
    intent, (likeness, phrase) = ranked[0]
    confidence = round(likeness * said.sureness, 3)
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    if confidence < LEAST or likeness - next_best < MARGIN:
        return Classification("unknown", confidence)
    return Classification(intent, confidence, _slots(said, phrase))


def _slots(said: NormalizedText, phrase: Phrase) -> Slots:
    """Give names their places: in the order of the phrase, kind by kind."""
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
"""The wanted exercise is one, too."""
