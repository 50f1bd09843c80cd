"""Helpers that write to a log, from one or several writers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Protocol
from uuid import uuid4

from application.kernel.ports import AppendResult, Change, EventLog, VersionConflict
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users.events import ProfileChanged

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="user/ada", correlation_id=uuid4())
FACT = ProfileChanged(time_zone="UTC", locale="en")


class OpenLog(EventLog, Protocol):
    """A log with its own connections, as each process has them."""

    def close(self) -> None: ...


def append(log: EventLog, stream: str, version: int, count: int = 1) -> AppendResult:
    return log.append([Change(stream, version, [FACT] * count)], origin=ORIGIN, command_id=uuid4())


def four_write_one_stream(opened: Callable[[], OpenLog]) -> None:
    """Write `user-1` from four logs, 30 events each; check that each version was assigned once."""

    def write(_: int) -> None:
        with closing(opened()) as log:
            for _ in range(30):
                while not moved_on(log):
                    pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with closing(opened()) as log:
        history = log.load(DEFAULT_TENANT, "user-1")
        assert [recorded.version for recorded in history] == list(range(1, 121))
        assert history == log.scan(after=0, limit=1000)


def moved_on(log: EventLog) -> bool:
    """Append to the end of `user-1`; return False after a version conflict."""
    try:
        append(log, "user-1", len(log.load(DEFAULT_TENANT, "user-1")))
    except VersionConflict:
        return False
    return True
