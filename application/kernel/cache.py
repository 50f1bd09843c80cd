"""An answer that was given may be given again, as long as nothing it rests on has changed.

What it rests on is part of its name, so an old answer is never found: it only takes up room until
its time is over.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, Protocol

KEPT_S: Final = 300
"""How long answers are kept where nothing else is set."""

SHORTEST_S: Final = 300
LONGEST_S: Final = 900
"""C-20: frequent reads are kept for 5 to 15 minutes."""


class Cache(Protocol):
    """Keeps answers by name for a while, and may lose any at any time. Raises nothing."""

    def get(self, name: str) -> bytes | None: ...

    def put(self, name: str, answer: bytes) -> None: ...


class NoCache:
    """Keeps nothing."""

    def get(self, name: str) -> bytes | None:
        del name
        return None

    def put(self, name: str, answer: bytes) -> None:
        del name, answer


NO_CACHE: Final = NoCache()


class TieredCache:
    """Tiered cache: local first, then shared."""

    def __init__(self, near: Cache, far: Cache) -> None:
        self._near = near
        self._far = far

    def get(self, name: str) -> bytes | None:
        answer = self._near.get(name)
        if answer is None and (answer := self._far.get(name)) is not None:
            self._near.put(name, answer)
        return answer

    def put(self, name: str, answer: bytes) -> None:
        self._near.put(name, answer)
        self._far.put(name, answer)


def cache_key(parts: Iterable[str]) -> str:
    """Name an answer by everything it depends on: 64 hex digits, others for other parts."""
    digest = sha256()
    for part in parts:
        content = part.encode()
        digest.update(len(content).to_bytes(8))  # so that no two lists of parts read the same
        digest.update(content)
    return digest.hexdigest()
