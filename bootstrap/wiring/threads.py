"""Threads of background work, which end with a block."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final

import structlog

from domain.kernel import Rejected

RETRY_S: Final = 5.0
"""Pause before work is begun again that an error ended."""

Work = Callable[[Event], object]
"""Work until its event is set."""

logger: Any = structlog.get_logger()


@contextmanager
def running(work: Mapping[str, Work], shutdown_s: float) -> Generator[None]:
    """Run each work on a thread of its name until the end of the block, which sets its event.

    What a thread has not finished `shutdown_s` seconds later stays due: the next process does it.
    """
    stop = Event()
    threads = [
        Thread(target=run, args=(stop,), name=name, daemon=True) for name, run in work.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(shutdown_s)


def keep_running(work: str, run: Work, stop: Event) -> None:
    """Run until `stop` is set, again after a pause if an error or an outage ends it."""
    while not stop.is_set():
        try:
            run(stop)
        except Rejected as obstacle:
            reason = obstacle.detail
            logger.warning("work.interrupted", work=work, code=obstacle.code, reason=reason)
            stop.wait(RETRY_S)
        except Exception:
            logger.exception("work.failed", work=work)
            stop.wait(RETRY_S)
