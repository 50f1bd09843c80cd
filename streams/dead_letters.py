"""Dead letters of Faust workers: a failed message is stored with the reason, and work continues."""

from collections.abc import Awaitable, Iterable
from dataclasses import replace
from typing import Any, cast

from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.kernel import bus
from application.kernel.dead_letters import REPLAYED_FOR, to_dead_letter
from application.kernel.ports import Clock
from application.kernel.topics import Group
from domain.kernel import Rejected
from streams.subscription import FollowingApp

logger = get_logger(__name__)


class DeadLetters:
    """Dead-letter queue of one group, as for all groups (`application.kernel.dead_letters`)."""

    def __init__(self, app: FollowingApp, group: Group, clock: Clock) -> None:
        self._app, self._group, self._clock = app, group, clock

    def is_meant_for_us(self, message: Message) -> bool:
        """Whether our group should process this; False if it was replayed for another group."""
        return all(
            name != REPLAYED_FOR or content == self._group.name.encode()
            for name, content in _headers(message)
        )

    def check_partition_key(self, message: Message) -> None:
        """Raise MessageMisplaced if the content names another owner than the key."""
        bus.check_partition_key(_delivered(message).message)

    async def put_aside(
        self, message: Message, error: Exception, content: bytes | None = None
    ) -> Awaitable[Any]:
        """Send a message to the dead letters; the result waits for the acknowledgement.

        `content` replaces the message's own if that must not be stored.
        """
        delivered = _delivered(message)
        if content is not None:
            sent = replace(delivered.message, value=content)
            delivered = replace(delivered, message=sent)
        is_rejection = isinstance(error, Rejected)
        logger.warning(
            "%s of %r becomes a dead letter of %s: %r",
            delivered.place,
            delivered.message.key,
            self._group.name,
            error,
            exc_info=not is_rejection,
        )
        letter = to_dead_letter(delivered, self._group, error, attempts=1, at=self._clock())
        key = letter.key.encode()
        return await self._app.publish(letter.topic, key, letter.value, headers=letter.headers)


def _delivered(message: Message) -> bus.Delivery:
    """Convert a Faust message to a bus delivery."""
    key = (message.key or b"").decode(errors="replace")
    sent = bus.Message(message.topic, key, message.value, tuple(_headers(message)))
    return bus.Delivery(sent, message.partition, message.offset)


def _headers(message: Message) -> Iterable[tuple[str, bytes]]:
    """Return the headers; one without a value gets an empty one."""
    own = cast("Iterable[tuple[str, bytes | None]]", message.headers or ())
    return ((name, content or b"") for name, content in own)
