"""Entries in Redis that a newer version of the program has published, as during an update."""

import asyncio
from contextlib import closing
from uuid import uuid4

from redis import Redis

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
