"""A queue without a bus continues after an unexpected error."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from application.kernel.cloud_events import EncodedEvent
from application.kernel.encryption import KeyDisabled
from application.kernel.log_queue import (
    FIRST_RETRY,
    LAST_RETRY,
    FailedEvent,
    LogQueueProcessor,
)
from application.kernel.ports import EventUnreadable, StorageUnavailable
from application.kernel.subscription import (
    LOG,
    LogSource,
    NoLock,
    Policy,
    Records,
    Subscription,
)
from domain.kernel import Rejected

AT = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class StubEvent:
    """The part of an event that the queue itself reads."""

    position: int
    event_id: UUID


EVENTS = [StubEvent(position, uuid4()) for position in (3, 4, 7)]


class StubLog:
    """A log with three events."""

    def scan(self, *, after: int, limit: int) -> Sequence[Any]:
        return [each for each in EVENTS if each.position > after][:limit]


class Position:
    """The stored position."""

    def __init__(self) -> None:
        self.value = 0

    def load(self) -> int:
        return self.value

    def store(self, position: int) -> None:
        self.value = position


class Handler:
    """Fails on events as often as `failures` has errors for their position."""

    def __init__(self, failures: dict[int, list[Exception]]) -> None:
        self.failures = failures
        self.handled: list[int] = []

    def __call__(self, event: EncodedEvent) -> None:
        if failures := self.failures.get(event.position):
            raise failures.pop()
        self.handled.append(event.position)


class Failed:
    """The stored failed events."""

    def __init__(self) -> None:
        self.events: dict[int, FailedEvent] = {}

    def store(self, failed: FailedEvent) -> None:
        self.events[failed.position] = failed

    def due(self, now: datetime) -> FailedEvent | None:
        return next((each for each in self.list() if each.due_at <= now), None)

    def list(self) -> Sequence[FailedEvent]:
        return sorted(self.events.values(), key=lambda each: each.position)

    def retry(self, positions: Sequence[int], now: datetime) -> None:
        for position in positions:
            self.events[position] = replace(self.events[position], due_at=now)

    def delete(self, positions: Sequence[int]) -> None:
        for position in positions:
            del self.events[position]


class Queue:
    """The queue of videos, its stores, and its clock."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.position = Position()
        self.failed = Failed()
        self.now = AT
        log = cast("Any", StubLog())
        self.processor = LogQueueProcessor(
            "videos",
            self.position,
            handler,
            failed=self.failed,
            log=log,
            clock=lambda: self.now,
        )
        self.subscription: Subscription[EncodedEvent] = Subscription(
            LogSource(log), self.processor, NoLock(), Policy(batch_size=2), draw=lambda: 0.0
        )

    def retry_after(self, pause: timedelta) -> None:
        """Reach the end of the log again, after a pause."""
        self.now += pause
        self.processor.process(Records([], {LOG: self.position.value}))


def test_an_event_is_tried_again_after_an_unexpected_error() -> None:
    """R-EVT-19"""
    queue = Queue(Handler({4: [RuntimeError(), RuntimeError()]}))
    queue.subscription.run_once()
    assert (queue.handler.handled, queue.position.value) == ([3, 4, 7], 7)
    assert queue.failed.list() == []


def test_an_event_that_keeps_failing_is_reported_and_does_not_hold_up_others() -> None:
    """R-EVT-19: those after it are handled, also by the next process."""
    queue = Queue(Handler({4: [RuntimeError("ann@example.org") for _ in range(5)]}))
    with capture_logs() as logs:
        queue.subscription.run_once()
    (report,) = (each for each in logs if each["event"] == "queue.failed")
    assert (report["event_id"], report["attempts"]) == (str(EVENTS[1].event_id), 5)
    assert (queue.handler.handled, queue.position.value) == ([3, 7], 7)
    (failed,) = queue.failed.list()
    assert (failed.position, failed.attempts, failed.reason) == (4, 5, "RuntimeError")
    assert "test_log_queue.py" in failed.stack
    assert "ann@example.org" not in f"{failed}", "the text of an error may hold personal data"


def test_a_failed_event_is_tried_again_later_until_it_succeeds() -> None:
    """R-EVT-19, R-EVT-03: without a bus, no e-mail and no video is lost by a defect either."""
    queue = Queue(Handler({4: [RuntimeError() for _ in range(6)]}))
    queue.subscription.run_once()
    queue.retry_after(FIRST_RETRY - timedelta(seconds=1))
    assert queue.failed.list()[0].attempts == 5, "it is not due yet"
    queue.retry_after(timedelta(seconds=1))
    assert queue.failed.list()[0].attempts == 6
    queue.retry_after(FIRST_RETRY)
    assert queue.handler.handled == [3, 7], "the second pause is longer"
    queue.retry_after(FIRST_RETRY)
    assert (queue.handler.handled, queue.failed.list()) == ([3, 7, 4], [])


def test_pauses_grow_to_a_day() -> None:
    """R-EVT-19"""
    queue = Queue(Handler({4: [RuntimeError() for _ in range(30)]}))
    queue.subscription.run_once()
    for _ in range(20):
        queue.now = queue.failed.list()[0].due_at
        queue.retry_after(timedelta())
    (failed,) = queue.failed.list()
    assert (failed.attempts, failed.due_at - queue.now) == (25, LAST_RETRY)


def test_an_outage_during_a_retry_keeps_the_failed_event() -> None:
    """R-EVT-19"""
    queue = Queue(Handler({4: [StorageUnavailable(), *(RuntimeError() for _ in range(5))]}))
    queue.subscription.run_once()
    with pytest.raises(StorageUnavailable):
        queue.retry_after(FIRST_RETRY)
    queue.retry_after(timedelta())
    assert (queue.handler.handled, queue.failed.list()) == ([3, 7, 4], [])


@pytest.mark.parametrize("obstacle", [KeyDisabled, EventUnreadable])
def test_an_event_waits_for_its_tenants_key_or_a_repair_and_others_do_not(
    obstacle: type[Rejected],
) -> None:
    """C-24, R-TEN-03, R-EVT-19: it is tried again later, with pauses that grow."""
    queue = Queue(Handler({3: [obstacle(), obstacle()]}))
    queue.subscription.run_once()
    assert queue.handler.handled == [4, 7]
    (failed,) = queue.failed.list()
    assert (failed.position, failed.attempts, failed.reason) == (3, 1, obstacle.__name__)
    queue.retry_after(FIRST_RETRY)
    queue.retry_after(2 * FIRST_RETRY)
    assert (queue.handler.handled, queue.failed.list()) == ([4, 7, 3], [])


def test_events_before_a_failed_one_are_not_handled_again() -> None:
    queue = Queue(Handler({4: [RuntimeError()]}))
    queue.subscription.run_once()
    assert (queue.handler.handled, queue.position.value) == ([3, 4, 7], 7)


def test_a_queue_whose_log_was_restored_from_an_older_backup_starts_again() -> None:
    """R-EVT-03: new events get the positions that the queue has passed."""
    queue = Queue(Handler({}))
    queue.position.value = 8
    with capture_logs() as logs:
        queue.subscription.run_once()
    assert (queue.handler.handled, queue.position.value) == ([3, 4, 7], 7)
    assert [each["event"] for each in logs] == ["queue.log_behind"]
    queue.subscription.run_once()
    assert queue.handler.handled == [3, 4, 7]
