"""Waiting for other threads and processes."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

WITHIN_S = 120.0
PAUSE_S = 0.02


def wait_until(condition: Callable[[], Found]) -> Found:
    """Return the first true result; the timeout is for broken code, not for slow machines."""
    deadline = time.monotonic() + WITHIN_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(PAUSE_S)
    return found
