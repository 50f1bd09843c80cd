"""Several API processes and workers that share a broker."""

import asyncio
from collections.abc import Awaitable, Callable

from application.kernel.bus import BusUnavailable
from application.live.chunk import FrameChunk, IngestChunk, SensorSample, SessionChunk, SessionKey
from application.live.cue_preferences import CuePreferenceCache
from application.live.replies import LiveReply
from application.live.sequence_guard import SessionSnapshots
from application.live.service import ChunkResponse, LiveService
from application.live.tracker import TrackerState, track
from application.live.worker_transport import WorkerTransport
from domain.values import UnknownExercise
from tests.live.session_fixture import SessionFixture, clock, origin

DEADLINE_S = 0.05


class Broker:
    """Keeps chunks in order. Running workers fold them; every transport gets the replies."""

    def __init__(self) -> None:
        self.away = False
        self.working = True
        self.stream: list[tuple[SessionKey, FrameChunk]] = []
        self.sessions: dict[SessionKey, TrackerState] = {}
        self.config: list[Callable[[LiveReply], None]] = []
        self.worked = 0

    def work(self) -> None:
        """Process the pending chunks."""
        for key, message in self.stream[self.worked :]:
            self.worked += 1
            try:
                applied = track(self.sessions.get(key), self.worked, message)
            except UnknownExercise as error:
                self.hear(LiveReply.rejected(key, message, error))
                continue
            self.sessions[key] = applied.session
            self.hear(LiveReply.processed(SessionChunk(session=key, message=message), applied))

    def hear(self, reply: LiveReply) -> None:
        for service in self.config:
            service(reply)


class Line:
    """The worker channel of one transport; while `deaf`, it receives no replies."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.deaf = False
        self.answers: dict[tuple[SessionKey, int], LiveReply] = {}

    async def start(self, heard: Callable[[LiveReply], None]) -> None:
        def hear(reply: LiveReply) -> None:
            if not self.deaf:
                heard(reply)
                self.answers[reply.session, reply.sequence] = reply

        self._broker.config.append(hear)

    async def stop(self) -> None: ...

    async def ready(self, _within_s: float) -> bool:
        return not self.deaf

    async def refresh(self, _key: SessionKey, _within_s: float) -> None: ...

    async def request(
        self, key: SessionKey, message: FrameChunk, _within_s: float
    ) -> LiveReply | None:
        if self._broker.away:
            raise BusUnavailable
        self._broker.stream.append((key, message))
        if not self._broker.working:
            return None
        self._broker.work()
        return self.answers.get((key, message.sequence))

    async def publish(self, reply: LiveReply, _within_s: float) -> None:
        if self._broker.away:
            raise BusUnavailable
        self._broker.hear(reply)


class Drawer:
    """Stores sensor samples."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[SensorSample, ...]] = {}

    def keep(self, _key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None:
        self.kept[sequence] = sensors


class Composition:
    """Connects API processes to one broker."""

    def __init__(self) -> None:
        self.fixture = SessionFixture()
        self.broker = Broker()
        self.drawer = Drawer()
        self.lines: list[Line] = []

    async def service(self) -> LiveService:
        line = Line(self.broker)
        self.lines.append(line)
        driver = WorkerTransport(
            channel=line,
            sensors=self.drawer,
            snapshots=SessionSnapshots(self.fixture.log),
            preferences=CuePreferenceCache(self.fixture.cue_preferences),
            clock=clock,
            deadline_s=DEADLINE_S,
        )
        live = LiveService(driver, timer=lambda: 0.0)
        await live.start()
        return live


Scene = Callable[[Composition], Awaitable[None]]


def play(scene: Scene) -> Composition:
    composition = Composition()
    asyncio.run(scene(composition))  # type: ignore[arg-type]  # an async function gives a coroutine
    return composition


async def send(service: LiveService, chunks: list[IngestChunk]) -> list[ChunkResponse]:
    return [await service.ingest(requested, origin()) for requested in chunks]
