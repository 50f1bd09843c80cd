"""Consumer group: a subscription that calls a handler for each message.

Handlers are called at least once for each message, in order for each key, and are idempotent by
what the message carries: the id of the event, or its stream and version. A message that fails for
good becomes a dead letter of the group, and the messages after it are processed.
"""

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind

from application.kernel.bus import (
    Bus,
    ConsumerSession,
    Delivery,
    NotAssigned,
    check_partition_key,
)
from application.kernel.dead_letters import REPLAYED_FOR, to_dead_letter
from application.kernel.metrics import MESSAGE_SECONDS
from application.kernel.outages import is_outage
from application.kernel.ports import Clock
from application.kernel.subscription import (
    Backoff,
    Checkpoint,
    Draw,
    Policy,
    RecordFailed,
    Records,
    Stopped,
    Subscription,
)
from application.kernel.topics import Group
from application.kernel.tracing import message_context, span

Handler = Callable[[Delivery], None]
"""Processes one message, or raises."""

BATCH: Final = 50
"""Messages received at once. All their retries together must end before the bus takes the consumer
for dead, which `adapters.bus.kafka` configures."""

logger: Any = structlog.get_logger()


class GroupSource:
    """The partitions of a consumer as a source. Being a member of the group is its leader lock."""

    def __init__(self, bus: Bus, group: Group, batch: int = BATCH) -> None:
        self._bus = bus
        self._batch = batch
        self._group = group
        self._session: ConsumerSession | None = None
        self._received: Sequence[Delivery] = ()

    def acquire(self) -> bool:
        self._session = self._bus.subscribe(self._group.name, self._group.topics)
        return True

    def renew(self) -> bool:
        return self._session is not None

    def release(self) -> None:
        session, self._session, self._received = self._session, None, ()
        if session is not None:
            session.close()

    def read(self, after: Checkpoint, limit: int) -> Records[Delivery]:
        del after  # the bus remembers what this consumer has received
        received, self._received = self._received, ()
        if not received and self._session is not None:
            received = self._session.receive(limit, 0.0)
        return Records(received, _offsets(received))

    def wait(self, after: Checkpoint, timeout_s: float, stop: Event) -> None:
        del after, stop
        if self._session is not None:
            self._received = self._session.receive(self._batch, timeout_s)

    def end(self) -> Checkpoint:
        return {}

    def commit(self, processed: Sequence[Delivery]) -> None:
        """Commit messages, unless another consumer has their partitions by now."""
        if not processed or self._session is None:
            return
        try:
            self._session.commit(processed)
        except NotAssigned as moved:  # the other consumer receives them again
            logger.info("consumer.rebalanced", group=self._group.name, reason=moved.detail)


class HandlerProcessor:
    """Calls a handler for each message, and dead-letters those that fail for good.

    A message about another tenant or stream than its key names is not handled: it fails for good.
    """

    def __init__(
        self,
        source: GroupSource,
        publish: Bus,
        group: Group,
        handler: Handler,
        clock: Clock,
        *,
        waits_for_outages: bool = False,
    ) -> None:
        self._source = source
        self._bus = publish
        self._group = group
        self._handler = handler
        self._clock = clock
        self._waits_for_outages = waits_for_outages
        self._stop = Event()

    @property
    def name(self) -> str:
        return self._group.name

    def start(self, stop: Event) -> Checkpoint:
        self._stop = stop
        return {}

    def process(self, batch: Records[Delivery]) -> Checkpoint:
        """Handle messages until shutdown, and commit those that were handled."""
        handled: list[Delivery] = []
        try:
            for delivery in batch.records:
                if self._stop.is_set():
                    break
                self._handle(delivery, len(handled))
                handled.append(delivery)
        finally:
            self._source.commit(handled)
        return _offsets(handled)

    def quarantine(self, record: Delivery, error: Exception, attempts: int) -> None:
        """Publish a dead letter, and commit the message."""
        letter = to_dead_letter(record, self._group, error, attempts=attempts, at=self._clock())
        self._bus.publish([letter])
        self._log("consumer.dead_letter", record, error, attempts=attempts)
        self._source.commit([record])

    def _handle(self, delivery: Delivery, index: int) -> None:
        replayed_for = delivery.message.header(REPLAYED_FOR)
        if replayed_for is not None and replayed_for != self._group.name:
            return
        try:
            check_partition_key(delivery.message)
            with traced_message(self._group.name, delivery.message.topic, delivery.message.headers):
                self._handler(delivery)
        except Stopped:  # the next consumer receives the message again
            raise
        except Exception as error:  # any error: the messages after it must be processed
            self._log("consumer.failed", delivery, error)
            if self._waits_for_outages and is_outage(error):
                raise
            raise RecordFailed(index, error) from error

    def _log(self, event: str, delivery: Delivery, error: Exception, **more: object) -> None:
        logger.warning(
            event,
            group=self._group.name,
            place=delivery.place,
            key=delivery.message.key,
            correlation_id=delivery.message.header("ce_correlationid"),
            error=f"{type(error).__name__}: {error}",
            **more,
        )


def consumer_subscription(
    bus: Bus,
    group: Group,
    handler: Handler,
    *,
    draw: Draw,
    clock: Clock,
    retry: Backoff = Backoff(),  # noqa: B008  immutable
    waits_for_outages: bool = False,
    batch: int = BATCH,
) -> Subscription[Delivery]:
    """Return a subscription of one consumer of a group, which receives so many messages at once.

    With `waits_for_outages`, a message whose handler finds something unavailable never becomes a
    dead letter: the consumer leaves the group, and receives the message again after a pause. If
    only the key of its tenant is disabled or its stream damaged, it does become one.
    """
    source = GroupSource(bus, group, batch)
    processor = HandlerProcessor(
        source, bus, group, handler, clock, waits_for_outages=waits_for_outages
    )
    policy = Policy(retry=retry, batch_size=batch)
    return Subscription(source, processor, source, policy, draw=draw)


def _offsets(deliveries: Sequence[Delivery]) -> Checkpoint:
    return {f"{each.message.topic}/{each.partition}": each.offset + 1 for each in deliveries}


@contextmanager
def traced_message(
    group: str, topic: str, headers: Iterable[tuple[str, bytes | None]]
) -> Generator[None]:
    """Measure the work on a message, in the trace that it carries."""
    began, outcome = time.perf_counter(), "done"
    named = {"messaging.consumer.group.name": group}
    try:
        with span(
            f"work {topic}", message_context(headers), kind=SpanKind.CONSUMER, attributes=named
        ):
            yield
    except Exception as failed:
        outcome = type(failed).__name__
        raise
    finally:
        MESSAGE_SECONDS.labels(group, topic, outcome).observe(time.perf_counter() - began)
