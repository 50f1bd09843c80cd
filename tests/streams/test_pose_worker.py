"""Pose worker: landmarks become detections and cues, and errors do not stop others."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from faust.types import TP
from faust.types.tuples import Message

from adapters.live import pose_stream_codec
from application.kernel import bus
from application.kernel.dead_letters import REPLAYED_FOR
from application.kernel.topics import SESSIONS_CHANGELOG
from application.kernel.tracing import TRACE_PARENT
from application.kernel.video import FramePicture
from application.live import chunk_processor, measuring
from application.live.chunk import FrameChunk, SessionKey
from application.live.image_analysis import ImageAnalysisBusy
from application.live.replies import LiveReply, with_server_landmarks
from application.live.worker_contract import FACTS
from domain.ids import SessionId, TenantId
from streams.codecs import decode_detection
from streams.json_codec import read
from tests.live.stub_pose_estimator import unseen
from tests.streams.pose_worker import LOOKED, TOPICS, WorkerHarness
from tests.streams.videos import chunk_message, video

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
CHUNKS = 24


@pytest.fixture
def harness(tmp_path: Path) -> WorkerHarness:
    return WorkerHarness(tmp_path)


async def put(agent: Any, value: bytes | None, key: bytes | None = str(KEY).encode()) -> None:
    await agent.put(key=key, value=value, headers=[("from", b"me")])
    await asyncio.sleep(0.01)


def a_set() -> list[bytes]:
    return [
        pose_stream_codec.encode(KEY, chunk_message(sequence, last=sequence == CHUNKS))
        for sequence in range(1, CHUNKS + 1)
    ]


def test_landmarks_become_facts_and_cues(harness: WorkerHarness) -> None:
    """R-EVT-09, R-EVT-13."""

    async def scene(agent: Any) -> None:
        for value in a_set():
            await put(agent, value)

    harness.play(scene)
    facts = harness.outbox.to("exercise.detect")
    read = [decode_detection(sent.value or b"") for sent in facts]
    assert {sent.key for sent in facts} == {b"gym/s-1"}
    assert [number for *_, detection in read for number in [detection.number]] == list(
        range(1, len(read) + 1)
    )
    assert [str(name).encode() for _, name, _ in read] == [sent.headers["id"] for sent in facts]
    assert {type(detection.fact) for *_, detection in read} >= {
        FACTS["pose.found"], FACTS["repetition.counted"], FACTS["set.watched"],
    }  # fmt: skip
    cues = [json.loads(sent.value or b"") for sent in harness.outbox.to("cue.make")]
    assert cues
    assert {cue["id"] for cue in cues} < {str(name) for _, name, _ in read}


def test_a_repeated_chunk_yields_the_same_ids(harness: WorkerHarness) -> None:
    """R-EVT-16."""

    async def scene(agent: Any) -> None:
        for value in a_set():
            await put(agent, value)
            await put(agent, value)

    harness.play(scene)
    ids = [sent.headers["id"] for sent in harness.outbox.to("exercise.detect")]
    assert all(ids.count(one) == 2 for one in ids)
    session = harness.worker.checkpoints.state(str(KEY).encode())
    assert session is not None
    assert session.numbered == len(set(ids))


def test_chunks_of_one_fetch_yield_what_each_yields_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19: an unreadable chunk among them is put aside, and the others are worked on."""
    source = TP(TOPICS.pose_stream, 0)
    chunks = [("s-1", "squat"), ("s-2", "squat"), ("s-3", "biceps_curl"), ("s-4", "squat")]

    def messages() -> list[Message]:
        values = [
            (f"gym/{session}", pose_stream_codec.encode(KEY, chunk_message(1, exercise=exercise)))
            for session, exercise in chunks
        ]
        values.insert(2, ("gym/s-5", b"noise"))
        return [message_of(source, *each) for each in enumerate(values)]

    def sent(name: str, *, together: bool) -> list[tuple[str, bytes | None, bytes | None]]:
        harness = WorkerHarness(tmp_path / name)

        async def main() -> None:
            follower = harness.worker.follower
            await follower.begin([source])
            fetches = [messages()] if together else [[each] for each in messages()]
            for fetch in fetches:
                await follower._take_all(fetch)
            await harness.worker.checkpoints.drain()

        asyncio.run(main())
        assert harness.worker.follower.due == {source: 5}
        (letter,) = harness.outbox.letters(TOPICS.pose_worker)
        assert letter.place == "pose.stream/0/2"
        states = {SESSIONS_CHANGELOG.name, TOPICS.pose_worker.dead_letters}  # which have times
        return [
            (each.topic, each.key, each.value)
            for each in harness.outbox.sent
            if each.topic not in states
        ]

    alone = sent("alone", together=False)
    monkeypatch.delattr(measuring, "measure_for")  # of a chunk by itself
    together = sent("together", together=True)
    assert together == alone
    assert {key for topic, key, _ in together if topic == "exercise.detect"} == {
        f"gym/{session}".encode() for session, _ in chunks
    }


