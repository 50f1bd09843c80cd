"""What is done after an answer has been given, so that how long it takes tells nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any, Final

import structlog

from domain.kernel import Rejected

logger: Any = structlog.get_logger()

MOST_WAITING: Final = 1000


class QueueFull(Rejected):
    """Too much is waiting to be done; try again later."""

    code = "background.too_much"
    kind = "unavailable"


class Background:
    """Does one thing after the other on a thread of its own, in the order they were asked for.

    What fails is logged, without what it was about, and does not stop the rest. `most_waiting`
    bounds what a flood can leave behind; whoever comes then is refused.
    """

    def __init__(self, *, most_waiting: int = MOST_WAITING) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._places = BoundedSemaphore(most_waiting)

    def __call__(self, work: Callable[[], object]) -> None:
        """Do this later. Raises QueueFull."""
        if not self._places.acquire(blocking=False):
            raise QueueFull
        self._thread.submit(self._do, work)

    def close(self) -> None:
        """Finish what has been asked for; nothing more is taken."""
        self._thread.shutdown(wait=True)

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Rejected as refused:
            logger.error("background_work_failed", code=refused.code)  # noqa: TRY400  expected
        except Exception:
            logger.exception("background_work_failed")
        finally:
            self._places.release()
