"""The analytics worker's positions lie beside its windows and move with them in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

from faust.types import TP
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.analytics.ports import PositionTaken, Step, Windows
from application.analytics.windows import Seen
from streams.retries import retry_until_available

ROUND_S: Final = 0.5
"""How long events are gathered. A crash costs at most this much work, done again."""
FULL_ROUND: Final = 512
"""Events after which a round does not wait any longer."""
MOST_WAITING: Final = 2048
"""Events read ahead of what is stored."""
RETRY_AFTER_S: Final = 1.0
"""How long a worker waits before it reads again what could not be stored."""

logger = get_logger(__name__)


class WindowCheckpoints:
    """A `Checkpoints` in the windows' own database.

    A transaction goes through only where positions are as this worker knows them: one whose
    partitions have been given to others meanwhile changes nothing. `settled` is told, after each
    transaction, the time of its newest event.
    """

    def __init__(
        self,
        windows: Windows,
        *,
        group: str,
        topic: str,
        settled: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._windows = windows
        self._group, self._topic = group, topic
        self._settled = settled
        self.give_up: Callable[[], Awaitable[None]] | None = None
        self._stored: dict[int, int] = {}
        self._waiting: list[tuple[Message, Seen | None]] = []
        self._settling: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._hurry, self._room = asyncio.Event(), asyncio.Event()

    async def add(self, message: Message, seen: Seen | None) -> None:
        """Note that the message that was due was read, and its event; None where none is to count.

        All messages between two positions are added, in their order: what is not would be lost.
        """
        self._waiting.append((message, seen))
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle())
        if len(self._waiting) >= FULL_ROUND:
            self._hurry.set()
        if len(self._waiting) >= MOST_WAITING:
            self._room.clear()
            await self._room.wait()

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        async with self._turn:
            stored = await retry_until_available(self._windows.positions, self._group, self._topic)
            self._stored = dict(stored)
            self._waiting.clear()  # after the last wait: nothing of before may slip in
            self._room.set()
        return {tp: stored[tp.partition] for tp in partitions if tp.partition in stored}

    async def drain(self) -> None:
        while self._settling is not None:
            self._hurry.set()
            await asyncio.shield(self._settling)

    async def _settle(self) -> None:
        try:
            while self._waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), ROUND_S)
                self._hurry.clear()
                await self._round()
        finally:
            self._settling = None

    async def _round(self) -> None:
        try:
            async with self._turn:
                waiting, self._waiting = self._waiting, []
                self._room.set()
                newest = await self._take(waiting) if waiting else None
        except Exception as failed:  # nothing was stored: whatever it is, read again
            taken = isinstance(failed, PositionTaken)
            logger.warning("%s: read again, because of %r", self._topic, failed, exc_info=not taken)
            await asyncio.sleep(RETRY_AFTER_S)
            if self.give_up is not None:
                await self.give_up()
            return
        if newest is not None:
            await self._settled(newest)

    async def _take(self, waiting: list[tuple[Message, Seen | None]]) -> datetime | None:
        """Store a round; give the time of its newest event."""
        after = {message.partition: message.offset + 1 for message, _ in waiting}
        before = {each: self._stored[each] for each in after if each in self._stored}
        seen = [event for _, event in waiting if event is not None]
        step = Step(self._group, self._topic, before, after, seen)
        missing = await retry_until_available(self._windows.take, step)
        self._stored |= after
        if missing:
            logger.warning(
                "%s: %s sessions are not counted, for events before those that came are not there:"
                " run kinelog events refill",
                self._topic,
                len(missing),
            )
        return max((event.at for event in seen), default=None)