def message_of(source: TP, offset: int, content: tuple[str, bytes]) -> Message:
    key, value = content
    message = SimpleNamespace(
        tp=source, topic=source.topic, partition=0, offset=offset, timestamp=1.0,
        key=key.encode(), value=value, headers=[],
    )  # fmt: skip
    return cast("Message", message)


def pictured() -> list[bytes]:
    """Return the same set with only pictures."""
    return [
        pose_stream_codec.encode(
            KEY,
            replace(
                message,
                chunk=unseen(message.chunk),
                pictures=tuple(
                    FramePicture(frame, str(15 * place + frame).encode()) for frame in range(15)
                ),
            ),
        )
        for place, message in enumerate(
            chunk_message(sequence, last=sequence == CHUNKS) for sequence in range(1, CHUNKS + 1)
        )
    ]


def test_pictures_become_the_facts_that_landmarks_would(tmp_path: Path) -> None:
    """R-LIV-05, C-02: a repeated chunk yields the same ids."""

    def facts(name: str, values: list[bytes]) -> list[tuple[str, int]]:
        harness = WorkerHarness(tmp_path / name)

        async def scene(agent: Any) -> None:
            for value in values:
                await put(agent, value)
            await put(agent, values[-1])

        harness.play(scene)
        read = [
            decode_detection(sent.value or b"") for sent in harness.outbox.to("exercise.detect")
        ]
        return [(type(detection.fact).__name__, detection.number) for *_, detection in read]

    assert facts("pictures", pictured()) == facts("landmarks", a_set())


def test_the_answer_to_pictures_has_the_poses_found_in_them(harness: WorkerHarness) -> None:
    """R-LIV-17, C-02: for viewers; a device that sends landmarks already has its poses."""

    async def scene(agent: Any) -> None:
        await put(agent, pictured()[0])
        await put(agent, a_set()[1])

    harness.play(scene)
    pictures, landmarks = (
        read(LiveReply, sent.value or b"") for sent in harness.outbox.to(TOPICS.pose_reply)
    )
    whole = video()[0]
    shown = with_server_landmarks(unseen(whole), pictures.found)
    np.testing.assert_array_equal(shown.image, whole.image)
    assert whole.world is not None
    assert shown.world is not None
    np.testing.assert_array_equal(shown.world, whole.world)
    assert landmarks.found is None


def test_images_wait_while_no_analyzer_is_available(tmp_path: Path) -> None:
    """R-LIV-10, C-02: a temporary outage of the model loses no frame."""
    away = [ImageAnalysisBusy(), ImageAnalysisBusy()]

    def look(message: FrameChunk) -> FrameChunk:
        if away:
            raise away.pop()
        return LOOKED(message)

    harness = WorkerHarness(tmp_path, look)

    async def scene(agent: Any) -> None:
        for value in pictured():
            await put(agent, value)

    harness.play(scene)
    facts = [decode_detection(sent.value or b"") for sent in harness.outbox.to("exercise.detect")]
    undisturbed = WorkerHarness(tmp_path / "undisturbed")
    undisturbed.play(scene)
    assert facts == [
        decode_detection(sent.value or b"") for sent in undisturbed.outbox.to("exercise.detect")
    ]
    assert away == []
    assert harness.outbox.letters(TOPICS.pose_worker) == ()


def test_dead_letters_contain_no_poses(harness: WorkerHarness) -> None:
    """C-02: dead letters are kept for thirty days, and pictures are not kept."""

    async def scene(agent: Any) -> None:
        await put(agent, pictured()[0].replace(b"squat", b"squaw"))

    harness.play(scene)
    (letter,) = harness.outbox.letters(TOPICS.pose_worker)
    put_aside = pose_stream_codec.decode(letter.message.value or b"")
    assert not put_aside.pictures
    assert len(put_aside.chunk) == 15


