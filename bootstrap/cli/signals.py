"""How a process that works until it is told to end is told."""

import signal
from threading import Event
from types import FrameType


def shutdown_event() -> Event:
    """Give an event that SIGTERM and SIGINT set, from now on."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
