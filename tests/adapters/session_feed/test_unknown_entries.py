"""Entries in Redis that a newer version of the program has published, as during an update."""

import asyncio
from contextlib import closing
from uuid import uuid4

from redis import Redis

from adapters.session_feed.codec import write
from adapters.session_feed.redis import FIELD, RedisProgress, _stream
from application.live.chunk import SessionKey
from application.live.feed import BEGINNING, Entry, FeedPosition
from application.live.feed_events import ModeChanged
from domain.ids import DEFAULT_TENANT, SessionId
from tests.plugins.services import Service

UNKNOWN = b'{"kind":"of_a_newer_version","what":{},"version":null}'


def test_a_listener_waits_behind_an_unknown_entry(redis: Service) -> None:
    """R-EVT-14: a request that returns at once each time would use up the processor."""
    session = SessionKey(DEFAULT_TENANT, SessionId(str(uuid4())))
    paused = Entry(FeedPosition(5, 2), None, ModeChanged("degraded"))

    async def listen() -> list[Entry]:
        async with channel.listen(session) as listener:
            assert await listener.read(BEGINNING, 1.0) == []
            waiting = asyncio.create_task(listener.read(BEGINNING, 30.0))
            await asyncio.sleep(0.1)  # time enough to return at once
            channel.publish(session, [paused])
            return list(await waiting)

    with (
        closing(RedisProgress(redis.address)) as channel,
        closing(Redis.from_url(redis.address)) as server,
    ):
        server.xadd(_stream(session), {FIELD: UNKNOWN}, id="5-1")
        assert asyncio.run(listen()) == [paused]


def test_what_was_received_can_be_read_again(redis: Service) -> None:
    """A follower that misses an event reads what came after it once more."""
    session = SessionKey(DEFAULT_TENANT, SessionId(str(uuid4())))
    entries = [Entry(FeedPosition(5, n), None, ModeChanged("degraded")) for n in (1, 2)]

    async def listen() -> list[list[Entry]]:
        async with channel.listen(session) as listener:
            return [list(await listener.read(BEGINNING, 5.0)) for _ in range(2)]

    with (
        closing(RedisProgress(redis.address)) as channel,
        closing(Redis.from_url(redis.address)) as server,
    ):
        for entry in entries:
            place = f"{entry.id.position}-{entry.id.number}"
            server.xadd(_stream(session), {FIELD: write(entry.what, None)}, id=place)
        server.xadd(_stream(session), {FIELD: UNKNOWN}, id="5-9")
        assert asyncio.run(listen()) == [entries, entries]
