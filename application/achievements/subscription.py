"""Achievements follow the log: whenever a session is completed, its athlete's are checked.

Nothing is remembered of how far the log was followed: at the beginning of its turn a runner looks
at every tenant for what is due, and from then on at those in whose facts there is something new.
"""

from collections.abc import Callable, Iterable
from threading import Event
from typing import Any, Final

import structlog

from application.achievements.service import Achieving
from application.kernel.backoff import Draw
from application.kernel.log_subscription import LOOK_S, OUTAGE, LeaderLock
from application.kernel.ports import LogTail
from application.kernel.relay import EncodedLog
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.sessions.events import SessionCompleted, SessionRestored

BATCH: Final = 5000

_MAKING_DUE: Final[tuple[Any, ...]] = (SessionCompleted, SessionRestored)
MAKING_DUE: Final = frozenset(str(kind.event_name) for kind in _MAKING_DUE)
"""Facts after which a session may have to be checked."""

logger: Any = structlog.get_logger()


class AchievementRunner:
    """Checks what is due for as long as it is its turn; others stand by.

    `tenants` gives all there are. `fresh(position, timeout_s)` waits until the read models have
    all up to a position, for at most `patience_s`; what they do not have by then is due later.
    """

    def __init__(
        self,
        *,
        log: EncodedLog,
        tail: LogTail,
        tenants: Callable[[], Iterable[TenantId]],
        fresh: Callable[[int, float], bool],
        patience_s: float,
        achieving: Achieving,
        turn: LeaderLock,
        draw: Draw,
        look_s: float = LOOK_S,
    ) -> None:
        self._log = log
        self._tail = tail
        self._tenants = tenants
        self._fresh = fresh
        self._patience_s = patience_s
        self._achieving = achieving
        self._turn = turn
        self._draw = draw
        self._look_s = look_s
        self._failed = 0

    def run(self, stop: Event) -> None:
        """Check until told to stop. Outages are waited for, however long they are."""
        while not stop.is_set():
            try:
                self._lead(stop)
            except Rejected as obstacle:
                self._failed += 1
                logger.warning(
                    "achievements.interrupted", code=obstacle.code, reason=obstacle.detail
                )
                stop.wait(OUTAGE.pause_s(self._failed, self._draw))
            finally:
                self._turn.release()

    def _lead(self, stop: Event) -> None:
        """Work until told to stop, or until it is another runner's turn."""
        if not self._turn.take():
            stop.wait(self._look_s)
            return
        position = self._tail.wait(0, 0.0)
        waiting = set(self._tenants())
        logger.info("achievements.lead", position=position)
        while not stop.is_set() and self._turn.take():
            if waiting and self._fresh(position, self._patience_s):
                self._check(waiting, stop)
            self._tail.wait(position, self._look_s)
            position, news = self._news(position)
            waiting |= news

    def _check(self, waiting: set[TenantId], stop: Event) -> None:
        """Check what is due for tenants, and take off those that are done."""
        for tenant in sorted(waiting):
            if stop.is_set():
                return
            checked = self._achieving.check_due(tenant)
            waiting.discard(tenant)
            if checked:
                logger.info("achievements.checked", tenant=tenant, sessions=checked)
        self._failed = 0

    def _news(self, after: int) -> tuple[int, set[TenantId]]:
        """Read on to the end of the log; gives where that is, and who has something due."""
        tenants: set[TenantId] = set()
        while events := self._log.stored(after=after, limit=BATCH):
            after = events[-1].position
            tenants |= {TenantId(each.tenant_id) for each in events if each.name in MAKING_DUE}
        return after, tenants
