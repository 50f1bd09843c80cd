"""An exercise worker without a broker."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from faust.types import TP

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import StorageUnavailable
from application.live.chunk import SessionKey
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.sessions import commands as session
from domain.sessions.session import SESSION
from domain.values import CountedBy
from streams.exercise_worker import ExerciseWorker
from streams.topic_names import Topics
from tests.streams.positions import Notebook
from tests.streams.worker_harness import Outbox, offline_app

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
TOPICS = Topics()
SOURCE = TP(TOPICS.exercise_detect, 0)


class FlakyCommandHandler(CommandHandler):
    """A command handler whose log is unavailable a given number of times first."""

    failures = 0

    def execute(self, *requests: Request, **keywords: Any) -> Any:
        if self.failures:
            self.failures -= 1
            raise StorageUnavailable
        return super().execute(*requests, **keywords)


class WorkerHarness:
    """A worker over an in-memory event log with a set in progress."""

    def __init__(self, folder: Path) -> None:
        self.log = MemoryEventLog(clock=utc_now, new_id=new_id)
        self.commands = FlakyCommandHandler(self.log, settled=lambda _: None)
        self.positions = Notebook()
        self.outbox = Outbox()
        self.folder = folder
        self.worker = self.new_worker()
        self.begin()

    def new_worker(self) -> ExerciseWorker:
        return ExerciseWorker(
            offline_app(self.folder, self.outbox, TOPICS.exercise_worker.name),
            topics=TOPICS,
            commands=self.commands,
            positions=self.positions,
            clock=utc_now,
        )

    def begin(self) -> None:
        wanted = [
            session.StartSession(athlete_id=UserId("ada"), at=datetime(2030, 1, 31, tzinfo=UTC)),
            session.StartSet(
                set=1,
                exercise_id=ExerciseId("squat"),
                counted_by=CountedBy("server", "mannequin", 1),
            ),
        ]
        origin = Origin(tenant_id=KEY.tenant_id, actor="ada", correlation_id=uuid4())
        request = Request(SESSION, KEY.session_id, wanted)
        self.commands.execute(request, origin=origin, command_id=uuid4())

    def play(self, scene: Callable[[Any], Awaitable[None]]) -> None:
        async def main() -> None:
            await self.worker.follower.begin([SOURCE])
            async with self.worker.agent.test_context() as agent:
                await scene(agent)
                async with asyncio.timeout(60):
                    while agent.sent_offset > self.worker.follower.due[SOURCE]:  # noqa: ASYNC110  no event
                        await asyncio.sleep(0.01)
                await self.worker.checkpoints.drain()

        asyncio.run(main())

    def happened(self) -> list[Any]:
        stored = self.log.load(KEY.tenant_id, f"session-{KEY.session_id}")
        return [recorded.event for recorded in stored]
