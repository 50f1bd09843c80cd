"""One process folds all chunks and loses no acknowledged one, wherever it dies."""

import asyncio
import random
from collections.abc import Callable

import numpy as np
import pytest

from application.kernel.ports import StorageUnavailable
from application.live.chunk import IngestChunk, SensorSample
from application.live.sequence_guard import SequenceGap
from application.live.service import MAX_INTERVAL_MS, ChunkResponse, LiveService
from application.live.worker_handlers import to_live_chunk
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.landmarks import PoseChunk
from domain.sessions import commands, events
from domain.values import CountedBy, Span
from tests.live.chunks import MODEL, command, take
from tests.live.session_fixture import (
    COUNTED_BY,
    KEY,
    InMemoryStateStore,
    SessionFixture,
    clock,
    local_transport,
    origin,
    pose_handler,
)

REPETITIONS = 4


class Process:
    """A process that can die and then loses its memory."""

    def __init__(
        self,
        fixture: SessionFixture,
        prefix: InMemoryStateStore,
        settled: Callable[[int], object] = lambda _: None,
    ) -> None:
        driver = local_transport(fixture, prefix, settled)
        self._live = LiveService(driver, timer=lambda: 0.0)

    def send(self, chunk_command: IngestChunk) -> ChunkResponse:
        async def sent() -> ChunkResponse:
            answer = await self._live.ingest(chunk_command, origin())
            await self._live.stop()
            return answer

        return asyncio.run(sent())


@pytest.fixture
def fixture() -> SessionFixture:
    return SessionFixture()


def facts(fixture: SessionFixture) -> list[str]:
    return [repr(fact) for fact in fixture.all_events()]


def whole(fixture: SessionFixture) -> list[str]:
    """Return the events of an undisturbed set."""
    process = Process(fixture, InMemoryStateStore())
    for chunk_command in take("s", repetitions=REPETITIONS):
        process.send(chunk_command)
    return facts(fixture)


def test_frames_whose_number_another_device_used_are_counted(fixture: SessionFixture) -> None:
    """R-LIV-10: their device sends them behind those of the other one."""
    process = Process(fixture, InMemoryStateStore())
    behind = 0
    for sent in take("s", repetitions=REPETITIONS):
        chunk, last = sent.message.chunk, sent.message.last
        if sent.sequence in {10, 11}:
            unseen = np.full_like(chunk.image[:1], np.nan)
            other = PoseChunk(chunk.times_s[:1] - 0.01, unseen, None, chunk.aspect_ratio)
            process.send(command("s", sent.sequence + behind, other))
            with pytest.raises(SequenceGap) as gap:
                process.send(command("s", sent.sequence + behind, chunk))
            behind += 1
            assert gap.value.expected == sent.sequence + behind
        answer = process.send(command("s", sent.sequence + behind, chunk, last=last))
    assert answer.result.feedback.repetitions == REPETITIONS


def test_frames_are_counted_if_another_process_has_used_their_number(
    fixture: SessionFixture,
) -> None:
    """R-LIV-10: two devices send to two processes that share their states."""
    states = InMemoryStateStore()
    of_phone, of_laptop = Process(fixture, states), Process(fixture, states)
    chunks = take("s", repetitions=REPETITIONS)
    for sent in chunks[:9]:
        of_phone.send(sent)
    of_laptop.send(chunks[9])
    with pytest.raises(SequenceGap) as gap:
        of_phone.send(command("s", 10, chunks[10].message.chunk))
    assert gap.value.expected == 11
    for sent in chunks[10:]:
        answer = of_phone.send(sent)
    assert answer.result.feedback.repetitions == len(fixture.of(events.RepetitionCounted))
    assert len(fixture.of(events.RepetitionCounted)) == REPETITIONS


def test_the_end_of_a_set_is_kept_if_another_device_has_used_its_number(
    fixture: SessionFixture,
) -> None:
    """R-LIV-10: also without frames, as after a pause."""
    process = Process(fixture, InMemoryStateStore())
    for sent in take("s")[:9]:
        process.send(sent)
    nothing = PoseChunk(np.empty(0), np.empty((0, 33, 4), np.float32), None, 4 / 3)
    with pytest.raises(SequenceGap) as gap:
        process.send(command("s", 9, nothing, last=True))
    ended = process.send(command("s", gap.value.expected, nothing, last=True))
    again = process.send(command("s", gap.value.expected, nothing, last=True))
    assert (ended.result.over, again.result) == (True, ended.result)
    assert [fact.set for fact in fixture.of(events.SetCompleted)] == [1]


