"""A queue without a bus: one process follows the event log and calls the handler of the queue."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Final, Protocol

import structlog

from application.kernel.cloud_events import EncodedEvent, to_message
from application.kernel.dead_letters import MAX_STACK, DeadLetter
from application.kernel.outages import is_outage, is_transient
from application.kernel.ports import Clock
from application.kernel.subscription import LOG, Backoff, Checkpoint, LogScan, RecordFailed, Records
from domain.kernel import Rejected

RETRY: Final = Backoff(attempts=8, first_s=1.0, factor=3.0, longest_s=60.0)
"""Pauses after unexpected errors, two minutes together, while later events wait."""

FIRST_RETRY: Final = timedelta(minutes=10)
LAST_RETRY: Final = timedelta(days=1)
"""Pauses before a failed event is tried again: doubled each time, up to the last one."""

logger = structlog.get_logger()


class Positions(Protocol):
    """Store of the position up to which the log has been followed."""

    def load(self) -> int: ...

    def store(self, position: int) -> None: ...


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event that a queue could not handle, by its position in the log.

    `reason` is the type of the error and `stack` the calls, both without its text, which may hold
    personal data. It is tried again at `due_at`.
    """

    position: int
    reason: str
    stack: str
    attempts: int
    retries: int
    failed_at: datetime
    due_at: datetime


class FailedEvents(Protocol):
    """Failed events of one queue. Raises StorageUnavailable."""

    def store(self, failed: FailedEvent) -> None:
        """Add a failed event, or replace it."""
        ...

    def due(self, now: datetime) -> FailedEvent | None:
        """Return the event that has been due for longest, or None."""
        ...

    def list(self) -> Sequence[FailedEvent]:
        """Return all, in the order of the log."""
        ...

    def retry(self, positions: Sequence[int], now: datetime) -> None:
        """Make events due now."""
        ...

    def delete(self, positions: Sequence[int]) -> None: ...


class LogQueueProcessor:
    """Calls a handler for each event, in order; an outage keeps all of them waiting.

    An event on which the handler fails unexpectedly is tried again. After the last attempt of the
    subscription's policy, or at once if its stream is damaged or the key of its tenant is disabled,
    the events after it are handled, and it is tried again later, until it succeeds or is purged.

    The handler is idempotent: after a crash it gets the events since the stored position again.
    """

    def __init__(
        self,
        name: str,
        positions: Positions,
        handle: Callable[[EncodedEvent], None],
        *,
        failed: FailedEvents,
        log: LogScan[EncodedEvent],
        clock: Clock,
    ) -> None:
        self._name = name
        self._positions = positions
        self._handle = handle
        self._failed = failed
        self._log = log
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    def start(self, stop: Event) -> Checkpoint:
        """Return the stored position, or the beginning if the log ends before that position.

        Then the log was restored from a backup that is older than the position, and new events get
        positions that were passed before.
        """
        del stop
        position = self._positions.load()
        if position and not self._log.scan(after=position - 1, limit=1):
            logger.warning("queue.log_behind", queue=self._name, position=position)
            position = 0
        return {LOG: position}

    def process(self, batch: Records[EncodedEvent]) -> Checkpoint:
        """Handle the events of a batch; at the end of the log, try a failed event again.

        One that is refused for good is skipped. Raises RecordFailed for an unexpected error.
        """
        for index, event in enumerate(batch.records):
            try:
                self._handle_or_skip(event)
            except Exception as failed:
                if is_outage(failed):
                    raise
                if index:
                    self._positions.store(batch.records[index - 1].position)
                raise RecordFailed(index, failed) from failed
        if batch.records:
            self._positions.store(batch.reached[LOG])
        else:
            self._retry_failed()
        return batch.reached

    def quarantine(self, record: EncodedEvent, error: Exception, attempts: int) -> None:
        """Store an event that failed, to try it again later, and continue after it."""
        self._store_failed(record, error, attempts=attempts, retries=0)
        self._positions.store(record.position)

    def _handle_or_skip(self, event: EncodedEvent) -> None:
        try:
            self._handle(event)
        except Rejected as obstacle:
            report_refusal(self._name, event, obstacle)

    def _retry_failed(self) -> None:
        due = self._failed.due(self._clock())
        if due is None:
            return
        (event,) = self._log.scan(after=due.position - 1, limit=1)
        try:
            self._handle_or_skip(event)
        except Exception as error:  # it is logged and stored
            if is_outage(error):
                raise
            self._store_failed(event, error, attempts=due.attempts + 1, retries=due.retries + 1)
            return
        self._failed.delete([due.position])
        logger.info("queue.recovered", queue=self._name, event_id=str(event.event_id))

    def _store_failed(
        self, event: EncodedEvent, error: Exception, *, attempts: int, retries: int
    ) -> None:
        now = self._clock()
        pause = min(LAST_RETRY, FIRST_RETRY * 2 ** min(retries, 10))
        logger.error(
            "queue.failed",
            queue=self._name,
            event_id=str(event.event_id),
            attempts=attempts,
            retry_at=(now + pause).isoformat(),
            exc_info=error,
        )
        self._failed.store(
            FailedEvent(
                position=event.position,
                reason=type(error).__name__,
                stack="".join(traceback.format_tb(error.__traceback__))[-MAX_STACK:],
                attempts=attempts,
                retries=retries,
                failed_at=now,
                due_at=now + pause,
            )
        )


@dataclass(frozen=True, slots=True)
class LogDeadLetters:
    """Implements `DeadLetterQueue` for a queue without a bus. The place is log/position."""

    queue: str
    failed: FailedEvents
    log: LogScan[EncodedEvent]
    clock: Clock

    def list(self) -> tuple[DeadLetter, ...]:
        return tuple(map(self._letter, self.failed.list()))

    def replay(self, letters: Sequence[DeadLetter]) -> None:
        """Make the process that follows the log try these events again at once."""
        self.failed.retry(_positions(letters), self.clock())

    def purge(self, letters: Sequence[DeadLetter]) -> None:
        self.failed.delete(_positions(letters))

    def _letter(self, failed: FailedEvent) -> DeadLetter:
        (event,) = self.log.scan(after=failed.position - 1, limit=1)
        return DeadLetter(
            place=f"{LOG}/{failed.position}",
            group=self.queue,
            reason=failed.reason,
            stack=failed.stack,
            attempts=failed.attempts,
            failed_at=failed.failed_at,
            message=to_message(event),
        )


def _positions(letters: Sequence[DeadLetter]) -> list[int]:
    return [int(letter.place.removeprefix(f"{LOG}/")) for letter in letters]


def report_refusal(queue: str, event: EncodedEvent, obstacle: Rejected) -> None:
    """Log that an event cannot be handled. Raises the obstacle if a retry may succeed."""
    if is_transient(obstacle):
        raise obstacle
    logger.error("queue.refused", queue=queue, event_id=str(event.event_id), code=obstacle.code)
