"""Recognised speech is what somebody's mouth and somebody's program made of it: it is tidied first.

Capitals, contractions and words that change nothing go; names of exercises, equipment and parts of
the body are recognised; a longer word that was nearly heard as one that has a meaning is taken for
it, and the hearing counts as that much less sure.
"""

import re
import unicodedata
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from domain.intents.vocabulary import Named, Vocabulary
from domain.kernel import value

WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

SHORTEST_GUESSED: Final = 5
"""Letters of a word that may have been misheard; shorter ones are too like others."""

NEARLY: Final = 0.84
"""How like a known word it must be (Ratcliff & Obershelp's ratio): one letter wrong of six."""

MOST_REPETITIONS: Final = 100


@value
class NormalizedText:
    """What was heard: words with `{exercise}` and the like for names, and the names in order.

    `sureness` 0..1: how like their words what was heard is.
    """

    words: tuple[str, ...]
    names: tuple[Named, ...]
    sureness: float


def normalize(text: str, speech: Vocabulary) -> NormalizedText:
    """Tidy up recognised speech."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    spelt = " ".join(speech.spellings.get(word, word) for word in WORD.findall(plain))
    guesses = [_guessed(word, speech) for word in spelt.split()]
    sureness = min((likeness for _, likeness in guesses), default=1.0)
    words, names = _named([word for word, _ in guesses], speech)
    kept = tuple(word for word in words if word not in speech.fillers)
    return NormalizedText(kept, tuple(names), sureness)


def _guessed(word: str, speech: Vocabulary) -> tuple[str, float]:
    if len(word) < SHORTEST_GUESSED or word in speech.words:
        return word, 1.0
    near = get_close_matches(word, speech.words, n=1, cutoff=NEARLY)
    if not near:
        return word, 1.0
    return near[0], SequenceMatcher(None, word, near[0]).ratio()


def _named(words: list[str], speech: Vocabulary) -> tuple[list[str], list[Named]]:
    """Put placeholders for names, the longest names first."""
    told: list[str] = []
    names: list[Named] = []
    at = 0
    while at < len(words):
        name, length = _name_at(words, at, speech)
        if name is None:
            told.append(words[at])
        else:
            told.append(f"{{{name.kind}}}")
            names.append(name)
        at += length
    return told, names


def _name_at(words: list[str], at: int, speech: Vocabulary) -> tuple[Named | None, int]:
    for length in range(min(speech.longest, len(words) - at), 0, -1):
        name = speech.names.get(tuple(words[at : at + length]))
        if name is not None:
            return name, length
    word = words[at]
    if word.isascii() and word.isdecimal() and 1 < int(word[:4]) <= MOST_REPETITIONS:
        return Named("number", str(int(word))), 1
    return None, 1
