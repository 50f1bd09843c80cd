"""Checkpoints in the store that holds a worker's effects, saved after the effects."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import Context
from typing import Final, Protocol

from faust.types import TP
from faust.types.tuples import Message

from streams.retries import retry_until_available

SAVE_EVERY_S: Final = 0.2
"""How long offsets are batched. Effects are idempotent, so repeated work is harmless."""


class Positions(Protocol):
    """Store of the next offset by worker group, topic and partition. Raises StorageUnavailable."""

    def load(self, group: str, topic: str) -> Mapping[int, int]:
        """Return the next offset of each partition that has one."""
        ...

    def save(self, group: str, topic: str, due: Mapping[int, int]) -> None:
        """Store these offsets."""
        ...


class SqlCheckpoints:
    """`Checkpoints` for work whose effects are idempotent and stored before `add` is called."""

    def __init__(self, positions: Positions, *, group: str, topic: str) -> None:
        self._positions = positions
        self._group, self._topic = group, topic
        self._due: dict[int, int] = {}
        self._saving: asyncio.Task[None] | None = None
        self.give_up: Callable[[], Awaitable[None]] | None = None

    def add(self, message: Message) -> None:
        """Record that the effect of a message is stored."""
        self._due[message.partition] = message.offset + 1
        if self._saving is None:
            self._saving = asyncio.create_task(self._save(), context=Context())

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        self._due.clear()
        stored = await retry_until_available(self._positions.load, self._group, self._topic)
        return {tp: stored[tp.partition] for tp in partitions if tp.partition in stored}

    async def drain(self) -> None:
        while self._saving is not None:
            await asyncio.shield(self._saving)

    async def _save(self) -> None:
        try:
            await asyncio.sleep(SAVE_EVERY_S)
            while self._due:
                due, self._due = self._due, {}
                await retry_until_available(self._positions.save, self._group, self._topic, due)
        finally:
            self._saving = None
