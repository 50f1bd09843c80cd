"""Transactional outbox relay: publishes every event of the log, in order and without a gap.

The log is the outbox: nothing is published that is not stored. The relay stores its checkpoint
only when the bus has acknowledged the events, so after a crash events are sent again rather than
lost. The events of a stream may then come twice, but never one before an earlier one has come:
consumers drop a version that is not newer than the last one of the stream that they have seen.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from threading import Event
from typing import Final, Protocol

from opentelemetry.trace import SpanKind

from application.kernel.bus import Publisher
from application.kernel.cloud_events import EncodedEvent, to_message
from application.kernel.metrics import EVENTS_RELAYED, RELAY_SECONDS
from application.kernel.ports import LogTail
from application.kernel.subscription import (
    LOG,
    POLL_S,
    AllOrNothing,
    Checkpoint,
    Draw,
    LogSource,
    Policy,
    Records,
    Subscription,
)
from application.kernel.tracing import (
    format_traceparent,
    record_span,
    span_id_of,
    trace_context,
    tracing,
)
from domain.ids import TenantId

BATCH = 5000
"""Events sent before the relay waits for the bus, about 4 MB; a crash repeats at most these."""
READ_AT_ONCE: Final = 2000
"""Events that `read_log` has in memory."""
RELAYED: Final = 0x5E1A_5E1A_5E1A_5E1A
"""Derives the id of the relay's span from that of the event. Its first bit differs from that of
each of our UUIDs (RFC 9562, section 4.1), so the result is never 0, which would name no span."""


class EncodedLog(Protocol):
    """The event log with payloads as they are stored."""

    def scan(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[EncodedEvent]:
        """Return at most `limit` events with a position > `after`, in order.

        They are those of a tenant, or of all tenants. Raises StorageUnavailable.
        """
        ...


def read_log(log: EncodedLog, tenant_id: TenantId | None = None) -> Iterator[EncodedEvent]:
    """Yield all events of a tenant or of all tenants, in order. Raises StorageUnavailable."""
    after = 0
    while batch := log.scan(after=after, limit=READ_AT_ONCE, tenant_id=tenant_id):
        after = batch[-1].position
        yield from batch


def recorded_before(
    log: EncodedLog, tenant_id: TenantId, before: datetime
) -> Iterator[EncodedEvent]:
    """Yield the events of a tenant up to a time, in order. Raises StorageUnavailable."""
    return takewhile(lambda event: event.recorded_at < before, read_log(log, tenant_id))


class CheckpointStore(Protocol):
    """The relay's checkpoint, which only the leader can move. Raises StorageUnavailable."""

    def acquire(self) -> int | None:
        """Become the leader and return the checkpoint; None while another relay leads."""
        ...

    def move(self, to: int) -> None:
        """Store that the bus has everything up to `to`. Raises LeadershipLost."""
        ...

    def release(self) -> None:
        """Let another relay lead. Does nothing if this one does not lead."""
        ...


class RelayProcessor(AllOrNothing[EncodedEvent]):
    """Publishes batches and stores the checkpoint.

    The checkpoint store is also the leader lock: a relay that lost it cannot move the checkpoint.
    `relayed` is called with each new checkpoint. A published message is a child of the event's
    span, so that its consumers are in the trace of the request that caused the event.
    """

    name = "relay"

    def __init__(
        self,
        bus: Publisher,
        checkpoints: CheckpointStore,
        relayed: Callable[[int], None],
    ) -> None:
        self._bus = bus
        self._checkpoints = checkpoints
        self._relayed = relayed
        self._position = 0

    def acquire(self) -> bool:
        position = self._checkpoints.acquire()
        if position is not None:
            self._position = position
        return position is not None

    def renew(self) -> bool:
        return True  # a lost leadership shows when the checkpoint is moved

    def release(self) -> None:
        self._checkpoints.release()

    def start(self, stop: Event) -> Checkpoint:
        """Return the checkpoint read with the lock."""
        del stop
        return {LOG: self._position}

    def process(self, batch: Records[EncodedEvent]) -> Checkpoint:
        """Publish a batch, then move the checkpoint."""
        if batch.records:
            self._publish(batch.records)
            self._checkpoints.move(batch.reached[LOG])
            self._relayed(batch.reached[LOG])
        return batch.reached

    def _publish(self, events: Sequence[EncodedEvent]) -> None:
        began, began_ns = time.perf_counter(), time.time_ns()
        self._bus.publish(
            [
                to_message(
                    event, traceparent=format_traceparent(event.correlation_id, _span_id(event))
                )
                for event in events
            ]
        )
        RELAY_SECONDS.observe(time.perf_counter() - began)
        EVENTS_RELAYED.inc(len(events))
        for event in events:
            if tracing.samples(event.correlation_id):
                record_span(
                    "relay publish",
                    trace_context(event.correlation_id, event.event_id),
                    kind=SpanKind.PRODUCER,
                    span_id=_span_id(event),
                    start_ns=began_ns,
                    attributes={"kinelog.event": event.name, "kinelog.position": event.position},
                )


def relay_subscription(
    *,
    log: EncodedLog,
    tail: LogTail,
    bus: Publisher,
    checkpoints: CheckpointStore,
    draw: Draw,
    batch: int = BATCH,
    relayed: Callable[[int], None] = lambda _: None,
    poll_s: float = POLL_S,
) -> Subscription[EncodedEvent]:
    """Return the relay's subscription to the log.

    It raises what waiting cannot fix: TopicUnknown, MessageTooLarge, CategoryUnknown.
    """
    relay = RelayProcessor(bus, checkpoints, relayed)
    policy = Policy(batch_size=batch, poll_s=poll_s)
    return Subscription(LogSource(log, tail), relay, relay, policy, draw=draw)


def _span_id(event: EncodedEvent) -> int:
    """Derive the id of the relay's span from the event: the same when it is sent again."""
    return span_id_of(event.event_id) ^ RELAYED
