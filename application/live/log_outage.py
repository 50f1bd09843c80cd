"""Outages of the log: while one lasts, no chunk waits for a read that fails slowly."""

import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import Final

from application.kernel.ports import EventLog, StorageUnavailable

PAUSE_S: Final = 1.0
"""Pause between two probes of the log. One takes seconds to fail."""


class LogOutage:
    """An outage of the log, from the first read that fails to the first probe that succeeds.

    A thread probes the log, so that no chunk waits for that. Any thread may use it. `timer` gives
    the seconds of a monotonic clock.
    """

    def __init__(self, event_log: EventLog, timer: Callable[[], float] = time.monotonic) -> None:
        self._log = event_log
        self._timer = timer
        self._lock = Lock()
        self._reason: str | None = None
        self._probe_at = 0.0

    def begin(self, refusal: StorageUnavailable) -> None:
        """Note why a read failed."""
        with self._lock:
            if self._reason is None:
                self._reason, self._probe_at = refusal.detail, self._timer() + PAUSE_S

    def refusal(self) -> StorageUnavailable | None:
        """Return why the log is unavailable, None if it is not; probe it if it is time."""
        with self._lock:
            if self._reason is None:
                return None
            if self._timer() >= self._probe_at:
                self._probe_at = float("inf")  # one thread at a time
                Thread(target=self._probe, name="log-outage", daemon=True).start()
            return StorageUnavailable(self._reason)

    def _probe(self) -> None:
        reason: str | None = None
        try:
            self._log.head()
        except StorageUnavailable as away:
            reason = away.detail
        finally:  # after an unexpected error, too: the next chunk reports it
            with self._lock:
                self._reason, self._probe_at = reason, self._timer() + PAUSE_S
