"""Leases: exclusive, expiring ownership."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog

from application.kernel.ports import StorageUnavailable

log = structlog.get_logger()


@contextmanager
def keep_alive(renew: Callable[[], bool], every_s: float) -> Generator[None]:
    """Renew a lease until the end of the block, from another thread.

    If `renew` returns False, or the store is unavailable for longer than the lease lasts, another
    process may own the lease. The block continues without it.
    """
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(renew, every_s, over), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()


def _renew(renew: Callable[[], bool], every_s: float, over: threading.Event) -> None:
    while not over.wait(every_s):
        try:
            if not renew():
                return
        except StorageUnavailable as failed:
            log.warning("lease.not_renewed", reason=failed.detail)
