"""Worker channel on Kafka: chunks to the workers, replies to every API process.

A process reads all partitions of the replies from a minute ago on, in no group: it knows the
progress of a session no matter where its last chunk went. Two circuit breakers keep clients from
waiting: one for Kafka, one for the workers behind it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from aiokafka import (  # type: ignore[import-untyped]  # without types
    AIOKafkaConsumer,
    AIOKafkaProducer,
)
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]  # without types
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from adapters.bus.kafka.config import Kafka, address_of
from application.kernel.bus import BusUnavailable
from application.kernel.rpc import Codec
from application.live.chunk import FrameChunk, SessionKey
from application.live.replies import LiveReply
from domain.kernel import Rejected

LOOK_BACK_S: Final = 60.0
"""Age of replies that are read at the start. The sequence of a client away longer is trusted."""
THRESHOLD: Final = 5
"""Failures in a row that open a circuit."""
OPEN_S: Final = 2.0
"""Time for which a circuit stays open; about two intervals of a delayed client."""
START_S: Final = 5.0
"""Longest wait for Kafka at the start; the server then starts without it."""
RETRY_S: Final = 1.0
REQUEST_MS: Final = 10_000
"""Delivery timeout of Kafka's client. A chunk that is delivered late is a duplicate."""
LEAST_S: Final = 0.2
"""Least time for Kafka to acknowledge a chunk, even if it is sent late."""
POLL_MS: Final = 500
METADATA_MAX_AGE_MS: Final = 5_000
"""How often the list of topics is refreshed. Without the topic of replies, as on a broker that has
just restarted or lost its data, a consumer has no partitions until the next refresh."""

log = structlog.get_logger()

Header = tuple[str, bytes]
Chunk = tuple[SessionKey, int]


