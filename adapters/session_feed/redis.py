"""Session feed on Redis: a stream for each session, for one day.

The stream's ids are the entries' positions, so Redis itself keeps their order and rejects
duplicates. Two scripts make sure that a slower writer never fails because of a faster one.
"""

import asyncio
import queue
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from threading import Lock, Thread
from typing import Any, Final, NamedTuple

import redis
import redis.asyncio
import structlog
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from adapters.session_feed.codec import read, write
from application.live.chunk import SessionKey
from application.live.feed import WAIT_S, Entry, FeedPosition, FeedUnavailable, TransientUpdate
from application.live.feed_events import ModeChanged

KEPT: Final = 2000
"""Entries kept of a session, about; a busy hour has fewer."""
KEPT_S: Final = 86_400
"""Retention of a session's entries: a session lasts at most a day."""
WAITING: Final = 10_000
"""Updates that may wait to be published; more are dropped, and events come from the log."""
TOGETHER: Final = 200
"""Updates that go to Redis in one round trip."""
PATIENCE_S: Final = 1.0
"""Longest response time of Redis, beside the blocking time."""
FAILURES: Final = 3
LEFT_ALONE_S: Final = 5.0
"""Pause after three failures in a row, before one new attempt."""
FIELD: Final = b"e"

TOP: Final = """
local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local position, number = '0', -1
if top[1] then
  position, number = string.match(top[1][1], '(%d+)-(%d+)')
  number = tonumber(number)
end
local function add(at, place, content)
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1],
    at .. '-' .. string.format('%.0f', place), 'e', content)
  position, number = at, place
end
"""

PUBLISH: Final = f"""{TOP}
for i = 3, #ARGV, 3 do
  local at, place = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  if at > tonumber(position) or (at == tonumber(position) and place > number) then
    add(ARGV[i], place, ARGV[i + 2])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""
"""ARGV: entries kept, seconds kept, and of each fact position, number and content."""

HEAR: Final = f"""{TOP}
if not top[1] then return end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function place(content) add(position, math.max(now, number + 1), content) end
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


class _Script(NamedTuple):
    """A script with its keys and arguments."""

    body: str
    keys: tuple[str, ...]
    arguments: tuple[bytes | int | str, ...]


class RedisProgress:
    """A `FeedChannel` in Redis. Any thread may publish; a thread of its own sends.

    Connections open on first use. `left_alone_s`: see LEFT_ALONE_S.
    """

    def __init__(self, url: str, *, left_alone_s: float = LEFT_ALONE_S) -> None:
        client: Any = redis.Redis  # its options are not typed
        self._url = url
        self._redis = client.from_url(
            url,
            socket_connect_timeout=PATIENCE_S,
            socket_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._telling = SyncCircuitBreakerFactory(FAILURES, left_alone_s)
        self._hearing = SyncCircuitBreakerFactory(
            FAILURES, left_alone_s, exclude=[asyncio.CancelledError, GeneratorExit]
        )
        self._queue: queue.Queue[_Script | None] = queue.Queue(WAITING)
        self._thread: Thread | None = None
        self._lock = Lock()

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        if facts:
            self._send(_published(session, facts))

    def hear(self, session: SessionKey, heard: TransientUpdate, /) -> None:
        stream = _stream(session)
        cues = (write(cue, None) for cue in heard.cues)
        mode = write(ModeChanged(heard.mode), None)
        arguments = (KEPT, KEPT_S, heard.sequence, heard.mode, mode, *cues)
        self._send(_Script(HEAR, (stream, f"{stream}:heard"), arguments))

    @asynccontextmanager
    async def listen(self, session: SessionKey, /) -> AsyncGenerator["_RedisListener"]:
        client: Any = redis.asyncio.Redis
        opened = client.from_url(
            self._url,
            socket_connect_timeout=PATIENCE_S,
            socket_timeout=WAIT_S + PATIENCE_S,
            retry=AsyncRetry(NoBackoff(), 0),
        )
        try:
            yield _RedisListener(opened, session, self._hearing)
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

    def _send(self, script: _Script) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="progress", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait(script)
        except queue.Full:
            logger.warning("progress.left_out", reason="Redis is too slow")

    def _run(self) -> None:
        """Send until None comes."""
        while True:
            batch = [self._queue.get()]
            while len(batch) < TOGETHER and not self._queue.empty():
                batch.append(self._queue.get())
            self._tell([script for script in batch if script is not None])
            if None in batch:
                return

    def _tell(self, scripts: Sequence[_Script]) -> None:
        """Run scripts. What Redis does not accept now is dropped."""
        try:
            with self._telling.get_breaker("redis"), self._redis.pipeline(False) as together:
                for script in scripts:
                    together.eval(script.body, len(script.keys), *script.keys, *script.arguments)
                together.execute()
        except OpenedState:
            return
        except RedisError as error:
            logger.warning("progress.left_out", reason=type(error).__name__)


class _RedisListener:
    """Receives one session over a connection of its own."""

    def __init__(
        self, client: Any, session: SessionKey, breakers: SyncCircuitBreakerFactory
    ) -> None:
        self._redis = client
        self._session = session
        self._breakers = breakers

    async def ensure(self, facts: Sequence[Entry]) -> None:
        if not facts:
            return
        body, keys, arguments = _published(self._session, facts)
        try:
            with self._breakers.get_breaker("redis"):
                await self._redis.eval(body, len(keys), *keys, *arguments)
        except (OpenedState, RedisError, OSError) as error:
            raise FeedUnavailable from error

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        stream, position = _stream(self._session), f"{after.position}-{after.number}"
        block = round(wait_s * 1000) or None  # 0 would mean forever
        try:
            with self._breakers.get_breaker("redis"):
                response = await self._redis.xread({stream: position}, block=block)
        except (OpenedState, RedisError, OSError) as error:
            raise FeedUnavailable from error
        parsed = [_entry(*one) for _, entries in response or () for one in entries]
        return [entry for entry in parsed if entry is not None]


def _stream(session: SessionKey) -> str:
    """Return the name of a session's stream; the braces keep its keys on one cluster node."""
    return f"kinelog:progress:{{{session}}}"


def _published(session: SessionKey, facts: Sequence[Entry]) -> _Script:
    arguments = (
        part
        for fact in facts
        for part in (fact.id.position, fact.id.number, write(fact.what, fact.version))
    )
    return _Script(PUBLISH, (_stream(session),), (KEPT, KEPT_S, *arguments))


def _entry(place: bytes, fields: dict[bytes, bytes]) -> Entry | None:
    position, _, number = place.decode().partition("-")
    return read(FeedPosition(int(position), int(number)), fields[FIELD])
