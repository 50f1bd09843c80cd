"""Group commit: concurrent writes share one transaction.

Syncing a transaction to disk takes as long for many rows as for one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class GroupCommit(Generic[T]):
    """Passes the items of threads to `write`, in order of arrival.

    `write` stores several items, all or none, and is called by one thread at a time.
    """

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._waiting: list[tuple[T, Future[None]]] = []
        self._list = Lock()
        self._turn = Lock()

    def __call__(self, item: T) -> None:
        """Return when the item is written. Raises what `write` raises."""
        written: Future[None] = Future()
        with self._list:
            self._waiting.append((item, written))
        with self._turn:
            if not written.done():
                self._write_all()
        written.result()

    def _write_all(self) -> None:
        with self._list:
            batch, self._waiting = self._waiting, []
        try:
            self._write([item for item, _ in batch])
        except Exception as failed:  # noqa: BLE001  raised in each waiter
            for _, written in batch:
                written.set_exception(failed)
        else:
            for _, written in batch:
                written.set_result(None)
