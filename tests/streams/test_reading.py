"""A fetch is passed on as one message, and subscriptions see each record in it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord  # type: ignore[import-untyped]  # without types
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import Message

from streams.offset_reader import Fetch, Transport, messages_of
from streams.subscription import FaustSubscription, FollowingApp
from tests.streams.worker_harness import Outbox, offline_app

FACTS, OTHERS, STATES = TP("facts", 1), TP("facts", 3), TP("states", 1)


class Notebook:
    """Checkpoints without a known position."""

    give_up: Callable[[], Awaitable[None]] | None = None

    async def begin(self, _partitions: Any) -> dict[TP, int]:
        return {}

    async def drain(self) -> None: ...


def record(tp: TP, offset: int) -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord(
        topic=tp.topic,
        partition=tp.partition,
        offset=offset,
        timestamp=1000 + offset,
        timestamp_type=0,
        key=b"key",
        value=b"%d" % offset,
        checksum=None,
        serialized_key_size=3,
        serialized_value_size=1,
        headers=[("n", b"%d" % offset)],
    )


@pytest.fixture
def app(tmp_path: Path) -> FollowingApp:
    return offline_app(tmp_path, Outbox())


def carried(app: FollowingApp, monkeypatch: pytest.MonkeyPatch) -> dict[TP, list[Message]]:
    """Fetch facts of two partitions and two states; return the messages that Faust gets."""
    fetched = {
        FACTS: [record(FACTS, offset) for offset in (4, 5, 6)],
        STATES: [record(STATES, offset) for offset in (1, 2)],
        TP("facts", 2): [],
        OTHERS: [record(OTHERS, 2)],
    }

    async def fetch(*_: Any, **__: Any) -> Any:
        return fetched

    monkeypatch.setattr(driver.Consumer, "_getmany", fetch)
    consumer = Transport.Consumer.__new__(Transport.Consumer)
    consumer.app = app
    records: Any = asyncio.run(consumer._getmany(None, 1.0))
    return {tp: [consumer._to_message(tp, one) for one in some] for tp, some in records.items()}


def test_a_fetch_of_a_followed_topic_is_carried_as_one_message(
    app: FollowingApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_message: Message) -> None: ...

    FaustSubscription(app, "facts", Notebook(), work)
    found = carried(app, monkeypatch)
    (whole,) = found[FACTS]
    assert whole.offset == 4
    messages = messages_of(whole)
    assert isinstance(messages, Fetch)
    assert [(one.tp, one.offset, one.value) for one in messages] == [
        (FACTS, 4, b"4"),
        (FACTS, 5, b"5"),
        (FACTS, 6, b"6"),
        (OTHERS, 2, b"2"),
    ]
    assert [one.headers for one in messages] == [[("n", b"%d" % offset)] for offset in (4, 5, 6, 2)]
    assert {tp.topic for tp in found} == {FACTS.topic, STATES.topic}


def test_states_are_carried_one_by_one(app: FollowingApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust restores its table from them."""
    found = carried(app, monkeypatch)[STATES]
    assert [(one.offset, one.value) for one in found] == [(1, b"1"), (2, b"2")]


def test_a_message_that_came_alone_is_itself() -> None:
    alone: Any = SimpleNamespace(value=b"chunk")
    assert messages_of(alone) == (alone,)


def test_no_topic_is_made_by_a_worker(app: FollowingApp) -> None:
    """C-07: they are declared and created in one place."""
    transport = app._new_transport()
    asyncio.run(transport._create_topic(None, None, "facts", 1, 1))  # type: ignore[attr-defined]
