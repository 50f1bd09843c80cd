"""Trials of plans: once per person and plan."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID, uuid5

from application.kernel.read_models import ReadModels
from domain.catalog.plan import Drafted
from domain.ids import PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Rejected
from domain.subscriptions.states import NotCreated, Subscription
from projections.plan import Plan
from projections.subscription import SUBSCRIPTION

SUBSCRIPTION_IDS: Final = UUID("01a200f5-19a4-7c1e-9b58-6f0d3c2e7a41")
"""Namespace of the ids of subscriptions."""


class NoTrial(Rejected):
    """This plan has no trial. Enroll without one."""

    code = "plan.no_trial"


class TrialUsed(Rejected):
    """You have tried this plan before. Enroll without a trial."""

    code = "plan.trial_used"


class TrialWithheld(Rejected):
    """A subscription of yours is unpaid, or ended so within a year. Enroll without a trial."""

    code = "plan.trial_withheld"


def trial_of(tenant_id: TenantId, user_id: UserId, plan_id: PlanId) -> SubscriptionId:
    """Return the id of the subscription that begins with a trial: one per person and plan."""
    return SubscriptionId(str(uuid5(SUBSCRIPTION_IDS, f"{tenant_id}/{user_id}/{plan_id}/trial")))


def check_trial(plan: Drafted, before: Subscription, *, has_grace: bool) -> None:
    """Raise NoTrial, TrialUsed or TrialWithheld."""
    if plan.trial_days == 0:
        raise NoTrial
    if not isinstance(before, NotCreated):
        raise TrialUsed
    if not has_grace:
        raise TrialWithheld


@dataclass(frozen=True)
class UnusedTrials:
    """Trials that a user has not had, by the read models. Subscriptions are read once.

    They do not depend on the time, because lists of plans are cached until a read model changes.
    The trial of a plan can still be refused because another subscription is unpaid.
    """

    read: ReadModels
    tenant_id: TenantId
    user_id: UserId

    def include(self, plan: Plan) -> bool:
        """Return whether a plan has a trial that the user has not had."""
        if plan.trial_days == 0 or plan.offered is None or not plan.offered.terms.prices:
            return False
        return trial_of(self.tenant_id, self.user_id, plan.id) not in self._subscriptions

    @cached_property
    def _subscriptions(self) -> frozenset[SubscriptionId]:
        rows = self.read.by(SUBSCRIPTION, self.tenant_id, "user_id", [self.user_id])[self.user_id]
        return frozenset(row.id for row in rows)