def test_a_set_is_counted_as_it_is_performed(fixture: SessionFixture) -> None:
    """R-LIV-03, R-LIV-05, R-LIV-06."""
    process = Process(fixture, InMemoryStateStore())
    answers = [
        process.send(chunk_command).result for chunk_command in take("s", repetitions=REPETITIONS)
    ]
    counts = [taken.feedback.repetitions for taken in answers]
    assert counts == sorted(counts)
    assert counts[-1] == REPETITIONS == len(fixture.of(events.RepetitionCounted))
    assert [taken.acknowledged for taken in answers] == list(range(1, len(answers) + 1))
    assert [taken.over for taken in answers] == [False] * (len(answers) - 1) + [True]
    assert {taken.feedback.phase for taken in answers} > {"rest", "eccentric", "concentric"}
    assert any(taken.cues for taken in answers)
    assert answers[-1].feedback.form is not None
    (started,) = fixture.of(events.SetStarted)
    (completed,) = fixture.of(events.SetCompleted)
    assert (started.exercise_id, completed.repetitions) == ("squat", REPETITIONS)


def test_a_count_names_what_its_counter_had_learned(fixture: SessionFixture) -> None:
    """C-49: every event names the counter, also when a set is repeated."""
    whole(fixture)
    (started,) = fixture.of(events.SetStarted)
    assert started.counted_by == CountedBy(
        "server", MODEL, started.counted_by.definition_version, trained_model_name("squat")
    )


def test_a_started_set_keeps_its_options(fixture: SessionFixture) -> None:
    fixture.execute(
        commands.StartSet(
            set=1,
            exercise_id="squat",  # type: ignore[arg-type]  # an exercise's id is a string
            counted_by=COUNTED_BY,
            target_repetitions=8,
        )
    )
    whole(fixture)
    (started,) = fixture.of(events.SetStarted)
    assert started.target_repetitions == 8


def test_chunks_that_come_twice_are_answered_twice_and_counted_once(
    fixture: SessionFixture,
) -> None:
    """R-LIV-10, R-EVT-16."""
    process = Process(fixture, InMemoryStateStore())
    for chunk_command in take("s", repetitions=REPETITIONS):
        assert process.send(chunk_command) == process.send(chunk_command)
    assert facts(fixture) == whole(SessionFixture())


def test_an_old_chunk_changes_nothing_and_returns_the_current_position(
    fixture: SessionFixture,
) -> None:
    process = Process(fixture, InMemoryStateStore())
    chunks = take("s")
    for chunk_command in chunks[:9]:
        process.send(chunk_command)
    before = facts(fixture)
    again = process.send(chunks[2]).result
    assert (again.sequence, again.acknowledged) == (3, 9)
    assert facts(fixture) == before


def test_two_sets_follow_each_other(fixture: SessionFixture) -> None:
    process = Process(fixture, InMemoryStateStore())
    first = take("s", repetitions=2)
    second = take("s", repetitions=3, number=2, after=len(first), offset_s=60.0)
    for chunk_command in first + second:
        last = process.send(chunk_command)
    assert last.result.feedback.repetitions == 3
    assert [fact.repetitions for fact in fixture.of(events.SetCompleted)] == [2, 3]


def test_a_set_that_nobody_ended_ends_with_the_next_one(fixture: SessionFixture) -> None:
    process = Process(fixture, InMemoryStateStore())
    first = take("s", repetitions=2)[:-1]
    second = take("s", repetitions=2, number=2, after=len(first), offset_s=60.0)
    for chunk_command in first + second:
        process.send(chunk_command)
    assert [fact.set for fact in fixture.of(events.SetCompleted)] == [1, 2]


@pytest.mark.parametrize("frames", [0, 8])
def test_a_set_starts_with_its_first_chunk_though_nobody_is_in_view(
    fixture: SessionFixture, frames: int
) -> None:
    """R-LIV-10: its session can be completed if the client sends nothing more."""
    chunk, felt = take("s")[0].message.chunk, SensorSample(0.1, heart_rate_bpm=92.0)
    unseen = np.full_like(chunk.image[:frames], np.nan)
    nobody = PoseChunk(chunk.times_s[:frames], unseen, None, chunk.aspect_ratio)
    Process(fixture, InMemoryStateStore()).send(command("s", 1, nobody, sensors=(felt,)))
    assert [fact.set for fact in fixture.of(events.SetStarted)] == [1]
    fixture.execute(commands.CompleteSet(set=1, span=Span(0, 1000)))
    fixture.execute(commands.CompleteSession(at=clock(), specs={}, expected_sets=1))
    (completed,) = fixture.of(events.SessionCompleted)
    assert (completed.sets, completed.repetitions) == (1, 0)


