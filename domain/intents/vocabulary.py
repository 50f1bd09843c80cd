"""What athletes say and what there is to say it about: files that can be read and argued with.

`words/exercises.toml` has the exercises by movement pattern and equipment; a file for each language
has the phrases, and the words for how a substitute is spoken of.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from domain.kernel import Rejected, value

Intent = Literal["start", "stop", "pause", "next", "undo_repetition", "swap_exercise", "unknown"]
"""What an athlete may want; `start` is to go on, too. `unknown`: nobody can tell (R-POS-04)."""

SlotKind = Literal["exercise", "equipment", "body", "number"]

DEFAULT_LANGUAGE: Final = "en"


class SpeechLanguageUnknown(Rejected):
    """Speech is understood in the languages that Kinelog has phrases for."""

    code = "intent.language_unknown"
    kind = "invalid"


@value
class Named:
    """What a name stands for."""

    kind: SlotKind
    id: str


@value
class Phrase:
    """A way to say what is meant.

    `words` are as they are heard, with `{exercise}` and the like for names; `slots` says in order
    what those are: an `exercise` to be left, or one wanted `instead`.
    """

    intent: Intent
    words: tuple[str, ...]
    slots: tuple[str, ...]


@value
class Vocabulary:
    """A language, as it is heard.

    `names` are by their words, the longest `longest` words long. `words` are all that have a
    meaning anywhere.
    """

    language: str
    spellings: Mapping[str, str]
    fillers: frozenset[str]
    negations: frozenset[str]
    names: Mapping[tuple[str, ...], Named]
    longest: int
    words: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    reasons: Mapping[str, str]


@value
class VocabularyEntry:
    """An exercise: which movement it trains, and what it needs and strains."""

    id: str
    pattern: str
    needs: frozenset[str]
    strains: frozenset[str]


@value
class Exercises:
    """All exercises in their order, and the patterns that train much of what another does."""

    known: Mapping[str, VocabularyEntry]
    near: Mapping[str, tuple[str, ...]]


@cache
def languages() -> frozenset[str]:
    """Give the languages there are phrases for."""
    names = {entry.name for entry in (files("domain.intents") / "words").iterdir()}
    return frozenset(name.removesuffix(".toml") for name in names - {"exercises.toml"})


@cache
def exercise_names() -> Exercises:
    """Read what the exercises train, need and strain."""
    told = _read("exercises")
    known = {
        each["id"]: VocabularyEntry(
            each["id"], each["pattern"], frozenset(each["needs"]), frozenset(each["strains"])
        )
        for each in told["exercises"]
    }
    near = {pattern: tuple(others) for pattern, others in told["near"].items()}
    return Exercises(MappingProxyType(known), MappingProxyType(near))


@cache
def get_vocabulary(language: str) -> Vocabulary:
    """Read how a language is spoken. Raises SpeechLanguageUnknown."""
    if language not in languages():
        known = ", ".join(sorted(languages()))
        raise SpeechLanguageUnknown(f"Speech in {language!r} is not understood; it is in {known}.")
    told = _read(language)
    names = dict(_names(told))
    fillers = frozenset(told["fillers"])
    phrases = tuple(_phrases(told, fillers))
    words = {word for name in names for word in name} | fillers | frozenset(told["negations"])
    words |= {word for phrase in phrases for word in phrase.words}
    return Vocabulary(
        language=language,
        spellings=MappingProxyType(told["spellings"]),
        fillers=fillers,
        negations=frozenset(told["negations"]),
        names=MappingProxyType(names),
        longest=max(len(name) for name in names),
        words=tuple(sorted(words)),
        phrases=phrases,
        reasons=MappingProxyType(told["reasons"]),
    )


def _names(told: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], Named]]:
    kinds: tuple[SlotKind, ...] = ("equipment", "body")
    for kind in kinds:
        for id_, names in told[kind].items():
            yield from ((tuple(name.split()), Named(kind, id_)) for name in names)
    for each in _read("exercises")["exercises"]:
        yield from ((tuple(name.split()), Named("exercise", each["id"])) for name in each["names"])


def _phrases(told: Mapping[str, Any], fillers: frozenset[str]) -> Iterable[Phrase]:
    for intent in told["intents"]:
        if intent["name"] not in get_args(Intent):
            raise ValueError(f"there is no intent {intent['name']}")
        for text in intent["phrases"]:
            words = [told["spellings"].get(word, word) for word in text.split()]
            kept = [word for word in words if word not in fillers]
            slots = tuple(word.strip("{}") for word in kept if word.startswith("{"))
            heard = tuple(word.replace("{instead}", "{exercise}") for word in kept)
            yield Phrase(intent["name"], heard, slots)


def _read(name: str) -> dict[str, Any]:
    file = files("domain.intents") / "words" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
