"""Background tasks, run after the response so that its duration reveals nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any, Final

import structlog

from domain.kernel import Rejected

logger: Any = structlog.get_logger()

MAX_QUEUED: Final = 1000


class QueueFull(Rejected):
    """Too many background tasks are queued. Try again later."""

    code = "background.too_much"
    kind = "unavailable"


class Background:
    """Runs tasks one after another on its own thread, in order of submission.

    A failure is logged, without personal data, and does not stop the rest. `max_queued` bounds the
    queue under a flood of requests; further tasks are rejected.
    """

    def __init__(self, *, max_queued: int = MAX_QUEUED) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._slots = BoundedSemaphore(max_queued)

    def __call__(self, task: Callable[[], object]) -> None:
        """Queue a task. Raises QueueFull."""
        if not self._slots.acquire(blocking=False):
            raise QueueFull
        self._thread.submit(self._run, task)

    def close(self) -> None:
        """Finish all queued tasks; accept no more."""
        self._thread.shutdown(wait=True)

    def _run(self, task: Callable[[], object]) -> None:
        try:
            task()
        except Rejected as refused:
            logger.error("background_work_failed", code=refused.code)  # noqa: TRY400  expected
        except Exception:
            logger.exception("background_work_failed")
        finally:
            self._slots.release()
