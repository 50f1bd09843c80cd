"""Single flight: threads that need the same result at the same time share one call."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Shares the result, or the error, of a call that is underway. Thread-safe.

    So callers wait for one call at most, and not for the calls of all before them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._underway: Future[T] | None = None
        self.waiting = 0
        """Callers that wait for the call of another one."""

    def call(self, function: Callable[[], T]) -> T:
        """Call the function, or wait for the call that is underway. Raises what it raises."""
        own = Future[T]()
        with self._lock:
            underway = self._underway
            if underway is None:
                self._underway = own
            else:
                self.waiting += 1
        if underway is not None:
            return underway.result()
        try:
            result = function()
        except BaseException as error:
            self._finish()
            own.set_exception(error)
            raise
        self._finish()
        own.set_result(result)
        return result

    def _finish(self) -> None:
        with self._lock:
            self._underway = None
            self.waiting = 0
