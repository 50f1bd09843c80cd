"""Analytics worker: session events fill windows by minute, hour and day, live (R-EVT-08).

An unreadable event goes to the dead letters of the group. If only its payload is unreadable, it
still counts as activity, and the rest of its session counts as usual. When a day is over, by the
time of the events or by the clock, the worker requests its roll-up on `metrics.rollup`.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

import faust
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]  # without types
from faust.exceptions import ProducerSendError
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.analytics import rollups
from application.analytics.ports import Windows
from application.analytics.windows import ReceivedEvent, Session
from application.kernel import bus
from application.kernel.cloud_events import Decode, EncodedEvent, from_message, to_recorded
from application.kernel.dead_letters import REPLAYED_FOR
from application.kernel.ports import Clock
from application.kernel.topics import QUEUES, Group
from domain.kernel import Rejected
from streams.analytics_checkpoints import WindowCheckpoints
from streams.dead_letters import DeadLetters
from streams.subscription import FaustSubscription, FollowingApp

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "real-time-analytics")

CHECK_S: Final = 60.0
"""How often the worker looks for days that are over, also without events."""

logger = get_logger(__name__)


class AnalyticsWorker:
    """Subscription to session events; offsets and windows share one database.

    `decode` reads payloads. `roll_ups` is the topic of roll-up requests.
    """

    def __init__(
        self,
        app: FollowingApp,
        *,
        windows: Windows,
        decode: Decode,
        clock: Clock,
        group: Group = GROUP,
        roll_ups: str = rollups.TOPIC,
    ) -> None:
        (topic,) = group.topics
        self._app = app
        self._windows = windows
        self._decode = decode
        self._roll_ups = roll_ups
        self._clock = clock
        self._aside = DeadLetters(app, group, clock)
        settled = self._ask_for_roll_ups
        self.checkpoints = WindowCheckpoints(
            windows, group=group.name, topic=topic, settled=settled
        )
        self.follower = FaustSubscription(app, topic, self.checkpoints, self.work)
        self.agent = app.agent(app.source(topic), name="real-time-analytics")(self.watch)

    async def watch(self, stream: faust.StreamT[bytes]) -> None:
        """Run as the agent."""
        check = asyncio.create_task(self._check_regularly())
        try:
            await self.follower.follow(stream)
        finally:
            check.cancel()

    async def _check_regularly(self) -> None:
        """Request roll-ups of days that are over by the clock, at the start and regularly."""
        while True:
            try:
                await self._ask_for_roll_ups(self._clock())
            except Exception:  # a defect: the next check may succeed
                logger.exception("days that are over could not be checked")
            await asyncio.sleep(CHECK_S)

    async def work(self, message: Message) -> None:
        """Add one event, or dead-letter it, whatever is wrong with it."""
        seen: ReceivedEvent | None = None
        try:
            if self._aside.is_meant_for_us(message):
                self._aside.check_partition_key(message)
                sent = _sent(message)
                event = from_message(sent)
                seen = _seen(event, is_replayed=sent.header(REPLAYED_FOR) is not None)
                seen = replace(seen, event=to_recorded(event, self._decode).event)
        except Exception as error:  # noqa: BLE001  the dead letter names it
            await (await self._aside.put_aside(message, error))
        if self.follower.due.get(message.tp) == message.offset:
            await self.checkpoints.add(message, seen)  # else the partition was reassigned

    async def _ask_for_roll_ups(self, at: datetime) -> None:
        """Request roll-ups of days that are over by a time.

        After a failure, the next stored event or the next regular check triggers another attempt.
        """
        by = at - rollups.LATENESS
        try:
            requests = await asyncio.to_thread(self._windows.days_over, by)
            if requests:
                sent = [await self._ask(each) for each in requests]
                await asyncio.gather(*sent)
                await asyncio.to_thread(self._windows.mark_requested, requests)
        except (KafkaError, ProducerSendError, Rejected) as failed:
            logger.warning("roll-ups are asked for later, because of %r", failed)

    async def _ask(self, requests: rollups.RollupRequest) -> Awaitable[Any]:
        message = rollups.message(requests)
        return await self._app.publish(
            self._roll_ups, message.key.encode(), message.value, headers=message.headers
        )


def _seen(event: EncodedEvent, *, is_replayed: bool) -> ReceivedEvent:
    """Convert an envelope, which is enough for activity."""
    of = Session(event.tenant_id, event.stream)
    return ReceivedEvent(of, event.version, event.recorded_at, None, is_replayed)


def _sent(message: Message) -> bus.Message:
    """Convert a Faust message to a bus message."""
    headers = cast("Iterable[tuple[str, bytes | None]]", message.headers or ())
    header_pairs = tuple((name, content or b"") for name, content in headers)
    return bus.Message(message.topic, "", message.value, header_pairs)
