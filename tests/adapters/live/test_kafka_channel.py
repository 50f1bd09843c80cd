"""API processes receive the workers' replies, whatever else is on the topic."""

import asyncio
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import pytest

from adapters.bus.kafka import client
from adapters.bus.kafka.admin import KafkaTopics
from adapters.live import pose_stream_codec
from adapters.live.kafka_channel import KafkaWorkerChannel
from application.kernel.topics import Topic
from application.live.chunk import SessionKey
from application.live.replies import LiveReply, StreamProgress
from domain.ids import SessionId, TenantId
from streams.json_codec import JsonCodec
from tests.plugins.services import Service

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
REPLY = LiveReply(KEY, 40, StreamProgress(2, 40, "squat", over=False, seen_to_s=19.5))
NESTED = b'{"other":' + b"[" * 5_000 + b"]" * 5_000 + b"}"


def channel_of(kafka: Service, topic: str) -> KafkaWorkerChannel:
    return KafkaWorkerChannel(
        kafka.address,
        frames=f"{topic}.frames",
        replies=topic,
        encode=pose_stream_codec.encode,
        codec=JsonCodec(),
        headers=tuple,
    )


@pytest.mark.parametrize(
    "broken", [None, b"", b"noise", NESTED], ids=["none", "empty", "noise", "deep"]
)
def test_a_broken_reply_keeps_nobody_from_the_next_one(
    kafka: Service, broken: bytes | None
) -> None:
    """R-EVT-19: after a start, too, when the replies of the last minute are read again."""
    topic = f"pose.reply.{uuid4().hex}"
    KafkaTopics(kafka.address).create([Topic(topic, "", timedelta(hours=1), 1)])
    with closing(client.producer(kafka.address, acks="all")) as producer:
        producer.send(topic, key=b"gym/s-1", value=broken)
        producer.send(topic, key=b"gym/s-1", value=JsonCodec().encode(REPLY))
        producer.flush()

    async def received() -> LiveReply:
        channel = channel_of(kafka, topic)
        replies = asyncio.Queue[LiveReply]()
        await channel.start(replies.put_nowait)
        try:
            return await asyncio.wait_for(replies.get(), 30.0)
        finally:
            await channel.stop()

    assert asyncio.run(received()) == REPLY


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_replies_arrive_after_their_topic_was_created_again(kafka: Service) -> None:
    """R-OPS-09: as after Kafka lost its data, within less than the 5 minutes of Kafka's client."""
    topic = f"pose.reply.{uuid4().hex}"
    declared = Topic(topic, "", timedelta(hours=1), 1)
    KafkaTopics(kafka.address).create([declared])

    def send() -> None:
        with closing(client.producer(kafka.address, acks="all")) as producer:
            producer.send(topic, key=b"gym/s-1", value=JsonCodec().encode(REPLY))
            producer.flush()

    async def receive_again() -> LiveReply:
        replies = asyncio.Queue[LiveReply]()
        channel = channel_of(kafka, topic)
        await channel.start(replies.put_nowait)
        try:
            await asyncio.to_thread(send)
            await asyncio.wait_for(replies.get(), 30.0)
            with closing(client.admin(kafka.address)) as admin:
                await asyncio.to_thread(admin.delete_topics, [topic])
            await asyncio.sleep(2.0)  # until the channel has no partition
            await asyncio.to_thread(KafkaTopics(kafka.address).create, [declared])
            async with asyncio.timeout(60.0):
                while replies.empty():  # replies to a partition that is not read yet are too old
                    await asyncio.to_thread(send)
                    await asyncio.sleep(1.0)
            return await replies.get()
        finally:
            await channel.stop()

    assert asyncio.run(receive_again()) == REPLY
