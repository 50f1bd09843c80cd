"""Shutdown signals for long-running commands."""

import signal
from threading import Event
from types import FrameType


def shutdown_event() -> Event:
    """Return an event that SIGTERM and SIGINT set from now on."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
