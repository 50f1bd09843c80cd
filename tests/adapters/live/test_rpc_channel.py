"""Servers that call workers by RPC lose no chunk, whichever server a client reaches."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.live.rpc_channel import THRESHOLD, RpcWorkerChannel
from adapters.rpc.in_process import InProcessClient
from application.kernel.rpc import CallRejected, Method, WorkersUnavailable
from application.live.chunk import IngestChunk
from application.live.cue_preferences import CuePreferenceCache
from application.live.sequence_guard import SequenceGap, SessionSnapshots
from application.live.service import ChunkResponse, LiveService
from application.live.worker_contract import GET_PROGRESS, TRACK_CHUNK
from application.live.worker_transport import ChunkRefused, WorkerTransport
from domain.motion.landmarks import PoseChunk
from domain.sessions import events
from domain.sessions.session import SESSION, Underway
from tests.contracts.rpc_transports import workers
from tests.live.chunks import command, take
from tests.live.session_fixture import InMemoryStateStore, SessionFixture, clock, origin

DEADLINE_S = 60.0


class Line:
    """`WorkerCalls` that a test can interrupt before the request or before the response."""

    def __init__(self, fixture: SessionFixture, cupboard: InMemoryStateStore) -> None:
        self._calls = InProcessClient(workers(fixture, cupboard))
        self.fails: Exception | None = None
        self.loses: Exception | None = None
        self.methods: list[str] = []

    async def start(self) -> None:
        await self._calls.start()

    async def stop(self) -> None:
        await self._calls.stop()

    async def call(self, method: Method[Any, Any], methods: Any, within_s: float) -> Any:
        self.methods.append(method.name)
        if self.fails is not None:
            raise self.fails
        reported = await self._calls.call(method, methods, within_s)
        if self.loses is not None:
            raise self.loses
        return reported


class NoDrawer:
    """Stores no samples, because none arrive."""

    def keep(self, *_: Any) -> None:
        raise AssertionError


class Composition:
    """Connects servers to workers that share the tracker states."""

    def __init__(self) -> None:
        self.fixture = SessionFixture()
        self.cupboard = InMemoryStateStore()

    async def service(self) -> tuple[LiveService, Line]:
        line = Line(self.fixture, self.cupboard)
        driver = WorkerTransport(
            channel=RpcWorkerChannel(line),
            sensors=NoDrawer(),
            snapshots=SessionSnapshots(self.fixture.log),
            preferences=CuePreferenceCache(self.fixture.cue_preferences),
            clock=clock,
            deadline_s=DEADLINE_S,
        )
        live = LiveService(driver, timer=lambda: 0.0)
        await live.start()
        return live, line


def play(scene: Callable[[Composition], Awaitable[None]]) -> Composition:
    composition = Composition()
    asyncio.run(scene(composition))  # type: ignore[arg-type]  # an async function gives a coroutine
    return composition


async def sent(service: LiveService, chunks: list[IngestChunk]) -> list[ChunkResponse]:
    return [await service.ingest(chunk, origin()) for chunk in chunks]


def counted(composition: Composition) -> int:
    return len(composition.fixture.of(events.RepetitionCounted))


def test_a_called_worker_counts_and_the_transport_reports() -> None:
    """R-POS-09, C-54."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        answers = await sent(service, take("s"))
        assert {answer.result.mode for answer in answers} == {"live"}
        assert answers[-1].result.feedback.repetitions == 4
        assert [answer.result.acknowledged for answer in answers] == list(
            range(1, len(answers) + 1)
        )
        assert set(line.methods) == {TRACK_CHUNK.name}

    assert counted(play(scene)) == 4


