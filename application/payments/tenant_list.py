"""List of tenants that is read from the log every few minutes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from application.kernel.ports import Clock
from domain.ids import TenantId

TENANTS_KEPT: Final = timedelta(minutes=5)
"""Time for which the list of tenants is kept, as it costs a scan of the log."""


class TenantList:
    """Returns the tenants of the log, at most 5 minutes old. Several threads may share it."""

    def __init__(self, load: Callable[[], Iterable[TenantId]], clock: Clock) -> None:
        self._load = load
        self._clock = clock
        self._lock = Lock()
        self._tenants: tuple[TenantId, ...] = ()
        self._loaded_at: datetime | None = None

    def __call__(self) -> tuple[TenantId, ...]:
        """Return the tenants. Raises what `load` raises, and loads again at the next call."""
        with self._lock:
            now = self._clock()
            if self._loaded_at is None or now - self._loaded_at >= TENANTS_KEPT:
                self._tenants, self._loaded_at = tuple(self._load()), now
            return self._tenants
