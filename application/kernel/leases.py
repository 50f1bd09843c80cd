"""Leases: exclusive, expiring ownership."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

import structlog

from application.kernel.ports import StorageUnavailable

POLL_S: Final = 1.0
"""Interval at which a store that is away is tried again."""

log = structlog.get_logger()


def give_back(save: Callable[[], object], stop: threading.Event, work: str) -> None:
    """Save a job that others may take, as soon as its store is available.

    Otherwise each outage of the store would count as an attempt of the job. Raises
    StorageUnavailable if the store is still away at the stop.
    """
    while True:
        try:
            save()
        except StorageUnavailable as away:
            if stop.wait(POLL_S):
                raise
            log.warning("jobs.unavailable", work=work, reason=away.detail)
        else:
            return


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
