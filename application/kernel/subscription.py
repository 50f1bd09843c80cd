"""Subscription: read, process, checkpoint.

Everything that follows the event log or the bus runs this one loop: the projections, the relay,
the achievements, and the consumer groups. A `Source` delivers ordered records, a `Processor`
stores their effects together with its checkpoint, a `LeaderLock` keeps other instances waiting.
The loop adds back-off during outages, retries and quarantine of records that fail, consumer lag,
and shutdown between batches. The Faust workers have a loop of their own (`streams.subscription`),
because Faust assigns the partitions; they share `Checkpoint`, `Policy` and `SubscriptionStatus`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, Final, Generic, Protocol, TypeVar

import structlog

from application.kernel.outages import is_permanent, is_transient
from application.kernel.ports import LogTail
from domain.kernel import Rejected

T = TypeVar("T")
R = TypeVar("R", bound="Positioned")

Draw = Callable[[], float]
"""Returns a random number from 0 up to 1, evenly distributed."""

Checkpoint = Mapping[str, int]
"""Last record with a stored effect: {"log": position}, or {"topic/partition": next offset}."""

LOG: Final = "log"

logger: Any = structlog.get_logger()


class Stopped(Exception):  # noqa: N818  not a failure
    """The process shuts down, so the work in progress is given up; another process continues it."""


class RecordFailed(Exception):  # noqa: N818  the processor reports it, the subscription retries
    """A record of a batch could not be processed; the effects of those before it are stored."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.index = index
        self.error = error


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off with full jitter.

    The pause before attempt n+1 is evenly distributed from 0 to `first_s` x `factor`^(n-1), at most
    `longest_s`: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    attempts: int = 5
    first_s: float = 0.2
    factor: float = 3.0
    longest_s: float = 10.0

    def pause_s(self, failed: int, draw: Draw) -> float:
        """Return the seconds to wait after `failed` failed attempts, from 1."""
        exponent = min(failed - 1, 60)  # a larger power would overflow a float
        return draw() * min(self.longest_s, self.first_s * self.factor**exponent)


OUTAGE: Final = Backoff(first_s=0.2, factor=2.0, longest_s=5.0)
"""Pauses while the log, a store or the bus is unavailable. There is no last attempt."""

