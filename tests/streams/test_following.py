"""Faust subscription: a topic is read in order and without gaps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]  # without types
from faust.types import TP
from faust.types.tuples import Message

from streams import subscription
from streams.subscription import FaustSubscription, FollowingApp

FACTS = TP("facts", 0)


@dataclass
class Broker:
    """Holds messages from `oldest` to `end` and records the offsets sought."""

    oldest: int = 0
    end: int = 100
    sought: list[tuple[TP, int]] = field(default_factory=list)
    failures: int = 0

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        if self.failures:
            self.failures -= 1
            raise KafkaTimeoutError
        return dict.fromkeys(partitions, self.oldest)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        return dict.fromkeys(partitions, self.end)

    async def seek_wait(self, places: Mapping[TP, int]) -> None:
        self.sought += places.items()

    def highwater(self, partition: TP) -> int:
        return self.end


@dataclass
class Notebook:
    """Checkpoints with one known position."""

    due: int | None = None
    give_up: Callable[[], Awaitable[None]] | None = None

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        return {} if self.due is None else dict.fromkeys(partitions, self.due)

    async def drain(self) -> None: ...


class WorkerHarness:
    """A follower with its surroundings."""

    def __init__(self, *, due: int | None = None, oldest: int = 0, end: int = 100) -> None:
        self.broker = Broker(oldest, end)
        app = SimpleNamespace(
            followers=[],
            consumer=self.broker,
            rebalancing=False,
            group="test",
        )
        self.worked: list[int] = []
        self.checkpoints = Notebook(due)
        self.follower = FaustSubscription(
            cast(FollowingApp, app), "facts", self.checkpoints, self._work
        )

    async def _work(self, message: Message) -> None:
        self.worked.append(message.offset)

    async def arrive(
        self,
        *offsets: int,
        partition: int = 0,
        for_s: float = 0.0,
        until: Callable[[], bool] = lambda: True,
    ) -> None:
        """Deliver messages, and wait for a time and until a condition is met."""

        async def events() -> AsyncIterator[Any]:
            for offset in offsets:
                yield SimpleNamespace(message=message_at(offset, partition))
            await asyncio.sleep(for_s)
            async with asyncio.timeout(60):
                while not until():  # noqa: ASYNC110  what is waited for has no event
                    await asyncio.sleep(0.01)

        await self.follower.follow(cast(Any, SimpleNamespace(events=events)))


def message_at(offset: int, partition: int = 0) -> Any:
    return SimpleNamespace(tp=TP("facts", partition), offset=offset, value=b"", headers=[])


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await scene()

    asyncio.run(main())


def test_work_continues_at_the_checkpoint() -> None:
    harness = WorkerHarness(due=40)

    async def scene() -> None:
        await harness.follower.begin([FACTS, TP("another topic", 1)])
        await harness.arrive(38, 39, 40, 41)

    run(scene)
    assert harness.worked == [40, 41]
    assert harness.follower.due == {FACTS: 42}


def test_messages_of_a_fetch_are_prepared_together_before_they_are_worked_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscription, "PREPARED_MESSAGES", 2)
    harness = WorkerHarness(due=4)
    seen: list[tuple[str, list[int]]] = []

    def prepare(messages: Sequence[Message]) -> None:
        seen.append(("prepared", [message.offset for message in messages]))

    async def work(message: Message) -> None:
        seen.append(("worked", [message.offset]))

    follower = FaustSubscription(harness.follower._app, "facts", harness.checkpoints, work, prepare)

    async def scene() -> None:
        await follower.begin([FACTS])
        messages = [message_at(offset) for offset in (4, 5, 6)]
        await follower._take_all(cast("list[Message]", messages))

    run(scene)
    assert seen == [
        ("prepared", [4, 5]),
        ("worked", [4]),
        ("worked", [5]),
        ("prepared", [6]),
        ("worked", [6]),
    ]


def test_a_partition_without_a_position_begins_at_the_oldest_message() -> None:
    harness = WorkerHarness(oldest=7)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        places = harness.follower.seek({FACTS: 7}, {FACTS: 100})
        assert places == {FACTS: 7}
        await harness.arrive(7, 8)

    run(scene)
    assert harness.worked == [7, 8]


@pytest.mark.parametrize(("oldest", "end"), [(50, 100), (0, 39)], ids=["deleted", "made anew"])
def test_a_missing_position_becomes_the_oldest(oldest: int, end: int) -> None:
    harness = WorkerHarness(due=40)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        assert harness.follower.seek({FACTS: oldest}, {FACTS: end}) == {FACTS: oldest}

    run(scene)


def test_a_message_before_its_turn_makes_the_partition_be_read_again() -> None:
    harness = WorkerHarness(due=40)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(40, 43, 44, 41, 42, 43)

    run(scene)
    assert harness.worked == [40, 41, 42, 43]
    assert harness.broker.sought == [(FACTS, 41)]


def test_the_status_has_the_next_offset_and_the_lag() -> None:
    harness = WorkerHarness(due=40, end=44)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(40, 41)

    assert harness.follower.status().leader is False
    run(scene)
    status = harness.follower.status()
    assert (status.leader, status.caught_up, status.lag) == (True, False, 2)
    assert status.checkpoint == {"facts/0": 42}


def test_stalled_messages_are_fetched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscription, "REWIND_AFTER_S", 0.01)
    harness = WorkerHarness(due=40)
    harness.broker.failures = 1

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(until=lambda: bool(harness.broker.sought))

    run(scene)
    assert set(harness.broker.sought) == {(FACTS, 40)}


def test_a_partition_without_messages_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "REWIND_AFTER_S", 0.01)
    harness = WorkerHarness(due=40, end=41)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(40, for_s=0.2)

    run(scene)
    assert harness.broker.sought == []


def test_messages_of_a_partition_that_is_not_ours_are_left_alone() -> None:
    harness = WorkerHarness(due=40)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(40, partition=1)

    run(scene)
    assert harness.worked == []


def test_abandoned_messages_are_processed_again() -> None:
    harness = WorkerHarness(due=40)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        await harness.arrive(40, 41, 42)
        assert harness.checkpoints.give_up is not None
        await harness.checkpoints.give_up()
        await harness.arrive(40, 41)

    run(scene)
    assert harness.worked == [40, 41, 42, 40, 41]
    assert harness.broker.sought == [(FACTS, 40)]


def test_giving_up_during_a_rebalance_leaves_the_new_assignment_alone() -> None:
    """Otherwise the new partitions would wait for the next assignment."""
    harness = WorkerHarness(due=40)
    other = TP("facts", 1)
    reached, go_on = asyncio.Event(), asyncio.Event()
    begin = harness.checkpoints.begin

    async def slowly(partitions: Iterable[TP]) -> dict[TP, int]:
        reached.set()
        await go_on.wait()
        return await begin(partitions)

    async def scene() -> None:
        await harness.follower.begin([FACTS])
        harness.checkpoints.begin = slowly  # type: ignore[method-assign]
        assigned = asyncio.create_task(harness.follower.begin([other]))
        await reached.wait()
        given_up = asyncio.create_task(harness.follower.restart())
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(assigned, given_up)

    run(scene)
    assert harness.follower.due == {other: 40}
