"""LRU cache in the memory of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from application.kernel.cache import KEPT_S

MOST_BYTES: Final = 32 * 1024 * 1024
"""Some thousand pages of a list."""


class MemoryCache:
    """Satisfies `application.kernel.cache.Cache` for any number of threads.

    `most_bytes`: of all answers together; one that is larger than a tenth of it is not kept.
    `clock`: seconds that never go back.
    """

    def __init__(
        self,
        *,
        kept_s: float = KEPT_S,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kept_s = kept_s
        self._most_bytes = most_bytes
        self._clock = clock
        self._answers: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        with self._lock:
            found = self._answers.get(name)
            if found is None:
                return None
            answer, until = found
            if self._clock() >= until:
                self._drop(name)
                return None
            self._answers.move_to_end(name)
            return answer

    def put(self, name: str, answer: bytes) -> None:
        if len(answer) > self._most_bytes // 10:
            return
        with self._lock:
            self._drop(name)
            self._answers[name] = (answer, self._clock() + self._kept_s)
            self._bytes += len(answer)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._answers)))

    def _drop(self, name: str) -> None:
        answer, _ = self._answers.pop(name, (b"", 0.0))
        self._bytes -= len(answer)
