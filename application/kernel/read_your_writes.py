"""Whoever has just written something sees it when they read: they wait for the read models."""

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final, Protocol

import structlog

from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import ProjectionStore, Table
from domain.kernel import Projection, Rejected

DEADLINE_S: Final = 2.0
"""How long an answer may wait for the read models; then it is given anyway."""

LOOK_S: Final = 1.0
"""A waking call may get lost on the way: look at least this often."""

logger: Any = structlog.get_logger()


class ReadModelsStale(Rejected):
    """The read models do not hold everything up to that position yet; ask again in a moment."""

    code = "read_model.stale"
    kind = "unavailable"


class Movement(Protocol):
    """Wakes whoever waits for read models to go on. Raises nothing: who is not woken looks."""

    def seen(self) -> int:
        """How often read models are known to have gone on."""
        ...

    def wait(self, seen: int, timeout_s: float) -> None:
        """Return when they have gone on more often than `seen`, or when the time has run out."""
        ...


def wait_until(
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    position: int,
    timeout_s: float,
    movement: Movement,
) -> bool:
    """Wait until read models hold every event up to a position; False where they do not.

    Those that are not served yet are not waited for. Raises StorageUnavailable.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        seen = movement.seen()
        standing = tables.live(projections)
        now = _reached(standing)
        if now is None or now >= position:
            held = [table for table in standing if table.position >= position]
            return len(held) == len(projections)
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        movement.wait(seen, min(left, LOOK_S))


def _reached(standing: Sequence[Table]) -> int | None:
    """Give the position up to which all are; None where there is none."""
    return min((table.position for table in standing), default=None)


class ReadYourWrites:
    """Waits for the read models after each command, but not for a runner that is not there.

    When a wait has been in vain, the next ones end at once until the read models go on again: a
    runner that is away costs one deadline, not one a command.
    """

    def __init__(
        self,
        tables: ProjectionStore,
        projections: Sequence[Projection[Any]],
        movement: Movement,
        *,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._tables = tables
        self._projections = projections
        self._movement = movement
        self._deadline_s = deadline_s
        self._stands_at: int | None = None
        self._lock = Lock()

    def settled(self, position: int) -> bool:
        """Wait for a command's events; False where the answer has to be given without them.

        Nothing is raised: the events are stored, whatever is wrong with the read models.
        """
        try:
            return self._settled(position)
        except StorageUnavailable as away:
            logger.warning("read_models.unavailable", reason=away.detail)
            return False

    def wait_until(self, position: int, timeout_s: float) -> bool:
        """Wait until the read models hold every event up to a position; False if they do not.

        Raises StorageUnavailable.
        """
        return wait_until(self._tables, self._projections, position, timeout_s, self._movement)

    def _settled(self, position: int) -> bool:
        now = _reached(self._tables.live(self._projections))
        with self._lock:
            in_vain = now is not None and now == self._stands_at
        if self.wait_until(position, 0.0 if in_vain else self._deadline_s):
            return True
        now = _reached(self._tables.live(self._projections))
        with self._lock:
            self._stands_at = now if now is not None and now < position else None
        return False
