"""Landmarks become facts and cues, and what cannot be worked does not stop the others."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from faust.types import TP

from adapters.faust import pose_messages
from application.live_motion import LiveKey
from domain.ids import SessionId, TenantId
from streams import pose_worker
from streams.pose_worker import PoseWorker
from streams.records import KINDS, read_fact
from streams.topics import Topics
from tests.streams.desks import Outbox, offline_app
from tests.streams.films import chunk_message

KEY = LiveKey(TenantId("gym"), SessionId("s-1"))
CHUNKS = 24
TOPICS = Topics()


class Desk:
    """A worker whose stream the test fills."""

    def __init__(self, folder: Path) -> None:
        self.outbox = Outbox()
        app = offline_app(folder, self.outbox, TOPICS.pose_worker)
        self.worker = PoseWorker(app, topics=TOPICS, partitions=2, decode=pose_messages.decode)

    def play(self, scene: Callable[[Any], Awaitable[None]]) -> None:
        async def main() -> None:
            await self.worker.follower.begin([TP(TOPICS.pose_stream, 0)])
            async with self.worker.agent.test_context() as agent:
                await scene(agent)
                await self.worker.ledger.drain()

        asyncio.run(main())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def put(agent: Any, value: bytes | None, key: bytes | None = str(KEY).encode()) -> None:
    await agent.put(key=key, value=value, headers=[("from", b"me")])
    await asyncio.sleep(0.01)


def a_set() -> list[bytes]:
    return [
        pose_messages.encode(chunk_message(sequence, last=sequence == CHUNKS))
        for sequence in range(1, CHUNKS + 1)
    ]


def test_landmarks_become_facts_and_cues(desk: Desk) -> None:
    """R-EVT-09, R-EVT-13."""

    async def scene(agent: Any) -> None:
        for value in a_set():
            await put(agent, value)

    desk.play(scene)
    facts = desk.outbox.to("exercise.detect")
    read = [read_fact(sent.value or b"") for sent in facts]
    assert {sent.key for sent in facts} == {b"gym/s-1"}
    assert [number for *_, told in read for number in [told.number]] == list(
        range(1, len(read) + 1)
    )
    assert [str(name).encode() for _, name, _ in read] == [sent.headers["id"] for sent in facts]
    assert {type(told.fact) for *_, told in read} >= {
        KINDS["pose.found"], KINDS["repetition.counted"], KINDS["set.watched"],
    }  # fmt: skip
    cues = [json.loads(sent.value or b"") for sent in desk.outbox.to("cue.make")]
    assert cues
    assert {cue["id"] for cue in cues} < {str(name) for _, name, _ in read}


def test_a_chunk_that_comes_again_tells_the_same_ids_again(desk: Desk) -> None:
    """R-EVT-16."""

    async def scene(agent: Any) -> None:
        for value in a_set():
            await put(agent, value)
            await put(agent, value)

    desk.play(scene)
    ids = [sent.headers["id"] for sent in desk.outbox.to("exercise.detect")]
    assert all(ids.count(one) == 2 for one in ids)
    session = desk.worker.ledger.state(str(KEY).encode())
    assert session is not None
    assert session.numbered == len(set(ids))


@pytest.mark.parametrize(
    ("value", "key", "reason"),
    [
        (b"noise", b"gym/s-1", b"live.message_broken"),
        (None, b"gym/s-1", b"live.message_broken"),
        (a_set()[0][:-5], b"gym/s-1", b"media.corrupt"),
        (a_set()[0].replace(b"squat", b"squaw"), b"gym/s-1", b"motion.unknown_exercise"),
        (a_set()[0], b"nobody", b"live.key_invalid"),
        (a_set()[0], b"\xff/\xff", b"live.key_invalid"),
        (a_set()[0], None, b"live.key_invalid"),
    ],
    ids=["noise", "empty", "cut", "exercise", "key", "encoding", "no key"],
)
def test_what_cannot_be_worked_is_put_aside_and_the_partition_goes_on(
    desk: Desk, value: bytes | None, key: bytes | None, reason: bytes
) -> None:
    async def scene(agent: Any) -> None:
        await put(agent, value, key)
        await put(agent, a_set()[0])

    desk.play(scene)
    (letter,) = desk.outbox.to("pose-worker.dlq")
    assert (letter.key, letter.value) == (key, value)
    assert letter.headers["dead-letter-reason"] == reason
    assert letter.headers["dead-letter-origin"] == b"pose.stream/0/0"
    assert letter.headers["from"] == b"me"
    assert len(letter.headers["dead-letter-detail"]) > 10
    assert desk.outbox.to("exercise.detect")
    assert desk.worker.follower.due == {TP("pose.stream", 0): 2}


def test_a_chunk_on_which_the_fold_fails_is_put_aside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pose_worker, "apply", fail)

    async def scene(agent: Any) -> None:
        await put(agent, a_set()[0])

    desk.play(scene)
    (letter,) = desk.outbox.to("pose-worker.dlq")
    assert letter.headers["dead-letter-reason"] == b"worker.unworkable"
    assert letter.headers["dead-letter-detail"] == b"ZeroDivisionError()"
