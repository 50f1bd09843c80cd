"""Bounded concurrency of costly work: a few run, a few wait, and the rest are rejected at once."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import BoundedSemaphore

from application.users.errors import PasswordsBusy


class WorkSlots:
    """Runs at most `concurrency` callers at a time; at most `waiting` more wait, `timeout_s` each.

    So costly work never occupies more than `concurrency + waiting` of the threads that all requests
    share. Thread-safe.
    """

    def __init__(self, *, concurrency: int, waiting: int, timeout_s: float) -> None:
        self._running = BoundedSemaphore(concurrency)
        self._admitted = BoundedSemaphore(concurrency + waiting)
        self._timeout_s = timeout_s

    @contextmanager
    def slot(self) -> Generator[None]:
        """Hold a slot. Raises PasswordsBusy if too many wait, or none is free in time."""
        if not self._admitted.acquire(blocking=False):
            raise PasswordsBusy
        try:
            if not self._running.acquire(timeout=self._timeout_s):
                raise PasswordsBusy
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._admitted.release()
