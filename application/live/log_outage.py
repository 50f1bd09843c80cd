"""Outages of the log: while one lasts, chunks do not wait for reads that fail slowly."""

import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import Final

from application.kernel.ports import EventLog, StorageUnavailable

PAUSE_S: Final = 1.0
"""Pause between two probes of the log. One takes seconds to fail."""


class LogOutage:
    """An outage of the log, from its first failed read to the first that succeeds.

    A thread probes whether it is over, so that no chunk waits for that. Any thread may use it.
    `timer` gives the seconds of a monotonic clock.
    """

    def __init__(self, event_log: EventLog, timer: Callable[[], float] = time.monotonic) -> None:
        self._log = event_log
        self._timer = timer
        self._lock = Lock()
        self._lasts = False
        self._probe_at = 0.0

    def begin(self) -> None:
        """Note that a read failed."""
        with self._lock:
            if not self._lasts:
                self._lasts, self._probe_at = True, self._timer() + PAUSE_S

    def end(self) -> None:
        """Note that a read succeeded."""
        with self._lock:
            self._lasts = False

    def lasts(self) -> bool:
        """Return whether the log is unavailable, as far as is known; probe it when it is time."""
        with self._lock:
            if self._lasts and self._timer() >= self._probe_at:
                self._probe_at = float("inf")  # one thread at a time
                Thread(target=self._probe, name="log-outage", daemon=True).start()
            return self._lasts

    def _probe(self) -> None:
        lasts = False
        try:
            self._log.head()
        except StorageUnavailable:
            lasts = True
        finally:  # after an unexpected error, too: the next chunk reports it
            with self._lock:
                self._lasts, self._probe_at = lasts, self._timer() + PAUSE_S
