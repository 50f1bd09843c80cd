"""Writes that arrive during a write are stored together in the next one."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.live.group_commit import GroupCommit

THREADS = 8
PATIENCE_S = 60.0


class Disk:
    """Records each batch that is written. The first write waits until the test releases it."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def write(self, items: Sequence[int]) -> None:
        self.begun.set()
        assert self.go_on.wait(PATIENCE_S)
        if 13 in items:
            raise OSError("the disk is full")
        self.writes.append(list(items))


def test_waiting_writes_commit_together_and_every_caller_is_notified() -> None:
    disk = Disk()
    write = GroupCommit(disk.write)
    with ThreadPoolExecutor(THREADS) as threads:
        first = threads.submit(write, 0)
        assert disk.begun.wait(PATIENCE_S)
        others = [threads.submit(write, number) for number in range(1, THREADS)]
        while len(write._waiting) < THREADS - 1:
            pass
        disk.go_on.set()
        for each in (first, *others):
            each.result(PATIENCE_S)
    assert disk.writes[0] == [0]
    assert sorted(disk.writes[1]) == list(range(1, THREADS))
    assert len(disk.writes) == 2


def test_a_failed_write_fails_for_its_group_only() -> None:
    disk = Disk()
    disk.go_on.set()
    write = GroupCommit(disk.write)
    with pytest.raises(OSError, match="full"):
        write(13)
    write(14)
    assert disk.writes == [[14]]
