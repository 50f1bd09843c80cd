"""How news of sessions get from where they happen to whoever follows them."""

from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.session_feed.memory import MemoryProgress
from application.kernel.ports import EventLog
from application.live.feed import FeedChannel
from application.live.feed_reader import SessionFeed
from bootstrap.settings import Settings


@contextmanager
def build_feed_channel(settings: Settings) -> Generator[FeedChannel]:
    """Open the channel: Redis where there is one, else the memory of this process."""
    if settings.redis_url is None:
        yield MemoryProgress()
        return
    from adapters.session_feed.redis import RedisProgress  # noqa: PLC0415  loads two clients

    with closing(RedisProgress(settings.redis_url.get_secret_value())) as channel:
        yield channel


def build_session_feed(settings: Settings, log: EventLog, channel: FeedChannel) -> SessionFeed:
    """Give the progress of sessions that many processes take part in.

    Without Redis nobody hears of the others' facts, and looks for them in the log.
    """
    if settings.redis_url is None:
        return SessionFeed(log, channel, quiet_rounds=1)
    return SessionFeed(log, channel)
