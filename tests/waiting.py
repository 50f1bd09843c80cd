"""Waiting for other threads and processes."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

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


def soon(view: Callable[[], Any], *, until: Callable[[Any], bool]) -> Any:
    """Return the first view for which the condition holds."""
    deadline = time.monotonic() + WITHIN_S
    while not until(answer := view()):
        assert time.monotonic() < deadline, answer
        time.sleep(PAUSE_S)
    return answer
