"""Hashing embedder: vectors from words and parts of words, without a trained model.

Words of similar spelling share most of their parts: *squat* and *squatting*, *knee* and *knees*
(Bojanowski et al., Enriching Word Vectors with Subword Information, TACL 5, 2017). Each part is
hashed to a dimension and a sign (Weinberger et al., Feature Hashing for Large Scale Multitask
Learning, ICML 2009). Equal texts get equal vectors on every machine, without network access.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np

from application.knowledge import Vectors

DIMENSIONS: Final = 1024
PIECES: Final = (3, 4, 5)
"""Lengths of the parts of a word (n-grams) in letters, with its two ends marked."""

WORD: Final = re.compile(r"\w+")
STOP_WORDS: Final = frozenset(
    """
    a an and are as at be by can do does for from how i if in is it its me my of on or should that
    the this to was what when where which who why with you your
    """.split()  # noqa: SIM905  easier to read than forty quoted words
)
"""Words that occur in every question and every passage."""


class HashingEmbedder:
    """An `Embedder` that needs no model."""

    name = "hashed-pieces-1"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; a text without significant words has the zero vector."""
        places = np.zeros((len(texts), DIMENSIONS), np.float32)
        for place, text in zip(places, texts, strict=True):
            for piece, times in Counter(_pieces(text)).items():
                dimension, sign, weight = _place(piece)
                place[dimension] += sign * weight * np.sqrt(times)
        lengths = np.linalg.norm(places, axis=1, keepdims=True)
        lengths[lengths == 0.0] = 1.0
        places /= lengths
        return places


def _pieces(text: str) -> Iterator[str]:
    for word in WORD.findall(text.lower().replace("_", " ")):
        if word in STOP_WORDS:
            continue
        yield word
        marked = f"<{word}>"
        for length in PIECES:
            yield from (marked[at : at + length] for at in range(len(marked) - length + 1))


@lru_cache(maxsize=65536)
def _place(piece: str) -> tuple[int, float, float]:
    """Dimension, sign and weight of a part; a whole word weighs as much as its parts together."""
    number = int.from_bytes(blake2b(piece.encode(), digest_size=8).digest())
    is_piece = piece.startswith("<") or piece.endswith(">")
    return number % DIMENSIONS, 1.0 if number >> 63 else -1.0, 1.0 if is_piece else 2.0
