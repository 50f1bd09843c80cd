"""A consumer group handles its messages; repeated failures become dead letters to replay."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from adapters.bus.in_process import InProcessBus
from application.kernel.bus import BusUnavailable, Delivery, Message, NotAssigned
from application.kernel.consumer import consumer_subscription
from application.kernel.dead_letters import (
    REPLAYED_FOR,
    DeadLetterUnknown,
    GroupUnknown,
    find_group,
    list_dead_letters,
    purge,
    replay,
    select,
)
from application.kernel.encryption import KeyDisabled
from application.kernel.ports import EventUnreadable
from application.kernel.subscription import Backoff
from application.kernel.topics import Group, Topic
from domain.kernel import Rejected

AT = datetime(2030, 1, 1, tzinfo=UTC)
WORK = Group("letters", ("work",))
OTHER = Group("parcels", ("work",))
AT_ONCE = Backoff(attempts=3, first_s=0.0)


class Unreadable(Rejected):
    """The message is unreadable."""

    code = "test.unreadable"
    kind = "invalid"


class Away(Rejected):
    """Temporary failure."""

    code = "test.away"
    kind = "unavailable"


@dataclass
class Office:
    """A bus with one topic, and handlers that fail on request."""

    bus: InProcessBus
    seen: list[str] = field(default_factory=list[str])

    def publish(self, *values: str) -> None:
        headers = (("ce_id", b"7"), ("ce_correlationid", b"8"))
        self.bus.publish([Message("work", value[0], value.encode(), headers) for value in values])

    def work(
        self,
        failing: Callable[[str], Exception | None] = lambda _: None,
        *,
        group: Group = WORK,
        retry: Backoff = AT_ONCE,
        waits_for_outages: bool = False,
    ) -> None:
        """Handle all messages."""

        def handle(delivered: Delivery) -> None:
            value = (delivered.message.value or b"").decode()
            self.seen.append(value)
            if error := failing(value):
                raise error

        consumer_subscription(
            self.bus, group, handle, draw=lambda: 1.0, clock=lambda: AT, retry=retry,
            waits_for_outages=waits_for_outages,
        ).run_once()  # fmt: skip


@pytest.fixture
def office() -> Office:
    kept = timedelta(days=1)
    topics = [Topic("work", "", kept), *(Topic(g.dead_letters, "", kept, 1) for g in (WORK, OTHER))]
    return Office(InProcessBus(topics))


def test_each_message_is_worked_off_once_where_nothing_fails(office: Office) -> None:
    office.publish("a1", "a2", "b1")
    office.work()
    office.work()
    assert sorted(office.seen) == ["a1", "a2", "b1"]
    assert list_dead_letters(office.bus, WORK) == ()


@pytest.mark.parametrize(
    ("batch", "handled"),
    [(1, ["a1", "a2", "a2", "a3"]), (50, ["a1", "a2", "a3", "a1", "a2", "a3"])],
)
def test_what_was_handled_in_earlier_batches_is_not_repeated(
    office: Office, batch: int, handled: list[str]
) -> None:
    """R-EVT-05: a consumer of videos receives one at a time, as the bus may take it for dead."""
    office.publish("a1", "a2", "a3")

    def handle(delivery: Delivery) -> None:
        office.seen.append((delivery.message.value or b"").decode())
        if len(office.seen) == 2:
            office.bus.subscribe(WORK.name, WORK.topics).close()  # the group is rebalanced

    consumer_subscription(
        office.bus, WORK, handle, draw=lambda: 1.0, clock=lambda: AT, batch=batch
    ).run_once()
    assert office.seen == handled


def test_a_failed_message_is_retried(office: Office) -> None:
    """R-EVT-19"""
    office.publish("a1")
    errors = [OSError("busy"), Away()]
    office.work(lambda _: errors.pop() if errors else None)
    assert office.seen == ["a1", "a1", "a1"]
    assert list_dead_letters(office.bus, WORK) == ()


def test_a_message_may_wait_for_the_end_of_an_outage(office: Office) -> None:
    """R-EVT-03, R-EVT-19: it is not set aside, and received again; those before it are not."""
    office.publish("a1", "a2")
    for _ in range(5):
        with pytest.raises(Away):
            office.work(lambda value: Away() if value == "a2" else None, waits_for_outages=True)
    office.work(waits_for_outages=True)
    assert office.seen == ["a1", *["a2"] * 6]
    office.publish("a3")
    office.work(lambda _: Unreadable(), waits_for_outages=True)
    assert len(list_dead_letters(office.bus, WORK)) == 1


@pytest.mark.parametrize("obstacle", [KeyDisabled, EventUnreadable])
def test_messages_do_not_wait_for_one_tenants_key_or_a_damaged_stream(
    office: Office, obstacle: type[Rejected]
) -> None:
    """C-24, R-TEN-03, R-EVT-19"""
    office.publish("a1", "a2")
    office.work(lambda value: obstacle() if value == "a1" else None, waits_for_outages=True)
    assert office.seen == ["a1", "a2"]
    (letter,) = list_dead_letters(office.bus, WORK)
    assert letter.message.value == b"a1"


def test_a_poison_message_stops_no_consumer(office: Office) -> None:
    """R-EVT-19"""
    office.publish("a1", "a-poison", "a2", "a3")
    office.work(lambda value: OSError("broken") if "poison" in value else None)
    assert office.seen == ["a1", "a-poison", "a-poison", "a-poison", "a2", "a3"]


def test_a_final_refusal_is_not_retried(office: Office) -> None:
    office.publish("a1")
    office.work(lambda _: Unreadable())
    assert office.seen == ["a1"]
    (letter,) = list_dead_letters(office.bus, WORK)
    assert letter.attempts == 1
    assert letter.reason == "Unreadable: The message is unreadable."


def test_a_dead_letter_contains_the_failure_of_its_message(office: Office) -> None:
    """R-EVT-19: dead letters can be analyzed."""
    office.publish("a0", "a1")
    office.work(lambda value: OSError("膝 broken\n") if value == "a1" else None)
    (letter,) = list_dead_letters(office.bus, WORK)
    assert letter.reason == "OSError: 膝 broken\n"
    assert "Traceback" in letter.stack
    assert "in handle" in letter.stack
    assert letter.attempts == 3
    assert letter.failed_at == AT
    assert letter.group == "letters"
    assert letter.place.startswith("work/")
    assert letter.place.endswith("/1")
    assert letter.message == Message(
        "work", "a", b"a1", (("ce_id", b"7"), ("ce_correlationid", b"8"))
    )


def test_a_replayed_message_goes_back_to_its_topic_with_its_id(office: Office) -> None:
    """R-EVT-19"""
    office.publish("a1")
    office.work(lambda _: Unreadable())
    replay(office.bus, WORK, list_dead_letters(office.bus, WORK))
    assert list_dead_letters(office.bus, WORK) == ()
    *_, again = office.bus.read("work")
    assert again.message.key == "a"
    assert again.message.value == b"a1"
    assert again.message.header("ce_id") == "7"
    office.work()
    assert office.seen == ["a1", "a1"]


def test_a_replay_is_meant_for_one_group(office: Office) -> None:
    office.publish("a1")
    office.work(group=OTHER)
    office.work(lambda _: Unreadable())
    replay(office.bus, WORK, list_dead_letters(office.bus, WORK))
    office.seen.clear()
    office.work(group=OTHER)
    assert office.seen == []
    office.work()
    assert office.seen == ["a1"]


def test_a_replay_that_fails_becomes_a_dead_letter_again(office: Office) -> None:
    office.publish("a1")
    for _ in range(3):
        office.work(lambda _: Unreadable())
        (letter,) = list_dead_letters(office.bus, WORK)
        assert letter.message.headers == (("ce_id", b"7"), ("ce_correlationid", b"8"))
        replay(office.bus, WORK, [letter])
    assert len({each.message.header(REPLAYED_FOR) for each in office.bus.read("work")}) == 2


def test_the_same_failure_reported_twice_is_one_dead_letter(office: Office) -> None:
    """R-EVT-16: a consumer died between the dead letter and its commit."""
    office.publish("a1")
    office.work(lambda _: Unreadable())
    (sent,) = office.bus.read(WORK.dead_letters)
    office.bus.publish([sent.message])
    assert len(list_dead_letters(office.bus, WORK)) == 1


def test_purged_letters_are_gone(office: Office) -> None:
    office.publish("a1", "a2", "a3")
    office.work(lambda _: Unreadable())
    all_letters = list_dead_letters(office.bus, WORK)
    purge(office.bus, WORK, select(all_letters, [all_letters[1].place]))
    assert list_dead_letters(office.bus, WORK) == (all_letters[0], all_letters[2])


def test_dead_letters_are_selected_by_position_or_all(office: Office) -> None:
    office.publish("a1", "a2")
    office.work(lambda _: Unreadable())
    found = list_dead_letters(office.bus, WORK)
    assert select(found, []) == found
    assert select(found, [found[1].place]) == (found[1],)
    with pytest.raises(DeadLetterUnknown):
        select(found, [found[0].place, "work/9/9"])


def test_a_missing_group_is_reported() -> None:
    assert find_group("parcels", [WORK, OTHER]) == OTHER
    with pytest.raises(GroupUnknown, match="letters, parcels"):
        find_group("pigeons", [WORK, OTHER])


def test_a_message_interrupted_by_a_stop_is_redelivered(office: Office) -> None:
    """R-EVT-16"""
    office.publish("a1", "a2")
    stop = Event()

    def handle(_: Delivery) -> None:
        stop.set()
        raise OSError

    consumer = consumer_subscription(office.bus, WORK, handle, draw=lambda: 1.0, clock=lambda: AT)
    consumer.run(stop)
    office.work()
    assert office.seen == ["a1", "a2"]
    assert list_dead_letters(office.bus, WORK) == ()


def test_messages_that_moved_to_another_member_are_left_to_it(office: Office) -> None:
    office.publish("a1", "b1")
    first = office.bus.subscribe(WORK.name, WORK.topics)
    received = first.receive(10, 0.0)
    office.bus.subscribe(WORK.name, WORK.topics)
    with pytest.raises(NotAssigned):
        first.commit(received)


def test_a_relay_retries_during_a_bus_outage(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """R-OPS-09: graceful degradation."""
    caplog.set_level(logging.WARNING)
    stop = Event()
    outages = [BusUnavailable(), BusUnavailable()]
    subscribe = office.bus.subscribe

    def refuse(group: str, topics: tuple[str, ...]) -> object:
        if outages:
            raise outages.pop()
        return subscribe(group, topics)

    def handle(delivered: Delivery) -> None:
        office.seen.append((delivered.message.value or b"").decode())
        stop.set()

    monkeypatch.setattr(office.bus, "subscribe", refuse)
    office.publish("a1")
    consumer = consumer_subscription(office.bus, WORK, handle, draw=lambda: 0.0, clock=lambda: AT)
    consumer.run(stop)
    assert office.seen == ["a1"]
    assert outages == []
