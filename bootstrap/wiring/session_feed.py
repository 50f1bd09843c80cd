"""Build the channels of live sessions between processes: of their feed and of their poses."""

from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.session_feed.memory import MemoryProgress
from application.kernel.ports import EventLog
from application.live.feed import FeedChannel, SessionFeed
from application.live.pose_channel import PoseChannel, SingleProcess
from bootstrap.settings import Settings


@contextmanager
def build_feed_channel(settings: Settings) -> Generator[FeedChannel]:
    """Open the channel: Redis if its URL is set, otherwise the memory of this process."""
    if settings.redis_url is None:
        yield MemoryProgress()
        return
    from adapters.session_feed.redis import RedisProgress  # noqa: PLC0415  loads two clients

    with closing(RedisProgress(settings.redis_url.get_secret_value())) as channel:
        yield channel


def build_session_feed(settings: Settings, log: EventLog, channel: FeedChannel) -> SessionFeed:
    """Build the feed of sessions of a platform with several processes.

    Without Redis, processes do not notify each other, and poll the log instead.
    """
    if settings.redis_url is None:
        return SessionFeed(log, channel, quiet_rounds=1)
    return SessionFeed(log, channel)


@contextmanager
def build_pose_channel(settings: Settings) -> Generator[PoseChannel]:
    """Open the channel of live poses: Redis if its URL is set, otherwise this process alone."""
    if settings.redis_url is None:
        yield SingleProcess()
        return
    from adapters.pose_channel.redis import RedisPoseChannel  # noqa: PLC0415  loads two clients

    with closing(RedisPoseChannel(settings.redis_url.get_secret_value())) as channel:
        yield channel
