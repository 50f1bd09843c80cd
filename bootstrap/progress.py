"""How news of sessions get from where they happen to whoever follows them."""

from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.progress.memory import MemoryProgress
from application.ports import EventLog
from application.progress import ProgressChannel
from application.progress_following import SessionProgress
from bootstrap.settings import Settings


@contextmanager
def channel_of(settings: Settings) -> Generator[ProgressChannel]:
    """Open the channel: Redis where there is one, else the memory of this process."""
    if settings.redis_url is None:
        yield MemoryProgress()
        return
    from adapters.progress.redis import RedisProgress  # noqa: PLC0415  loads two clients

    with closing(RedisProgress(settings.redis_url.get_secret_value())) as channel:
        yield channel


def progress_of(settings: Settings, log: EventLog, channel: ProgressChannel) -> SessionProgress:
    """Give the progress of sessions that many processes take part in.

    Without Redis nobody hears of the others' facts, and looks for them in the log.
    """
    if settings.redis_url is None:
        return SessionProgress(log, channel, quiet_rounds=1)
    return SessionProgress(log, channel)
