"""Checkpoints in a changelog: state follows its effects, and the checkpoint follows the state."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]  # without types
from faust.types import TP
from faust.types.tuples import Message

from streams import table_checkpoints
from streams.table_checkpoints import DUE, STATE, StateTable, TableCheckpoints, due_key
from tests.streams.worker_harness import Outbox, offline_app

CHANGELOG = "workers-sums-changelog"
DAY_S = 86_400.0


def first_number(content: bytes) -> int | None:
    number, _, _ = content.partition(b" ")
    return int(number) if number.isdigit() else None


class WorkerHarness:
    """Checkpoints of sums: a state is its position and a number."""

    def __init__(self, folder: Path, *, at_once: bool = True) -> None:
        self.outbox = Outbox(at_once=at_once)
        self.app = offline_app(folder, self.outbox)
        self.checkpoints = TableCheckpoints[tuple[int, int]](
            self.app,
            "sums",
            partitions=2,
            position=lambda state: state[0],
            write=lambda state: b"%d %d" % state,
            read=lambda content: cast(
                tuple[int, int], tuple(int(part) for part in content.split())
            ),
            stored_position=first_number,
        )
        self.given_up = 0
        self.checkpoints.give_up = self._give_up

    async def _give_up(self) -> None:
        self.given_up += 1

    def stored(self) -> list[tuple[bytes | None, bytes]]:
        return [(sent.key, sent.value or b"") for sent in self.outbox.to(CHANGELOG)]


def message(offset: int, *, partition: int = 0, at_s: float = 1.0) -> Message:
    tp = TP("numbers", partition)
    return cast(Message, SimpleNamespace(tp=tp, partition=partition, offset=offset, timestamp=at_s))


def state(position: int, number: int, at_s: float = 1.0) -> bytes:
    return STATE.pack(round(at_s * 1000), position) + b"%d %d" % (position, number)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_checkpoints, "RETRY_AFTER_S", 0.0)
    monkeypatch.setattr(table_checkpoints, "ROUND_S", 0.05)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await scene()

    asyncio.run(main())


async def settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.01)


def test_effects_come_before_states_and_states_before_the_position(tmp_path: Path) -> None:
    """R-EVT-16."""
    harness = WorkerHarness(tmp_path, at_once=False)

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(7), [effect], left=(b"a", (7, 1)))
        await asyncio.sleep(3 * table_checkpoints.ROUND_S)
        assert harness.stored() == []
        harness.outbox.sent[0].acknowledged.set_result(None)
        await settled(lambda: len(harness.stored()) == 1)
        assert harness.stored() == [(b"a", state(7, 1))]
        await asyncio.sleep(3 * table_checkpoints.ROUND_S)
        assert len(harness.stored()) == 1
        harness.outbox.sent[1].acknowledged.set_result(None)
        await settled(lambda: len(harness.stored()) == 2)
        assert harness.stored()[1] == (due_key(0), DUE.pack(8))
        assert harness.checkpoints.table.kept(b"a") is None
        harness.outbox.sent[2].acknowledged.set_result(None)
        await harness.checkpoints.drain()
        assert harness.checkpoints.table.kept(b"a") == state(7, 1)

    run(scene)


def test_the_last_of_several_states_is_stored(tmp_path: Path) -> None:
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        for offset in range(5):
            key = b"ab"[offset % 2 : offset % 2 + 1]
            await harness.checkpoints.add(message(offset), left=(key, (offset, offset)))
            assert harness.checkpoints.state(key) == (offset, offset)
        await harness.checkpoints.add(message(3, partition=1))
        await harness.checkpoints.drain()
        assert await harness.checkpoints.begin([TP("numbers", 0), TP("numbers", 1)]) == {
            TP("numbers", 0): 5,
            TP("numbers", 1): 4,
        }
        assert harness.checkpoints.state(b"a") == (4, 4)

    run(scene)
    assert dict(harness.stored()) == {
        b"a": state(4, 4),
        b"b": state(3, 3),
        due_key(0): DUE.pack(5),
        due_key(1): DUE.pack(4),
    }


@pytest.mark.parametrize("failing", [0, 1, 2], ids=["effect", "state", "position"])
def test_undelivered_effects_are_given_up(tmp_path: Path, failing: int) -> None:
    harness = WorkerHarness(tmp_path, at_once=False)

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(7), [effect], left=(b"a", (7, 1)))
        for number in range(failing):
            await settled(lambda number=number: len(harness.outbox.sent) > number)  # type: ignore[misc]
            harness.outbox.sent[number].acknowledged.set_result(None)
        await settled(lambda: len(harness.outbox.sent) > failing)
        harness.outbox.sent[failing].acknowledged.set_exception(KafkaTimeoutError())
        await settled(lambda: harness.given_up == 1)
        assert await harness.checkpoints.begin([TP("numbers", 0)]) == {}
        assert harness.checkpoints.state(b"a") is None

    run(scene)


def test_unexpected_failures_are_given_up(tmp_path: Path) -> None:
    """R-EVT-16: otherwise the next flush would write a position after it."""
    harness = WorkerHarness(tmp_path, at_once=False)

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(7), [effect], left=(b"a", (7, 1)))
        harness.outbox.sent[0].acknowledged.set_exception(ValueError("unforeseen"))
        await harness.checkpoints.drain()
        assert harness.given_up == 1

    run(scene)


def test_messages_processed_while_giving_up_are_stored_at_once(
    tmp_path: Path,
) -> None:
    harness = WorkerHarness(tmp_path, at_once=False)
    giving_up, go_on = asyncio.Event(), asyncio.Event()

    async def give_up() -> None:
        await harness.checkpoints.begin([TP("numbers", 0)])
        giving_up.set()
        await go_on.wait()

    harness.checkpoints.give_up = give_up

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(7), [effect], left=(b"a", (7, 1)))
        harness.outbox.sent[0].acknowledged.set_exception(KafkaTimeoutError())
        await giving_up.wait()
        harness.outbox.at_once = True
        await harness.checkpoints.add(message(7), left=(b"a", (7, 2)))
        go_on.set()
        await harness.checkpoints.drain()
        assert harness.stored() == [(b"a", state(7, 2)), (due_key(0), DUE.pack(8))]

    run(scene)


def test_a_round_that_took_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group may have reassigned the partition in the meantime."""
    monkeypatch.setattr(table_checkpoints, "STALE_SHARE", 0.0)
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        await harness.checkpoints.add(message(7), left=(b"a", (7, 1)))
        await settled(lambda: harness.given_up == 1)
        assert harness.stored() == []

    run(scene)


