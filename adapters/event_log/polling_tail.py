"""Tail of an event log without notifications, which polls.

It pauses before it looks, so that a reader that keeps up with the writers reads batches, not single
events.
"""

import time
from threading import Event
from typing import Final

from application.kernel.ports import LogReader

POLL_S: Final = 0.2


class PollingTail:
    """A `LogTail` of any log whose head is cheap to read. Raises the errors of the log."""

    def __init__(self, log: LogReader, *, poll_s: float = POLL_S) -> None:
        self._log = log
        self._poll_s = poll_s

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        stop = stop or Event()
        deadline = time.monotonic() + timeout_s
        while True:
            remaining_s = deadline - time.monotonic()
            is_over = remaining_s <= 0 or stop.wait(min(self._poll_s, remaining_s))
            head = self._log.head()
            if is_over or head > after:
                return head
