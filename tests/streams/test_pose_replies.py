"""Every chunk gets a reply that every server can decode."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from faust.types import TP

from adapters.clock import utc_now
from adapters.live import pose_stream_codec
from application.kernel.rpc import InvalidMessage
from application.live.chunk import SessionKey
from application.live.replies import Cue, LiveReply, StreamProgress
from application.live.tracker import Feedback
from domain.ids import SessionId, TenantId
from streams.json_codec import JsonCodec, read, write
from streams.pose_worker import PoseWorker
from streams.topic_names import Topics
from tests.streams.videos import chunk_message
from tests.streams.worker_harness import Outbox, offline_app

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
STANDING = StreamProgress(2, 40, "squat", over=False, seen_to_s=19.5)


@pytest.mark.parametrize(
    "reply",
    [
        LiveReply(KEY, 40, STANDING),
        LiveReply(KEY, 40, STANDING, refused="live.definition_replaced: It was replaced."),
        LiveReply(
            KEY,
            39,
            STANDING,
            Feedback(3, 0.0, 0.0, 0.875, "eccentric", pose_seen=True),
            (Cue(3, "knees_in", "Knees out.", 19_250), Cue(3, None, "Good.", 19_300)),
        ),
    ],
    ids=["of a door", "refused", "of a worker"],
)
def test_an_answer_is_read_as_it_was_written(reply: LiveReply) -> None:
    assert read(LiveReply, write(reply)) == reply


@pytest.mark.parametrize("content", [b"", b"noise", b"{}"])
def test_arbitrary_bytes_are_not_a_reply(content: bytes) -> None:
    with pytest.raises(InvalidMessage):
        JsonCodec().decode(LiveReply, content)


def replies(folder: Path, values: list[bytes]) -> list[LiveReply]:
    """Return the replies of a worker to these messages."""
    topics, outbox = Topics(), Outbox()
    app = offline_app(folder, outbox, topics.pose_worker.name)
    worker = PoseWorker(
        app, topics=topics, partitions=2, decode=pose_stream_codec.decode, clock=utc_now
    )

    async def main() -> None:
        await worker.follower.begin([TP(topics.pose_stream, 0)])
        async with worker.agent.test_context() as agent:
            for value in values:
                await put(agent, value)
            await worker.checkpoints.drain()

    asyncio.run(main())
    return [read(LiveReply, sent.value or b"") for sent in outbox.to("pose.reply")]


async def put(agent: Any, value: bytes) -> None:
    await agent.put(key=str(KEY).encode(), value=value)
    await asyncio.sleep(0.01)


def test_every_chunk_is_answered_and_one_that_comes_again_as_before(tmp_path: Path) -> None:
    """R-LIV-05, R-EVT-16."""
    values = [pose_stream_codec.encode(KEY, chunk_message(sequence)) for sequence in range(1, 13)]
    said = replies(tmp_path, [value for value in values for _ in range(2)])
    assert [reply.sequence for reply in said] == [n for n in range(1, 13) for _ in range(2)]
    assert said[::2] == said[1::2]
    counts = [reply.feedback.repetitions for reply in said if reply.feedback is not None]
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_dead_lettered_chunk_is_answered_with_the_reason(tmp_path: Path) -> None:
    values = [chunk_message(1), chunk_message(2, exercise="biceps_curl"), chunk_message(3)]
    said = replies(tmp_path, [pose_stream_codec.encode(KEY, value) for value in values])
    assert [reply.sequence for reply in said] == [1, 2, 3]
    assert [reply.refused is not None for reply in said] == [False, True, False]
    assert "live.exercise_changed" in (said[1].refused or "")


def test_an_invalid_chunk_gets_no_reply(tmp_path: Path) -> None:
    assert not replies(tmp_path, [b"noise"])
