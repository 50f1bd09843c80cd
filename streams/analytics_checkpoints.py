"""Checkpoints of the analytics worker, stored with its windows in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

from faust.types import TP
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.analytics.ports import PositionTaken, Step, Windows
from application.analytics.windows import ReceivedEvent
from streams.retries import retry_until_available

ROUND_S: Final = 0.5
"""How long events are batched. After a crash, at most this much work is repeated."""
FULL_ROUND: Final = 512
"""Batch size at which a batch is stored at once."""
MOST_WAITING: Final = 2048
"""Maximum number of events read ahead of what is stored."""
RETRY_AFTER_S: Final = 1.0
"""Pause before events that could not be stored are read again."""

logger = get_logger(__name__)


class WindowCheckpoints:
    """`Checkpoints` in the database of the windows.

    A transaction commits only if the stored offsets are the expected ones: a worker whose
    partitions were reassigned changes nothing. `settled` is called after each transaction with the
    time of its newest event.
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
        self._waiting: list[tuple[Message, ReceivedEvent | None]] = []
        self._settling: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._hurry, self._room = asyncio.Event(), asyncio.Event()

    async def add(self, message: Message, seen: ReceivedEvent | None) -> None:
        """Add the message that was due, and its event; None if nothing is to count.

        All messages between two offsets are added in order; a skipped one would be lost.
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
            self._waiting.clear()  # after the last await, so that no earlier event remains
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
        except Exception as failed:  # nothing was stored: read again
            taken = isinstance(failed, PositionTaken)
            logger.warning("%s: read again, because of %r", self._topic, failed, exc_info=not taken)
            await asyncio.sleep(RETRY_AFTER_S)
            if self.give_up is not None:
                await self.give_up()
            return
        if newest is not None:
            await self._settled(newest)

    async def _take(self, waiting: list[tuple[Message, ReceivedEvent | None]]) -> datetime | None:
        """Store a batch; return the time of its newest event."""
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
