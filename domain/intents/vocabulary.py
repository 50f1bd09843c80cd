"""Phrases and exercise names, read from data files.

`words/exercises.toml` has the exercises by movement pattern and equipment; one file per language
has the phrases, the names and the wording of substitutions.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from domain.kernel import Rejected, value
from domain.texts import fold

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
    have a meaning. `fillers` matches words without one. `commands`: intents of single words.
    `reasons`: sentences about substitutes; `reason_names`: equipment and body parts in them.
    """

    language: str
    spellings: Mapping[str, str]
    fillers: re.Pattern[str]
    negations: frozenset[str]
    names: Mapping[tuple[str, ...], Named]
    longest: int
    words: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    commands: Mapping[str, Intent]
    reasons: Mapping[str, str]
    reason_names: Mapping[str, str]


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
    spellings = {fold(word): fold(spelt) for word, spelt in table["spellings"].items()}
    fillers = [fold(each) for each in table["fillers"]]
    filler = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(fillers, key=len, reverse=True))})(?!\S)")
    negations = frozenset(fold(word) for word in table["negations"])
    names = dict(_names(table, spellings))
    phrases = tuple(_phrases(table, spellings, filler))
    words = {word for name in names for word in name} | negations
    words |= {word for each in fillers for word in each.split()}
    words |= {word for phrase in phrases for word in phrase.words}
    single = (each for each in phrases if len(each.words) == 1)
    commands: dict[str, Intent] = {each.words[0]: each.intent for each in single}
    reasons = table["reasons"]
    return Vocabulary(
        language=language,
        spellings=MappingProxyType(spellings),
        fillers=filler,
        negations=negations,
        names=MappingProxyType(names),
        longest=max(len(name) for name in names),
        words=tuple(sorted(words)),
        phrases=phrases,
        commands=MappingProxyType(commands),
        reason_names=MappingProxyType(reasons["names"]),
        reasons=MappingProxyType({name: reasons[name] for name in reasons if name != "names"}),
    )


def spell(words: Iterable[str], spellings: Mapping[str, str]) -> list[str]:
    """Write each word in the one way that phrases use; some become two words."""
    return " ".join(spellings.get(word, word) for word in words).split()


def _names(
    table: Mapping[str, Any], spellings: Mapping[str, str]
) -> Iterable[tuple[tuple[str, ...], Named]]:
    kinds: dict[SlotKind, str] = {"equipment": "equipment", "body": "body", "exercise": "exercises"}
    for kind, section in kinds.items():
        for id_, names in table[section].items():
            for name in names:
                yield tuple(spell(fold(name).split(), spellings)), Named(kind, id_)


def _phrases(
    table: Mapping[str, Any], spellings: Mapping[str, str], filler: re.Pattern[str]
) -> Iterable[Phrase]:
    for intent in table["intents"]:
        if intent["name"] not in get_args(Intent):
            raise ValueError(f"there is no intent {intent['name']}")
        for text in intent["phrases"]:
            words = spell(fold(text).split(), spellings)
            kept = filler.sub("", " ".join(words)).split()
            slots = tuple(word.strip("{}") for word in kept if word.startswith("{"))
            heard = tuple(word.replace("{instead}", "{exercise}") for word in kept)
            yield Phrase(intent["name"], heard, slots)


def _read(name: str) -> dict[str, Any]:
    file = files("domain.intents") / "words" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
