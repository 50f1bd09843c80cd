"""Finds the plans of a trainer, to withdraw them with the role."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from domain.ids import PlanId, TenantId, UserId
from projections.plan import PLAN

FRESH_WITHIN_S: Final = 5.0
"""Longest wait for the rows of the latest events, in seconds."""


@dataclass(frozen=True)
class PlanOffers:
    """Finds the plans that a trainer may offer.

    `fresh(position, timeout_s)` waits until `read` has all events up to a position.
    """

    log: EventLog
    read: ReadModels
    fresh: Callable[[int, float], bool]

    def of_trainer(self, tenant_id: TenantId, trainer_id: UserId) -> tuple[PlanId, ...]:
        """Return the ids of a trainer's plans, also of those that are not offered.

        A row may be older than the log, so that its plan was published since.
        """
        self.fresh(self.log.head(), FRESH_WITHIN_S)
        rows = self.read.by(PLAN, tenant_id, "trainer_id", [trainer_id])[trainer_id]
        return tuple(row.id for row in rows)
