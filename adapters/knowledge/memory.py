"""Knowledge index in memory, for some thousands of passages."""

from collections.abc import Sequence

import numpy as np

from application.knowledge import Passage, SearchResult, Vectors


class MemoryIndex:
    """A `KnowledgeIndex` with exact search, which lasts as long as its process."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Passage, ...], Vectors]] = {}

    def replace(self, embedder: str, passages: Sequence[Passage], places: Vectors) -> None:
        self._kept[embedder] = (tuple(passages), places)

    def holds(self, embedder: str) -> frozenset[Passage]:
        return frozenset(self._kept[embedder][0]) if embedder in self._kept else frozenset()

    def nearest(self, embedder: str, place: Vectors, most: int) -> Sequence[SearchResult]:
        if embedder not in self._kept:
            return []
        passages, places = self._kept[embedder]
        cosines = places @ place
        order: list[int] = np.argsort(-cosines, kind="stable")[:most].tolist()
        return [SearchResult(passages[at], float(cosines[at])) for at in order]
