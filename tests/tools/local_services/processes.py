"""Process queries for the tests of local servers."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

WITHIN_S = 120.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the timeout is for broken code, not for slow machines."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def descendants(pid: int) -> set[int]:
    """Return the living descendants of a process, without itself."""
    children = _children()
    found: set[int] = set()
    new = children[pid]
    while new:
        found |= new
        new = {child for parent in new for child in children[parent]}
    return found


def children_of(pid: int) -> set[int]:
    """Return the living children of a process."""
    return _children()[pid]


def _children() -> defaultdict[int, set[int]]:
    children = defaultdict[int, set[int]](set)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children[int(parent)].add(int(stat.parent.name))
    return children


def alive(pids: set[int]) -> set[int]:
    """Return the processes that still run."""
    return {pid for pid in pids if _state(pid) not in {"Z", ""}}


def _state(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""
