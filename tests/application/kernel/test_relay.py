"""The relay publishes every event in order and without gaps, despite failures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.clock import new_id
from adapters.event_log.codec import EVENTS
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.memory_checkpoints import MemoryCheckpoints, MemoryCheckpointStore
from application.kernel.bus import BusUnavailable, Message, TopicUnknown
from application.kernel.cloud_events import from_message
from application.kernel.outages import LeadershipLost
from application.kernel.ports import Change, StorageUnavailable
from application.kernel.relay import relay_subscription
from application.kernel.subscription import Subscription
from application.kernel.topics import CONTEXT_OF_CATEGORY, TOPICS, topic_of
from application.kernel.tracing import span_id_of
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import Span
from tests.encoding_log import EncodingLog

AT = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class FlakyBus:
    """Forwards messages, but raises the given exceptions before or after some of them."""

    inner: InProcessBus
    troubles: list[tuple[int, Exception]] = field(default_factory=list[tuple[int, Exception]])

    def publish(self, messages: Sequence[Message]) -> None:
        if self.troubles:
            through, trouble = self.troubles.pop(0)
            self.inner.publish(messages[:through])
            raise trouble
        self.inner.publish(messages)


@dataclass
class Station:
    """A log, a bus, and relays between them that stop at the end of the log."""

    log: MemoryEventLog
    bus: FlakyBus
    positions: MemoryCheckpoints
    stop: Event = field(default_factory=Event)

    def append(self, stream: str, count: int, tenant: str = DEFAULT_TENANT) -> None:
        origin = Origin(tenant_id=TenantId(tenant), actor="ada", correlation_id=uuid4())
        version = len(self.log.load(origin.tenant_id, stream))
        facts = [
            events.HoldMeasured(set=1, span=Span(0, n), form=None, faults=()) for n in range(count)
        ]
        self.log.append([Change(stream, version, facts)], origin=origin, command_id=uuid4())

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        """Act as the log's tail: stop the relay at the end of the log."""
        if after >= self.log.head():
            self.stop.set()
        return self.log.head()

    def relay(
        self, batch: int = 3, relayed: Callable[[int], None] = lambda _: None
    ) -> Subscription[Any]:
        return relay_subscription(
            log=EncodingLog(self.log, EVENTS.encode),
            tail=self,
            bus=self.bus,
            checkpoints=MemoryCheckpointStore(self.positions),
            draw=lambda: 0.0,
            batch=batch,
            relayed=relayed,
        )

    def run(self, **options: Any) -> None:
        self.stop.clear()
        self.relay(**options).run(self.stop)

    def sent(self) -> list[tuple[str, str, int]]:
        """Return tenant, stream and version of each published event."""
        topics = {topic_of(f"{category}-1") for category in CONTEXT_OF_CATEGORY}
        found = [
            from_message(each.message) for topic in topics for each in self.bus.inner.read(topic)
        ]
        return [(event.tenant_id, event.stream, event.version) for event in found]


@pytest.fixture
def station() -> Station:
    return Station(
        log=MemoryEventLog(clock=lambda: AT, new_id=new_id),
        bus=FlakyBus(InProcessBus(TOPICS)),
        positions=MemoryCheckpoints(),
    )


def in_order(sent: list[tuple[str, str, int]], *, streams: dict[str, int]) -> bool:
    """Return whether each stream has all versions in order, without duplicates."""
    newest: dict[str, int] = {}
    for _, stream, version in sent:
        assert version <= newest.get(stream, 0) + 1, f"{stream} has a gap before {version}"
        newest[stream] = max(newest.get(stream, 0), version)
    return newest == streams


def test_every_event_is_relayed_once_where_nothing_fails(station: Station) -> None:
    """R-EVT-12, C-44"""
    station.append("session-1", 10)
    station.append("user-ada", 5)
    station.append("session-1", 2)
    station.run()
    assert len(station.sent()) == 17
    assert in_order(station.sent(), streams={"session-1": 12, "user-ada": 5})
    assert station.positions.position == station.log.head()


