"""Several API processes and workers: an outage of any of them loses no stored frame."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from adapters.event_log.memory import MemoryEventLog
from application.live.chunk import SensorSample
from application.live.provisional import ProvisionalTracker
from application.live.replies import LiveReply
from application.live.sequence_guard import SequenceGap
from application.live.service import (
    MAX_INTERVAL_MS,
    ChunkResponse,
    ClosedTransport,
    LiveClosed,
    LiveService,
)
from application.live.worker_transport import ChunkRefused
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.motion.landmarks import PoseChunk
from domain.sessions import commands
from domain.sessions.commands import SessionNotFound
from domain.values import Span
from tests.application.live.composition import Composition, play, send
from tests.live.chunks import NOW, command, take
from tests.live.session_fixture import KEY, origin


def counted(composition: Composition) -> int:
    return composition.broker.sessions[KEY].feedback.repetitions


def test_workers_count_and_the_transport_reports() -> None:
    """R-LIV-05, R-LIV-06."""

    async def scene(composition: Composition) -> None:
        answers = await send(await composition.service(), take("s"))
        assert {answer.result.mode for answer in answers} == {"live"}
        assert answers[-1].result.feedback.repetitions == 4
        assert answers[-1].result.over
        assert any(answer.result.cues for answer in answers)

    play(scene)


def test_a_session_may_use_any_transport() -> None:
    async def scene(composition: Composition) -> None:
        config = [await composition.service() for _ in range(3)]
        for place, requested in enumerate(take("s")):
            answer = await config[place % 3].ingest(requested, origin())
            assert answer.result.acknowledged == requested.sequence

    assert counted(play(scene)) == 4


def test_during_a_worker_outage_replies_are_provisional_and_nothing_is_lost() -> None:
    """R-LIV-11: first provisional, finally exact."""

    async def scene(composition: Composition) -> None:
        service, chunks = await composition.service(), take("s")
        third = len(chunks) // 3
        await send(service, chunks[:third])
        composition.broker.working = False
        away = await send(service, chunks[third : 2 * third])
        assert {answer.result.mode for answer in away} == {"degraded"}
        assert [answer.result.acknowledged for answer in away] == [
            requested.sequence for requested in chunks[third : 2 * third]
        ]
        counts = [answer.result.feedback.repetitions for answer in away]
        assert counts == sorted(counts)
        assert counts[-1] > counts[0]
        composition.broker.working = True
        back = await send(service, chunks[2 * third :])
        assert {answer.result.mode for answer in back} == {"live"}
        assert back[-1].result.feedback.repetitions == 4

    play(scene)


def test_another_transport_counts_chunks_that_no_worker_has_answered() -> None:
    async def scene(composition: Composition) -> None:
        composition.broker.working = False
        one, other = await composition.service(), await composition.service()
        for place, requested in enumerate(take("s")[:8]):
            answer = await (one, other)[place % 2].ingest(requested, origin())
            assert answer.result.acknowledged == requested.sequence

    assert len(play(scene).broker.stream) == 8


def test_during_a_bus_outage_nothing_is_acknowledged() -> None:
    """R-LIV-10: repeated chunks count once."""

    async def scene(composition: Composition) -> None:
        service, chunks = await composition.service(), take("s")
        await send(service, chunks[:10])
        composition.broker.away = True
        for _ in range(3):
            (answer,) = await send(service, chunks[10:11])
            assert (answer.result.mode, answer.result.acknowledged) == ("degraded", 10)
            assert answer.next_interval_ms == MAX_INTERVAL_MS
        composition.broker.away = False
        back = await send(service, chunks[10:])
        assert back[-1].result.acknowledged == len(chunks)

    composition = play(scene)
    assert counted(composition) == 4
    assert len(composition.broker.stream) == len(take("s"))


def test_a_repeated_chunk_is_answered_again_and_sent_once() -> None:
    """R-EVT-16."""

    async def scene(composition: Composition) -> None:
        service = await composition.service()
        for requested in take("s"):
            assert await send(service, [requested]) == await send(service, [requested])

    assert len(play(scene).broker.stream) == len(take("s"))


def test_an_unanswered_chunk_is_sent_again_when_repeated() -> None:
    async def scene(composition: Composition) -> None:
        service = await composition.service()
        composition.broker.working = False
        await send(service, take("s")[:3])
        composition.broker.working = True
        (answer,) = await send(service, take("s")[2:3])
        assert (answer.result.mode, answer.result.acknowledged) == ("live", 3)

    assert len(play(scene).broker.stream) == 4


def test_a_skipped_chunk_is_requested() -> None:
    """R-LIV-10."""

    async def scene(composition: Composition) -> None:
        service, other = await composition.service(), await composition.service()
        await send(service, take("s")[:2])
        for each in (service, other):
            with pytest.raises(SequenceGap) as refused:
                await send(each, take("s")[3:4])
            assert refused.value.expected == 3

    play(scene)


def test_a_transport_waits_for_another_before_it_reports_a_chunk_missing() -> None:
    async def scene(composition: Composition) -> None:
        service, other = await composition.service(), await composition.service()
        chunks = take("s")
        await send(service, chunks[:2])
        composition.lines[1].deaf = True
        await send(service, chunks[2:3])
        composition.lines[1].deaf = False
        delayed = asyncio.create_task(send(other, chunks[3:4]))
        await asyncio.sleep(0)
        composition.broker.hear(composition.lines[0].answers[KEY, 3])
        (answer,) = await delayed
        assert answer.result.acknowledged == 4

    play(scene)


def test_a_client_without_stored_state_may_continue() -> None:
    """A transport that opened while the client was offline."""

    async def scene(composition: Composition) -> None:
        await send(await composition.service(), take("s")[:9])
        answers = await send(await composition.service(), take("s")[9:])
        assert answers[-1].result.acknowledged == len(take("s"))

    assert counted(play(scene)) == 4


def test_a_retried_last_chunk_is_answered_by_a_new_transport() -> None:
    """R-EVT-16: the log has the end of the set from this very chunk."""

    async def scene(composition: Composition) -> None:
        await send(await composition.service(), take("s"))
        composition.fixture.start_set(1)
        composition.fixture.execute(commands.CompleteSet(set=1, span=Span(0, 1000)))
        (answer,) = await send(await composition.service(), take("s")[-1:])
        assert answer.result.acknowledged == len(take("s"))
        assert answer.result.over

    assert counted(play(scene)) == 4


def test_every_transport_sees_a_set_that_no_worker_has_seen_yet() -> None:
    """R-LIV-10: so that no process completes the session without it."""

    async def scene(composition: Composition) -> None:
        first, second = await composition.service(), await composition.service()
        assert first.latest_set(KEY) is None
        composition.broker.working = False
        await send(first, take("s")[:1])
        assert (first.latest_set(KEY), second.latest_set(KEY)) == (1, 1)

    play(scene)


def test_a_chunk_that_workers_refuse_does_not_end_the_session() -> None:
    async def scene(composition: Composition) -> None:
        service, chunks = await composition.service(), take("s")
        await send(service, chunks[:2])
        composition.broker.working = False
        composition.broker.hear(LiveReply.rejected(KEY, chunks[2].message, ZeroDivisionError()))
        with pytest.raises(ChunkRefused) as refused:
            await send(service, chunks[2:3])
        assert refused.value.expected == 4
        composition.broker.working = True
        (answer,) = await send(service, chunks[3:4])
        assert answer.result.acknowledged == 4

    play(scene)


def test_a_set_ends_although_workers_refuse_its_last_frames() -> None:
    """R-LIV-10: the client sends the end again without frames, with the next number."""

    async def scene(composition: Composition) -> None:
        service, chunks = await composition.service(), take("s")
        *before, last = chunks
        await send(service, before)
        composition.broker.hear(LiveReply.rejected(KEY, last.message, ZeroDivisionError()))
        with pytest.raises(ChunkRefused) as refused:
            await send(service, [last])
        shown = last.message.chunk
        nothing = PoseChunk(shown.times_s[:0], shown.image[:0])
        end = command("s", refused.value.expected, nothing, last=True)
        (answer,) = await send(service, [end])
        assert (answer.result.mode, answer.result.over) == ("live", True)
        assert composition.broker.sessions[KEY].motion is None

    play(scene)


def test_frames_of_an_unknown_session_are_refused() -> None:
    async def scene(composition: Composition) -> None:
        with pytest.raises(SessionNotFound):
            await send(await composition.service(), [command("unknown", 1)])

    assert not play(scene).broker.stream


def test_sessions_of_waiting_chunks_are_read_by_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[set[str]] = []
    load_many = MemoryEventLog.load_many

    def note(
        log: MemoryEventLog, tenant_id: TenantId, streams: Collection[str], **options: Any
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        read.append(set(streams))
        return load_many(log, tenant_id, streams, **options)

    monkeypatch.setattr(MemoryEventLog, "load_many", note)

    async def scene(composition: Composition) -> None:
        started = commands.StartSession(athlete_id=UserId("ada"), at=NOW - timedelta(minutes=10))
        for session in ("t", "u"):
            composition.fixture.execute(started, session=session)
        service = await composition.service()
        sending = (service.ingest(command(session, 1), origin()) for session in "stu")
        answers = await asyncio.gather(*sending)
        assert [answer.result.acknowledged for answer in answers] == [1, 1, 1]

    play(scene)
    assert read == [{"session-s", "session-t", "session-u"}]


def test_a_refused_chunk_leaves_those_that_it_waited_with() -> None:
    async def scene(composition: Composition) -> None:
        service = await composition.service()
        sending = (service.ingest(command(session, 1), origin()) for session in ("unknown", "s"))
        refused, answer = await asyncio.gather(*sending, return_exceptions=True)
        assert isinstance(refused, SessionNotFound)
        assert isinstance(answer, ChunkResponse)

    assert len(play(scene).broker.stream) == 1


def test_sensor_readings_are_stored_before_the_chunk() -> None:
    """R-LIV-03."""
    sample = SensorSample(0.1, heart_rate_bpm=92.0)

    async def scene(composition: Composition) -> None:
        await send(await composition.service(), [command("s", 1, sensors=(sample,))])

    assert play(scene).drawer.kept == {1: (sample,)}


def test_without_a_bus_live_sessions_are_closed() -> None:
    live = LiveService(ClosedTransport(), timer=lambda: 0.0)
    with pytest.raises(LiveClosed):
        asyncio.run(live.ingest(command("s", 1), origin()))


def test_while_workers_reply_no_chunk_is_tracked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-LIV-11: provisional feedback costs nothing before the first timeout."""
    tracked: list[object] = []

    def count(self: ProvisionalTracker, *given: object) -> None:
        tracked.append(given)

    monkeypatch.setattr(ProvisionalTracker, "track", count)

    async def scene(composition: Composition) -> None:
        service = await composition.service()
        for sent in take("s"):
            await service.ingest(sent, origin())

    play(scene)
    assert not tracked
