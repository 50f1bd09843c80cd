"""Whoever works on something holds it, so that nobody else does, and is believed gone if silent."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog

from application.kernel.ports import StorageUnavailable

log = structlog.get_logger()


@contextmanager
def held(keep: Callable[[], bool], every_s: float) -> Generator[None]:
    """Hold something until the end of the block, however long that takes.

    `keep` says so once more, every so many seconds, from another thread; where it gives False, or
    the store is away for too long, it is somebody else's by then, and the block goes on unheld.
    """
    over = threading.Event()
    keeping = threading.Thread(target=_keep, args=(keep, every_s, over), daemon=True)
    keeping.start()
    try:
        yield
    finally:
        over.set()
        keeping.join()


def _keep(keep: Callable[[], bool], every_s: float, over: threading.Event) -> None:
    while not over.wait(every_s):
        try:
            if not keep():
                return
        except StorageUnavailable as away:
            log.warning("lease.not_kept", reason=away.detail)
