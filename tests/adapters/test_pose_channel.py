"""Channel of live poses on Redis."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

from adapters.pose_channel.redis import RedisPoseChannel
from domain.ids import DEFAULT_TENANT
from tests.plugins.services import Service

NOBODY_ANSWERS = "redis://127.0.0.1:9/0"


async def eventually(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():  # noqa: ASYNC110  changed by another process
            await asyncio.sleep(0.01)


def test_only_other_processes_receive_a_message(redis: Service) -> None:
    """R-LIV-17: and only those that watch the session."""
    watched, other = ((DEFAULT_TENANT, uuid4().hex) for _ in range(2))

    async def main() -> None:
        with (
            closing(RedisPoseChannel(redis.address)) as sender,
            closing(RedisPoseChannel(redis.address)) as receiver,
        ):
            here: list[str] = []
            there: list[str] = []
            async with sender.listen(watched, here.append), receiver.listen(watched, there.append):
                await eventually(lambda: sender.is_watched(watched))
                sender.publish(other, "of another session")
                sender.publish(watched, "1")
                sender.publish(watched, "2")
                await eventually(lambda: len(there) == 2)
            assert (here, there) == ([], ["1", "2"])
            await eventually(lambda: not sender.is_watched(watched))

    asyncio.run(main())


def test_an_unavailable_redis_delays_nobody() -> None:
    """R-EVT-20: viewers of this process are shown the poses all the same."""
    watched = (DEFAULT_TENANT, uuid4().hex)

    async def main() -> None:
        with closing(RedisPoseChannel(NOBODY_ANSWERS)) as channel:
            async with channel.listen(watched, print):
                for _ in range(200):
                    channel.publish(watched, "lost")
                    assert not channel.is_watched(watched)

    asyncio.run(main())


def test_a_viewer_is_connected_again_after_an_outage(redis: Service) -> None:
    """R-OPS-09."""
    watched = (DEFAULT_TENANT, uuid4().hex)

    async def main() -> None:
        with (
            closing(RedisPoseChannel(redis.address)) as sender,
            closing(RedisPoseChannel(redis.address, open_s=0.05)) as receiver,
        ):
            shown: list[str] = []
            async with receiver.listen(watched, shown.append):
                await asyncio.to_thread(disconnect_subscribers, sender)

                def is_shown() -> bool:
                    sender.publish(watched, "after the outage")
                    return bool(shown)

                await eventually(is_shown)

    asyncio.run(main())


def disconnect_subscribers(channel: RedisPoseChannel) -> None:
    """Close the connections of the subscribers, as a restart of Redis does."""
    client = channel._redis
    for each in client.client_list(_type="pubsub"):
        client.client_kill_filter(_id=each["id"])
