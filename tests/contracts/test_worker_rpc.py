"""Contract of worker transports: equal requests get equal responses, and effects happen once.

A new transport joins `WAYS` in `rpc_transports.py`. Tests of single transports are in
`test_worker_transports.py`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from adapters.rpc.in_process import InProcessClient
from adapters.rpc.protobuf import ProtobufCodec
from application import intents
from application.analytics.rollups import RolledUp, RollupRequest
from application.intents import Utterance
from application.kernel.rpc import Codec, Method
from application.live.reconciliation import SetReconciled
from application.live.replies import LiveReply
from application.live.tracker import SetTracked
from application.live.worker_contract import (
    CHOOSE_CUE,
    GET_PROGRESS,
    METHODS,
    RECOGNIZE,
    RECORD_DETECTION,
    ROLL_UP,
    TRACK_CHUNK,
    CueRequest,
    DetectionRecorded,
    LiveChunk,
)
from domain.coaching.cue_memory import Cue
from domain.coaching.cues import SetEnded
from domain.ids import TenantId
from domain.motion import facts as motion
from domain.sessions import events
from streams.json_codec import JsonCodec
from tests.contracts.rpc_requests import changed, chunks, fact, folded, refusal, send
from tests.contracts.rpc_transports import (
    WAYS,
    WITHIN_S,
    Way,
    way_to,
    workers,
)
from tests.live.session_fixture import KEY, InMemoryStateStore, SessionFixture

CALLED: tuple[Way, ...] = ("in-process", "http", "grpc")
WRITTEN: tuple[Way, ...] = ("http", "grpc", "bus")
CODECS: dict[str, Codec] = {"http": JsonCodec(), "grpc": ProtobufCodec(), "bus": JsonCodec()}

Scene = Callable[[Any], Awaitable[None]]


class WorkerFixture:
    """A session fixture with workers, and a transport to them."""

    def __init__(self, way: Way, folder: Path) -> None:
        self.way = way
        self.folder = folder
        self.fixture = SessionFixture()

    def play(self, scene: Scene) -> None:
        async def main() -> None:
            async with (
                asyncio.timeout(WITHIN_S),
                way_to(self.way, self.fixture, self.folder) as line,
            ):
                await scene(line)

        asyncio.run(main())


@pytest.fixture(params=WAYS)
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> WorkerFixture:
    return WorkerFixture(request.param, tmp_path)


@pytest.fixture(params=CALLED)
def called(request: pytest.FixtureRequest, tmp_path: Path) -> WorkerFixture:
    return WorkerFixture(request.param, tmp_path)


@pytest.fixture(params=WRITTEN)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> WorkerFixture:
    return WorkerFixture(request.param, tmp_path)


def test_the_same_chunks_are_answered_by_the_same_bytes(worker: WorkerFixture) -> None:
    """C-54, R-EVT-11, R-POS-09, R-POS-01: the same responses as the fold itself."""
    replies: list[bytes] = []

    async def scene(line: Any) -> None:
        replies.extend([await send(line, chunk) for chunk in chunks()])

    worker.play(scene)
    assert replies == folded()[0]


def test_detections_are_recorded_in_the_session(worker: WorkerFixture) -> None:
    """R-POS-02: the same events over each transport."""

    async def scene(line: Any) -> None:
        for chunk in chunks():
            await send(line, chunk)

    worker.play(scene)
    reference = WorkerFixture("in-process", worker.folder)
    reference.play(scene)
    assert worker.fixture.all_events() == reference.fixture.all_events()
    assert [done.repetitions for done in worker.fixture.of(events.SetCompleted)] == [4]


def test_a_chunk_that_comes_again_is_answered_as_before_and_changes_nothing(
    worker: WorkerFixture,
) -> None:
    """C-07, R-EVT-16: delivery is at least once, and a repeated chunk yields the same ids."""
    replies: list[bytes] = []

    async def scene(line: Any) -> None:
        for chunk in chunks():
            replies.extend([await send(line, chunk), await send(line, chunk)])

    worker.play(scene)
    assert replies[::2] == replies[1::2] == folded()[0]
    once = WorkerFixture("in-process", worker.folder)

    async def each_once(line: Any) -> None:
        for chunk in chunks():
            await send(line, chunk)

    once.play(each_once)
    assert worker.fixture.all_events() == once.fixture.all_events()


def test_a_chunk_that_cannot_be_worked_is_answered_with_the_reason(worker: WorkerFixture) -> None:
    """C-54: the session continues without it."""
    replies: list[LiveReply] = []

    async def scene(line: Any) -> None:
        first, second, third, *_ = chunks()
        curl = changed(second, exercise="biceps_curl")
        sent = (changed(first, exercise="yodelling"), first, curl, curl, third)
        replies.extend([await line.call(TRACK_CHUNK, chunk, WITHIN_S) for chunk in sent])

    worker.play(scene)
    codes = [(reply.refused or "").partition(":")[0] for reply in replies]
    assert codes == [
        "motion.unknown_exercise", "", "live.exercise_changed", "live.exercise_changed", "",
    ]  # fmt: skip
    assert replies[2] == replies[3]


@pytest.mark.parametrize(
    "broken",
    [
        lambda chunk: changed(chunk, times_s=chunk.times_s * np.nan),
        lambda chunk: changed(chunk, times_s=chunk.times_s + 1e6),
        lambda chunk: changed(
            chunk,
            times_s=np.arange(601) / 100.0,
            image=np.zeros((601, 33, 4), np.float32),
            world=None,
        ),
        lambda chunk: changed(chunk, set=0),
    ],
    ids=["nan", "beyond a day", "too many frames", "no set"],
)
def test_impossible_landmarks_are_refused(
    worker: WorkerFixture, broken: Callable[[LiveChunk], LiveChunk]
) -> None:
    """C-54: without a retry; the next chunk is accepted."""

    async def scene(line: Any) -> None:
        first, *_ = chunks()
        refused = await refusal(line.call(TRACK_CHUNK, broken(first), WITHIN_S))
        assert refused.sort == "invalid"
        assert await send(line, first) == folded()[0][0]

    worker.play(scene)


def test_words_and_metrics_are_worked_by_call_as_on_the_bus(called: WorkerFixture) -> None:
    """R-POS-09, R-EVT-11, C-54: the nlp and the metrics worker."""

    async def scene(line: Any) -> None:
        spoken = Utterance("swap the squat, no barbell", "en", "squat")
        assert await line.call(RECOGNIZE, spoken, WITHIN_S) == intents.recognize(spoken)
        assert await line.call(RECOGNIZE, Utterance("pause"), WITHIN_S) == intents.recognize(
            Utterance("pause")
        )
        refused = await refusal(line.call(RECOGNIZE, Utterance("pause", "xx"), WITHIN_S))
        assert (refused.refusal, refused.sort) == ("intent.language_unknown", "invalid")
        request = RollupRequest("gym", date(2030, 1, 31))
        rolled_up = await line.call(ROLL_UP, request, WITHIN_S)
        assert rolled_up == RolledUp("gym", date(2030, 1, 1), date(2030, 2, 4))

    called.play(scene)


def test_an_incomplete_landmark_is_refused(called: WorkerFixture) -> None:
    """On the bus, the API process has already checked it."""

    async def scene(line: Any) -> None:
        first, *_ = chunks()
        image = first.image.copy()
        image[0, 0, 0] = np.nan
        refused = await refusal(line.call(TRACK_CHUNK, changed(first, image=image), WITHIN_S))
        assert refused.refusal == "live.landmarks_broken"
        refused = await refusal(
            line.call(TRACK_CHUNK, changed(first, image=first.image.ravel()[:-1]), WITHIN_S)
        )
        assert refused.refusal == "live.landmarks_broken"

    called.play(scene)


@pytest.mark.parametrize("method", [TRACK_CHUNK, RECORD_DETECTION], ids=["chunk", "fact"])
def test_invalid_messages_are_refused(written: WorkerFixture, method: Any) -> None:
    """C-54."""

    async def scene(line: Any) -> None:
        refused = await refusal(line.send(method, b"\xff\x00noise"))
        assert refused.sort == "invalid"
        assert await send(line, chunks()[0]) == folded()[0][0]

    written.play(scene)


def test_fields_that_a_reader_does_not_know_are_ignored(written: WorkerFixture) -> None:
    """C-54: so that callers may be newer than workers."""
    content = CODECS[written.way].encode(fact(2))
    if written.way == "grpc":
        newer = content + b"\xfa\x3e\x03new"  # field 1007, of three bytes
    else:
        newer = json.dumps({**json.loads(content), "colour": "red"}).encode()

    async def scene(line: Any) -> None:
        await line.send(RECORD_DETECTION, newer)

    written.fixture.start_set(1)
    before = len(written.fixture.all_events())
    written.play(scene)
    reference = WorkerFixture("in-process", written.folder)
    reference.fixture.start_set(1)
    reference.play(lambda line: line.call(RECORD_DETECTION, fact(2), WITHIN_S))
    assert written.fixture.all_events()[before:] == reference.fixture.all_events()[before:]


def test_a_fact_is_entered_once_and_answered_by_its_id(worker: WorkerFixture) -> None:
    """R-POS-02, R-EVT-16."""
    answers: list[DetectionRecorded] = []
    counted = next(
        each.number for each in folded()[1] if isinstance(each.fact, motion.RepetitionCounted)
    )
    repeated = replace(fact(counted), number=1)

    async def scene(line: Any) -> None:
        answers.extend([await line.call(RECORD_DETECTION, repeated, WITHIN_S) for _ in range(2)])

    worker.play(scene)
    assert answers[0] == answers[1]
    assert answers[0].id == repeated.id
    assert answers[0].position == worker.fixture.log.head()
    names = [type(one).__name__ for one in worker.fixture.all_events()]
    assert names == ["SessionStarted", "SetStarted", "RepetitionCounted"]


def test_a_fact_that_its_session_refuses_is_refused(worker: WorkerFixture) -> None:
    """C-54."""
    stranger = replace(fact(1), session_id=type(KEY.session_id)("nobody"))

    async def scene(line: Any) -> None:
        refused = await refusal(line.call(RECORD_DETECTION, stranger, WITHIN_S))
        assert refused.refusal in {"session.not_underway", "SessionNotUnderway"}

    worker.play(scene)


def test_the_remote_coach_gives_the_same_cues_as_the_fold(called: WorkerFixture) -> None:
    """R-POS-03: also on the bus, where the pose worker calls it for every fact."""
    facts = folded()[1]
    within = [one.fact for one in facts if isinstance(one.fact, Cue)]
    said: list[Cue] = []

    async def scene(line: Any) -> None:
        memory = b""
        for one in facts:
            match one.fact:
                case Cue() | SetReconciled():
                    continue
                case SetTracked(ended_s=ended_s):
                    noticed = CueRequest("squat", memory, SetEnded(ended_s))
                case seen:
                    noticed = CueRequest("squat", memory, seen)
            advised = await line.call(CHOOSE_CUE, noticed, WITHIN_S)
            memory = advised.memory
            said.extend([] if advised.cue is None else [advised.cue])

    called.play(scene)
    assert said == within
    assert said


def test_unknown_coaching_input_is_refused(called: WorkerFixture) -> None:
    async def scene(line: Any) -> None:
        seen = motion.PoseLost(1.0)
        unknown = CueRequest("yodelling", b"", seen)
        assert (await refusal(line.call(CHOOSE_CUE, unknown, WITHIN_S))).refusal == (
            "motion.unknown_exercise"
        )
        foreign = CueRequest("squat", b"noise", seen)
        assert (await refusal(line.call(CHOOSE_CUE, foreign, WITHIN_S))).refusal == (
            "worker.memory_broken"
        )

    called.play(scene)


def test_requests_without_a_session_name_their_tenant(called: WorkerFixture) -> None:
    """R-TEN-02: it reaches the worker, which refuses one that cannot exist."""
    requests: list[tuple[Method[Any, Any], Any]] = [
        (CHOOSE_CUE, CueRequest("squat", b"", motion.PoseLost(1.0), tenant_id=TenantId("gym"))),
        (RECOGNIZE, Utterance("pause", tenant_id=TenantId("gym"))),
    ]

    async def scene(line: Any) -> None:
        for method, request in requests:
            await line.call(method, request, WITHIN_S)
            impossible = replace(request, tenant_id=TenantId("gym/other"))
            refused = await refusal(line.call(method, impossible, WITHIN_S))
            assert (refused.refusal, refused.sort) == ("tenant.invalid", "invalid")

    called.play(scene)


def test_every_request_has_a_tenant() -> None:
    """R-TEN-02"""
    for method in METHODS:
        assert "tenant_id" in {field.name for field in fields(method.request)}


def test_a_worker_reports_the_progress_of_a_session(called: WorkerFixture) -> None:
    """R-LIV-10: on the bus every API process receives it."""

    async def scene(line: Any) -> None:
        assert (await line.call(GET_PROGRESS, KEY, WITHIN_S)).standing is None
        first, second, *_ = chunks()
        reply = await line.call(TRACK_CHUNK, first, WITHIN_S)
        assert (await line.call(GET_PROGRESS, KEY, WITHIN_S)).standing == reply.standing
        await line.call(TRACK_CHUNK, changed(second, exercise="biceps_curl"), WITHIN_S)
        standing = (await line.call(GET_PROGRESS, KEY, WITHIN_S)).standing
        assert standing == replace(reply.standing, sequence=2)

    called.play(scene)


def test_workers_that_share_a_store_continue_each_others_work() -> None:
    """R-LIV-10: a chunk may go to any of them, and to two if the first is slow."""
    fixture, cupboard = SessionFixture(), InMemoryStateStore()
    workers_in_turn = [InProcessClient(workers(fixture, cupboard)) for _ in range(3)]

    async def main() -> list[bytes]:
        replies = []
        for turn, chunk in enumerate(chunks()):
            reply = await send(workers_in_turn[turn % 3], chunk)
            assert await send(workers_in_turn[(turn + 1) % 3], chunk) == reply
            replies.append(reply)
        return replies

    assert asyncio.run(main()) == folded()[0]
    assert [done.repetitions for done in fixture.of(events.SetCompleted)] == [4]


def test_the_id_of_a_fact_is_the_id_of_its_command() -> None:
    """R-EVT-16: a detection recorded over the bus is not recorded again by a call."""
    assert fact(1).id == folded()[1][0].id(KEY)
    assert isinstance(fact(1).id, UUID)
