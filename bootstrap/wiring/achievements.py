"""Who checks achievements: a thread where one process is the whole platform, else a worker."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread
from typing import Any, Final

from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from adapters.sql.leader_lock import PostgresLeaderLock
from application.achievements.subscription import AchievementRunner
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import draw

LOCK: Final = 7_595_438_424
"""Of the advisory lock that the one who checks holds; that of read models is another one."""


class NoLock:
    """The turn where there is nobody else."""

    def take(self) -> bool:
        return True

    def release(self) -> None:
        pass  # nobody waits for it


@contextmanager
def build_achievement_runner(
    settings: Settings, platform: Platform
) -> Generator[AchievementRunner]:
    """Lend who checks what is due on this platform. Raises StorageUnavailable."""
    shared: dict[str, Any] = {
        "fresh": platform.fresh,
        "patience_s": platform.patience_s,
        "achieving": platform.achieving,
        "draw": draw,
    }
    with ExitStack() as opened:
        if settings.postgres_url is None:
            file = settings.home / "log.sqlite3"
            yield AchievementRunner(
                log=opened.enter_context(closing(SqliteEncodedLog(file))),
                tail=PollingTail(platform.log),
                tenants=opened.enter_context(closing(SqliteHashChain(file))).answered,
                turn=NoLock(),
                **shared,
            )
            return
        url = settings.postgres_url.get_secret_value()
        yield AchievementRunner(
            log=opened.enter_context(closing(PostgresEncodedLog(url))),
            tail=opened.enter_context(closing(NotifyTail(url))),
            tenants=opened.enter_context(closing(PostgresHashChain(url))).answered,
            turn=PostgresLeaderLock(url, lock=LOCK),
            **shared,
        )


@contextmanager
def embedded_achievements(settings: Settings, platform: Platform) -> Generator[None]:
    """Check achievements on a thread until the end of the block.

    On many machines `kinelog worker achievements` does it.
    """
    if settings.postgres_url is not None:
        yield
        return
    stop = Event()
    with build_achievement_runner(settings, platform) as runner:
        thread = Thread(target=runner.run, args=(stop,), name="achievements", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(settings.shutdown_s)  # what is not done by then is still due
