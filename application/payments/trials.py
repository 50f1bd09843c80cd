"""Trials of plans: once per person and plan."""

from typing import Final
from uuid import UUID, uuid5

from domain.catalog.plan import Drafted
from domain.ids import PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Rejected
from domain.subscriptions.states import NotCreated, Subscription

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
