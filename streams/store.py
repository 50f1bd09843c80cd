"""Positions of workers whose effects are in a store: they lie there too, and follow the effects."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, Protocol

from faust.types import TP
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from domain.kernel import Rejected

SAVE_EVERY_S: Final = 0.2
"""How long positions are gathered. Effects are idempotent, so what is worked again is harmless."""
RETRY_AFTER_S: Final = 1.0
"""How long a store that is unavailable is left alone."""

logger = get_logger(__name__)


class Positions(Protocol):
    """Which offset is due, by worker group, topic and partition. Raises StorageUnavailable."""

    def load(self, group: str, topic: str) -> Mapping[int, int]:
        """Give the offset due in each partition that has one."""
        ...

    def save(self, group: str, topic: str, due: Mapping[int, int]) -> None:
        """Keep these."""
        ...


class StoreLedger:
    """A `Ledger` for work that has its effect, idempotently, before it says so."""

    def __init__(self, positions: Positions, *, group: str, topic: str) -> None:
        self._positions = positions
        self._group, self._topic = group, topic
        self._due: dict[int, int] = {}
        self._saving: asyncio.Task[None] | None = None
        self.give_up: Callable[[], Awaitable[None]] | None = None

    def add(self, message: Message) -> None:
        """Note that a message has had its effect."""
        self._due[message.partition] = message.offset + 1
        if self._saving is None:
            self._saving = asyncio.create_task(self._save())

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        self._due.clear()
        stored = await self._loaded()
        while stored is None:
            await asyncio.sleep(RETRY_AFTER_S)
            stored = await self._loaded()
        return {tp: stored[tp.partition] for tp in partitions if tp.partition in stored}

    async def _loaded(self) -> Mapping[int, int] | None:
        try:
            return await asyncio.to_thread(self._positions.load, self._group, self._topic)
        except Rejected as unavailable:
            logger.warning("%s: waiting for its positions: %s", self._group, unavailable.detail)
            return None

    async def drain(self) -> None:
        while self._saving is not None:
            await asyncio.shield(self._saving)

    async def _save(self) -> None:
        try:
            await asyncio.sleep(SAVE_EVERY_S)
            while self._due:
                due, self._due = self._due, {}
                if not await self._saved(due):
                    self._due = {**due, **self._due}
                    await asyncio.sleep(RETRY_AFTER_S)
        finally:
            self._saving = None

    async def _saved(self, due: Mapping[int, int]) -> bool:
        try:
            await asyncio.to_thread(self._positions.save, self._group, self._topic, due)
        except Rejected as unavailable:
            logger.warning("%s: its positions are not kept: %s", self._group, unavailable.detail)
            return False
        return True