POLL_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Batch size, pauses and retries of a subscription.

    `retry` applies to a record that failed; it is skipped if no retry can help (`is_permanent`).
    `poll_s` is the longest wait for new records or for the leader lock, and so, at rest, the time
    until a shutdown is noticed.
    """

    outage: Backoff = OUTAGE
    retry: Backoff = Backoff()
    batch_size: int = 500
    poll_s: float = POLL_S


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """State of a subscription, for monitoring.

    `caught_up`: the end of the source was reached since this instance became the leader. `lag`: the
    number of records up to the end, None if the source cannot tell. `error`: of the last outage.
    """

    name: str
    leader: bool
    caught_up: bool
    checkpoint: Checkpoint
    lag: int | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Records(Generic[T]):
    """A batch of records in order, and the checkpoint at its end. It may be empty."""

    records: Sequence[T]
    reached: Checkpoint

    def after(self, count: int) -> "Records[T]":
        """Return the batch without its first records."""
        return Records(self.records[count:], self.reached)


class Source(Protocol[T]):
    """Ordered records: the event log, or the partitions of a consumer."""

    def read(self, after: Checkpoint, limit: int) -> Records[T]:
        """Return at most `limit` records, without waiting."""
        ...

    def wait(self, after: Checkpoint, timeout_s: float, stop: Event) -> None:
        """Return as soon as there is a new record, on timeout, or once `stop` is set.

        A source that waits on a server may notice `stop` only on timeout.
        """
        ...

    def end(self) -> Checkpoint:
        """Return the checkpoint of the newest record; empty if the source cannot tell."""
        ...


class Processor(Protocol[T]):
    """Processes batches. It is idempotent, and stores effects and checkpoint together."""

    @property
    def name(self) -> str: ...

    def start(self, stop: Event) -> Checkpoint:
        """Prepare as the new leader, and return the stored checkpoint.

        Long preparations raise Stopped when `stop` is set.
        """
        ...

    def process(self, batch: Records[T]) -> Checkpoint:
        """Store the effects of a batch and return the checkpoint that was reached.

        An empty batch means that the end of the source is reached: there is time for work that had
        to wait. Raises RecordFailed if a record is to be retried or skipped.
        """
        ...

    def quarantine(self, record: T, error: Exception, attempts: int) -> None:
        """Store a record that failed for good, and continue without it."""
        ...


class AllOrNothing(Generic[T]):
    """Base of processors that never skip a record: their order must hold."""

    def quarantine(self, record: T, error: Exception, attempts: int) -> None:
        """Raise the error."""
        del record, attempts
        raise error


class LeaderLock(Protocol):
    """Lock that one of several instances holds. Raises StorageUnavailable."""

    def acquire(self) -> bool:
        """Try to become the leader. Return whether this instance is the leader."""
        ...

    def renew(self) -> bool:
        """Return whether this instance is still the leader."""
        ...

    def release(self) -> None:
        """Let another instance lead. Does nothing if this one does not lead."""
        ...


class NoLock:
    """Leader lock of a single instance."""

    def acquire(self) -> bool:
        return True

    def renew(self) -> bool:
        return True

    def release(self) -> None:
        pass


class Subscription(Generic[T]):
    """Follows a source: leads, reads, processes, checkpoints, and backs off during outages."""

    def __init__(
        self,
        source: Source[T],
        processor: Processor[T],
        lock: LeaderLock,
        policy: Policy = Policy(),
        *,
        draw: Draw,
    ) -> None:
        self._source = source
        self._processor = processor
        self._lock = lock
        self._policy = policy
        self._draw = draw
        self._checkpoint: Checkpoint = {}
        self._failed = 0
        self._leader = False
        self._caught_up = False
        self._error: str | None = None

    def run(self, stop: Event) -> None:
        """Follow the source until `stop` is set; the batch in progress is finished.

        Waits for the end of outages, however long they are. Raises errors that waiting cannot fix.
        """
        while not stop.is_set():
            try:
                self._lead(stop)
            except Stopped:
                return
            except Rejected as obstacle:
                if not is_transient(obstacle):
                    raise
                self._pause(obstacle, stop)

    def run_once(self) -> Checkpoint:
        """Process all records up to the end of the source and return the checkpoint."""
        never = Event()
        if not self._lock.acquire():
            return self._checkpoint
        try:
            self._checkpoint = self._processor.start(never)
            while (batch := self._read()).records:
                self._checkpoint = self._process(batch, never)
        finally:
            self._lock.release()
        return self._checkpoint

    def status(self) -> SubscriptionStatus:
        """Return the present state. Reads the end of the source."""
        end, reached = self._source.end(), self._checkpoint
        lag = sum(max(0, last - reached.get(name, 0)) for name, last in end.items())
        return SubscriptionStatus(
            name=self._processor.name,
            leader=self._leader,
            caught_up=self._caught_up,
            checkpoint=reached,
            lag=lag if end else None,
            error=self._error,
        )

    @property
    def caught_up(self) -> bool:
        """Whether this instance leads and has reached the end of the source."""
        return self._caught_up

    def _lead(self, stop: Event) -> None:
        """Process as the leader until `stop` is set or the leadership is lost."""
        try:
            if not self._lock.acquire():
                stop.wait(self._policy.poll_s)
                return
            self._leader = True
            self._checkpoint = self._processor.start(stop)
            name = self._processor.name
            logger.info("subscription.leads", subscription=name, checkpoint=dict(self._checkpoint))
            while not stop.is_set() and self._lock.renew():
                self._round(stop)
        finally:
            self._leader = self._caught_up = False
            self._lock.release()

    def _round(self, stop: Event) -> None:
        batch = self._read()
        self._checkpoint = self._process(batch, stop)
        self._failed, self._error = 0, None
        if not batch.records:
            self._caught_up = True
            self._source.wait(self._checkpoint, self._policy.poll_s, stop)

    def _read(self) -> Records[T]:
        return self._source.read(self._checkpoint, self._policy.batch_size)

    def _process(self, batch: Records[T], stop: Event) -> Checkpoint:
        """Process a batch: retry a record that fails, then quarantine it and continue."""
        attempt = 0
        while True:
            try:
                return self._processor.process(batch)
            except RecordFailed as failed:
                attempt = attempt + 1 if failed.index == 0 else 1
                batch = batch.after(failed.index)
                error = failed.error
            if is_permanent(error) or attempt >= self._policy.retry.attempts:
                self._processor.quarantine(batch.records[0], error, attempt)
                batch, attempt = batch.after(1), 0
                if not batch.records:
                    return batch.reached
            elif stop.wait(self._policy.retry.pause_s(attempt, self._draw)):
                return self._checkpoint

    def _pause(self, obstacle: Rejected, stop: Event) -> None:
        self._failed += 1
        self._error = obstacle.detail
        logger.warning(
            "subscription.interrupted",
            subscription=self._processor.name,
            code=obstacle.code,
            reason=obstacle.detail,
        )
        stop.wait(self._policy.outage.pause_s(self._failed, self._draw))


class Positioned(Protocol):
    """A record of the event log."""

    @property
    def position(self) -> int: ...


class LogScan(Protocol[R]):  # type: ignore[misc]  # invariant through Sequence in mypy only
    """The event log, as a subscription reads it."""

    def scan(self, *, after: int, limit: int) -> Sequence[R]: ...


@dataclass(frozen=True, slots=True)
class LogSource(Generic[R]):
    """The event log as a source. `tail` may be missing if nothing waits."""

    log: LogScan[R]
    tail: LogTail | None = None

    def read(self, after: Checkpoint, limit: int) -> Records[R]:
        records = self.log.scan(after=after[LOG], limit=limit)
        return Records(records, {LOG: records[-1].position} if records else after)

    def wait(self, after: Checkpoint, timeout_s: float, stop: Event) -> None:
        if self.tail is not None:
            self.tail.wait(after[LOG], timeout_s, stop)

    def end(self) -> Checkpoint:
        return {} if self.tail is None else {LOG: self.tail.wait(0, 0.0)}


@dataclass(frozen=True)
class Lag:
    """Distance from the end of the log. `seconds`: the age of the oldest unprocessed event."""

    events: int
    seconds: float


def lag_of(
    position: int, *, head: int, now: datetime, recorded_after: Callable[[int], datetime | None]
) -> Lag:
    """Return the lag of a position.

    `recorded_after` returns when the next event after a position was recorded, or None.
    """
    behind = max(0, head - position)
    since = recorded_after(position) if behind else None
    return Lag(behind, max(0.0, (now - since).total_seconds()) if since is not None else 0.0)