def ended_elsewhere(send: Callable[[IngestChunk], object], fixture: SessionFixture) -> None:
    """Complete the set from another device within a movement; the athlete starts the next one."""
    begun = take("s")[:7]
    for chunk_command in begun:
        send(chunk_command)
    fixture.execute(commands.CompleteSet(set=1, span=Span(0, 3000)))
    for chunk_command in take("s", number=2, after=len(begun), offset_s=10.0):
        send(chunk_command)


def require_second_set_only(fixture: SessionFixture) -> None:
    names = [type(fact).__name__ for fact in fixture.all_events()]
    between = names[names.index("SetCompleted") + 1 : names.index("SetStarted", 3)]
    assert between[0] == "RepetitionRejected", "the movement in progress, of the first set"
    assert [fact.set for fact in fixture.of(events.RepetitionCounted)] == [2] * REPETITIONS
    assert [fact.repetitions for fact in fixture.of(events.SetCompleted)] == [0, REPETITIONS]


def test_a_set_that_ended_elsewhere_does_not_block_later_sets(fixture: SessionFixture) -> None:
    """C-49, R-LIV-10: its unfinished movement does not count; what comes then is counted once."""
    dies = iter([False, True] * 100)
    prefix = InMemoryStateStore(fails=lambda: next(dies))

    def send(chunk_command: IngestChunk) -> None:
        try:
            Process(fixture, prefix).send(chunk_command)
        except StorageUnavailable:
            Process(fixture, prefix).send(chunk_command)

    undisturbed = SessionFixture()
    ended_elsewhere(Process(undisturbed, InMemoryStateStore()).send, undisturbed)
    require_second_set_only(undisturbed)
    ended_elsewhere(send, fixture)
    assert facts(fixture) == facts(undisturbed)


def test_an_rpc_worker_continues_from_the_stored_state(fixture: SessionFixture) -> None:
    """C-49, C-54."""
    handler = pose_handler(fixture)
    ended_elsewhere(
        lambda chunk_command: handler.track(
            to_live_chunk(chunk_command.session, chunk_command.message)
        ),
        fixture,
    )
    require_second_set_only(fixture)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_facts_are_reported_wherever_a_process_dies(
    fixture: SessionFixture, seed: int
) -> None:
    """R-LIV-10: it dies between events and state, or before its response arrives."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    prefix = InMemoryStateStore(fails=lambda: chance.random() < 0.3)
    process = Process(fixture, prefix)
    for chunk_command in take("s", repetitions=REPETITIONS):
        while True:
            try:
                answer = process.send(chunk_command)
            except StorageUnavailable:
                process = Process(fixture, prefix)
                continue
            if chance.random() < 0.2:  # the response and the process are lost
                process = Process(fixture, prefix)
                continue
            break
        assert answer.result.acknowledged == chunk_command.sequence
    assert facts(fixture) == whole(SessionFixture())


def test_unstored_work_is_not_acknowledged(fixture: SessionFixture) -> None:
    """R-LIV-10."""
    full = True
    prefix = InMemoryStateStore(fails=lambda: full)
    process = Process(fixture, prefix)
    with pytest.raises(StorageUnavailable):
        process.send(command("s", 1))
    full = False
    assert process.send(command("s", 1)).result.acknowledged == 1
    assert prefix.stored[KEY].state.sequence == 1


def test_sensor_readings_are_stored_with_the_chunk(fixture: SessionFixture) -> None:
    """R-LIV-03."""
    prefix = InMemoryStateStore()
    sample = SensorSample(0.1, accelerometer=(0.0, 9.8, 0.1), heart_rate_bpm=92.0)
    process = Process(fixture, prefix)
    for _ in range(2):
        process.send(command("s", 1, sensors=(sample,)))
    assert prefix.samples == [sample]


def test_the_usual_pace_is_half_a_second(fixture: SessionFixture) -> None:
    """R-LIV-03, R-LIV-07."""
    answer = Process(fixture, InMemoryStateStore()).send(command("s", 1))
    assert answer.next_interval_ms == 500 < MAX_INTERVAL_MS


def test_live_chunks_report_the_position_for_read_models(fixture: SessionFixture) -> None:
    settled: list[int] = []
    process = Process(fixture, InMemoryStateStore(), settled.append)
    for chunk_command in take("s"):
        process.send(chunk_command)
    assert settled[-1] == fixture.log.head()
    assert settled == sorted(settled)


def test_a_stopped_projection_does_not_block_commands(fixture: SessionFixture) -> None:
    def fail(_position: int) -> None:
        raise StorageUnavailable

    process = Process(fixture, InMemoryStateStore(), fail)
    for chunk_command in take("s"):
        assert process.send(chunk_command).result.acknowledged == chunk_command.sequence
