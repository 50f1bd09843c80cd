"""Achievements after completed sessions, from all the training of the athlete (R-WKT-08).

The events themselves show what is pending: sessions that are completed and not checked. So no
session is missed if a process crashes, sessions from before there were achievements are checked
too, and checking a session again has no effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

import structlog

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.outages import is_outage
from application.kernel.ports import Clock, NewId
from domain.achievements.achievements import ACHIEVEMENTS
from domain.achievements.commands import CheckSessions
from domain.achievements.training_stats import Training, TrainingStats, progress_stats
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Origin

ACTOR: Final = "achievements"
"""Actor of the events: no user caused them."""

CHECKS: Final = UUID("5d0f6e0a-6a0c-4c58-9e57-3f1c2b7f7c11")
"""Namespace of the command ids."""

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DueSession:
    """A session to check; `restored_at` if it had been deleted and was restored."""

    id: SessionId
    restored_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return the name of the check, the same until the session is restored again."""
        return self.id if self.restored_at is None else f"{self.id} {self.restored_at.isoformat()}"


Due = tuple[DueSession, ...]
Athlete = tuple[TenantId, UserId]


class TrainingHistory(Protocol):
    """Training of the athletes, from the read models.

    Raises StorageUnavailable and ReadModelUnavailable.
    """

    def due(self, tenant_id: TenantId) -> Mapping[UserId, Due]:
        """Return the sessions to check by athlete: completed, not deleted and not checked.

        A session that was deleted and restored counts as not checked.
        """
        ...

    def trainings(self, tenant_id: TenantId, athlete: UserId) -> Sequence[Training]:
        """Return the completed sessions of an athlete that are not deleted."""
        ...


@dataclass
class AchievementService:
    """Achievement service: checks sessions (one thread), returns training statistics (any thread).

    `skipped` are athletes whose check failed, with their pending sessions: they are skipped until
    another session is pending, or until the next start.
    """

    history: TrainingHistory
    commands: CommandHandler
    clock: Clock
    new_id: NewId
    skipped: dict[Athlete, Due] = field(default_factory=dict[Athlete, Due], init=False)

    def award_pending(self, tenant_id: TenantId) -> int:
        """Check all pending sessions of a tenant and return their number.

        An athlete whose check fails does not delay the others. Raises Rejected if the store is
        unavailable: then call it again.
        """
        checked = 0
        for athlete, due in self.history.due(tenant_id).items():
            if self.skipped.get((tenant_id, athlete)) == due:
                continue
            try:
                self._check(tenant_id, athlete, due)
            except Exception as failed:
                if is_outage(failed):
                    raise
                self.skipped[tenant_id, athlete] = due
                log.exception("achievements.skipped", tenant=tenant_id, user=athlete, due=len(due))
            else:
                self.skipped.pop((tenant_id, athlete), None)
                checked += len(due)
        return checked

    def _check(self, tenant_id: TenantId, athlete: UserId, due: Due) -> None:
        check = CheckSessions(
            sessions=tuple(each.id for each in due),
            restored=frozenset(each.id for each in due if each.restored_at is not None),
            trainings=tuple(self.history.trainings(tenant_id, athlete)),
            at=self.clock(),
        )
        self.commands.execute(
            Request(ACHIEVEMENTS, athlete, [check]),
            origin=Origin(tenant_id=tenant_id, actor=ACTOR, correlation_id=self.new_id()),
            command_id=uuid5(CHECKS, "/".join((athlete, *(each.key for each in due)))),
        )

    def stats(self, tenant_id: TenantId, athlete: UserId, today: date) -> TrainingStats:
        """Return an athlete's progress as of their local day, without deleted sessions."""
        return progress_stats(self.history.trainings(tenant_id, athlete), today)
