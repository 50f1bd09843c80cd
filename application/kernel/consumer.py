"""A group works off its messages one by one; what fails again and again is set aside.

Handlers are called at least once for each message, in order for each key, and are idempotent by
what the message carries: the event's id, or its stream and version.
"""

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import structlog

from application.kernel.backoff import Draw, Retry
from application.kernel.bus import (
    Bus,
    BusUnavailable,
    ConsumerSession,
    Delivery,
    NotAssigned,
    check_partition_key,
)
from application.kernel.dead_letters import REPLAYED_FOR, buried
from application.kernel.ports import Clock
from application.kernel.topics import Group
from domain.kernel import Rejected

Handler = Callable[[Delivery], None]
"""Does the work of one message. Raises where it cannot."""

PART = 50
"""Messages received at once. All their retries together must end before the bus takes the member
for dead, which `adapters.bus.kafka` sets."""
LOOK_S = 1.0
OUTAGE = Retry(first_s=0.2, factor=2.0, longest_s=5.0)

logger: Any = structlog.get_logger()


class Consumer:
    """One member of a group, with its handler.

    What a handler refuses for good (a `Rejected` of any kind but "unavailable") is a dead letter
    at once; anything else it raises is tried again by `retry` first. It is given no message that is
    about somebody else than its key names: that is a dead letter, too.
    """

    def __init__(
        self,
        bus: Bus,
        group: Group,
        handler: Handler,
        *,
        draw: Draw,
        clock: Clock,
        retry: Retry = Retry(),  # noqa: B008  immutable
    ) -> None:
        self._bus = bus
        self._group = group
        self._handler = handler
        self._draw = draw
        self._clock = clock
        self._retry = retry
        self._failed = 0

    def run(self, stop: Event) -> None:
        """Work until told to stop. An outage of the bus is waited for. Raises TopicUnknown."""
        while not stop.is_set():
            try:
                self._attend(stop)
            except BusUnavailable as away:
                self._failed += 1
                logger.warning("consumer.interrupted", group=self._group.name, reason=away.detail)
                stop.wait(OUTAGE.pause_s(self._failed, self._draw))

    def _attend(self, stop: Event) -> None:
        subscription = self._bus.subscribe(self._group.name, self._group.topics)
        try:
            while not stop.is_set():
                self.step(subscription, stop)
                self._failed = 0
        finally:
            subscription.close()

    def step(self, subscription: ConsumerSession, stop: Event) -> None:
        """Work off the next messages, and tell the bus so."""
        worked: list[Delivery] = []
        for delivered in subscription.receive(PART, LOOK_S):
            if stop.is_set() or not self._work_off(delivered, stop):
                break
            worked.append(delivered)
        self._done(subscription, worked)

    def _done(self, subscription: ConsumerSession, worked: Sequence[Delivery]) -> None:
        if not worked:
            return
        try:
            subscription.commit(worked)
        except NotAssigned as moved:  # they come again, to whom they belong now
            logger.info("consumer.moved", group=self._group.name, reason=moved.detail)

    def _work_off(self, delivered: Delivery, stop: Event) -> bool:
        """Handle a message or bury it; False where we were told to stop before either."""
        meant = delivered.message.header(REPLAYED_FOR)
        if meant is not None and meant != self._group.name:
            return True
        for attempt in range(1, self._retry.attempts + 1):
            try:
                check_partition_key(delivered.message)
                self._handler(delivered)
            except Exception as error:  # noqa: BLE001  whatever is wrong, the others must go on
                if _final(error) or attempt == self._retry.attempts:
                    self._bury(delivered, error, attempt)
                    return True
                self._tell("consumer.failed", delivered, error, attempt)
            else:
                return True
            if stop.wait(self._retry.pause_s(attempt, self._draw)):
                return False
        return True

    def _bury(self, delivered: Delivery, error: Exception, attempts: int) -> None:
        letter = buried(delivered, self._group, error, attempts=attempts, at=self._clock())
        self._bus.publish([letter])
        self._tell("consumer.dead_letter", delivered, error, attempts)

    def _tell(self, what: str, delivered: Delivery, error: Exception, attempt: int) -> None:
        logger.warning(
            what,
            group=self._group.name,
            place=delivered.place,
            correlation_id=delivered.message.header("ce_correlationid"),
            attempt=attempt,
            error=f"{type(error).__name__}: {error}",
        )


def _final(error: Exception) -> bool:
    """Whether trying again would change nothing."""
    return isinstance(error, Rejected) and error.kind != "unavailable"
