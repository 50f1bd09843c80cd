"""Normalization of recognized speech.

Removes capitals, accents, contractions and filler words; recognizes names of exercises, equipment
and body parts. A longer word that is close to a word of the vocabulary is replaced by it, which
lowers the confidence.
"""

import re
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from domain.intents.vocabulary import Named, Vocabulary, spell
from domain.kernel import value
from domain.texts import fold

WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

SHORTEST_GUESSED: Final = 5
"""Minimum letters of a word that may be corrected; shorter words resemble too many others."""

NEARLY: Final = 0.84
"""Minimum similarity to a known word (Ratcliff & Obershelp's ratio): one letter wrong in six."""

MOST_REPETITIONS: Final = 100


@value
class NormalizedText:
    """Normalized text: words with placeholders such as `{exercise}`, and the names in order.

    `confidence` 0..1: similarity of the corrected words to the recognized ones.
    """

    words: tuple[str, ...]
    names: tuple[Named, ...]
    confidence: float


def normalize(text: str, speech: Vocabulary) -> NormalizedText:
    """Normalize recognized speech."""
    plain = fold(text).replace("\u2019", "'")
    spelt = spell(WORD.findall(plain), speech.spellings)
    guesses = [_correct(word, speech) for word in spelt]
    confidence = min((likeness for _, likeness in guesses), default=1.0)
    words, names = _replace_names([word for word, _ in guesses], speech)
    kept = speech.fillers.sub("", " ".join(words)).split()
    return NormalizedText(tuple(kept), tuple(names), confidence)


def _correct(word: str, speech: Vocabulary) -> tuple[str, float]:
    if len(word) < SHORTEST_GUESSED or word in speech.words:
        return word, 1.0
    near = get_close_matches(word, speech.words, n=1, cutoff=NEARLY)
    if not near:
        return word, 1.0
    return near[0], SequenceMatcher(None, word, near[0]).ratio()


def _replace_names(words: list[str], speech: Vocabulary) -> tuple[list[str], list[Named]]:
    """Replace names with placeholders, longest names first."""
    placed: list[str] = []
    names: list[Named] = []
    at = 0
    while at < len(words):
        name, length = _name_at(words, at, speech)
        if name is None:
            placed.append(words[at])
        else:
            placed.append(f"{{{name.kind}}}")
            names.append(name)
        at += length
    return placed, names


def _name_at(words: list[str], at: int, speech: Vocabulary) -> tuple[Named | None, int]:
    for length in range(min(speech.longest, len(words) - at), 0, -1):
        name = speech.names.get(tuple(words[at : at + length]))
        if name is not None:
            return name, length
    word = words[at]
    if word.isascii() and word.isdecimal() and 1 < int(word[:4]) <= MOST_REPETITIONS:
        return Named("number", str(int(word))), 1
    return None, 1
