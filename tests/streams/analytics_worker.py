"""An analytics worker without a broker."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from faust.types import TP

from adapters.event_log.codec import EVENTS
from application.analytics.ports import PositionTaken, Step
from application.analytics.rollups import RollupRequest
from application.analytics.session_fold import fold
from application.analytics.windows import Changes, Session, SessionState
from application.kernel.bus import Message
from streams.analytics_worker import GROUP, AnalyticsWorker
from tests.projections.histories import AT
from tests.streams.worker_harness import Outbox, offline_app

(TOPIC,) = GROUP.topics
SOURCE = TP(TOPIC, 0)


class Board:
    """In-memory windows that fail a given number of times first."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.standings: dict[Session, SessionState] = {}
        self.due: dict[int, int] = {}
        self.requested: dict[RollupRequest, int] = {}
        self.failures: list[Exception] = []

    def positions(self, group: str, topic: str) -> Mapping[int, int]:
        assert (group, topic) == (GROUP.name, TOPIC)
        return dict(self.due)

    def take(self, step: Step) -> Sequence[Session]:
        if self.failures:
            raise self.failures.pop(0)
        if any(self.due.get(each) != step.before.get(each) for each in step.after):
            raise PositionTaken
        self.due |= step.after
        return fold(self.standings, step.seen, self.changes)

    def days_over(self, by: datetime) -> Mapping[RollupRequest, int]:
        over = {RollupRequest(*key): 1 for key, ends in self.changes.ends.items() if ends <= by}
        return {each: count for each, count in over.items() if each not in self.requested}

    def mark_requested(self, requests: Mapping[RollupRequest, int]) -> None:
        self.requested |= requests


class WorkerHarness:
    """A worker over in-memory windows."""

    def __init__(self, folder: Path) -> None:
        self.board = Board()
        self.outbox = Outbox()
        self.app = offline_app(folder, self.outbox, GROUP.name)
        self.now = AT
        self.worker = AnalyticsWorker(
            self.app, windows=self.board, decode=EVENTS.decode, clock=lambda: self.now
        )
        self.sent = 0

    def play(self, messages: Sequence[Message]) -> None:
        """Let the worker read these messages from its position, and store the windows."""

        async def scene(agent: Any) -> None:
            for each in messages:
                await agent.put(key=each.key.encode(), value=each.value, headers=list(each.headers))

        asyncio.run(self._worked(scene))

    async def _worked(self, scene: Callable[[Any], Awaitable[None]]) -> None:
        await self.worker.follower.begin([SOURCE])
        async with self.worker.agent.test_context() as agent:
            await scene(agent)
            async with asyncio.timeout(60):
                while agent.sent_offset > self.worker.follower.due[SOURCE]:  # noqa: ASYNC110  no event
                    await asyncio.sleep(0.01)
            await self.worker.checkpoints.drain()
