"""Faust transport that reads from our own offsets, one fetch at a time.

Faust carries each message by itself through a conductor, a queue and a stream, which costs as much
as decoding a chunk does. Here a fetch of a topic is carried as one message that holds them all, as
if it came from the first of the fetched partitions.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, cast

from aiokafka.errors import KafkaError  # type: ignore[import-untyped]  # without types
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import Message
from mode import Service
from mode.utils.logging import get_logger

FETCHES_AHEAD: Final = 4
"""Maximum number of fetches that wait for a subscription; each has a megabyte of a partition."""
REFUSAL_CHECK_S: Final = 5.0
"""Seconds between two checks whether Kafka refuses the consumer group."""

logger = get_logger(__name__)


class Fetch(tuple[Message, ...]):
    """The messages of one fetch, those of each partition in the order of their offsets."""

    __slots__ = ()


class _Records(tuple[Any, ...]):
    """The same, each with its partition, before Faust has made messages of them."""

    __slots__ = ()


def messages_of(carried: Message) -> Sequence[Message]:
    """Return the messages of a fetch, or the message itself if it came alone."""
    content = cast("object", carried.value)  # Faust types it as bytes
    return content if isinstance(content, Fetch) else (carried,)


class Seeker(Protocol):
    """A subscription to a topic."""

    topic: str

    def seek(self, oldest: Mapping[TP, int], ends: Mapping[TP, int]) -> dict[TP, int]:
        """Return the offsets to read from, for partitions with messages from oldest to end."""
        ...


class _Consumer(driver.Consumer):
    """Consumer that seeks to the subscriptions' checkpoints, never to Kafka's committed offsets."""

    @property
    def _followers(self) -> Sequence[Seeker]:
        return cast("Sequence[Seeker]", cast("Any", self.app).followers)

    @Service.task
    async def _report_refusals(self) -> None:
        """Log why Kafka refuses the consumer group, such as a missing right, and let it try again.

        After a refusal, the client does nothing until it is checked for errors, which Faust never
        does.
        """
        thread: Any = self._thread

        async def check() -> None:
            thread._consumer._coordinator.check_errors()  # noqa: SLF001  not public

        while not self.should_stop:
            await self.sleep(REFUSAL_CHECK_S)
            try:
                await thread.call_thread(check)
            except KafkaError as refusal:
                logger.warning("Kafka refuses the consumer group: %r", refusal)

    async def perform_seek(self) -> None:
        mine = self.assignment()
        followed = {follower.topic for follower in self._followers}
        sources = {tp for tp in mine if tp.topic in followed}
        if not sources:
            return
        oldest, ends = await self.earliest_offsets(*sources), await self.highwaters(*sources)
        for follower in self._followers:
            await self.seek_wait(follower.seek(oldest, ends))

    async def _getmany(self, *args: Any, **options: Any) -> Any:
        fetched: Mapping[TP, list[Any]] = await super()._getmany(*args, **options)
        followed = {follower.topic for follower in self._followers}
        carried = {tp: records for tp, records in fetched.items() if tp.topic not in followed}
        for topic in followed:
            partitions = [tp for tp, records in fetched.items() if tp.topic == topic and records]
            if partitions:
                records = _Records((tp, each) for tp in partitions for each in fetched[tp])
                carried[partitions[0]] = [records]
        return carried

    def _to_message(self, tp: TP, record: Any) -> Any:
        message = super()._to_message
        if not isinstance(record, _Records):
            return message(tp, record)
        carried: Any = message(*record[0])
        carried.value = Fetch(message(*each) for each in record)
        return carried


class Transport(driver.Transport):
    """Transport that reads for subscriptions and creates no topics."""

    Consumer = _Consumer

    async def _create_topic(self, *_: Any, **__: Any) -> None:
        """Do nothing: topics are declared in `application.kernel.topics` and created beforehand."""
