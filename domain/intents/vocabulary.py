"""Phrases and exercise names, read from data files.

`words/exercises.toml` has the exercises by movement pattern and equipment; one file per language
has the phrases and the wording of substitutions.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from domain.kernel import Rejected, value

Intent = Literal["start", "stop", "pause", "next", "undo_repetition", "swap_exercise", "unknown"]
"""Intents of an athlete. `start` also means resume. `unknown`: not recognized (R-POS-04)."""

SlotKind = Literal["exercise", "equipment", "body", "number"]

DEFAULT_LANGUAGE: Final = "en"


class SpeechLanguageUnknown(Rejected):
    """Speech in this language is not supported."""

    code = "intent.language_unknown"
    kind = "invalid"


@value
class Named:
    """The meaning of a name."""

    kind: SlotKind
    id: str


@value
class Phrase:
    """A phrase that expresses an intent.

    `words`: normalized words with placeholders such as `{exercise}`. `slots`: meaning of the
    placeholders in order, such as the `exercise` to leave or the one wanted `instead`.
    """

    intent: Intent
    words: tuple[str, ...]
    slots: tuple[str, ...]


@value
class Vocabulary:
    """Vocabulary of a language.

    `names`: meanings by their words. `longest`: words of the longest name. `words`: all words that
    have a meaning.
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
    """An exercise: its movement pattern, the equipment it needs and the body parts it strains.

    `category` groups similar patterns. `muscles`: the large groups that work most, the first most.
    """

    id: str
    category: str
    pattern: str
    muscles: tuple[str, ...]
    needs: frozenset[str]
    strains: frozenset[str]


@value
class Exercises:
    """All exercises in order, and near patterns: those that train much of the same."""

    entries: Mapping[str, VocabularyEntry]
    near: Mapping[str, tuple[str, ...]]


@cache
def languages() -> frozenset[str]:
    """Languages with a vocabulary."""
    names = {entry.name for entry in (files("domain.intents") / "words").iterdir()}
    return frozenset(name.removesuffix(".toml") for name in names - {"exercises.toml"})


@cache
def exercise_names() -> Exercises:
    """Read the exercises with their patterns, muscles, equipment and strained body parts."""
    table = _read("exercises")
    categories = {
        pattern: name for name, patterns in table["categories"].items() for pattern in patterns
    }
    entries = {
        each["id"]: VocabularyEntry(
            id=each["id"],
            category=categories[each["pattern"]],
            pattern=each["pattern"],
            muscles=tuple(each["muscles"]),
            needs=frozenset(each["needs"]),
            strains=frozenset(each["strains"]),
        )
        for each in table["exercises"]
    }
    near = {pattern: tuple(others) for pattern, others in table["near"].items()}
    return Exercises(MappingProxyType(entries), MappingProxyType(near))


@cache
def get_vocabulary(language: str) -> Vocabulary:
    """Read the vocabulary of a language. Raises SpeechLanguageUnknown."""
    if language not in languages():
        available = ", ".join(sorted(languages()))
        raise SpeechLanguageUnknown(
            f"Speech in {language!r} is not supported. Use one of {available}."
        )
    table = _read(language)
    names = dict(_names(table))
    fillers = frozenset(table["fillers"])
    phrases = tuple(_phrases(table, fillers))
    words = {word for name in names for word in name} | fillers | frozenset(table["negations"])
    words |= {word for phrase in phrases for word in phrase.words}
    return Vocabulary(
        language=language,
        spellings=MappingProxyType(table["spellings"]),
        fillers=fillers,
        negations=frozenset(table["negations"]),
        names=MappingProxyType(names),
        longest=max(len(name) for name in names),
        words=tuple(sorted(words)),
        phrases=phrases,
        reasons=MappingProxyType(table["reasons"]),
    )


def _names(table: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], Named]]:
    kinds: tuple[SlotKind, ...] = ("equipment", "body")
    for kind in kinds:
        for id_, names in table[kind].items():
            yield from ((tuple(name.split()), Named(kind, id_)) for name in names)
    for each in _read("exercises")["exercises"]:
        yield from ((tuple(name.split()), Named("exercise", each["id"])) for name in each["names"])


def _phrases(table: Mapping[str, Any], fillers: frozenset[str]) -> Iterable[Phrase]:
    for intent in table["intents"]:
        if intent["name"] not in get_args(Intent):
            raise ValueError(f"there is no intent {intent['name']}")
        for text in intent["phrases"]:
            words = [table["spellings"].get(word, word) for word in text.split()]
            kept = [word for word in words if word not in fillers]
            slots = tuple(word.strip("{}") for word in kept if word.startswith("{"))
            heard = tuple(word.replace("{instead}", "{exercise}") for word in kept)
            yield Phrase(intent["name"], heard, slots)


def _read(name: str) -> dict[str, Any]:
    file = files("domain.intents") / "words" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
