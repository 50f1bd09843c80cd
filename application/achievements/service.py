"""After each workout it is looked what it earned, from all that the athlete has trained (R-WKT-08).

What is due is told by the facts themselves: sessions that are completed and not checked. So
nothing is forgotten, wherever a process is lost, what was there before there were achievements is
made up for, and to do it again gives nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

import structlog

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, NewId
from domain.achievements.achievements import ACHIEVEMENTS
from domain.achievements.commands import CheckSessions
from domain.achievements.training_stats import Training, TrainingStats, current_stats
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Origin, Rejected

ACTOR: Final = "achievements"
"""The actor of what is earned: nobody asked for it."""

CHECKS: Final = UUID("5d0f6e0a-6a0c-4c58-9e57-3f1c2b7f7c11")
"""The name space of commands that check sessions."""

log: Any = structlog.get_logger()

Due = tuple[SessionId, ...]
Athlete = tuple[TenantId, UserId]


class TrainingHistory(Protocol):
    """What athletes have trained, as the read models have it.

    Raises StorageUnavailable and ReadModelUnavailable.
    """

    def due(self, tenant_id: TenantId) -> Mapping[UserId, Due]:
        """Tell which sessions are completed, not deleted and not checked, by athlete."""
        ...

    def trainings(self, tenant_id: TenantId, athlete: UserId) -> Sequence[Training]:
        """Give the completed sessions of an athlete that they have not deleted."""
        ...


@dataclass
class Achieving:
    """Checks sessions, which one thread does, and tells how far somebody is, which any may ask.

    `parked` are athletes whose sessions could not be checked, with those: they are left alone
    until another one is due, or until the next start.
    """

    history: TrainingHistory
    commands: CommandHandler
    clock: Clock
    new_id: NewId
    parked: dict[Athlete, Due] = field(default_factory=dict[Athlete, Due], init=False)

    def check_due(self, tenant_id: TenantId) -> int:
        """Check all sessions of a tenant that are due; gives how many those were.

        One athlete whose sessions cannot be checked keeps nobody else waiting. Raises Rejected
        where the store is away: then all of it is to be asked for again.
        """
        checked = 0
        for athlete, due in self.history.due(tenant_id).items():
            if self.parked.get((tenant_id, athlete)) == due:
                continue
            try:
                self._check(tenant_id, athlete, due)
            except Exception as failed:
                if isinstance(failed, Rejected) and failed.kind == "unavailable":
                    raise
                self.parked[tenant_id, athlete] = due
                log.exception("achievements.parked", tenant=tenant_id, user=athlete, due=len(due))
            else:
                self.parked.pop((tenant_id, athlete), None)
                checked += len(due)
        return checked

    def _check(self, tenant_id: TenantId, athlete: UserId, due: Due) -> None:
        check = CheckSessions(
            sessions=due,
            trainings=tuple(self.history.trainings(tenant_id, athlete)),
            at=self.clock(),
        )
        self.commands.execute(
            Request(ACHIEVEMENTS, athlete, [check]),
            origin=Origin(tenant_id=tenant_id, actor=ACTOR, correlation_id=self.new_id()),
            command_id=uuid5(CHECKS, "/".join((athlete, *due))),
        )

    def standing(self, tenant_id: TenantId, athlete: UserId) -> TrainingStats:
        """Tell an athlete's figures, with all they have trained so far and not deleted."""
        return current_stats(self.history.trainings(tenant_id, athlete))
