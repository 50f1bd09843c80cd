"""Followers of a log without notifications look at its head again and again."""

from threading import Event, Timer

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.polling_tail import PollingTail
from tests.live.session_fixture import SessionFixture

FOR_EVER_S = 1e6
"""Longer than any test may run, in seconds."""


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog(clock=utc_now, new_id=new_id)


def test_a_wait_ends_once_its_process_stops(log: MemoryEventLog) -> None:
    """R-OPS-09: a server that stops does not wait for the log."""
    stop = Event()
    timer = Timer(0.01, stop.set)
    timer.start()
    assert PollingTail(log, poll_s=FOR_EVER_S).wait(0, FOR_EVER_S, stop) == 0
    timer.join()


def test_a_wait_without_time_returns_the_head(log: MemoryEventLog) -> None:
    SessionFixture(log)
    assert PollingTail(log, poll_s=FOR_EVER_S).wait(0, 0.0) == 1


class Pauses(Event):
    """Notes the pauses, and ends each at once."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return False


def test_a_wait_pauses_once_although_an_event_is_there(log: MemoryEventLog) -> None:
    """Events of a busy log are read together."""
    SessionFixture(log)
    pauses = Pauses()
    assert PollingTail(log, poll_s=0.2).wait(0, FOR_EVER_S, pauses) == 1
    assert pauses.seconds == [0.2]
