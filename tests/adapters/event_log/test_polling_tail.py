"""Followers of a log without notifications look at its head again and again."""

from threading import Event

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.polling_tail import PollingTail

FOR_EVER_S = 1e6
"""Longer than any test may run, in seconds."""


def test_a_wait_ends_once_its_process_stops() -> None:
    """R-OPS-09: a server that stops does not wait for the log."""
    stop = Event()

    class StoppedMeanwhile(MemoryEventLog):
        def head(self) -> int:
            stop.set()
            return super().head()

    log = StoppedMeanwhile(clock=utc_now, new_id=new_id)
    assert PollingTail(log, poll_s=FOR_EVER_S).wait(0, FOR_EVER_S, stop) == 0
