"""LRU cache in the memory of this process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from application.kernel.cache import DEFAULT_TTL_S

MAX_BYTES: Final = 32 * 1024 * 1024
"""Some thousand pages of a list."""


class MemoryCache:
    """A `Cache` in memory, bounded by bytes. Thread-safe.

    `max_bytes` bounds the sum of all values; a value larger than a tenth of it is not stored.
    `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        *,
        ttl_s: float = DEFAULT_TTL_S,
        max_bytes: int = MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ttl_s = ttl_s
        self._max_bytes = max_bytes
        self._clock = clock
        self._values: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            entry = self._values.get(key)
            if entry is None:
                return None
            value, expires_at = entry
            if self._clock() >= expires_at:
                self._remove(key)
                return None
            self._values.move_to_end(key)
            return value

    def put(self, key: str, value: bytes) -> None:
        if len(value) > self._max_bytes // 10:
            return
        with self._lock:
            self._remove(key)
            self._values[key] = (value, self._clock() + self._ttl_s)
            self._bytes += len(value)
            while self._bytes > self._max_bytes:
                self._remove(next(iter(self._values)))

    def delete(self, prefix: str) -> int:
        with self._lock:
            keys = [key for key in self._values if key.startswith(prefix)]
            for key in keys:
                self._remove(key)
        return len(keys)

    def _remove(self, key: str) -> None:
        value, _ = self._values.pop(key, (b"", 0.0))
        self._bytes -= len(value)