def test_after_a_new_assignment_nothing_of_the_old_one_is_stored(tmp_path: Path) -> None:
    harness = WorkerHarness(tmp_path, at_once=False)

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(7), [effect], left=(b"a", (7, 1)))
        await asyncio.sleep(2 * table_checkpoints.ROUND_S)
        await harness.checkpoints.begin([TP("numbers", 0)])
        harness.outbox.sent[0].acknowledged.set_result(None)
        await harness.checkpoints.drain()
        assert harness.stored() == []
        assert harness.checkpoints.state(b"a") is None

    run(scene)


def test_state_of_revoked_partitions_is_dropped(tmp_path: Path) -> None:
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        await harness.checkpoints.add(message(1), left=(b"a", (1, 1)))
        await harness.checkpoints.add(message(1, partition=1), left=(b"b", (1, 2)))
        await harness.checkpoints.drain()
        await harness.checkpoints.begin([TP("numbers", 1)])
        assert harness.checkpoints.state(b"a") is None
        assert harness.checkpoints.state(b"b") == (1, 2)

    run(scene)


def test_state_idle_for_a_day_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_checkpoints, "SWEEP_EVERY", 3)
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        await harness.checkpoints.add(message(1), left=(b"old", (1, 1)))
        await harness.checkpoints.add(message(2, at_s=3600.0), left=(b"young", (2, 1)))
        await harness.checkpoints.add(message(3, at_s=2 + DAY_S), left=(b"new", (3, 1)))
        await harness.checkpoints.drain()
        assert harness.checkpoints.state(b"old") is None
        assert harness.checkpoints.state(b"young") == (2, 1)

    run(scene)
    assert harness.stored()[-1] == (b"old", b"")
    assert harness.outbox.sent[-1].value is None


