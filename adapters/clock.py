"""System clock and UUIDv7 ids."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

COUNTER_BITS = 42
"""A counter of 42 bits in `rand_a` and the front of `rand_b`: RFC 9562, section 6.2, method 1."""


def utc_now() -> datetime:
    """Return the system time, UTC."""
    return datetime.now(UTC)


def unix_milliseconds() -> int:
    """Return milliseconds since 1970-01-01 00:00 UTC by the system clock."""
    return time.time_ns() // 1_000_000


class UuidV7:
    """Generate identifiers of RFC 9562, version 7, each greater than the one before it.

    The first bits are milliseconds since 1970. Within one millisecond, and while the clock stands
    still or runs backwards, a counter with a random start rises; 32 random bits follow it. Thread-
    safe.
    """

    def __init__(self, milliseconds: Callable[[], int] = unix_milliseconds) -> None:
        self._milliseconds = milliseconds
        self._lock = Lock()
        self._last_ms = -1
        self._counter = 0

    def __call__(self) -> UUID:
        """Return the next identifier."""
        with self._lock:
            milliseconds, counter = self._advance()
        high = milliseconds << 16 | 0x7000 | counter >> 30
        low = 0b10 << 62 | (counter & 0x3FFF_FFFF) << 32 | secrets.randbits(32)
        return UUID(int=high << 64 | low)

    def _advance(self) -> tuple[int, int]:
        now = self._milliseconds()
        self._counter += 1
        if now > self._last_ms:
            self._begin(now)
        elif self._counter >> COUNTER_BITS:
            self._begin(self._last_ms + 1)
        return self._last_ms, self._counter

    def _begin(self, milliseconds: int) -> None:
        """Begin a millisecond, with the counter in its lower half so that it has room to rise."""
        self._last_ms = milliseconds
        self._counter = secrets.randbits(COUNTER_BITS - 1)


new_id = UuidV7()
"""The id generator of the process. There is only one, so that ids rise across all callers."""
