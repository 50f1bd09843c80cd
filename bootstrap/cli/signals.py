"""Shutdown signals for commands that run long, or write files."""

import signal
from _thread import start_new_thread
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event
from types import FrameType


def shutdown_event() -> Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        # The signal interrupts the main thread, which may be inside `stop.wait` and hold its lock:
        # setting the event here would then block forever. So would `Thread.start`, for its locks.
        start_new_thread(stop.set, ())

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop


@contextmanager
def sigterm_as_exit() -> Generator[None]:
    """Let SIGTERM end the block as an error does, so that it removes what it began to write."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)  # as shells report it

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
