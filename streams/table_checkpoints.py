"""Faust table that keeps states and their checkpoints in one changelog.

A partition's changelog holds for each key the newest state, with the offset of the message it came
from, and under the partition's own key the next offset. That one is written after the states of all
earlier messages are acknowledged. Whichever part of a batch survives a crash, the states are at
least as new as the offset: work that continues from it may repeat messages, but never skips one.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

import faust
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]  # without types
from faust.exceptions import ProducerSendError
from faust.types import TP, EventT
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from streams.subscription import FollowingApp

ROUND_S: Final = 1.0
"""How long work is batched before its states and offsets are written together.

Effects are sent at once. After a crash, at most this much work is repeated."""
RETRY_AFTER_S: Final = 1.0
"""Pause before work that was not acknowledged is repeated."""
FULL_ROUND: Final = 512
"""Batch size at which a batch is written at once."""
MOST_IN_FLIGHT: Final = 2048
"""Maximum number of messages processed ahead of what is written."""
FORGOTTEN_AFTER_MS: Final = 86_400_000
"""Age at which an unchanged state is dropped: a day, the maximum length of a session."""
SWEEP_EVERY: Final = 10_000
"""Messages between two sweeps for expired states."""

STATE: Final = struct.Struct(">QQ")
"""Header of a stored state: the time of its message (ms since 1970), and its offset."""

DUE: Final = struct.Struct(">Q")
"""The next offset of a partition."""

S = TypeVar("S")
logger = get_logger(__name__)
STALE_SHARE: Final = 0.8
"""Share of the session timeout after which the group may have reassigned the partitions."""


def due_key(partition: int) -> bytes:
    """Return the key of a partition's offset; a state's key never begins with a zero byte."""
    return b"\x00" + str(partition).encode()


class StateTable(faust.Table[bytes, bytes]):
    """States by key, in memory and in the changelog.

    Of two states of the same key, the one with the higher offset wins: they differ when a worker
    that was frozen wakes up after a reassignment and writes once more.
    """

    def __init__(
        self,
        app: faust.App,
        name: str,
        *,
        partitions: int,
        stored_position: Callable[[bytes], int | None],
    ) -> None:
        super().__init__(app, name=name, key_type=bytes, value_type=bytes, partitions=partitions)
        self._stored_position = stored_position
        self._partitions: dict[bytes, int] = {}

    def apply_changelog_batch(self, batch: Iterable[EventT[Any]]) -> None:
        fresh: list[EventT[Any]] = []
        newest: dict[bytes, int] = {}
        for event in batch:
            key, state = event.message.key, event.message.value
            if key is None or not self._is_ours(key, state):
                place = (self.name, event.message.partition, event.message.offset)
                logger.warning(
                    "%s: a record of partition %d at %d is no state, and is skipped", *place
                )
                continue
            if state is not None and key[:1] != b"\x00":
                position = _position(state)
                if position < newest.get(key, _position(self.kept(key))):
                    continue
                newest[key] = position
            self._partitions[key] = event.message.partition
            fresh.append(event)
        super().apply_changelog_batch(fresh)

    def kept(self, key: bytes) -> bytes | None:
        """Return the value of a key; a `due_key` has the offset of its partition."""
        return cast("bytes | None", self.data.get(key))

    def keep(self, partition: int, key: bytes, content: bytes) -> None:
        """Store a changelog record in memory."""
        self.data[key] = content
        self._partitions[key] = partition

    def let_go(self, key: bytes) -> None:
        """Drop a key from memory."""
        self.data.pop(key, None)
        self._partitions.pop(key, None)

    def let_others_go(self, partitions: set[int]) -> None:
        """Drop all other partitions from memory: other workers process them."""
        for key, partition in list(self._partitions.items()):
            if partition not in partitions:
                self.let_go(key)

    def states(self) -> list[tuple[bytes, int, bytes]]:
        """List all keys with their partitions and states."""
        return [
            (key, partition, cast("bytes", self.data[key]))
            for key, partition in self._partitions.items()
            if key[:1] != b"\x00" and key in self.data
        ]

    def _is_ours(self, key: bytes, content: bytes | None) -> bool:
        """Return whether a changelog record is a state or an offset, or removes one.

        The header of a state and the state itself contain the same offset, which is very unlikely
        for the record of another program.
        """
        if content is None:
            return True
        if key[:1] == b"\x00":
            return len(content) == DUE.size
        if len(content) < STATE.size:
            return False
        return _position(content) == self._stored_position(content[STATE.size :])


def _position(state: bytes | None) -> int:
    return -1 if state is None else int(STATE.unpack_from(state)[1])


@dataclass(frozen=True, slots=True, eq=False)
class _Step(Generic[S]):
    """A processed message: its new state, and the sends to be acknowledged before it counts."""

    message: Message
    taken_at: float
    left: tuple[bytes, S] | None
    effects: tuple[Awaitable[Any], ...]


class TableCheckpoints(Generic[S]):
    """`Checkpoints` in a StateTable, for work whose effects are messages.

    `position` returns the offset in a state; `write` and `read` convert a state to bytes and back.
    `stored_position` returns the offset in the bytes of a state, and None for other bytes.
    A batch that took longer than most of the session timeout is not written: the partitions may be
    reassigned, so it is repeated if they are still ours.
    """

    def __init__(
        self,
        app: FollowingApp,
        name: str,
        *,
        partitions: int,
        position: Callable[[S], int],
        write: Callable[[S], bytes],
        read: Callable[[bytes], S],
        stored_position: Callable[[bytes], int | None],
    ) -> None:
        self._app = app
        self.table = StateTable(app, name, partitions=partitions, stored_position=stored_position)
        app.tables.add(self.table)
        self._position, self._write, self._read = position, write, read
        self.give_up: Callable[[], Awaitable[None]] | None = None
        self._states: dict[bytes, S] = {}
        self._steps: list[_Step[S]] = []
        self._epoch = 0
        self._settling: asyncio.Task[None] | None = None
        self._hurry, self._room = asyncio.Event(), asyncio.Event()
        self._since_sweep = 0

    def state(self, key: bytes) -> S | None:
        """Return the state of a key after all messages processed so far."""
        if key not in self._states:
            content = self.table.kept(key)
            if content is None:
                return None
            self._states[key] = self._read(content[STATE.size :])
        return self._states[key]

    async def add(
        self,
        message: Message,
        effects: Iterable[Awaitable[Any]] = (),
        left: tuple[bytes, S] | None = None,
    ) -> None:
        """Record that the message that was due was processed and `left` this state under a key.

        All messages between two offsets are added in order; a skipped one would be lost. `effects`
        are sends that wait for their acknowledgement.
        """
        if left is not None:
            self._states[left[0]] = left[1]
        now = asyncio.get_running_loop().time()
        self._steps.append(_Step(message, now, left, tuple(effects)))
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle(), context=Context())
        if len(self._steps) >= FULL_ROUND:
            self._hurry.set()
        if len(self._steps) >= MOST_IN_FLIGHT:
            self._room.clear()
            await self._room.wait()

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        self._epoch += 1
        self._steps.clear()
        self._room.set()
        self._states.clear()
        partitions = list(partitions)
        self.table.let_others_go({tp.partition for tp in partitions})
        stored = {tp: self.table.kept(due_key(tp.partition)) for tp in partitions}
        return {tp: DUE.unpack(due)[0] for tp, due in stored.items() if due is not None}

    async def drain(self) -> None:
        while self._settling is not None:
            self._hurry.set()
            await asyncio.shield(self._settling)

    async def _settle(self) -> None:
        try:
            while self._steps:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), ROUND_S)
                self._hurry.clear()
                steps, self._steps = self._steps, []
                self._room.set()
                if steps:
                    await self._round(steps)
        finally:
            self._settling = None

    async def _round(self, steps: list[_Step[S]]) -> None:
        try:
            await self._settle_round(steps)
        except Exception as failed:  # a later offset would skip these messages
            is_expected = isinstance(failed, KafkaError | ProducerSendError | _RoundTooOld)
            why = (self.table.name, failed)
            logger.warning("%s: worked again, because of %r", *why, exc_info=not is_expected)
            await asyncio.sleep(RETRY_AFTER_S)
            if self.give_up is not None:
                await self.give_up()

    async def _settle_round(self, steps: list[_Step[S]]) -> None:
        epoch = self._epoch
        await asyncio.gather(*(effect for step in steps for effect in step.effects))
        took_s = asyncio.get_running_loop().time() - steps[0].taken_at
        if took_s > self._app.conf.broker_session_timeout * STALE_SHARE:
            raise _RoundTooOld(f"it took {took_s:.1f} s")
        left = {step.left[0]: (step.message, step.left[1]) for step in steps if step.left}
        states = {key: self._record(*newest) for key, newest in left.items()}
        due = {due_key(step.message.partition): _due_after(step.message) for step in steps}
        for records in (states, due):  # in this order: the offset is written last
            if epoch != self._epoch:
                return  # the partition may be reassigned
            await self._store(records)
        if epoch == self._epoch:
            for key, (partition, content) in {**states, **due}.items():
                self.table.keep(partition, key, content)
            await self._sweep(len(steps))

    def _record(self, message: Message, state: S) -> tuple[int, bytes]:
        header = STATE.pack(round(message.timestamp * 1000), self._position(state))
        return message.partition, header + self._write(state)

    async def _store(self, records: Mapping[bytes, tuple[int, bytes | None]]) -> None:
        topic = self.table.changelog_topic_name
        sent = [
            await self._app.publish(topic, key, content, partition=partition)
            for key, (partition, content) in records.items()
        ]
        await asyncio.gather(*sent)

    async def _sweep(self, worked: int) -> None:
        """Drop states unchanged for a day, by the time of their own partition."""
        self._since_sweep += worked
        if self._since_sweep < SWEEP_EVERY:
            return
        self._since_sweep = 0
        states = self.table.states()
        newest_ms: dict[int, int] = {}
        for _, partition, state in states:
            newest_ms[partition] = max(newest_ms.get(partition, 0), _sent_ms(state))
        old = {
            key: (partition, None)
            for key, partition, state in states
            if _sent_ms(state) < newest_ms[partition] - FORGOTTEN_AFTER_MS
        }
        await self._store(old)
        for key in old:
            self.table.let_go(key)
            self._states.pop(key, None)


def _sent_ms(state: bytes) -> int:
    return int(STATE.unpack_from(state)[0])


def _due_after(message: Message) -> tuple[int, bytes]:
    return message.partition, DUE.pack(message.offset + 1)


class _RoundTooOld(Exception):  # noqa: N818  not a failure: the batch is repeated
    """The batch is so old that the partitions may have been reassigned."""
