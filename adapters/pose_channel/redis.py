"""Channel of live poses on Redis Pub/Sub, which stores nothing.

A thread publishes and counts the viewers. Each viewer listens over a connection of its own, and
connects again after an outage.
"""

import asyncio
import queue
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from threading import Lock, Thread
from typing import Any, Final
from uuid import uuid4

import redis
import redis.asyncio
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.kernel.cache import LruCache
from application.live.pose_channel import Watched

WAITING: Final = 100
"""Messages that may wait to be published; more are dropped."""
COUNT_AGE_S: Final = 1.0
"""Age at which the number of viewers is read again."""
COUNTED: Final = 10_000
"""Sessions whose number of viewers is remembered."""
PATIENCE_S: Final = 1.0
"""Longest response time of Redis."""
IDLE_S: Final = 10.0
"""Interval at which a silent connection of a viewer is checked."""

log: Any = structlog.get_logger()


class RedisPoseChannel:
    """A `PoseChannel` on Redis. Any thread may publish. Connections open on first use.

    After failures, Redis is left alone for `open_s` seconds.
    """

    def __init__(self, url: str, *, open_s: float = OPEN_S) -> None:
        client: Any = redis.Redis  # its options are not typed
        self._url = url
        self._own = uuid4().bytes
        self._redis = client.from_url(
            url,
            socket_connect_timeout=PATIENCE_S,
            socket_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._open_s = open_s
        self._guarded = circuit_breaker(open_s)
        self._viewers = LruCache[Watched, tuple[float, bool]](COUNTED)
        self._queue: queue.Queue[tuple[Watched, str | None] | None] = queue.Queue(WAITING)
        self._thread: Thread | None = None
        self._lock = Lock()

    def is_watched(self, watched: Watched, /) -> bool:
        now = time.monotonic()
        counted_at, has_viewers = self._viewers.get(watched) or (float("-inf"), False)
        if now - counted_at > COUNT_AGE_S:
            self._viewers.put(watched, (now, has_viewers))
            self._send(watched, None)
        return has_viewers

    def publish(self, watched: Watched, message: str, /) -> None:
        self._send(watched, message)

    @asynccontextmanager
    async def listen(
        self, watched: Watched, show: Callable[[str], object], /
    ) -> AsyncGenerator[None]:
        tried = asyncio.Event()
        following = asyncio.create_task(self._follow(watched, show, tried))
        try:
            await tried.wait()
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    def close(self) -> None:
        """Send what waits, if Redis accepts it, and close."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()
        self._redis.close()

    def _send(self, watched: Watched, message: str | None) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="poses", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait((watched, message))
        except queue.Full:
            log.warning("poses.left_out", reason="Redis is too slow")

    def _run(self) -> None:
        """Publish and count until None comes."""
        while (task := self._queue.get()) is not None:
            try:
                with self._guarded():
                    self._execute(*task)
            except CircuitOpen:
                continue
            except RedisError as error:
                log.warning("poses.left_out", reason=type(error).__name__)

    def _execute(self, watched: Watched, message: str | None) -> None:
        name = _channel(watched)
        if message is None:
            ((_, viewers),) = self._redis.pubsub_numsub(name)
        else:
            viewers = self._redis.publish(name, self._own + message.encode())
        self._viewers.put(watched, (time.monotonic(), viewers > 0))

    async def _follow(
        self, watched: Watched, show: Callable[[str], object], tried: asyncio.Event
    ) -> None:
        """Show messages until canceled. `tried` is set once the first connection was tried."""
        while True:
            try:
                await self._receive(watched, show, tried)
            except (RedisError, OSError) as error:
                log.warning("poses.not_received", reason=type(error).__name__)
            tried.set()
            await asyncio.sleep(self._open_s)

    async def _receive(
        self, watched: Watched, show: Callable[[str], object], tried: asyncio.Event
    ) -> None:
        client: Any = redis.asyncio.Redis
        opened = client.from_url(
            self._url, socket_connect_timeout=PATIENCE_S, health_check_interval=IDLE_S
        )
        async with opened, opened.pubsub() as subscription:
            await subscription.subscribe(_channel(watched))
            while True:
                message = await subscription.get_message(timeout=IDLE_S)
                if message is None:
                    continue
                tried.set()  # the first one confirms the subscription
                content = message["data"]
                if isinstance(content, bytes) and not content.startswith(self._own):
                    show(content[len(self._own) :].decode())


def _channel(watched: Watched) -> str:
    """Return the name of a session's channel: different for different pairs, whatever they hold."""
    tenant_id, name = watched
    return f"kinelog:poses:{len(tenant_id)}:{tenant_id}/{name}"
