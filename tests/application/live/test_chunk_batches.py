"""Chunks that wait are processed together, and each request gets its own result."""

import asyncio
import threading
from collections.abc import Sequence
from contextvars import ContextVar, copy_context
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from application.kernel.ports import AppendResult, Change
from application.kernel.video import FramePicture
from application.live import local_transport as local_transport_module
from application.live.chunk import FrameChunk, IngestChunk
from application.live.image_analysis import drop_images
from application.live.replies import ChunkResult
from application.live.tracker_store import StateSave
from domain.ids import UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.commands import SessionNotFound
from tests.live.chunks import NOW, command, take
from tests.live.session_fixture import (
    KEY,
    InMemoryStateStore,
    SessionFixture,
    clock,
    local_transport,
    origin,
)

STARTED = commands.StartSession(athlete_id=UserId("ada"), at=NOW - timedelta(minutes=10))


@pytest.fixture
def fixture() -> SessionFixture:
    return SessionFixture()


class CountingStateStore(InMemoryStateStore):
    """Notes how many states are stored together."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def save_all(self, saves: Sequence[StateSave]) -> None:
        self.sizes.append(len(saves))
        super().save_all(saves)


def send_together(
    fixture: SessionFixture, states: InMemoryStateStore, *sent: IngestChunk
) -> list[ChunkResult | BaseException]:
    async def send() -> list[ChunkResult | BaseException]:
        transport = local_transport(fixture, states)
        sending = (transport.send(each, origin()) for each in sent)
        results = await asyncio.gather(*sending, return_exceptions=True)
        await transport.stop()
        return results

    return asyncio.run(send())


def test_waiting_chunks_of_several_sessions_share_a_transaction(fixture: SessionFixture) -> None:
    for session in ("t", "u"):
        fixture.execute(STARTED, session=session)
    states = CountingStateStore()
    results = send_together(fixture, states, *(command(each, 1) for each in "stu"))
    assert [isinstance(each, ChunkResult) for each in results] == [True] * 3
    assert states.sizes == [3]


def test_a_rejected_chunk_leaves_those_it_waited_with(fixture: SessionFixture) -> None:
    states = CountingStateStore()
    results = send_together(fixture, states, command("unknown", 1), command("s", 1))
    assert isinstance(results[0], SessionNotFound)
    assert isinstance(results[1], ChunkResult)
    assert states.sizes == [1]


def test_waiting_chunks_of_one_session_are_processed_in_order(fixture: SessionFixture) -> None:
    states = CountingStateStore()
    results = send_together(fixture, states, *take("s")[:3])
    acknowledged = [each.acknowledged for each in results if isinstance(each, ChunkResult)]
    assert acknowledged == [1, 2, 3]
    assert states.sizes == [1, 1, 1]


def test_a_client_that_leaves_does_not_disturb_others(fixture: SessionFixture) -> None:
    fixture.execute(STARTED, session="t")
    states = InMemoryStateStore()

    async def send() -> ChunkResult:
        transport = local_transport(fixture, states)
        leaving = asyncio.create_task(transport.send(command("s", 1), origin()))
        staying = asyncio.create_task(transport.send(command("t", 1), origin()))
        await asyncio.sleep(0)
        leaving.cancel()
        result = await staying
        await transport.stop()
        return result

    assert asyncio.run(send()).acknowledged == 1
    assert states.stored[KEY].state.sequence == 1


REQUEST: ContextVar[str] = ContextVar("request")


class RequestLog(MemoryEventLog):
    """Notes in which request events are appended."""

    def __init__(self) -> None:
        super().__init__(clock=clock, new_id=new_id)
        self.requests: list[str] = []

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        self.requests.append(REQUEST.get("none"))
        return super().append(changes, origin=origin, command_id=command_id)


def test_events_belong_to_the_request_of_their_chunk() -> None:
    """R-LIV-12: chunks that are processed together keep their traces."""
    log = RequestLog()
    fixture = SessionFixture(log)
    fixture.execute(STARTED, session="t")
    log.requests.clear()

    async def send() -> None:
        transport = local_transport(fixture)
        async with asyncio.TaskGroup() as requests:
            for session in "st":
                context = copy_context()
                context.run(REQUEST.set, session)
                sending = transport.send(take(session)[0], origin())
                requests.create_task(sending, context=context)
        await transport.stop()

    asyncio.run(send())
    assert log.requests == ["s", "t"]


def test_read_models_follow_at_once_when_a_set_ends(
    fixture: SessionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not follow each chunk before: the pause is longer than any test."""
    monkeypatch.setattr(local_transport_module, "SETTLE_PAUSE_S", 1e6)

    async def send() -> list[int]:
        loop, followed = asyncio.get_running_loop(), asyncio.Event()
        positions: list[int] = []

        def settle(position: int) -> None:
            positions.append(position)
            loop.call_soon_threadsafe(followed.set)

        transport = local_transport(fixture, settled=settle)
        for chunk_command in take("s"):
            assert not positions
            await transport.send(chunk_command, origin())
        await followed.wait()
        return positions

    assert asyncio.run(send()) == [fixture.log.head()]