def test_an_event_carries_its_envelope(station: Station) -> None:
    station.append("session-1", 1, tenant="red")
    station.run()
    (recorded,) = station.log.scan(after=0, limit=1)
    (delivered,) = station.bus.inner.read("kinelog.events.sessions")
    event = from_message(delivered.message)
    assert event.event_id == recorded.event_id
    assert event.position == 1
    assert event.tenant_id == "red"
    assert EVENTS.decode(event.name, event.schema_version, event.payload) == recorded.event


def test_a_relay_continues_at_the_stored_position(station: Station) -> None:
    station.append("session-1", 4)
    station.run()
    station.append("session-1", 4)
    station.run()
    assert len(station.sent()) == 8


@pytest.mark.parametrize("through", [0, 1, 2])
def test_an_outage_of_the_bus_loses_nothing(station: Station, through: int) -> None:
    """R-EVT-19: messages published before the outage are sent twice."""
    station.append("session-1", 8)
    station.bus.troubles = [(through, BusUnavailable()), (0, BusUnavailable())]
    station.run()
    assert in_order(station.sent(), streams={"session-1": 8})
    assert len(station.sent()) == 8 + through


def test_the_position_moves_only_when_the_bus_has_acknowledged(station: Station) -> None:
    station.append("session-1", 8)
    station.bus.troubles = [(2, TopicUnknown())]
    with pytest.raises(TopicUnknown):
        station.run()
    assert station.positions.position == 0
    assert station.positions.holder is None, "another relay may try"


def test_an_outage_of_the_log_is_waited_for(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-OPS-09"""
    station.append("session-1", 4)
    outages = [StorageUnavailable(), StorageUnavailable()]
    scan = station.log.scan

    def refuse(*, after: int, limit: int) -> Any:
        if outages:
            raise outages.pop()
        return scan(after=after, limit=limit)

    monkeypatch.setattr(station.log, "scan", refuse)
    station.run()
    assert in_order(station.sent(), streams={"session-1": 4})


def test_one_relay_stands_by_while_another_leads(station: Station) -> None:
    first, second = (MemoryCheckpointStore(station.positions) for _ in range(2))
    assert first.acquire() == 0
    assert second.acquire() is None
    first.move(7)
    first.release()
    assert second.acquire() == 7
    with pytest.raises(LeadershipLost):
        first.move(9)


def test_a_relay_that_lost_leadership_continues_at_the_current_position(station: Station) -> None:
    """The two relays overlap: duplicates, but no gap."""
    station.append("session-1", 9)
    other = MemoryCheckpointStore(station.positions)
    taken = False

    def lose(reached: int) -> None:
        nonlocal taken
        if reached >= 6 and not taken:
            taken = True
            station.positions.holder = other
            station.positions.position = 3
            other.release()

    station.run(relayed=lose)
    assert in_order(station.sent(), streams={"session-1": 9})
    assert len(station.sent()) > 9


def test_the_relay_reports_its_position(station: Station) -> None:
    station.append("session-1", 7)
    reported: list[int] = []
    station.run(relayed=reported.append)
    assert reported == [3, 6, 7]


def test_outgoing_messages_carry_the_trace_of_their_request(station: Station) -> None:
    """R-OPS-01: below the relay's span of the event, which stays the same when it is sent again."""
    station.append("session-1", 2)
    station.run()
    station.positions.position = 0
    station.run()
    recorded = station.log.scan(after=0, limit=2)
    sent = [each.message for each in station.bus.inner.read("kinelog.events.sessions")]
    headers = [message.header("traceparent") or "" for message in sent]
    assert headers[:2] == headers[2:]
    assert [header.split("-")[1] for header in headers[:2]] == [
        each.origin.correlation_id.hex for each in recorded
    ]
    spans = {int(header.split("-")[2], 16) for header in headers}
    assert len(spans | {span_id_of(each.event_id) for each in recorded}) == 4
