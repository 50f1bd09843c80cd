"""What is to be done every day is done once a day for each tenant, by one of all processes.

A day's work begins at an hour of the day, UTC. Whoever does it holds it; where that process dies,
another one begins it again, which changes nothing that was done. It is about all that is due, so
that a day on which nobody was there is made up for by the next one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Event
from typing import Final, Literal, Protocol
from uuid import UUID

import structlog

from application.kernel.leases import keep_alive
from application.kernel.ports import Clock, NewId
from application.privacy.due_erasures import run_due
from application.privacy.erasure import ErasureService
from application.privacy.retention import RetentionService
from domain.ids import TenantId
from domain.kernel import Origin, Rejected

LOOK_S: Final = 60.0
"""So often a process looks whether there is something to do."""

LEASE_S: Final = 60.0
"""How long a day's work stays with a process that is not heard of."""

RETRY_S: Final = 600.0
"""After so long something that failed is tried again."""

ACTOR: Final = "daily-work"
"""The actor of what happens because its time has come."""

log = structlog.get_logger()


class DailyLeases(Protocol):
    """Who does the work of a day for a tenant, and whether it is done, by the store's clock.

    Every method raises StorageUnavailable.
    """

    def take(
        self, tenant_id: TenantId, owner: UUID, day: date, lease_s: float
    ) -> Literal["taken", "held", "done"]:
        """Hold a day's work for so many seconds, unless somebody does, or it is done already."""
        ...

    def keep(self, tenant_id: TenantId, owner: UUID, lease_s: float) -> bool:
        """Hold it for so many seconds from now; False where it is not the owner's any more."""
        ...

    def done(self, tenant_id: TenantId, owner: UUID, day: date) -> None:
        """Note that a day's work is done, where it is still the owner's."""
        ...


@dataclass(frozen=True)
class DailyTasks:
    """What is done for a tenant each day: whoever is due is forgotten, and what is old goes."""

    erasure: ErasureService
    retention: RetentionService
    new_id: NewId

    def __call__(self, tenant_id: TenantId) -> None:
        """Do it, and say in the log what was done. Raises Rejected; then it is done again.

        An erasure that failed as something was out of reach is a reason to do so.
        """
        origin = Origin(tenant_id=tenant_id, actor=ACTOR, correlation_id=self.new_id())
        carried = run_due(self.erasure, origin)
        for who, problem in carried.failed.items():
            log.error("daily.erasure_failed", tenant=tenant_id, user=who, code=problem.code)
        for who in carried.refused:
            log.error("daily.erasure_not_certified", tenant=tenant_id, user=who)
        removed = self.retention.run(tenant_id, dry_run=False)
        for problem in carried.failed.values():
            if problem.kind == "unavailable":
                raise problem
        log.info(
            "daily.done", tenant=tenant_id, forgotten=len(carried.certified), removed=dict(removed)
        )


@dataclass
class DailyWork:
    """Looks what is to be done. Belongs to one thread.

    `chores` is given each of the `tenants`; `begins` is the time of day, UTC.
    """

    leases: DailyLeases
    tenants: Callable[[], Iterable[TenantId]]
    chores: Callable[[TenantId], object]
    owner: UUID
    clock: Clock
    begins: timedelta
    lease_s: float = LEASE_S
    _over: date | None = field(default=None, init=False)

    def run(self, stop: Event) -> None:
        """Look at once, and then again and again until told to end."""
        self.look(stop)
        while not stop.wait(LOOK_S):
            self.look(stop)

    def look(self, stop: Event | None = None) -> None:
        """Do what has not been done today and what nobody does; whatever fails is tried later."""
        day = (self.clock() - self.begins).date()
        if day == self._over:
            return
        try:
            states = [
                self._did(tenant, day)
                for tenant in sorted(self.tenants())
                if stop is None or not stop.is_set()
            ]
        except Rejected as away:
            log.warning("daily.out_of_reach", code=away.code, reason=away.detail)
            return
        if all(states) and not (stop is not None and stop.is_set()):
            self._over = day

    def _did(self, tenant_id: TenantId, day: date) -> bool:
        """Whether a tenant's day is over, after doing its work if nobody does."""
        state = self.leases.take(tenant_id, self.owner, day, self.lease_s)
        if state != "taken":
            return state == "done"
        try:
            with keep_alive(
                lambda: self.leases.keep(tenant_id, self.owner, self.lease_s), self.lease_s / 3
            ):
                self.chores(tenant_id)
        except Exception as failed:
            foreseen = isinstance(failed, Rejected)
            log.exception("daily.failed", tenant=tenant_id, exc_info=not foreseen)
            self.leases.keep(tenant_id, self.owner, RETRY_S)
            return False
        self.leases.done(tenant_id, self.owner, day)
        return True
