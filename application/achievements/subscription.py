"""Achievement subscription: awards achievements when sessions are completed.

The log's position is not stored: a new leader checks every tenant once, and from then on those
with relevant new events.
"""

from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, Final

import structlog

from application.achievements.service import AchievementService
from application.kernel.cloud_events import EncodedEvent
from application.kernel.ports import LogTail
from application.kernel.relay import EncodedLog
from application.kernel.subscription import (
    LOG,
    POLL_S,
    AllOrNothing,
    Checkpoint,
    Draw,
    LeaderLock,
    LogSource,
    Policy,
    Records,
    Subscription,
)
from domain.ids import TenantId
from domain.sessions.events import SessionCompleted, SessionRestored

BATCH: Final = 5000

_TRIGGERS: Final[tuple[Any, ...]] = (SessionCompleted, SessionRestored)
TRIGGERS: Final = frozenset(str(kind.event_name) for kind in _TRIGGERS)
"""Events after which a session may have to be checked."""

logger: Any = structlog.get_logger()


class AchievementProcessor(AllOrNothing[EncodedEvent]):
    """Checks the pending sessions of tenants with relevant events.

    `tenants` returns all tenants. `fresh(position, timeout_s)` waits until the read models contain
    everything up to a position, for at most `patience_s`; otherwise the check waits for the next
    batch, which may be empty.
    """

    name = "achievements"

    def __init__(
        self,
        *,
        end: Callable[[], Checkpoint],
        tenants: Callable[[], Iterable[TenantId]],
        fresh: Callable[[int, float], bool],
        patience_s: float,
        achievements: AchievementService,
    ) -> None:
        self._end = end
        self._tenants = tenants
        self._fresh = fresh
        self._patience_s = patience_s
        self._achievements = achievements
        self._pending: set[TenantId] = set()
        self._stop = Event()

    def start(self, stop: Event) -> Checkpoint:
        """Make all tenants pending, and begin at the end of the log."""
        self._stop = stop
        end = self._end()
        self._pending = set(self._tenants())
        return end

    def process(self, batch: Records[EncodedEvent]) -> Checkpoint:
        """Make tenants with relevant events pending, and check pending ones."""
        self._pending |= {TenantId(e.tenant_id) for e in batch.records if e.name in TRIGGERS}
        if self._pending and self._fresh(batch.reached[LOG], self._patience_s):
            self._check()
        return batch.reached

    def _check(self) -> None:
        for tenant in sorted(self._pending):
            if self._stop.is_set():
                return
            checked = self._achievements.award_pending(tenant)
            self._pending.discard(tenant)
            if checked:
                logger.info("achievements.checked", tenant=tenant, sessions=checked)


def achievement_subscription(
    *,
    log: EncodedLog,
    tail: LogTail,
    tenants: Callable[[], Iterable[TenantId]],
    fresh: Callable[[int, float], bool],
    patience_s: float,
    achievements: AchievementService,
    lock: LeaderLock,
    draw: Draw,
    poll_s: float = POLL_S,
) -> Subscription[EncodedEvent]:
    """Return the subscription that awards achievements."""
    source = LogSource(log, tail)
    processor = AchievementProcessor(
        end=source.end,
        tenants=tenants,
        fresh=fresh,
        patience_s=patience_s,
        achievements=achievements,
    )
    return Subscription(source, processor, lock, Policy(batch_size=BATCH, poll_s=poll_s), draw=draw)
