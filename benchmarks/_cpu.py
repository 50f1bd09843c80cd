"""CPU seconds of processes, read from /proc on Linux."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
PARENT, USER, GONE_SYSTEM = 1, 11, 14
"""Fields of /proc/PID/stat behind the name: parent; user and system time of it and those gone."""

IDLE, WAITING = 3, 4
"""Columns of the first line of /proc/stat behind its name."""


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def cpu_s(process: int) -> float:
    """Return the CPU seconds of one process, without its children."""
    fields = _fields(process)
    return (int(fields[USER]) + int(fields[USER + 1])) / TICKS


def cpu_of_descendants_s(process: int) -> dict[int, float]:
    """Return the CPU seconds of each child with all its descendants, including those that ended."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = _fields(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended, and its time is added to its parent
        parents[int(folder.name)] = int(fields[PARENT])
        used[int(folder.name)] = sum(map(int, fields[USER : GONE_SYSTEM + 1])) / TICKS
    total: dict[int, float] = {}
    for each, seconds in used.items():
        child = _child_of(process, each, parents)
        if child is not None:
            total[child] = total.get(child, 0.0) + seconds
    return total


def _child_of(process: int, descendant: int, parents: dict[int, int]) -> int | None:
    """Return the child of a process that is this process or its ancestor; None if there is none."""
    while descendant in parents:
        if parents[descendant] == process:
            return descendant
        descendant = parents[descendant]
    return None


def descendants(process: int) -> set[int]:
    """Return a process and all its descendants."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                parents[int(folder.name)] = int(_fields(int(folder.name))[PARENT])
    return {process} | {each for each in parents if _child_of(process, each, parents) is not None}


def machine_s() -> float:
    """Return the busy CPU seconds of the whole machine, with those that its host took away."""
    fields = list(map(int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]))
    return (sum(fields) - fields[IDLE] - fields[WAITING]) / TICKS
