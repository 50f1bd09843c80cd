"""A topic is followed without a gap, whatever happens to the group that shares it.

Kafka's committed offsets are not asked: in trials Faust committed work that was still in flight
and lost it when a member of its group was killed. Here the position lives with the effect, in a
`CheckpointLedger`. Three rules keep a worker's reading in step with it:

1. at every assignment each partition is sought to the ledger's position;
2. within an assignment messages are worked strictly in the order of their offsets; one that comes
   before its turn means that some in between were dropped on the way, so the partition is read
   again from the one that is due;
3. a partition in which messages wait and none arrives is read again from there, too.

A followed topic is neither compacted nor written to in transactions: offsets have no holes.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, cast

import faust
from aiokafka.errors import IllegalStateError, KafkaError  # type: ignore[import-untyped]  # without types
from faust.exceptions import ConsumerNotStarted
from faust.types import TP, TopicT
from faust.types.transports import TransportT
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from streams.instrumentation import Observing
from streams.offset_reader import FETCHES_AHEAD, Transport, messages_of

BREATH_S: Final = 0.005
"""How long messages are worked before others, such as who sends what came of them, have a turn."""
REWIND_AFTER_S: Final = 2.0
"""How long a due message may be missing; far longer than a fetch takes."""
DRAIN_WITHIN_S: Final = 5.0
"""How long a worker that gives up partitions may finish; longer than an acknowledgement takes."""

logger = get_logger(__name__)


class CheckpointLedger(Protocol):
    """Keeps the position of each partition with the effects of the messages before it."""

    async def begin(self, partitions: Iterable[TP]) -> dict[TP, int]:
        """Forget what is in flight, and give the next offset of each partition that has one."""
        ...

    async def drain(self) -> None:
        """Wait until what is in flight has its effect and its position."""
        ...

    give_up: Callable[[], Awaitable[None]] | None
    """Set by whoever follows: to be called when effects did not arrive, to work them again."""


class FaustSubscription:
    """Follows one topic from the positions of a ledger and hands each message to `work`, once.

    `work` takes in one message; when it returns, its effect is on its way into the ledger.
    """

    def __init__(
        self,
        app: "FollowingApp",
        topic: str,
        ledger: CheckpointLedger,
        work: Callable[[Message], Any],
    ) -> None:
        self.topic = topic
        self.ledger = ledger
        self._app = app
        self._work: Callable[[Message], Awaitable[None]] = work
        self._due: dict[TP, int] = {}
        self._stuck: dict[TP, int] = {}
        self._rewound: dict[TP, float] = {}
        self._busy = False
        self._beginning = asyncio.Lock()
        ledger.give_up = self.restart
        app.followers.append(self)

    @property
    def due(self) -> dict[TP, int]:
        """The offset that comes next, for each partition of this worker."""
        return dict(self._due)

    async def follow(self, stream: faust.StreamT[bytes]) -> None:
        """Be an agent: work off the stream of the topic."""
        watch = asyncio.create_task(self._watch())
        try:
            async for event in cast("faust.Stream[bytes]", stream).events():
                await self._take_all(messages_of(event.message))
        finally:
            watch.cancel()

    async def _take_all(self, messages: Sequence[Message]) -> None:
        clock = asyncio.get_running_loop().time
        breath = clock() + BREATH_S
        for message in messages:
            await self._take(message)
            if clock() > breath:
                await asyncio.sleep(0)
                breath = clock() + BREATH_S

    async def begin(self, partitions: Iterable[TP]) -> None:
        """Stand at the ledger's positions of these partitions: after an assignment."""
        async with self._beginning:
            await self._begin(partitions)

    async def _begin(self, partitions: Iterable[TP]) -> None:
        mine = [tp for tp in partitions if tp.topic == self.topic]
        self._due = dict.fromkeys(mine, 0) | await self.ledger.begin(mine)
        self._stuck.clear()

    def stand(self, oldest: Mapping[TP, int], ends: Mapping[TP, int]) -> dict[TP, int]:
        """Give the offsets to read from, for partitions that hold messages from oldest to end.

        A position outside of them is of messages that are no longer kept, or of a topic that was
        made anew; then the oldest message is due.
        """
        for tp in self._due.keys() & oldest.keys():
            if not oldest[tp] <= self._due[tp] <= ends[tp]:
                if self._due[tp]:
                    logger.error("%s: %s is due and is not kept", tp, self._due[tp])
                self._due[tp] = oldest[tp]
        return {tp: due for tp, due in self._due.items() if tp in oldest}

    async def restart(self) -> None:
        """Give up what is in flight and work it again."""
        async with self._beginning:
            await self._begin(self._due)  # those of an assignment that has come meanwhile
        for tp in self._due:
            await self._rewind(tp)

    async def _take(self, message: Message) -> None:
        tp, offset = message.tp, message.offset
        due = self._due.get(tp)
        if due is None or offset < due:
            return  # of an earlier assignment; or worked, and its effect is waited for
        if offset > due:
            await self._missed(tp, offset)
            return
        self._busy = True
        try:
            with self._app.observing.work(message):
                await self._work(message)
        finally:
            self._busy = False
        if self._due.get(tp) == offset:  # else there was a new assignment meanwhile
            self._due[tp] = offset + 1

    async def _missed(self, tp: TP, offset: int) -> None:
        since = asyncio.get_running_loop().time() - self._rewound.get(tp, 0.0)
        if since > REWIND_AFTER_S:
            logger.warning("%s: %s came when %s was due", tp, offset, self._due[tp])
            await self._rewind(tp)

    async def _rewind(self, tp: TP) -> None:
        """Read a partition again from the message that is due, or from the oldest there is."""
        self._rewound[tp] = asyncio.get_running_loop().time()
        consumer = self._app.consumer
        try:
            oldest, ends = await consumer.earliest_offsets(tp), await consumer.highwaters(tp)
            await consumer.seek_wait(self.stand(oldest, ends))
        except (IllegalStateError, KafkaError, TimeoutError) as failed:
            logger.warning("%s: not read again yet: %r", tp, failed)  # the next look tries again

    async def _watch(self) -> None:
        """Look for messages that wait and do not come."""
        while True:
            await asyncio.sleep(REWIND_AFTER_S)
            if self._app.rebalancing or self._busy:
                self._stuck.clear()
                continue
            waiting = {tp: due for tp, due in self._due.items() if self._is_behind(tp, due)}
            for tp in [tp for tp, due in waiting.items() if self._stuck.get(tp) == due]:
                logger.warning("%s: %s is due and does not come", tp, self._due[tp])
                await self._rewind(tp)
            self._stuck = waiting

    def _is_behind(self, tp: TP, due: int) -> bool:
        try:
            end = cast("int | None", self._app.consumer.highwater(tp))  # None until it has fetched
        except (IllegalStateError, ConsumerNotStarted):
            return False  # not ours any more, or not yet
        return end is not None and due < end


class FollowingApp(faust.App):
    """A Faust application whose topics are followed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.followers: list[FaustSubscription] = []
        self.observing = Observing("")
        super().__init__(*args, **options)
        self.on_rebalance_complete.connect(self._begin)
        self.on_partitions_revoked.connect(self._drain)
        self.on_before_shutdown.connect(self._drain)

    async def publish(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> Awaitable[Any]:
        """Send a message; what is given back waits for the acknowledgement of all replicas."""
        producer = await self.maybe_start_producer()
        sent: Awaitable[Any] = await producer.send(
            topic, key, value, partition, None, list(headers)
        )
        return sent

    def source(self, topic: str) -> TopicT:
        """Describe a topic to follow: bytes as they come, never refused by Faust itself."""
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
        """Let what is in flight arrive before others take over, if it does so soon."""
        for follower in self.followers:
            try:
                await asyncio.wait_for(follower.ledger.drain(), DRAIN_WITHIN_S)
            except TimeoutError:
                logger.warning("%s: what is in flight will be worked again", follower.topic)
