"""Applications without a broker; a test keeps and acknowledges their messages."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.bus.in_process import InProcessBus
from application.kernel.bus import Message
from application.kernel.dead_letters import DeadLetter, list_dead_letters
from application.kernel.topics import Group, Topic
from streams.subscription import FollowingApp
from streams.worker import make_app


@dataclass(frozen=True)
class Sent:
    """A sent message."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]
    partition: int | None
    acknowledged: "asyncio.Future[None]"


class Outbox:
    """Keeps the messages of an application, which are acknowledged at once or by the test."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.sent: list[Sent] = []
        self.at_once = at_once

    async def publish(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> Awaitable[Any]:
        acknowledged = asyncio.get_running_loop().create_future()
        if self.at_once:
            acknowledged.set_result(None)
        self.sent.append(Sent(topic, key, value, dict(headers), partition, acknowledged))
        return acknowledged

    def to(self, topic: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.topic == topic]

    def letters(self, group: Group) -> tuple[DeadLetter, ...]:
        """Return the dead letters of a group, as `kinelog dlq` reads them."""
        bus = InProcessBus([Topic(group.dead_letters, "Letters.", timedelta(days=1), 1)])
        bus.publish(
            [
                Message(
                    sent.topic, (sent.key or b"").decode(), sent.value, tuple(sent.headers.items())
                )
                for sent in self.to(group.dead_letters)
            ]
        )
        return list_dead_letters(bus, group)


def offline_app(folder: Path, outbox: Outbox, group: str = "workers") -> FollowingApp:
    app = make_app(group, bootstrap="127.0.0.1:1", folder=folder / "faust", partitions=2)
    app.publish = outbox.publish  # type: ignore[method-assign]
    return app
