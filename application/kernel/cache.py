"""Caches: versioned keys, tiers, LRU.

A key contains everything that a value depends on. An outdated value is therefore never found: it
only takes up room until it expires.
"""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from threading import Lock
from typing import Final, Generic, Protocol, TypeVar

from domain.ids import TenantId, UserId

K = TypeVar("K")
V = TypeVar("V")

DEFAULT_TTL_S: Final = 300
"""Time to live of a value if nothing else is set."""

MIN_TTL_S: Final = 300
MAX_TTL_S: Final = 900
"""Time to live of frequent reads, 5 to 15 minutes (C-20)."""


class Cache(Protocol):
    """Values by key. Any value may be evicted at any time."""

    def get(self, key: str) -> bytes | None:
        """Return a value, or None. Raises nothing."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Store a value. Raises nothing."""
        ...

    def delete(self, prefix: str) -> int:
        """Delete the values whose keys begin with a prefix, and return their number.

        Raises StorageUnavailable.
        """
        ...


class NoCache:
    """A cache that stores nothing."""

    def get(self, key: str) -> bytes | None:
        del key
        return None

    def put(self, key: str, value: bytes) -> None:
        del key, value

    def delete(self, prefix: str) -> int:
        del prefix
        return 0


NO_CACHE: Final = NoCache()


class TieredCache:
    """Two caches: local first, then shared."""

    def __init__(self, local: Cache, shared: Cache) -> None:
        self._local = local
        self._shared = shared

    def get(self, key: str) -> bytes | None:
        value = self._local.get(key)
        if value is None and (value := self._shared.get(key)) is not None:
            self._local.put(key, value)
        return value

    def put(self, key: str, value: bytes) -> None:
        self._local.put(key, value)
        self._shared.put(key, value)

    def delete(self, prefix: str) -> int:
        return self._local.delete(prefix) + self._shared.delete(prefix)


def cache_key(parts: Iterable[str]) -> str:
    """Return a key for a list of parts: 64 hex digits, different for different lists."""
    digest = sha256()
    for part in parts:
        content = part.encode()
        digest.update(len(content).to_bytes(8))  # so that ("ab", "c") and ("a", "bc") differ
        digest.update(content)
    return digest.hexdigest()


def personal_prefix(tenant_id: TenantId, user_id: UserId) -> str:
    """Return the beginning of the keys of a person's values."""
    return f"{cache_key(['person', tenant_id, user_id])}."


def personal_key(tenant_id: TenantId, user_id: UserId, parts: Iterable[str]) -> str:
    """Return the key of a value that is deleted with the person's data."""
    return personal_prefix(tenant_id, user_id) + cache_key(parts)


class LruCache(Generic[K, V]):
    """At most `most` values in memory; evicts the one that was put longest ago. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return the value, or None if it is no longer there."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Store a value in place of the one that was there."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def remove(self, key: K) -> None:
        """Remove the value of a key, if there is one."""
        with self._lock:
            self._values.pop(key, None)
