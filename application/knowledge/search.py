"""What Kinelog knows in words is found by what a question means."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected, value

Vectors = npt.NDArray[np.float32]
"""Rows of unit length, one for each text."""

LONGEST_QUESTION: Final = 500
MOST_FOUND: Final = 20
LEAST_SIMILARITY: Final = 0.15
"""Below this cosine a passage has a few letters in common with the question, and no meaning."""


class QuestionInvalid(Rejected):
    """A question has 1 to 500 characters, and asks for 1 to 20 passages."""

    code = "knowledge.question_invalid"
    kind = "invalid"


@value
class Passage:
    """A few sentences that answer something, and where they come from."""

    id: str
    title: str
    text: str
    source: str


@value
class Found:
    """A passage, and the cosine of the angle between it and the question: 1 is the same."""

    passage: Passage
    similarity: float


class Embedder(Protocol):
    """Gives texts places in a space in which those of like meaning are near each other."""

    @property
    def name(self) -> str:
        """Name and version: places of two embedders are not comparable."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Place texts; a text without a word lies at the origin."""
        ...


class KnowledgeIndex(Protocol):
    """Keeps passages by their places. Raises StorageUnavailable."""

    def replace(self, embedder: str, passages: Sequence[Passage], places: Vectors) -> None:
        """Keep exactly these passages of an embedder, all at once."""
        ...

    def holds(self, embedder: str) -> frozenset[Passage]: ...

    def nearest(self, embedder: str, place: Vectors, most: int) -> Sequence[Found]:
        """Find the passages nearest to one place of unit length, the nearest first."""
        ...


class Knowledge:
    """Learns passages, and finds those that answer a question."""

    def __init__(self, index: KnowledgeIndex, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder

    def learn(self, passages: Sequence[Passage]) -> bool:
        """Know exactly these passages; False where they were known already."""
        name = self._embedder.name
        if self._index.holds(name) == frozenset(passages):
            return False
        texts = [f"{passage.title}. {passage.text}" for passage in passages]
        self._index.replace(name, passages, self._embedder.embed(texts))
        return True

    def ask(self, question: str, most: int = 5) -> Sequence[Found]:
        """Find what answers a question; nothing where nothing is near. Raises QuestionInvalid."""
        if not 1 <= len(question.strip()) <= LONGEST_QUESTION or not 1 <= most <= MOST_FOUND:
            raise QuestionInvalid
        (place,) = self._embedder.embed([question])
        if not place.any():
            return []
        found = self._index.nearest(self._embedder.name, place, most)
        return [each for each in found if each.similarity >= LEAST_SIMILARITY]
