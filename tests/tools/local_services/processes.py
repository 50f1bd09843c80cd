"""Process queries for the tests of local servers."""

import contextlib
from collections import defaultdict
from pathlib import Path


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
