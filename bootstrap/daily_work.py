"""Where one process is the whole platform, it does the work of each day itself, beside all else."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from application.platform import Platform
from application.privacy.daily_work import LOOK_S
from bootstrap.settings import Settings
from domain.kernel import Rejected

log = structlog.get_logger()


@contextmanager
def embedded_daily_work(settings: Settings, platform: Platform) -> Generator[None]:
    """Do the daily work on a thread until the end of the block, a minute after its beginning.

    On many machines `kinelog worker daily` does it.
    """
    if settings.postgres_url is not None:
        yield
        return
    stop = Event()
    thread = Thread(target=_work, args=(platform, stop), name="daily work", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(settings.shutdown_s)  # what is not done by then is begun again


def _work(platform: Platform, stop: Event) -> None:
    while not stop.wait(LOOK_S):
        try:
            daily = platform.privacy().daily()
        except Rejected as away:
            log.warning("daily.out_of_reach", code=away.code, reason=away.detail)
        else:
            daily.run(stop)
