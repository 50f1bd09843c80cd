"""The relay reads on in the log and puts every event on the bus, in order and without a gap.

The log is the outbox: nothing is published that was not stored. The relay moves its position only
when the bus has acknowledged, so whatever happens to it, events are sent again rather than lost.
Then a stream's events may come twice, but none comes before an earlier one has come: who reads
drops a version that is not newer than the last one seen of the stream.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Protocol

import structlog

from application.kernel.backoff import Draw, Retry
from application.kernel.bus import BusUnavailable, Publisher
from application.kernel.cloud_events import Encode, EncodedEvent, message, stored
from application.kernel.ports import LogReader, LogTail, StorageUnavailable
from application.kernel.telemetry import OFF, Telemetry, TraceParent, span_id_of
from domain.kernel import Rejected

BATCH = 5000
"""Events sent before the relay waits for the bus, about 4 MB; a crash sends at most these again."""
LOOK_S = 1.0
"""How long one wait for new events, or for the other relay's end, may take."""
OUTAGE = Retry(first_s=0.2, factor=2.0, longest_s=5.0)
"""Pauses while the bus or the log is away; there is no last try."""
RELAYED: Final = 0x5E1A_5E1A_5E1A_5E1A
"""Makes the relay's span id out of the event's. Its first bit differs from that of every UUID of
ours (RFC 9562, section 4.1), so that the outcome is never 0, which would name no span."""

logger: Any = structlog.get_logger()


class LeadershipLost(Rejected):
    """Another relay may have taken over: this one no longer holds the position."""

    code = "relay.lost"
    kind = "conflict"


class EncodedLog(Protocol):
    """The event log as the relay reads it, payloads as they are."""

    def stored(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        """At most `limit` events of all tenants with a position > `after`, in order.

        Raises StorageUnavailable.
        """
        ...


class CheckpointStore(Protocol):
    """How far the bus has the log. One relay at a time holds it; raises StorageUnavailable."""

    def acquire(self) -> int | None:
        """Give the position, and hold it until released; None while another relay holds it."""
        ...

    def move(self, to: int) -> None:
        """Store that the bus has everything up to `to`. Raises LeadershipLost."""
        ...

    def release(self) -> None:
        """Let another relay take over. Does nothing where the position is not held."""
        ...


@dataclass(frozen=True, slots=True)
class ReencodingLog:
    """The relay's view of a log that gives events read: writes them as today's program does."""

    reader: LogReader
    encode: Encode

    def stored(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        """Read and write again: an event of an old version leaves as one of today's."""
        return [
            stored(recorded, self.encode) for recorded in self.reader.scan(after=after, limit=limit)
        ]


class Relay:
    """Follows the log for as long as it holds the position; stands by while another does.

    `relayed` is told each new position. What leaves hangs beneath the relay's span of its event, so
    that whoever reads it is in the trace of the request that led to it.
    """

    def __init__(
        self,
        *,
        log: EncodedLog,
        tail: LogTail,
        bus: Publisher,
        position: CheckpointStore,
        draw: Draw,
        batch: int = BATCH,
        relayed: Callable[[int], None] = lambda _: None,
        telemetry: Telemetry = OFF,
    ) -> None:
        self._log = log
        self._tail = tail
        self._bus = bus
        self._position = position
        self._draw = draw
        self._batch = batch
        self._relayed = relayed
        self._tracing = telemetry.tracing
        self._metrics = telemetry.metrics
        self._failed = 0

    def run(self, stop: Event) -> None:
        """Relay until told to stop. Outages are waited for, however long they are.

        Raises what waiting cannot mend: TopicUnknown, MessageTooLarge, CategoryUnknown.
        """
        while not stop.is_set():
            try:
                self._turn(stop)
            except (BusUnavailable, StorageUnavailable, LeadershipLost) as obstacle:
                self._failed += 1
                logger.warning("relay.interrupted", code=obstacle.code, reason=obstacle.detail)
                stop.wait(OUTAGE.pause_s(self._failed, self._draw))
            finally:
                self._position.release()

    def _turn(self, stop: Event) -> None:
        """Hold the position and follow the log until told to stop; wait where another has it."""
        after = self._position.acquire()
        if after is None:
            stop.wait(LOOK_S)
            return
        logger.info("relay.leads", position=after)
        while not stop.is_set():
            reached = self.step(after)
            if reached == after:
                self._tail.wait(after, LOOK_S)
            after = reached

    def step(self, after: int) -> int:
        """Publish the next events after a position and move there; returns the new position."""
        events = self._log.stored(after=after, limit=self._batch)
        if not events:
            return after
        self._publish(events)
        reached = events[-1].position
        self._position.move(reached)
        self._failed = 0
        self._relayed(reached)
        return reached

    def _publish(self, events: Sequence[EncodedEvent]) -> None:
        began, began_ns = time.perf_counter(), time.time_ns()
        samples = self._tracing.samples
        places = [_place(event, sampled=samples(event.correlation_id)) for event in events]
        self._bus.publish(
            [
                message(event, traceparent=str(place))
                for event, place in zip(events, places, strict=True)
            ]
        )
        self._metrics.relayed(len(events), time.perf_counter() - began)
        for event, place in zip(events, places, strict=True):
            if place.sampled:
                self._tracing.note(
                    "relay publish",
                    beneath=TraceParent.of(event.correlation_id, event.event_id),
                    kind="producer",
                    span_id=place.span_id,
                    began_ns=began_ns,
                    attributes={"kinelog.event": event.name, "kinelog.position": event.position},
                )


def _place(event: EncodedEvent, *, sampled: bool) -> TraceParent:
    """Name the relay's span of an event, by the event: sent again, it is the same one again."""
    return TraceParent(event.correlation_id, span_id_of(event.event_id) ^ RELAYED, sampled)