@pytest.mark.parametrize(
    ("value", "key", "reason"),
    [
        (b"noise", b"gym/s-1", "InvalidPoseMessage"),
        (None, b"gym/s-1", "InvalidPoseMessage"),
        (a_set()[0][:-5], b"gym/s-1", "InvalidPoseMessage"),
        (a_set()[0].replace(b"squat", b"squaw"), b"gym/s-1", "UnknownExercise"),
        (a_set()[0], b"nobody", "InvalidSessionKey"),
        (a_set()[0], b"\xff/\xff", "InvalidSessionKey"),
        (a_set()[0], None, "InvalidSessionKey"),
    ],
    ids=["noise", "empty", "cut", "exercise", "key", "encoding", "no key"],
)
def test_a_failing_message_is_dead_lettered_and_the_partition_continues(
    harness: WorkerHarness, value: bytes | None, key: bytes | None, reason: str
) -> None:
    """R-EVT-19: like in every consumer group, so that it can be inspected and replayed."""

    async def scene(agent: Any) -> None:
        await put(agent, value, key)
        await put(agent, a_set()[0])

    harness.play(scene)
    (letter,) = harness.outbox.letters(TOPICS.pose_worker)
    assert letter.place == "pose.stream/0/0"
    assert letter.reason.startswith(f"{reason}: ")
    assert reason in letter.stack
    assert letter.attempts == 1
    assert letter.message == bus.Message(
        "pose.stream", (key or b"").decode(errors="replace"), value or b"", (("from", b"me"),)
    )
    assert harness.outbox.to("exercise.detect")
    assert harness.worker.follower.due == {TP("pose.stream", 0): 2}


def test_a_chunk_on_which_the_fold_fails_is_put_aside(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nobody foreseen")

    monkeypatch.setattr(chunk_processor, "track", fail)

    async def scene(agent: Any) -> None:
        await put(agent, a_set()[0])

    harness.play(scene)
    (letter,) = harness.outbox.letters(TOPICS.pose_worker)
    assert letter.reason == "ZeroDivisionError: by nobody foreseen"


@pytest.mark.parametrize(("group", "facts"), [("pose-worker", True), ("archive", False)])
def test_messages_replayed_for_another_group_are_skipped(
    harness: WorkerHarness, group: str, *, facts: bool
) -> None:
    """R-EVT-19: the other groups have already processed it."""

    async def scene(agent: Any) -> None:
        replayed = [(REPLAYED_FOR, group.encode())]
        await agent.put(key=str(KEY).encode(), value=a_set()[0], headers=replayed)
        await asyncio.sleep(0.01)

    harness.play(scene)
    assert bool(harness.outbox.to("exercise.detect")) is facts
    assert harness.worker.follower.due == {TP("pose.stream", 0): 1}


@pytest.mark.parametrize(
    "header",
    [(TRACE_PARENT, None), (REPLAYED_FOR, b"\xff")],
    ids=["a trace without a content", "a group that is no text"],
)
def test_an_unreadable_header_does_not_stop_the_partition(
    harness: WorkerHarness, header: tuple[str, bytes | None]
) -> None:
    """R-EVT-19."""
    source = TP(TOPICS.pose_stream, 0)
    odd = SimpleNamespace(
        tp=source, topic=source.topic, partition=0, offset=0, timestamp=1.0,
        key=str(KEY).encode(), value=a_set()[0], headers=[header],
    )  # fmt: skip

    async def main() -> None:
        await harness.worker.follower.begin([source])
        await harness.worker.follower._take(cast("Message", odd))
        await harness.worker.checkpoints.drain()

    asyncio.run(main())
    assert harness.worker.follower.due == {source: 1}


@pytest.mark.parametrize("value", [a_set()[0], b"noise"], ids=["worked", "put aside"])
def test_a_message_in_flight_at_a_rebalance_does_not_advance_the_checkpoint(
    harness: WorkerHarness, value: bytes
) -> None:
    """R-EVT-16: its state is outdated, and the messages before it may not have arrived."""
    source = TP(TOPICS.pose_stream, 0)
    publish = harness.worker._app.publish
    at_work, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*sent: Any, **options: Any) -> Awaitable[Any]:
        at_work.set()
        await go_on.wait()
        return await publish(*sent, **options)

    def message(offset: int) -> Message:
        wanted = SimpleNamespace(
            tp=source, topic=source.topic, partition=0, offset=offset, timestamp=1.0,
            key=str(KEY).encode(), value=value, headers=[],
        )  # fmt: skip
        return cast("Message", wanted)

    async def main() -> None:
        worker = harness.worker
        await worker.follower.begin([source])
        await worker.follower._take(message(0))
        worker._app.publish = slow  # type: ignore[method-assign]
        working = asyncio.create_task(worker.follower._take(message(1)))
        await at_work.wait()
        await worker.follower.begin([source])
        go_on.set()
        await working
        await worker.checkpoints.drain()
        assert worker.checkpoints.state(str(KEY).encode()) is None
        assert worker.follower.due == {source: 0}
        assert harness.outbox.to(SESSIONS_CHANGELOG.name) == []

    asyncio.run(main())


def test_the_changelog_is_the_declared_one(harness: WorkerHarness) -> None:
    """C-07: topics are declared once, and Faust creates none."""
    assert harness.worker.checkpoints.table.changelog_topic_name == SESSIONS_CHANGELOG.name