def test_the_age_of_a_state_follows_its_own_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partition that is processed a day late is still active."""
    monkeypatch.setattr(table_checkpoints, "SWEEP_EVERY", 2)
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        await harness.checkpoints.add(message(1), left=(b"late", (1, 1)))
        await harness.checkpoints.add(
            message(1, partition=1, at_s=2 + DAY_S), left=(b"on time", (1, 2))
        )
        await harness.checkpoints.drain()
        assert harness.checkpoints.state(b"late") == (1, 1)
        assert harness.checkpoints.state(b"on time") == (1, 2)

    run(scene)


def test_an_older_state_of_a_worker_that_was_frozen_is_passed_over(tmp_path: Path) -> None:
    harness = WorkerHarness(tmp_path)

    def change(key: bytes, value: bytes | None) -> Any:
        message = SimpleNamespace(key=key, value=value, partition=0)
        return SimpleNamespace(key=key, value=value, message=message)

    async def scene() -> None:
        kept: StateTable = harness.checkpoints.table
        kept.apply_changelog_batch(
            [change(b"a", state(5, 1)), change(b"a", state(9, 2)), change(b"a", state(6, 3))]
        )
        assert kept.kept(b"a") == state(9, 2)
        kept.apply_changelog_batch([change(b"a", state(8, 4)), change(due_key(0), DUE.pack(7))])
        kept.apply_changelog_batch([change(due_key(0), DUE.pack(3))])
        assert kept.kept(b"a") == state(9, 2)
        assert kept.kept(due_key(0)) == DUE.pack(3)
        kept.apply_changelog_batch([change(b"a", None)])
        assert kept.kept(b"a") is None

    run(scene)


def test_a_record_that_is_no_state_is_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R-EVT-16: one of another program or version; what is kept under the key stays."""
    harness = WorkerHarness(tmp_path)

    def change(key: bytes | None, value: bytes) -> Any:
        message = SimpleNamespace(key=key, value=value, partition=0, offset=4)
        return SimpleNamespace(key=key, value=value, message=message)

    async def scene() -> None:
        kept: StateTable = harness.checkpoints.table
        kept.apply_changelog_batch([change(b"a", state(5, 1)), change(due_key(0), DUE.pack(7))])
        text = b'{"session": "gym/s-1", "state": 1}'
        strange = [
            (b"a", text),
            (b"a", b"\x00\x00\x00\x00\x29\x0cgym/s-1\x02 as Avro"),  # of a schema registry
            (b"a", STATE.pack(1, 7)),  # two small numbers
            (b"a", STATE.pack(1, 7) + b"gym/s-1"),
            (b"a", STATE.pack(1, 7) + b"8 2"),  # not the state of this offset
            (b"a", b"x"),
            (None, state(9, 9)),
            (due_key(0), b""),
            (b"b", b"{}"),
        ]
        kept.apply_changelog_batch([change(*each) for each in strange])
        assert await harness.checkpoints.begin([TP("numbers", 0)]) == {TP("numbers", 0): 7}
        assert harness.checkpoints.state(b"a") == (5, 1)
        assert harness.checkpoints.state(b"b") is None

    run(scene)
    assert caplog.text.count("is no state, and is skipped") == 9


def test_work_waits_while_too_much_is_in_flight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_checkpoints, "MOST_IN_FLIGHT", 3)
    harness = WorkerHarness(tmp_path, at_once=False)

    async def scene() -> None:
        effect = await harness.outbox.publish("effects", b"a", b"1")
        await harness.checkpoints.add(message(0), [effect], left=(b"a", (0, 0)))
        await asyncio.sleep(3 * table_checkpoints.ROUND_S)
        await harness.checkpoints.add(message(1), left=(b"a", (1, 1)))
        await harness.checkpoints.add(message(2), left=(b"a", (2, 2)))
        waiting = asyncio.create_task(harness.checkpoints.add(message(3), left=(b"a", (3, 3))))
        await asyncio.sleep(3 * table_checkpoints.ROUND_S)
        assert not waiting.done()
        harness.outbox.at_once = True
        for sent in harness.outbox.sent:
            sent.acknowledged.set_result(None)
        await settled(lambda: len(harness.outbox.sent) > 1)
        for sent in harness.outbox.sent[1:2]:
            if not sent.acknowledged.done():
                sent.acknowledged.set_result(None)
        async with asyncio.timeout(60):
            await waiting
        await harness.checkpoints.drain()
        assert harness.checkpoints.table.kept(b"a") == state(3, 3)

    run(scene)


def test_a_full_round_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_checkpoints, "ROUND_S", 3600.0)
    monkeypatch.setattr(table_checkpoints, "FULL_ROUND", 3)
    harness = WorkerHarness(tmp_path)

    async def scene() -> None:
        for offset in range(3):
            await harness.checkpoints.add(message(offset), left=(b"a", (offset, offset)))
        await settled(lambda: harness.checkpoints.table.kept(due_key(0)) == DUE.pack(3))

    run(scene)
