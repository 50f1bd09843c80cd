"""The queue `analytics-events` counts the events of all contexts by day, tenant and name."""

from collections import Counter
from datetime import date

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.event_log.codec import EVENTS
from application.analytics.window_store import GROUP, aggregate_events
from application.kernel.bus import Delivery, Message
from application.kernel.cloud_events import MessageUnreadable, encoded, to_message
from application.kernel.consumer import consumer_subscription
from application.kernel.dead_letters import list_dead_letters
from application.kernel.topics import CONTEXTS, TOPICS, events_topic
from tests.projections.histories import AT, ListLog, repetition, set_started, started


class Tallies:
    """Counts in memory."""

    def __init__(self) -> None:
        self.events: Counter[tuple[str, date, str]] = Counter()
        self._counted: set[tuple[str, str, int]] = set()

    def count(self, tenant_id: str, stream: str, version: int, *, day: date, name: str) -> None:
        if (tenant_id, stream, version) not in self._counted:
            self._counted.add((tenant_id, stream, version))
            self.events[tenant_id, day, name] += 1


@pytest.fixture
def bus() -> InProcessBus:
    """A bus with the events of a session, the first of them twice."""
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    sent = [to_message(encoded(recorded, EVENTS.encode)) for recorded in log.recorded]
    bus = InProcessBus(TOPICS)
    bus.publish([sent[0], *sent])
    return bus


def worked_off(bus: InProcessBus) -> Tallies:
    tallies = Tallies()

    def handle(delivered: Delivery) -> None:
        aggregate_events(delivered, tallies)

    consumer_subscription(bus, GROUP, handle, draw=lambda: 0.0, clock=lambda: AT).run_once()
    return tallies


def test_the_queue_has_the_events_of_all_contexts() -> None:
    """R-EVT-04"""
    assert GROUP.name == "analytics-events"
    assert set(GROUP.topics) == {events_topic(context) for context in CONTEXTS}


def test_each_event_counts_once_on_its_day(bus: InProcessBus) -> None:
    """R-EVT-04, R-EVT-16"""
    assert worked_off(bus).events == {
        ("default", AT.date(), "session.started"): 1,
        ("default", AT.date(), "session.set_started"): 1,
        ("default", AT.date(), "session.repetition_counted"): 2,
    }


def test_an_undecodable_message_becomes_a_dead_letter(bus: InProcessBus) -> None:
    """R-EVT-19"""
    broken = Message(events_topic("users"), "red/user-1", b"{}")
    with pytest.raises(MessageUnreadable):
        aggregate_events(Delivery(broken, 0, 0), Tallies())
    bus.publish([broken])
    assert worked_off(bus).events.total() == 4
    (letter,) = list_dead_letters(bus, GROUP)
    assert letter.message.key == "red/user-1"