def test_while_workers_are_away_a_provisional_count_answers_and_nothing_is_acknowledged() -> None:
    """R-LIV-05."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        first, second, *rest = take("s")
        await sent(service, [first])
        line.fails = WorkersUnavailable()
        (away,) = await sent(service, [second])
        assert (away.result.mode, away.result.acknowledged) == ("degraded", 1)
        line.fails = None
        answers = await sent(service, [second, *rest])
        assert {answer.result.mode for answer in answers} == {"live"}
        assert answers[-1].result.acknowledged == len(rest) + 2

    assert counted(play(scene)) == 4


def test_frames_are_counted_if_another_server_has_sent_their_number() -> None:
    """R-LIV-10, C-54: two devices send to two servers."""

    async def scene(composition: Composition) -> None:
        of_phone, _ = await composition.service()
        of_laptop, _ = await composition.service()
        chunks = take("s")
        await sent(of_phone, chunks[:9])
        await sent(of_laptop, [chunks[9]])
        with pytest.raises(SequenceGap) as gap:
            await sent(of_phone, [command("s", 10, chunks[10].message.chunk)])
        assert gap.value.expected == 11
        answers = await sent(of_phone, chunks[10:])
        assert answers[-1].result.feedback.repetitions == 4

    assert counted(play(scene)) == 4


@pytest.mark.parametrize("frames", [0, 8])
def test_the_end_of_a_set_is_kept_if_another_server_has_sent_its_number(frames: int) -> None:
    """R-LIV-10: without frames, as after a pause, or with older ones."""

    async def scene(composition: Composition) -> None:
        of_phone, _ = await composition.service()
        of_laptop, _ = await composition.service()
        chunks = take("s")
        await sent(of_phone, chunks[:9])
        await sent(of_laptop, [command("s", 10, chunks[10].message.chunk)])
        older = chunks[9].message.chunk
        shown = PoseChunk(older.times_s[:frames], older.image[:frames])
        with pytest.raises(SequenceGap) as gap:
            await sent(of_phone, [command("s", 10, shown, last=True)])
        nothing = PoseChunk(older.times_s[:0], older.image[:0])
        end = command("s", gap.value.expected, nothing, last=True)
        answers = await sent(of_phone, [end, end])
        assert [(each.result.acknowledged, each.result.over) for each in answers] == [
            (11, True),
            (11, True),
        ]

    assert [fact.set for fact in play(scene).fixture.of(events.SetCompleted)] == [1]


def test_a_lost_answer_is_repeated() -> None:
    """C-07: at least once, and counted once."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        for chunk in take("s"):
            if chunk.sequence % 3 == 0:
                line.loses = WorkersUnavailable()
                await sent(service, [chunk])
                line.loses = None
            (answer,) = await sent(service, [chunk])
            assert answer.result.mode == "live"

    assert counted(play(scene)) == 4


def test_unresponsive_workers_are_not_called_for_a_while() -> None:
    """R-EVT-20."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        first, *_ = take("s")
        line.fails = WorkersUnavailable()
        await sent(service, [first] * (THRESHOLD + 3))
        assert len(line.methods) == THRESHOLD

    play(scene)


def test_a_session_may_use_any_transport() -> None:
    """R-LIV-10: an API process that does not know the session queries the workers for it."""

    async def scene(composition: Composition) -> None:
        services = [await composition.service() for _ in range(3)]
        chunks = take("s")
        turns = [0, 0, 1, 1, 0, 2]
        for at, chunk in enumerate(chunks):
            service, _ = services[turns[at % len(turns)]]
            (answer,) = await sent(service, [chunk])
            assert (answer.result.mode, answer.result.acknowledged) == ("live", chunk.sequence)
        assert all(GET_PROGRESS.name in line.methods for _, line in services)

    assert counted(play(scene)) == 4


def test_any_transport_requests_a_skipped_chunk() -> None:
    async def scene(composition: Composition) -> None:
        here, there = (await composition.service())[0], (await composition.service())[0]
        chunks = take("s")
        await sent(here, chunks[:2])
        for service in (here, there):
            with pytest.raises(SequenceGap) as gap:
                await sent(service, [chunks[3]])
            assert gap.value.expected == 3

    play(scene)


def test_workers_that_refuse_the_secret_count_as_unavailable() -> None:
    """A wrong secret is a deployment error, so chunks are not rejected for good."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        line.fails = CallRejected("worker.secret_wrong", "unauthenticated", "No.")
        (answer,) = await sent(service, take("s")[:1])
        assert (answer.result.mode, answer.result.acknowledged) == ("degraded", 0)

    play(scene)


def test_a_chunk_that_workers_refuse_is_skipped() -> None:
    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        first, second, third, *_ = take("s")
        await sent(service, [first])
        line.fails = CallRejected("live.landmarks_broken", "invalid", "Half a landmark.")
        with pytest.raises(ChunkRefused) as refused:
            await sent(service, [second])
        assert refused.value.expected == 3
        line.fails = None
        (answer,) = await sent(service, [third])
        assert answer.result.mode == "live"

    play(scene)


def test_a_set_ends_although_workers_refuse_the_call_with_its_last_frames() -> None:
    """R-LIV-10: the client sends the end again without frames, with the next number."""

    async def scene(composition: Composition) -> None:
        service, line = await composition.service()
        *before, last = take("s")
        await sent(service, before)
        line.fails = CallRejected("motion.invalid_exercise_definition", "invalid", "Unreadable.")
        with pytest.raises(ChunkRefused) as refused:
            await sent(service, [last])
        line.fails = None
        shown = last.message.chunk
        nothing = PoseChunk(shown.times_s[:0], shown.image[:0])
        end = command("s", refused.value.expected, nothing, last=True)
        (answer,) = await sent(service, [end])
        assert (answer.result.mode, answer.result.over) == ("live", True)

    history = [recorded.event for recorded in play(scene).fixture.recorded()]
    state = SESSION.fold(history)
    assert isinstance(state, Underway)
    assert not state.set_is_open
