"""Build the workers that check and encode trainers' videos."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final

import structlog

from application.content.workers import ContentWorker
from application.platform import Platform
from bootstrap.settings import Settings

RETRY_S: Final = 5.0
"""Pause of a worker after an unexpected error."""

logger: Any = structlog.get_logger()


@contextmanager
def working_on_content(settings: Settings, platform: Platform) -> Generator[None]:
    """Check and encode uploaded videos on threads until the end of the block.

    One thread checks, so no check waits for an encoding. A job in progress at the end is continued
    by the next process.
    """
    stop = Event()
    workers = [build_checks(platform)]
    workers += [build_encodings(platform) for _ in range(settings.content_encoders)]
    threads = [
        Thread(target=_run, args=(worker, stop), name=f"content-{worker.step}", daemon=True)
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(settings.shutdown_s)


def build_checks(platform: Platform) -> ContentWorker:
    """Build a worker that checks files which arrived."""
    checker = platform.checker
    return ContentWorker(
        "check",
        platform.content_queue.jobs,
        platform.log,
        checker.check_file,
        checker.give_up,
        checker.abandon,
    )


def build_encodings(platform: Platform) -> ContentWorker:
    """Build a worker that encodes films which passed their checks."""
    publisher = platform.publisher
    return ContentWorker(
        "encode",
        platform.content_queue.jobs,
        platform.log,
        publisher.encode_video,
        publisher.give_up,
        publisher.abandon,
    )


def _run(worker: ContentWorker, stop: Event) -> None:
    while not stop.is_set():
        try:
            worker.run(stop)
        except Exception:
            logger.exception("content_jobs.failed", step=worker.step)
            stop.wait(RETRY_S)
