"""Session feed on Redis: a stream for each session, for one day.

The stream's ids are the entries' positions, so Redis itself keeps their order and rejects
duplicates, and entries that come too late.
"""

import queue
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from threading import Lock, Thread
from typing import Any, Final

import redis
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from adapters.circuit_breaker import OPEN_S, CircuitBreaker, CircuitOpen, circuit_breaker
from adapters.session_feed.codec import read, write
from application.live.chunk import SessionKey
from application.live.feed import (
    BEGINNING,
    WAIT_S,
    Entry,
    FeedPosition,
    FeedUnavailable,
    TransientUpdate,
)
from application.live.feed_events import FeedEvent, ModeChanged

KEPT: Final = 2000
"""Entries kept of a session, about; a busy hour has fewer."""
KEPT_S: Final = 86_400
"""Retention of a session's entries: a session lasts at most a day."""
WAITING: Final = 10_000
"""Updates that may wait to be published; more are dropped, and events come from the log."""
TOGETHER: Final = 200
"""Updates that go to Redis in one transaction and one round trip."""
TIMEOUT_S: Final = 1.0
"""Longest response time of Redis, beside the blocking time."""
FIELD: Final = b"e"

NOT_ABOVE: Final = "equal or smaller"
"""Part of Redis's reply to an id that is not above the last one of its stream."""

ADD_TRANSIENT: Final = """
local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if not top[1] then return end
local position, number = string.match(top[1][1], '(%d+)-(%d+)')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function place(content)
  number = math.max(now, number + 1)
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1],
    position .. '-' .. string.format('%.0f', number), 'e', content)
end
local sequence = tonumber(ARGV[3])
local seen = tonumber(redis.call('HGET', KEYS[2], 'sequence') or '0')
if sequence >= seen then
  if redis.call('HGET', KEYS[2], 'mode') ~= ARGV[4] then place(ARGV[5]) end
  redis.call('HSET', KEYS[2], 'sequence', sequence, 'mode', ARGV[4])
end
if #ARGV > 5 and redis.call('HSETNX', KEYS[2], 'cued ' .. sequence, 1) == 1 then
  for i = 6, #ARGV do place(ARGV[i]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
"""
"""ARGV: entries kept, seconds kept, the chunk's number, its mode, that as an entry, and cues."""

logger: Any = structlog.get_logger()


class RedisProgress:
    """A `FeedChannel` in Redis. Any thread may publish; a thread of its own sends.

    Connections open on first use. A circuit stays open for `open_s` seconds.
    """

    def __init__(self, url: str, *, open_s: float = OPEN_S) -> None:
        client: Any = redis.Redis  # its options are not typed
        self._url = url
        self._redis = client.from_url(
            url,
            socket_connect_timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._publishing, self._reading = circuit_breaker(open_s), circuit_breaker(open_s)
        self._queue: queue.Queue[Callable[[Any], object] | None] = queue.Queue(WAITING)
        self._thread: Thread | None = None
        self._lock = Lock()

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        if facts:
            self._send(partial(_add_facts, session, facts))

    def publish_transient(self, session: SessionKey, update: TransientUpdate, /) -> None:
        stream = _stream(session)
        updates: tuple[FeedEvent, ...] = (ModeChanged(update.mode), *update.cues)
        contents = (write(each, None) for each in updates)
        arguments = (KEPT, KEPT_S, update.sequence, update.mode, *contents)
        keys = (stream, f"{stream}:heard")
        self._send(lambda pipeline: pipeline.eval(ADD_TRANSIENT, len(keys), *keys, *arguments))

    @asynccontextmanager
    async def listen(self, session: SessionKey, /) -> AsyncGenerator["_RedisListener"]:
        client: Any = redis.asyncio.Redis
        opened = client.from_url(
            self._url,
            socket_connect_timeout=TIMEOUT_S,
            socket_timeout=WAIT_S + TIMEOUT_S,
            retry=AsyncRetry(NoBackoff(), 0),
        )
        try:
            yield _RedisListener(opened, session, self._reading)
        finally:
            await opened.aclose()

    def close(self) -> None:
        """Send what waits, if Redis accepts it, and close."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()
        self._redis.close()

    def _send(self, command: Callable[[Any], object]) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="progress", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait(command)
        except queue.Full:
            logger.warning("progress.left_out", reason="Redis is too slow")

    def _run(self) -> None:
        """Send until None comes."""
        while True:
            batch = [self._queue.get()]
            while len(batch) < TOGETHER and not self._queue.empty():
                batch.append(self._queue.get())
            self._execute([command for command in batch if command is not None])
            if None in batch:
                return

    def _execute(self, commands: Sequence[Callable[[Any], object]]) -> None:
        """Execute commands. What Redis does not accept now is dropped."""
        try:
            with self._publishing(), self._redis.pipeline() as transaction:
                for command in commands:
                    command(transaction)
                _check(transaction.execute(raise_on_error=False))
        except CircuitOpen:
            return
        except RedisError as error:
            logger.warning("progress.left_out", reason=type(error).__name__)


class _RedisListener:
    """Receives one session over a connection of its own.

    It leaves out entries that a newer version of the program has published, and waits behind them.
    """

    def __init__(self, client: Any, session: SessionKey, guarded: CircuitBreaker) -> None:
        self._redis = client
        self._session = session
        self._guarded = guarded
        self._received = BEGINNING

    async def ensure(self, facts: Sequence[Entry]) -> None:
        if not facts:
            return
        transaction = self._redis.pipeline()
        _add_facts(self._session, facts, transaction)
        try:
            with self._guarded():
                _check(await transaction.execute(raise_on_error=False))
        except (CircuitOpen, RedisError, OSError) as error:
            raise FeedUnavailable from error

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        after = max(after, self._received)
        stream, position = _stream(self._session), f"{after.position}-{after.number}"
        block = round(wait_s * 1000) or None  # 0 would mean forever
        try:
            with self._guarded():
                response = await self._redis.xread({stream: position}, block=block)
        except (CircuitOpen, RedisError, OSError) as error:
            raise FeedUnavailable from error
        received = [
            (_position(place), fields[FIELD])
            for _, entries in response or ()
            for place, fields in entries
        ]
        parsed = [read(position, content) for position, content in received]
        understood = [entry for entry in parsed if entry is not None]
        if received and not understood:  # otherwise the reader may ask for a part of them again
            self._received, _ = received[-1]
        return understood


def _stream(session: SessionKey) -> str:
    """Return the name of a session's stream; the braces keep its keys on one cluster node."""
    return f"kinelog:progress:{{{session}}}"


def _add_facts(session: SessionKey, facts: Sequence[Entry], transaction: Any) -> None:
    """Add events in one transaction: no update comes between the entries of an event."""
    stream = _stream(session)
    for fact in facts:
        fields, name = (
            {FIELD: write(fact.what, fact.version)},
            f"{fact.id.position}-{fact.id.number}",
        )
        transaction.xadd(stream, fields, id=name, maxlen=KEPT, approximate=True)
    transaction.expire(stream, KEPT_S)


def _check(replies: Sequence[object]) -> None:
    """Raise the first error, unless it says that an entry is a duplicate or too late."""
    for reply in replies:
        if isinstance(reply, RedisError) and NOT_ABOVE not in str(reply):
            raise reply


def _position(place: bytes) -> FeedPosition:
    position, _, number = place.decode().partition("-")
    return FeedPosition(int(position), int(number))
