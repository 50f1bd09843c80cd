"""Faust subscription from our own offsets.

Offsets committed to Kafka are not used: in trials Faust committed messages that were still in
flight and lost them when a consumer of its group was killed. Here the checkpoint is stored with the
effect, in a `Checkpoints`. Three rules keep a worker in step with it:

1. at every assignment each partition is sought to its checkpoint;
2. within an assignment messages are handled strictly in the order of their offsets; a message that
   comes too early means that some before it were dropped, so the partition is read again from the
   next offset;
3. a partition in which messages wait and none arrives is read again from there, too.

A followed topic is neither compacted nor written to in transactions: offsets have no holes.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, cast

import faust
from aiokafka.errors import IllegalStateError, KafkaError  # type: ignore[import-untyped]  # without types
from faust.exceptions import ConsumerNotStarted
from faust.types import TP, TopicT
from faust.types.transports import TransportT
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.kernel.consumer import traced_message
from application.kernel.metrics import Gauge
from application.kernel.subscription import SubscriptionStatus
from streams.offset_reader import FETCHES_AHEAD, Transport, messages_of

PREPARED_MESSAGES: Final = 64
"""Maximum number of messages that are prepared together; more would save little."""
BREATH_S: Final = 0.005
"""How long messages are handled before other tasks run, such as the producer."""
REWIND_AFTER_S: Final = 2.0
"""How long the next message may be missing; far longer than a fetch takes."""
DRAIN_WITHIN_S: Final = 5.0
"""How long a worker may drain before a rebalance; longer than an acknowledgement takes."""

logger = get_logger(__name__)


class Checkpoints(Protocol):
    """Stores the next offset of each partition with the effects of the messages before it."""

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        """Discard what is in flight, and return the next offset of each partition that has one."""
        ...

    async def drain(self) -> None:
        """Wait until the effects and checkpoints in flight are stored."""
        ...

    give_up: Callable[[], Awaitable[None]] | None
    """Set by the subscription: called when effects were lost, to handle the messages again."""


class FaustSubscription:
    """Follows one topic from stored checkpoints and calls `work` for each message, once.

    When `work` returns, the effect of the message is on its way into the checkpoints. Messages that
    arrived together are passed to `prepare` before `work` is called for each; some of them may have
    been worked on before.
    """

    def __init__(
        self,
        app: "FollowingApp",
        topic: str,
        checkpoints: Checkpoints,
        work: Callable[[Message], Any],
        prepare: Callable[[Sequence[Message]], None] | None = None,
    ) -> None:
        self.topic = topic
        self.checkpoints = checkpoints
        self._app = app
        self._work: Callable[[Message], Awaitable[None]] = work
        self._prepare = prepare
        self._due: dict[TP, int] = {}
        self._stuck: dict[TP, int] = {}
        self._rewound: dict[TP, float] = {}
        self._busy = False
        self._beginning = asyncio.Lock()
        checkpoints.give_up = self.restart
        app.followers.append(self)

    @property
    def due(self) -> dict[TP, int]:
        """The next offset of each partition of this worker."""
        return dict(self._due)

    def status(self) -> SubscriptionStatus:
        """Return the next offsets of this worker, and the number of messages before the end."""
        behind = {tp: self._end(tp) for tp in self._due}
        lags = [max(0, end - self._due[tp]) for tp, end in behind.items() if end is not None]
        return SubscriptionStatus(
            name=self.topic,
            leader=bool(self._due),
            caught_up=bool(lags) and not any(lags),
            checkpoint={f"{tp.topic}/{tp.partition}": due for tp, due in self._due.items()},
            lag=sum(lags) if lags else None,
        )

    def lags(self) -> Iterator[Gauge]:
        """Return the consumer lag of each partition of this worker."""
        for tp, due in self.due.items():
            end = self._end(tp)
            if end is not None:
                labels = {
                    "group": self._app.group,
                    "topic": tp.topic,
                    "partition": str(tp.partition),
                }
                yield Gauge("kinelog_consumer_lag", max(0, end - due), labels)

    async def follow(self, stream: faust.StreamT[bytes]) -> None:
        """Run as an agent on the stream of the topic."""
        watch = asyncio.create_task(self._watch())
        try:
            async for event in cast("faust.Stream[bytes]", stream).events():
                await self._take_all(messages_of(event.message))
        finally:
            watch.cancel()

    async def _take_all(self, messages: Sequence[Message]) -> None:
        clock = asyncio.get_running_loop().time
        breath = clock() + BREATH_S
        for number, message in enumerate(messages):
            if self._prepare is not None and number % PREPARED_MESSAGES == 0:
                self._prepare(messages[number : number + PREPARED_MESSAGES])
            await self._take(message)
            if clock() > breath:
                await asyncio.sleep(0)
                breath = clock() + BREATH_S

    async def begin(self, partitions: Iterable[TP]) -> None:
        """Begin at the checkpoints of these partitions, after an assignment."""
        async with self._beginning:
            await self._begin(partitions)

    async def _begin(self, partitions: Iterable[TP]) -> None:
        mine = [tp for tp in partitions if tp.topic == self.topic]
        self._due = dict.fromkeys(mine, 0) | await self.checkpoints.begin(mine)
        self._stuck.clear()

    def seek(self, oldest: Mapping[TP, int], ends: Mapping[TP, int]) -> dict[TP, int]:
        """Return the offsets to read from, for partitions with messages from oldest to end.

        A checkpoint outside of them belongs to deleted messages, or to a topic that was created
        again; then reading starts at the oldest message.
        """
        for tp in self._due.keys() & oldest.keys():
            if not oldest[tp] <= self._due[tp] <= ends[tp]:
                if self._due[tp]:
                    logger.error("%s: offset %s was deleted before it was read", tp, self._due[tp])
                self._due[tp] = oldest[tp]
        return {tp: due for tp, due in self._due.items() if tp in oldest}

    async def restart(self) -> None:
        """Discard what is in flight and handle it again."""
        async with self._beginning:
            await self._begin(self._due)  # the assignment may have changed by now
        for tp in self._due:
            await self._rewind(tp)

    async def _take(self, message: Message) -> None:
        tp, offset = message.tp, message.offset
        due = self._due.get(tp)
        if due is None or offset < due:
            return  # of an earlier assignment; or handled, and its effect is in flight
        if offset > due:
            await self._missed(tp, offset)
            return
        self._busy = True
        try:
            headers = cast("Iterable[tuple[str, bytes | None]]", message.headers or ())
            with traced_message(self._app.group, tp.topic, headers):
                await self._work(message)
        finally:
            self._busy = False
        if self._due.get(tp) == offset:  # else the partition was reassigned
            self._due[tp] = offset + 1

    async def _missed(self, tp: TP, offset: int) -> None:
        since = asyncio.get_running_loop().time() - self._rewound.get(tp, 0.0)
        if since > REWIND_AFTER_S:
            logger.warning("%s: got offset %s instead of %s", tp, offset, self._due[tp])
            await self._rewind(tp)

    async def _rewind(self, tp: TP) -> None:
        """Read a partition again from the next offset, or from the oldest message."""
        self._rewound[tp] = asyncio.get_running_loop().time()
        consumer = self._app.consumer
        try:
            oldest, ends = await consumer.earliest_offsets(tp), await consumer.highwaters(tp)
            await consumer.seek_wait(self.seek(oldest, ends))
        except (IllegalStateError, KafkaError, TimeoutError) as failed:
            logger.warning("%s: cannot seek yet: %r", tp, failed)  # `_watch` tries again

    async def _watch(self) -> None:
        """Detect messages that wait and do not arrive."""
        while True:
            await asyncio.sleep(REWIND_AFTER_S)
            if self._app.rebalancing or self._busy:
                self._stuck.clear()
                continue
            waiting = {tp: due for tp, due in self._due.items() if self._is_behind(tp, due)}
            for tp in [tp for tp, due in waiting.items() if self._stuck.get(tp) == due]:
                logger.warning("%s: offset %s does not arrive", tp, self._due[tp])
                await self._rewind(tp)
            self._stuck = waiting

    def _end(self, tp: TP) -> int | None:
        """Return the end of a partition; None until it is fetched, or if it is not assigned."""
        try:
            return cast("int | None", self._app.consumer.highwater(tp))
        except (IllegalStateError, ConsumerNotStarted):
            return None

    def _is_behind(self, tp: TP, due: int) -> bool:
        end = self._end(tp)
        return end is not None and due < end


class FollowingApp(faust.App):
    """A Faust application with subscriptions. Its id is its consumer group."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.followers: list[FaustSubscription] = []
        super().__init__(*args, **options)
        self.on_rebalance_complete.connect(self._begin)
        self.on_partitions_revoked.connect(self._drain)
        self.on_before_shutdown.connect(self._drain)

    @property
    def group(self) -> str:
        """The consumer group."""
        return str(self.conf.id)

    async def publish(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> Awaitable[Any]:
        """Send a message; the result waits for the acknowledgement of all replicas."""
        producer = await self.maybe_start_producer()
        sent: Awaitable[Any] = await producer.send(
            topic, key, value, partition, None, list(headers)
        )
        return sent

    def source(self, topic: str) -> TopicT:
        """Return a topic to follow: raw bytes, never rejected by Faust itself."""
        return self.topic(
            topic,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            acks=False,  # so that Faust commits nothing
            maxsize=FETCHES_AHEAD,
            allow_empty=True,
        )

    def _new_transport(self) -> TransportT:
        return Transport(self.conf.broker_consumer, self)

    async def _begin(self, *_: Any, **__: Any) -> None:
        mine = self.consumer.assignment()
        for follower in self.followers:
            await follower.begin(mine)

    async def _drain(self, *_: Any, **__: Any) -> None:
        """Store what is in flight before other workers take over, within a limit."""
        for follower in self.followers:
            try:
                await asyncio.wait_for(follower.checkpoints.drain(), DRAIN_WITHIN_S)
            except TimeoutError:
                logger.warning("%s: messages in flight will be handled again", follower.topic)
