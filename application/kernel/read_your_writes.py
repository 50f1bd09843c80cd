"""Read-your-writes: wait for a position."""

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final, Protocol

import structlog

from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import ProjectionStore, Table
from domain.kernel import Projection, Rejected

DEADLINE_S: Final = 2.0
"""Longest wait for the read models after a command; then the response is sent anyway."""

POLL_S: Final = 1.0
"""A notification may get lost: poll at least this often."""

logger: Any = structlog.get_logger()


class ReadModelsStale(Rejected):
    """The read models have not reached that position yet. Try again in a moment."""

    code = "read_model.stale"
    kind = "unavailable"


class PositionUnknown(Rejected):
    """The log does not reach that position. Send one that a command returned."""

    code = "position.unknown"
    kind = "stale"


class Movement(Protocol):
    """Notifies of progress of the read models. Raises nothing: without it, waiters poll."""

    def seen(self) -> int:
        """Return how often progress was notified."""
        ...

    def wait(self, seen: int, timeout_s: float) -> None:
        """Return after more than `seen` notifications, or on timeout."""
        ...


def wait_until(
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    position: int,
    timeout_s: float,
    movement: Movement,
) -> bool:
    """Wait until the read models contain every event up to a position; False on timeout.

    Read models without a live table are not waited for. Raises StorageUnavailable.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        seen = movement.seen()
        live = tables.live(projections)
        now = _reached(live)
        if now is None or now >= position:
            reached = [table for table in live if table.position >= position]
            return len(reached) == len(projections)
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        movement.wait(seen, min(left, POLL_S))


def _reached(tables: Sequence[Table]) -> int | None:
    """Return the lowest position of the tables, None if there are none."""
    return min((table.position for table in tables), default=None)


class ReadYourWrites:
    """Waits for the read models after each command, but only once for a runner that is down.

    After a timeout the next waits end at once until the read models advance again: a runner that is
    down costs one deadline, not one per command.
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
        self._stalled_at: int | None = None
        self._lock = Lock()

    def settled(self, position: int) -> bool:
        """Wait for the events of a command; False if the response has to be sent without them.

        Raises nothing: the events are stored, whatever the state of the read models.
        """
        try:
            return self._settled(position)
        except StorageUnavailable as failed:
            logger.warning("read_models.unavailable", reason=failed.detail)
            return False

    def wait_until(self, position: int, timeout_s: float) -> bool:
        """Wait until the read models contain every event up to a position; False on timeout.

        Raises StorageUnavailable.
        """
        return wait_until(self._tables, self._projections, position, timeout_s, self._movement)

    def _settled(self, position: int) -> bool:
        now = _reached(self._tables.live(self._projections))
        with self._lock:
            is_stalled = now is not None and now == self._stalled_at
        if self.wait_until(position, 0.0 if is_stalled else self._deadline_s):
            return True
        now = _reached(self._tables.live(self._projections))
        with self._lock:
            self._stalled_at = now if now is not None and now < position else None
        return False
