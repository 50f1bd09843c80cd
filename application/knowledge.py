"""Semantic search over passages of knowledge, each of which answers one question."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected, value
from domain.motion.exercises.definition import ExerciseDefinition, Fault

Vectors = npt.NDArray[np.float32]
"""Unit vectors, one row per text."""

LONGEST_QUESTION: Final = 500
MOST_RESULTS: Final = 20
LEAST_SIMILARITY: Final = 0.15
"""Below this cosine, a passage shares a few letters with the question, but no meaning."""


class QuestionInvalid(Rejected):
    """A question has 1 to 500 characters, and asks for 1 to 20 passages."""

    code = "knowledge.question_invalid"
    kind = "invalid"


@value
class Passage:
    """A few sentences that answer a question, with their source."""

    id: str
    title: str
    text: str
    source: str


@value
class SearchResult:
    """A passage, and its cosine similarity to the question: 1 is identical."""

    passage: Passage
    similarity: float


class Embedder(Protocol):
    """Embedding model: maps texts of similar meaning to nearby vectors."""

    @property
    def name(self) -> str:
        """Name and version: vectors of different embedders are not comparable."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; a text without a word gives the zero vector."""
        ...


class KnowledgeIndex(Protocol):
    """Vector index of passages. Raises StorageUnavailable."""

    def replace(self, embedder: str, passages: Sequence[Passage], places: Vectors) -> None:
        """Replace all passages of an embedder atomically."""
        ...

    def holds(self, embedder: str) -> frozenset[Passage]: ...

    def nearest(self, embedder: str, place: Vectors, most: int) -> Sequence[SearchResult]:
        """Return the passages nearest to a unit vector, nearest first."""
        ...


class Knowledge:
    """Indexes passages and finds those that answer a question."""

    def __init__(self, index: KnowledgeIndex, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder

    def index_passages(self, passages: Sequence[Passage]) -> bool:
        """Index exactly these passages; return False if they are already indexed."""
        name = self._embedder.name
        if self._index.holds(name) == frozenset(passages):
            return False
        texts = [f"{passage.title}. {passage.text}" for passage in passages]
        self._index.replace(name, passages, self._embedder.embed(texts))
        return True

    def search(self, question: str, most: int = 5) -> Sequence[SearchResult]:
        """Find passages that answer a question, if any is similar. Raises QuestionInvalid."""
        if not 1 <= len(question.strip()) <= LONGEST_QUESTION or not 1 <= most <= MOST_RESULTS:
            raise QuestionInvalid
        (place,) = self._embedder.embed([question])
        if not place.any():
            return []
        results = self._index.nearest(self._embedder.name, place, most)
        return [each for each in results if each.similarity >= LEAST_SIMILARITY]

    def word_similarities(self, questions: Sequence[str], words: Sequence[str]) -> Vectors:
        """Return the cosine of each word of a question with each of other words."""
        vectors = self._embedder.embed([*questions, *words])
        rows = vectors[: len(questions)]
        return np.asarray(rows @ vectors[len(questions) :].T, np.float32)


HERE = "Kinelog's definition of the exercise"


def passages_of(exercises: Iterable[ExerciseDefinition]) -> tuple[Passage, ...]:
    """Cut definitions into passages: range of motion, tempo, energy, and each fault."""
    return tuple(passage for each in exercises for passage in _passages(each))


def _passages(exercise: ExerciseDefinition) -> Iterator[Passage]:
    name, reach, tempo = exercise.name, exercise.range_of_motion, exercise.tempo
    yield Passage(
        f"{exercise.id}/range_of_motion",
        f"How deep and how far a {name.lower()} goes: depth, range of motion",
        f"A full {name.lower()} moves the {_words(reach.measure)} through"
        f" {reach.target_deg:.0f} degrees.",
        reach.source,
    )
    yield Passage(
        f"{exercise.id}/tempo",
        f"How fast or slow a {name.lower()} is done: tempo",
        f"Take at least {tempo.eccentric_least_s:g} seconds for the lowering and"
        f" {tempo.concentric_least_s:g} seconds for the lifting phase of a {name.lower()}.",
        tempo.source,
    )
    yield Passage(
        f"{exercise.id}/energy",
        f"How many calories a {name.lower()} burns: energy",
        f"A {name.lower()} costs {exercise.energy.met:g} MET: kilocalories for each kilogram of"
        " body mass and hour.",
        exercise.energy.source,
    )
    yield Passage(
        f"{exercise.id}/camera",
        f"Where to put the camera for a {name.lower()}: view",
        f"A {name.lower()} can be judged from these views: {', '.join(exercise.views)}.",
        HERE,
    )
    for fault in exercise.faults:
        yield _fault(exercise, fault)


def _fault(exercise: ExerciseDefinition, fault: Fault) -> Passage:
    return Passage(
        f"{exercise.id}/{fault.id}",
        f"{exercise.name}: {_words(fault.id)}",
        f"{fault.cue.rstrip('.!')}. Noted if the {_words(fault.measure)} is too far off, and seen"
        f" from these views: {', '.join(fault.views)}.",
        fault.source,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