def test_a_stop_waits_for_chunks_whose_images_are_analyzed(fixture: SessionFixture) -> None:
    """An acknowledged chunk is stored."""
    is_analyzing, may_end = threading.Event(), threading.Event()

    def analyze_slowly(message: FrameChunk) -> FrameChunk:
        is_analyzing.set()
        may_end.wait()
        return drop_images(message)

    states = InMemoryStateStore()
    plain = command("s", 1)
    pictures = (FramePicture(0, b"jpeg"),)
    chunk_command = replace(plain, message=replace(plain.message, pictures=pictures))

    async def send() -> int:
        transport = local_transport(fixture, states, analyze_images=analyze_slowly)
        sending = asyncio.create_task(transport.send(chunk_command, origin()))
        await asyncio.to_thread(is_analyzing.wait)
        stopping = asyncio.create_task(transport.stop())
        await asyncio.sleep(0)
        may_end.set()
        await stopping
        return states.stored[KEY].state.sequence if sending.done() else 0

    assert asyncio.run(send()) == 1


def test_chunks_without_images_do_not_wait_for_analyses(fixture: SessionFixture) -> None:
    """R-LIV-06: more analyses wait for a model than there are threads for other work."""
    may_end = threading.Event()

    def analyze_slowly(message: FrameChunk) -> FrameChunk:
        may_end.wait()
        return drop_images(message)

    names = [f"pictured-{number}" for number in range(40)]
    for session in names:
        fixture.execute(STARTED, session=session)
    pictures = (FramePicture(0, b"jpeg"),)

    async def send() -> ChunkResult:
        transport = local_transport(fixture, analyze_images=analyze_slowly)
        analyzing = [
            asyncio.create_task(
                transport.send(
                    replace(each, message=replace(each.message, pictures=pictures)), origin()
                )
            )
            for each in (command(session, 1) for session in names)
        ]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(transport.send(command("s", 1), origin()), timeout=30)
        finally:
            may_end.set()
            await asyncio.gather(*analyzing)
            await transport.stop()

    assert asyncio.run(send()).acknowledged == 1


def test_an_interrupted_stop_ends_waiting_requests(fixture: SessionFixture) -> None:
    is_storing, may_store = threading.Event(), threading.Event()

    def store_slowly() -> bool:
        is_storing.set()
        may_store.wait()
        return False

    async def send() -> bool:
        transport = local_transport(fixture, InMemoryStateStore(store_slowly))
        sending = asyncio.create_task(transport.send(command("s", 1), origin()))
        await asyncio.to_thread(is_storing.wait)
        stopping = asyncio.create_task(transport.stop())
        await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.wait([sending])
        may_store.set()
        return sending.cancelled()

    assert asyncio.run(send())
