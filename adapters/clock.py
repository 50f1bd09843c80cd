"""Time and identifiers come from outside of the program: here, from the machine it runs on."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

COUNTER_BITS = 42
"""A counter of 42 bits in `rand_a` and the front of `rand_b`: RFC 9562, section 6.2, method 1."""


def utc_now() -> datetime:
    """Tell the time by the machine's clock, UTC."""
    return datetime.now(UTC)


def unix_milliseconds() -> int:
    """Milliseconds since 1970-01-01 00:00 UTC by the machine's clock."""
    return time.time_ns() // 1_000_000


class UuidV7:
    """Makes identifiers of RFC 9562, version 7, each greater than the one before it.

    Milliseconds since 1970 lead. Within one millisecond, and while the clock stands or runs
    backwards, a counter rises that began at random; 32 random bits follow it. Any thread may ask.
    """

    def __init__(self, milliseconds: Callable[[], int] = unix_milliseconds) -> None:
        self._milliseconds = milliseconds
        self._lock = Lock()
        self._last_ms = -1
        self._counter = 0

    def __call__(self) -> UUID:
        """Make the next identifier."""
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
        """Begin a millisecond, the counter in its lower half so that there is room to rise."""
        self._last_ms = milliseconds
        self._counter = secrets.randbits(COUNTER_BITS - 1)


new_id = UuidV7()
"""The process's one source of identifiers, so that they rise whoever asks."""