class KafkaWorkerChannel:
    """A `WorkerChannel` on Kafka, whose topics exist. Belongs to one event loop.

    `frames` and `replies` are topics; `encode` writes chunks, and `codec` replies. `headers`
    returns the headers of a message.
    """

    def __init__(
        self,
        bootstrap: Kafka,
        *,
        frames: str,
        replies: str,
        encode: Callable[[SessionKey, FrameChunk], bytes],
        codec: Codec,
        headers: Callable[[], Sequence[Header]],
    ) -> None:
        self._kafka = address_of(bootstrap)
        self._frames, self._replies = frames, replies
        self._encode, self._codec = encode, codec
        self._headers = headers
        self._producer: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._waiting: dict[Chunk, set[asyncio.Future[LiveReply]]] = defaultdict(set)

    async def start(self, on_reply: Callable[[LiveReply], None]) -> None:
        self._connected, self._caught_up = asyncio.Event(), asyncio.Event()
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=THRESHOLD, default_ttl=OPEN_S, exclude=[asyncio.CancelledError]
        )
        self._tasks = [
            asyncio.create_task(self._connect(), name="pose stream"),
            asyncio.create_task(self._listen(on_reply), name="pose replies"),
        ]
        await self.ready(START_S)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._producer is not None:
            producer, self._producer = self._producer, None
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(producer.stop(), RETRY_S)

    async def ready(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(max(within_s, 0.0)):
                await self._connected.wait()
                await self._caught_up.wait()
        except TimeoutError:
            return False
        return True

    async def refresh(self, key: SessionKey, within_s: float) -> None:
        """Do nothing: every process receives every reply."""

    async def request(
        self, key: SessionKey, message: FrameChunk, within_s: float
    ) -> LiveReply | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        chunk, waiter = (key, message.sequence), loop.create_future()
        self._waiting[chunk].add(waiter)
        try:
            await self._send(self._frames, key, self._encode(key, message), max(within_s, LEAST_S))
            return await self._answer(waiter, deadline - loop.time())
        finally:
            self._waiting[chunk].discard(waiter)
            if not self._waiting[chunk]:
                del self._waiting[chunk]

    async def publish(self, reply: LiveReply, within_s: float) -> None:
        await self._send(self._replies, reply.session, self._codec.encode(reply), within_s)

    async def _send(self, topic: str, key: SessionKey, value: bytes, within_s: float) -> None:
        """Send a message and wait for all in-sync replicas. Raises BusUnavailable."""
        producer = self._producer
        if producer is None:
            raise BusUnavailable("Kafka is not connected yet.")
        try:
            async with await self._breakers.get_breaker("kafka"), asyncio.timeout(within_s):
                await producer.send_and_wait(
                    topic, value, key=str(key).encode(), headers=list(self._headers())
                )
        except (KafkaError, TimeoutError, OpenedState) as error:
            raise BusUnavailable(f"Kafka did not take a chunk: {error!r}.") from error

    async def _answer(
        self, waiter: "asyncio.Future[LiveReply]", within_s: float
    ) -> LiveReply | None:
        if within_s > 0.0:  # else the time went elsewhere: not the fault of the workers
            with suppress(TimeoutError, OpenedState):
                async with await self._breakers.get_breaker("workers"), asyncio.timeout(within_s):
                    return await asyncio.shield(waiter)
        return waiter.result() if waiter.done() else None

    async def _connect(self) -> None:
        """Connect a producer, however long Kafka is unavailable; it then reconnects by itself."""
        while self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka.servers,
                **self._kafka.options,
                client_id="kinelog-api",
                acks="all",
                request_timeout_ms=REQUEST_MS,
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                log.warning("live.kafka_away", error=repr(error))
                await asyncio.sleep(RETRY_S)
            else:
                self._producer = producer
                self._connected.set()

    async def _listen(self, on_reply: Callable[[LiveReply], None]) -> None:
        """Receive replies, however often Kafka is unavailable."""
        while True:
            consumer = AIOKafkaConsumer(  # of all partitions, for it is in no group
                self._replies,
                bootstrap_servers=self._kafka.servers,
                **self._kafka.options,
                client_id="kinelog-api",
                enable_auto_commit=False,
                auto_offset_reset="latest",
                metadata_max_age_ms=METADATA_MAX_AGE_MS,
            )
            try:
                await consumer.start()
                await self._follow(consumer, on_reply)
            except (KafkaError, OSError) as error:
                log.warning("live.replies_away", error=repr(error))
            except Exception:  # on any error, a channel without replies is useless
                log.exception("live.replies_failed")
            finally:
                self._caught_up.clear()
                await consumer.stop()
            await asyncio.sleep(RETRY_S)

    async def _follow(self, consumer: Any, on_reply: Callable[[LiveReply], None]) -> None:
        ends = await self._seek_back(consumer)
        while True:
            for records in (await consumer.getmany(timeout_ms=POLL_MS)).values():
                for record in records:
                    self._receive(record.value or b"", on_reply)
            if not self._caught_up.is_set():
                positions = [(await consumer.position(tp), end) for tp, end in ends.items()]
                if all(position >= end for position, end in positions):
                    self._caught_up.set()

    async def _seek_back(self, consumer: Any) -> dict[Any, int]:
        """Seek to the replies of a minute ago; return the end offsets."""
        partitions = consumer.assignment()
        since_ms = int((time.time() - LOOK_BACK_S) * 1000)
        begins = await consumer.offsets_for_times(dict.fromkeys(partitions, since_ms))
        ends: dict[Any, int] = await consumer.end_offsets(partitions)
        for partition in partitions:
            begin = begins[partition]
            consumer.seek(partition, ends[partition] if begin is None else begin.offset)
        return ends

    def _receive(self, content: bytes, on_reply: Callable[[LiveReply], None]) -> None:
        try:
            reply = self._codec.decode(LiveReply, content)
        except Rejected as error:
            log.warning("live.reply_broken", detail=error.detail)
            return
        on_reply(reply)
        if not reply.is_from_worker:
            return
        for waiter in self._waiting.get((reply.session, reply.sequence), ()):
            if not waiter.done():
                waiter.set_result(reply)
